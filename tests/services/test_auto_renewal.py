"""Auto-renewal over virtual time: announced, charged once, missed once, off when it is to be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.auto_renewal import Missed
from bot.domain.coupon import Coupon
from bot.domain.errors import PaymentMethodUnavailable, UnknownLine
from bot.domain.line import Line
from bot.domain.order import PAYMENT_WINDOW, Order, OrderStatus
from bot.domain.payment import PaymentMethod, PaymentStatus, Way
from bot.domain.subscriber import Subscriber
from bot.services.card_port import KeptCard
from bot.services.platform import PaymentState, PlatformPayment
from bot.services.platform_requests import ChargeCard, PaymentSeen
from bot.services.ports import CarrierOrder, CarrierOrderState
from bot.services.requests import Look, OrderAnswered, ReadLine, SubmitOrder
from tests.services.shop import Shop, found_line, yuan
from tests.services.test_kept_cards import by, keeps, removes

END = datetime(2026, 12, 8, 7, tzinfo=UTC)
"""Sixteen days after the tests begin."""
WALLET = Way(PaymentMethod.WALLET)


@pytest.fixture(autouse=True)
async def running(shop: Shop, line: Line) -> None:
    """The line has a plan until `END`, and ¥236.00 in its wallet."""
    await shop.read(line, valid_until=END)
    await shop.fund(line, yuan(236))


async def agrees(
    shop: Shop, lin: Subscriber, line: Line, way: Way | None = WALLET, code: str = "M30"
) -> None:
    async with shop.unit() as unit:
        plan = await unit.catalogue.current(code)
        assert plan is not None
        assert await shop.auto.turn_on(unit, lin, line.id, code, plan.version, way) is not None


async def until(shop: Shop, at: datetime) -> None:
    await shop.pass_time(seconds=(at - shop.clock.now()).total_seconds())


def before(**length: float) -> datetime:
    return END - timedelta(**length)


def told(shop: Shop) -> list[int | str]:
    """What was said of renewals that go by themselves."""
    return [
        of if what == "renewal_missed" else what
        for what, of in shop.heard()
        if what in {"renewal_ahead", "renewed_by_itself", "renewal_missed"}
    ]


async def orders(shop: Shop, lin: Subscriber) -> list[Order]:
    async with shop.unit() as unit:
        return await unit.orders.of(lin.id, 20, 0)


async def delivers(shop: Shop) -> list[SubmitOrder]:
    """The carrier delivers what it was asked for, after what the line has."""
    asked = shop.asked(SubmitOrder)
    for request in asked:
        done = CarrierOrder(CarrierOrderState.DONE)
        async with shop.unit() as unit:
            await shop.fulfil.on_answered(unit, OrderAnswered(request.order_id, Look(), done))
    shop.asked(ReadLine)
    return asked


async def charge_ends(shop: Shop, state: PaymentState | None) -> list[ChargeCard]:
    """The platform says how the charge of the kept card ended."""
    asked = shop.asked(ChargeCard)
    for request in asked:
        seen = None
        if state is PaymentState.PAID:
            charge_id = f"ch_{request.payment_id}"
            seen = PlatformPayment(request.payment_id, "pi_1", state, charge_id, request.amount)
        elif state is not None:
            seen = PlatformPayment(request.payment_id, "pi_1", state)
        async with shop.unit() as unit:
            await shop.follow_payment.on_seen(unit, PaymentSeen(request.payment_id, seen))
    return asked


# ── announced, and charged ────────────────────────────────────────────────────────────────────────


async def test_it_is_off_until_its_holder_agrees(shop: Shop, lin: Subscriber, line: Line) -> None:
    await until(shop, END + timedelta(days=1))
    assert told(shop) == []
    async with shop.unit() as unit:
        assert (await shop.auto.own(unit, lin)).renewal is None


async def test_it_is_announced_three_days_before_and_paid_one_day_before_the_end(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=3, seconds=1))
    assert told(shop) == []
    await until(shop, before(days=3))
    assert told(shop) == ["renewal_ahead"]
    await until(shop, before(days=1, seconds=1))
    assert await shop.wallet(line) == yuan(236)
    await until(shop, before(days=1))
    assert told(shop) == ["renewed_by_itself"]
    assert await shop.wallet(line) == yuan(37)
    [order] = await orders(shop, lin)
    assert (order.status, order.paid_with, order.starts_at) == (
        OrderStatus.PAID, PaymentMethod.WALLET, END,
    )  # fmt: skip
    assert order.receipt_number is not None
    assert len(await delivers(shop)) == 1
    assert ("order_ready", "fulfilled") in shop.heard()


async def test_a_kept_card_is_charged_and_told_once_the_money_is_there(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    card = await keeps(shop, lin)
    await agrees(shop, lin, line, by(card))
    await until(shop, before(days=1))
    assert told(shop) == ["renewal_ahead"]
    [charge] = await charge_ends(shop, PaymentState.PAID)
    assert charge.begins_by == shop.clock.now() + PAYMENT_WINDOW
    assert told(shop) == ["renewed_by_itself"]
    assert await shop.wallet(line) == yuan(236)
    assert len(await delivers(shop)) == 1


async def test_the_best_coupon_is_taken_off(shop: Shop, lin: Subscriber, line: Line) -> None:
    await shop.issue(Coupon("TWENTY", yuan(20), offered=True))
    await agrees(shop, lin, line)
    await until(shop, before(days=1))
    assert await shop.wallet(line) == yuan(57)
    assert await shop.uses_of("TWENTY") == 1


async def test_timers_that_come_twice_charge_once(shop: Shop, lin: Subscriber, line: Line) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=3))
    for _ in range(3):
        async with shop.unit() as unit:
            await shop.auto.on_due(unit, {"line_id": line.id})
    assert told(shop) == ["renewal_ahead"]
    await until(shop, before(days=1))
    for _ in range(3):
        async with shop.unit() as unit:
            await shop.auto.on_due(unit, {"line_id": line.id})
    assert told(shop) == ["renewed_by_itself"]
    assert await shop.wallet(line) == yuan(37)


@pytest.mark.parametrize("by_card", [False, True])
async def test_two_months_of_days_with_a_restart_in_between_renew_twice(
    shop: Shop, lin: Subscriber, line: Line, by_card: bool
) -> None:
    await shop.fund_more(line, yuan(500))
    way = by(await keeps(shop, lin)) if by_card else WALLET
    await agrees(shop, lin, line, way)
    said: list[int | str] = []
    delivered = 0
    for day in range(60):
        if day % 7 == 6:
            shop = Shop(shop._store, shop.clock)
        await shop.pass_time(days=1)
        await charge_ends(shop, PaymentState.PAID)
        delivered += len(await delivers(shop))
        said += told(shop)
    assert said == ["renewal_ahead", "renewed_by_itself"] * 2
    assert delivered == 2
    starts = sorted(order.starts_at for order in await orders(shop, lin) if order.starts_at)
    assert starts == [END, END + timedelta(days=30)]


# ── announced late ────────────────────────────────────────────────────────────────────────────────


async def asleep_until(shop: Shop, at: datetime) -> None:
    """The bot stood still: whatever came due meanwhile comes at once, and then time goes on."""
    shop.clock.set(at)
    await shop.pass_time(seconds=1)


async def test_a_missed_announcement_is_sent_late_and_the_charge_waits_a_day_for_it(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await asleep_until(shop, before(days=1, hours=6))
    assert told(shop) == ["renewal_ahead"]
    await until(shop, before(hours=7))
    assert told(shop) == []
    await until(shop, before(hours=6))
    assert told(shop) == ["renewed_by_itself"]


@pytest.mark.parametrize("late", [before(hours=23), END + timedelta(days=14)])
async def test_without_time_for_an_announcement_nothing_is_charged_but_one_reminder_comes(
    shop: Shop, lin: Subscriber, line: Line, late: datetime
) -> None:
    await agrees(shop, lin, line)
    await asleep_until(shop, late)
    await shop.pass_time(days=20)
    assert told(shop) == [Missed.TOO_LATE]
    assert await orders(shop, lin) == []


async def test_a_charge_whose_time_went_by_is_a_reminder(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    await asleep_until(shop, END + timedelta(hours=1))
    assert told(shop) == ["renewal_ahead", Missed.TOO_LATE]
    assert await shop.wallet(line) == yuan(236)


async def test_a_clock_that_goes_back_announces_and_charges_nothing_twice(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2, hours=12))
    shop.clock.set(before(days=4))
    await until(shop, before(hours=1))
    assert told(shop) == ["renewal_ahead", "renewed_by_itself"]
    assert await shop.wallet(line) == yuan(37)


# ── missed ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_short_wallet_is_one_reminder_and_no_second_try(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line, code="Q90")
    await until(shop, before(days=1))
    assert told(shop) == ["renewal_ahead", Missed.SHORT_WALLET]
    await shop.fund_more(line, yuan(1000))
    await shop.pass_time(days=10)
    assert told(shop) == []
    assert await shop.wallet(line) == yuan(1236)


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (PaymentState.FAILED, Missed.CARD_DECLINED),
        (PaymentState.NEEDS_CUSTOMER, Missed.NEEDS_HOLDER),
        (None, Missed.NOT_CHARGED),
    ],
)
async def test_a_card_that_is_not_charged_is_one_reminder_and_its_order_closes(
    shop: Shop, lin: Subscriber, line: Line, state: PaymentState | None, why: Missed
) -> None:
    await agrees(shop, lin, line, by(await keeps(shop, lin)))
    await until(shop, before(days=1))
    shop.heard()
    await charge_ends(shop, state)
    assert shop.heard() == [("order_moved", "cancelled"), ("renewal_missed", why)]
    [order] = await orders(shop, lin)
    assert order.status is OrderStatus.CANCELLED
    await shop.pass_time(days=10)
    assert told(shop) == []
    assert shop.asked(ChargeCard) == []


async def test_money_that_comes_after_the_reminder_delivers_after_all(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line, by(await keeps(shop, lin)))
    await until(shop, before(days=1))
    [request] = shop.asked(ChargeCard)
    paid = PlatformPayment(request.payment_id, "pi", PaymentState.PAID, "ch_1", request.amount)
    for seen in (None, paid):
        async with shop.unit() as unit:
            await shop.follow_payment.on_seen(unit, PaymentSeen(request.payment_id, seen))
    [order] = await orders(shop, lin)
    assert order.status is OrderStatus.PAID


async def test_a_charge_that_nobody_can_tell_the_end_of_is_waited_for(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line, by(await keeps(shop, lin)))
    await until(shop, before(hours=12))
    assert told(shop) == ["renewal_ahead"]
    [order] = await orders(shop, lin)
    async with shop.unit() as unit:
        payment = await unit.payments.open_of(order.id)
    assert payment is not None
    assert payment.status is PaymentStatus.PROCESSING


async def test_a_removed_card_is_a_reminder(shop: Shop, lin: Subscriber, line: Line) -> None:
    card = await keeps(shop, lin)
    await agrees(shop, lin, line, by(card))
    await removes(shop, lin, card)
    await until(shop, END)
    assert told(shop) == ["renewal_ahead", Missed.CARD_GONE]
    assert shop.asked(ChargeCard) == []


async def test_an_expired_card_is_a_reminder(shop: Shop, lin: Subscriber, line: Line) -> None:
    card = await keeps(shop, lin)
    ends = replace(card.card, expires_month=11, expires_year=2026)
    async with shop.unit() as unit:
        unit.cards.keep(lin.id, replace(ends, ref="pm_2"), shop.clock.now())
    cards: list[KeptCard] = await _cards(shop, lin)
    await agrees(shop, lin, line, by(next(each for each in cards if each.card.ref == "pm_2")))
    await until(shop, END)
    assert told(shop) == ["renewal_ahead", Missed.CARD_GONE]


async def _cards(shop: Shop, lin: Subscriber) -> list[KeptCard]:
    async with shop.unit() as unit:
        return await unit.cards.of(lin.id)


async def test_a_price_that_changed_before_the_announcement_is_announced_and_charged(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await shop.reprice("M30", yuan(209))
    await until(shop, before(days=3))
    async with shop.unit() as unit:
        renewal = await unit.auto_renewals.get(line.id)
    assert renewal is not None
    assert (renewal.price, renewal.announced_price) == (yuan(199), yuan(209))
    await until(shop, before(days=1))
    assert await shop.wallet(line) == yuan(27)


async def test_a_price_that_changes_after_the_announcement_is_a_reminder(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    await shop.reprice("M30", yuan(189))
    await until(shop, END)
    assert told(shop) == ["renewal_ahead", Missed.PRICE_CHANGED]
    assert await orders(shop, lin) == []


@pytest.mark.parametrize("when", [before(days=5), before(days=2)])
async def test_a_withdrawn_plan_is_a_reminder(
    shop: Shop, lin: Subscriber, line: Line, when: datetime
) -> None:
    await agrees(shop, lin, line)
    await until(shop, when)
    await shop.withdraw("M30")
    await until(shop, END)
    assert told(shop)[-1] == Missed.WITHDRAWN
    assert await orders(shop, lin) == []


async def test_who_wants_only_a_reminder_gets_one_and_is_never_charged(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line, None)
    await until(shop, END + timedelta(days=5))
    assert told(shop) == [Missed.ONLY_REMINDED]
    assert await orders(shop, lin) == []


# ── skipped, moved, off ───────────────────────────────────────────────────────────────────────────


async def skips(shop: Shop, lin: Subscriber, line: Line, end_at: datetime = END) -> bool:
    async with shop.unit() as unit:
        return await shop.auto.skip(unit, lin, line.id, end_at)


async def test_what_is_skipped_is_not_charged_and_the_next_period_is(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    assert [await skips(shop, lin, line) for _ in range(2)] == [True, True]
    await until(shop, END - timedelta(hours=1))
    assert told(shop) == ["renewal_ahead"]
    assert await shop.wallet(line) == yuan(236)
    later = END + timedelta(days=30)
    await shop.read(line, valid_until=later)
    await until(shop, later)
    assert told(shop) == ["renewal_ahead", "renewed_by_itself"]


async def test_a_button_of_a_period_that_is_over_or_paid_skips_nothing(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    assert not await skips(shop, lin, line)
    await until(shop, before(days=1))
    assert not await skips(shop, lin, line)
    await delivers(shop)
    await until(shop, END + timedelta(days=28))
    assert not await skips(shop, lin, line)
    assert await skips(shop, lin, line, END + timedelta(days=30))


async def test_a_renewal_by_hand_moves_the_dates_and_nothing_is_bought_twice(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund_more(line, yuan(300))
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    await shop.pay_by_wallet(lin, (await shop.quote(lin)).order)
    await delivers(shop)
    await until(shop, END + timedelta(days=1))
    assert told(shop) == ["renewal_ahead"]
    assert len(await orders(shop, lin)) == 1
    await until(shop, END + timedelta(days=30))
    assert told(shop) == ["renewal_ahead", "renewed_by_itself"]


async def test_somebody_who_is_paying_by_hand_is_waited_for(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=1, minutes=5))
    invoice = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    await until(shop, before(days=1))
    await shop.charged(shop.charge_of(invoice))
    await delivers(shop)
    await until(shop, END)
    assert told(shop) == ["renewal_ahead"]
    assert await shop.wallet(line) == yuan(236)


async def test_who_lets_the_order_by_hand_go_is_charged_after_it_closed(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=1, minutes=5))
    await shop.open_invoice(lin, (await shop.quote(lin)).order)
    await until(shop, before(hours=23))
    assert told(shop) == ["renewal_ahead", "renewed_by_itself"]


async def test_what_was_bought_elsewhere_is_asked_of_the_carrier_before_the_charge(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    shop.asked(ReadLine)
    await until(shop, before(days=3))
    assert [each.line_id for each in shop.asked(ReadLine)] == [line.id]
    await shop.read(line, valid_until=END + timedelta(days=30))
    await until(shop, END)
    assert told(shop) == ["renewal_ahead"]
    assert await orders(shop, lin) == []


async def test_a_plan_that_ends_sooner_than_it_was_to_is_noticed_within_a_day(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await shop.pass_time(hours=1)
    sooner = before(days=8)
    await shop.read(line, valid_until=sooner)
    await until(shop, sooner)
    assert told(shop) == ["renewal_ahead", "renewed_by_itself"]


async def test_a_renewal_that_was_taken_back_is_not_bought_again(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=1))
    [order] = await orders(shop, lin)
    async with shop.unit() as unit:
        await shop.fulfil.on_refused(unit, order.id, "OutOfStock")
    await until(shop, END + timedelta(days=5))
    assert told(shop) == ["renewal_ahead", "renewed_by_itself"]
    assert len(await orders(shop, lin)) == 1
    assert await shop.wallet(line) == yuan(236)


async def test_turned_off_it_stays_off(shop: Shop, lin: Subscriber, line: Line) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    for _ in range(2):
        async with shop.unit() as unit:
            await shop.auto.turn_off(unit, lin, line.id)
    await until(shop, END + timedelta(days=1))
    assert told(shop) == ["renewal_ahead"]
    assert await orders(shop, lin) == []


@pytest.mark.parametrize("returns", [False, True])
async def test_it_ends_when_the_line_is_unlinked(
    shop: Shop, lin: Subscriber, line: Line, returns: bool
) -> None:
    await agrees(shop, lin, line)
    async with shop.unit() as unit:
        await shop.link.unlink(unit, lin, line.id)
    if returns:
        await shop.link_contact(lin.id, found_line("1001"))
    await until(shop, END + timedelta(days=1))
    assert told(shop) == []


@pytest.mark.parametrize("returns", [False, True])
async def test_it_ends_when_the_line_changes_hands(
    shop: Shop, lin: Subscriber, line: Line, returns: bool
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    await shop.link_contact(1002, found_line("1001"))
    if returns:
        await shop.link_contact(lin.id, found_line("1001"))
    await until(shop, END + timedelta(days=1))
    assert await shop.wallet(line) == yuan(236)
    async with shop.unit() as unit:
        assert await unit.auto_renewals.get(line.id) is None


async def test_who_has_blocked_the_bot_is_not_charged(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    async with shop.unit() as unit:
        shop.know.mark_blocked(unit, lin.id)
    await until(shop, END + timedelta(days=1))
    assert await orders(shop, lin) == []


# ── what can be agreed to ─────────────────────────────────────────────────────────────────────────


async def test_only_the_wallet_and_kept_cards_are_charged_by_themselves(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    card = await keeps(shop, lin)
    async with shop.unit() as unit:
        assert (await shop.auto.own(unit, lin)).ways == [WALLET, by(card)]
    for method in (PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY, PaymentMethod.CARD):
        with pytest.raises(PaymentMethodUnavailable):
            await agrees(shop, lin, line, Way(method))


async def test_the_plan_bought_last_comes_first_and_single_days_are_not_offered(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    async with shop.unit() as unit:
        assert [plan.code for plan in (await shop.auto.own(unit, lin)).plans] == ["M30", "Q90"]
    await shop.fund_more(line, yuan(500))
    await shop.pay_by_wallet(lin, (await shop.quote(lin, "Q90")).order)
    async with shop.unit() as unit:
        assert [plan.code for plan in (await shop.auto.own(unit, lin)).plans] == ["Q90", "M30"]


async def test_a_price_that_was_not_shown_is_not_agreed_to(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.reprice("M30", yuan(209))
    async with shop.unit() as unit:
        assert await shop.auto.turn_on(unit, lin, line.id, "M30", 1, WALLET) is None
        assert await shop.auto.turn_on(unit, lin, line.id, "D1", 1, WALLET) is None
        assert await unit.auto_renewals.get(line.id) is None


async def test_two_taps_agree_once_and_another_way_is_announced_anew(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    await agrees(shop, lin, line)
    await shop.pass_time(seconds=1)
    assert told(shop) == ["renewal_ahead"]
    await agrees(shop, lin, line, by(await keeps(shop, lin)))
    await shop.pass_time(seconds=1)
    assert told(shop) == ["renewal_ahead"]
    await until(shop, before(days=1))
    assert shop.asked(ChargeCard) == []
    await until(shop, before(hours=23))
    assert len(shop.asked(ChargeCard)) == 1


async def test_a_line_of_somebody_else_is_nobodys_to_agree_for(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    ana = await shop.meet(1002)
    with pytest.raises(UnknownLine):
        await agrees(shop, ana, line)
    await agrees(shop, lin, line)
    with pytest.raises(UnknownLine):
        async with shop.unit() as unit:
            await shop.auto.turn_off(unit, ana, line.id)
    with pytest.raises(UnknownLine):
        await skips(shop, ana, line)
