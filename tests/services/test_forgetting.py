"""Somebody is forgotten: what goes, what stays, and what comes too late for it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain.coupon import Coupon
from bot.domain.errors import OrderUnderWay, StillOperator
from bot.domain.forgetting import FIRST_PSEUDONYM, is_nameless
from bot.domain.ledger import REFUNDS_DUE
from bot.domain.line import Line, Reading, UsageDay
from bot.domain.operator import Operator, Role
from bot.domain.order import OrderStatus
from bot.domain.payment import PaymentMethod, Settlement
from bot.domain.subscriber import Subscriber
from bot.services.forget_subscriber import ForgetSubscriber, Outlook
from bot.services.platform_requests import ForgetCard
from bot.services.ports import CarrierOrderState
from bot.services.requests import FindLine, LineFound, LineMissing, ReadingTaken, UsageRead
from storage.checks import examine
from tests.services.kept_cards import keeps
from tests.services.shop import Shop, found_line, yuan

LIN, BEN = 7001, 7002
FOUND = found_line("1001")


async def forgets(shop: Shop, subscriber: Subscriber) -> None:
    async with shop.unit() as unit:
        await ForgetSubscriber(shop.clock).forget(unit, subscriber, "linxiao")


async def outlook(shop: Shop, subscriber: Subscriber) -> Outlook:
    async with shop.unit() as unit:
        return await ForgetSubscriber(shop.clock).outlook(unit, subscriber)


def stored(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute(sql).fetchall()


async def reading_comes(shop: Shop, line: Line, **said: object) -> None:
    nothing = dict.fromkeys(
        ("plan_code", "valid_until", "used_today_bytes", "high_speed_cap_bytes", "throttled",
         "base_rate_kbps", "next_reset_at", "wallet")
    )  # fmt: skip
    reading = Reading(line.id, shop.clock.now(), "test", **(nothing | said))
    async with shop.unit() as unit:
        await shop.readings.on_reading(unit, ReadingTaken(reading))


# ── who has to wait ───────────────────────────────────────────────────────────────────────────────


async def test_an_order_that_waits_for_its_payment_ends_first(shop: Shop, lin: Subscriber) -> None:
    order = (await shop.quote(lin)).order
    await shop.open_invoice(lin, order)
    with pytest.raises(OrderUnderWay, match=order.id):
        await forgets(shop, lin)
    await shop.cancel(lin, order)
    await forgets(shop, lin)


async def test_a_paid_order_ends_first(shop: Shop, lin: Subscriber, line: Line) -> None:
    order = await shop.paid_by_wallet(lin, line)
    assert (await outlook(shop, lin)).under_way == [order.id]
    with pytest.raises(OrderUnderWay, match=order.id):
        await forgets(shop, lin)
    assert await shop.subscriber(LIN) == lin, "nothing was done"


async def test_a_refund_that_is_owed_is_sent_first(shop: Shop, lin: Subscriber) -> None:
    order = await shop.topped_up(lin, yuan(50))
    await shop.operator_refunds(order)
    assert (await shop.order(order)).status is OrderStatus.REFUNDING
    with pytest.raises(OrderUnderWay):
        await forgets(shop, lin)
    await shop.operator_has_sent(order)
    await forgets(shop, lin)


async def test_a_quote_holds_nobody_back_and_expires_as_ever(
    shop: Shop, lin: Subscriber, path: Path
) -> None:
    await shop.quote(lin)
    await forgets(shop, lin)
    await shop.pass_time(hours=1)
    assert stored(path, "SELECT status FROM orders") == [("expired",)]
    assert shop.heard() == []


async def test_an_operator_stays_for_as_long_as_the_role_lasts(
    shop: Shop, lin: Subscriber, path: Path
) -> None:
    now = shop.clock.now()
    async with shop.unit() as unit:
        unit.roles.grant(Operator(LIN, Role.SUPPORT, None, now))
    assert not (await outlook(shop, lin)).can_be
    with pytest.raises(StillOperator):
        await forgets(shop, lin)
    async with shop.unit() as unit:
        unit.roles.revoke(LIN, now)
    await forgets(shop, lin)
    ((who,),) = stored(path, "SELECT subscriber_id FROM operators")
    assert int(str(who)) >= FIRST_PSEUDONYM


# ── what goes and what stays ──────────────────────────────────────────────────────────────────────


async def test_all_of_a_persons_books_stand_under_one_pseudonym_that_is_not_theirs(
    shop: Shop, lin: Subscriber, line: Line, path: Path
) -> None:
    for amount in (50, 60):
        await shop.topped_up(lin, yuan(amount))
    await forgets(shop, lin)
    names = {
        name
        for sql in (
            "SELECT subscriber_id FROM orders",
            "SELECT subscriber_id FROM payments",
            "SELECT payer_id FROM charges",
            "SELECT id FROM subscribers",
        )
        for (name,) in stored(path, sql)
    }
    (pseudonym,) = names
    assert int(str(pseudonym)) >= FIRST_PSEUDONYM
    assert await shop.wallet(line) == yuan(110)
    assert [each.text for each in await examine(path) if each.is_error] == []


async def test_two_people_who_are_forgotten_have_two_pseudonyms(shop: Shop, path: Path) -> None:
    for number, person in enumerate((LIN, BEN), 1):
        await shop.link_contact(person, found_line(f"200{number}"))
        await shop.topped_up(await shop.subscriber(person), yuan(50))
        await forgets(shop, await shop.subscriber(person))
    assert len(stored(path, "SELECT DISTINCT subscriber_id FROM orders")) == 2


async def test_of_somebody_who_never_bought_anything_nothing_stays(
    shop: Shop, lin: Subscriber, path: Path
) -> None:
    await forgets(shop, lin)
    assert stored(path, "SELECT * FROM subscribers") == []


async def test_kept_cards_are_forgotten_at_the_platform_too(
    shop: Shop, lin: Subscriber, path: Path
) -> None:
    card = await keeps(shop, lin)
    await forgets(shop, lin)
    assert shop.asked(ForgetCard) == [ForgetCard(card.card)]
    assert stored(path, "SELECT * FROM kept_cards") == []


async def test_a_line_of_its_next_holder_stays_as_it_is(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.link_contact(BEN, FOUND)
    await forgets(shop, lin)
    async with shop.unit() as unit:
        (held,) = await unit.lines.of(BEN)
    assert held.msisdn == line.msisdn
    assert held.iccid == line.iccid


async def test_a_line_that_was_unlinked_before_loses_its_number_with_its_last_holder(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.unlink(lin, line)
    await forgets(shop, await shop.subscriber(LIN))
    async with shop.unit() as unit:
        left = await unit.lines.get(line.id)
    assert left is not None
    assert is_nameless(left.msisdn)
    assert left.iccid is None
    assert line.ref not in left.ref


async def test_no_timer_of_a_forgotten_line_is_left(
    shop: Shop, lin: Subscriber, path: Path
) -> None:
    async with shop.unit() as unit:
        await shop.watch_lines.look_again(unit, LIN)
    assert stored(path, "SELECT key FROM timers") != []
    await forgets(shop, lin)
    assert stored(path, "SELECT key FROM timers") == []


async def test_an_announcement_on_the_wire_is_counted_as_uncertain_and_goes_on(
    shop: Shop, lin: Subscriber, path: Path
) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(
            "INSERT INTO announcements (id, created_by, created_at, status, audience, "
            "audience_value, category, silent, tested, local_time, doing, planned_to) "
            "VALUES (1, 9001, 1, 'running', 'all', '', 'news', 0, 1, 0, 'send', 0)"
        )
        for chat, status in ((LIN, "sending"), (BEN, "sending")):
            raw.execute(
                "INSERT INTO deliveries (announcement_id, chat_id, status, not_before_at) "
                "VALUES (1, ?, ?, 0)",
                (chat, status),
            )
        raw.execute("INSERT INTO announcement_tallies VALUES (1, 'sending', 2)")
    await forgets(shop, lin)
    tallies = stored(path, "SELECT name, number FROM announcement_tallies ORDER BY name")
    assert tallies == [("sending", 1), ("uncertain", 1)]
    left = stored(path, "SELECT chat_id = 7002, status FROM deliveries ORDER BY chat_id")
    assert left == [(1, "sending"), (0, "uncertain")]


# ── who proves the number again ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("person", [LIN, BEN])
async def test_whoever_proves_the_number_finds_its_wallet(
    shop: Shop, lin: Subscriber, line: Line, person: int
) -> None:
    await shop.topped_up(lin, yuan(50))
    assert (await outlook(shop, lin)).wallets == [(line, yuan(50))]
    await forgets(shop, lin)
    again = await shop.link_contact(person, FOUND)
    assert again == replace(line, id=again.id)
    assert await shop.wallet(again) == yuan(50)


async def test_another_number_does_not_find_it(shop: Shop, lin: Subscriber, line: Line) -> None:
    await shop.topped_up(lin, yuan(50))
    await forgets(shop, lin)
    other = await shop.link_contact(BEN, found_line("1002"))
    assert other.id != line.id
    assert await shop.wallet(other) == yuan(0)


async def test_the_balance_held_at_the_carrier_is_taken_over_once_for_all(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await reading_comes(shop, line, wallet=yuan(236))
    assert await shop.wallet(line) == yuan(236)
    await forgets(shop, lin)
    again = await shop.link_contact(LIN, FOUND)
    await reading_comes(shop, again, wallet=yuan(236))
    assert await shop.wallet(again) == yuan(236), "and not twice as much"


async def test_it_can_be_wished_and_undone_again_and_again(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.topped_up(lin, yuan(50))
    for _ in range(3):
        await forgets(shop, await shop.subscriber(LIN))
        again = await shop.link_contact(LIN, FOUND)
    assert await shop.wallet(again) == yuan(50)


# ── what comes too late ───────────────────────────────────────────────────────────────────────────


async def test_what_was_asked_of_the_carrier_brings_nothing_back(
    shop: Shop, lin: Subscriber, line: Line, path: Path
) -> None:
    await forgets(shop, lin)
    request = FindLine(LIN, FOUND.msisdn, challenge_id=None)
    async with shop.unit() as unit:
        await shop.link.on_line_found(unit, LineFound(request, FOUND))
        await shop.link.on_line_missing(unit, LineMissing(request))
        await shop.link.on_lookup_failed(unit, request)
        usage = UsageRead(line.id, LIN, [UsageDay(date(2026, 11, 21), 5)])
        await shop.readings.on_usage(unit, usage)
    await reading_comes(shop, line, wallet=yuan(236))
    for table in ("subscribers", "line_links", "readings", "usage_days", "postings"):
        assert stored(path, f"SELECT * FROM {table}") == [], table
    assert shop.heard() == []


async def test_a_charge_that_comes_after_all_goes_back(
    shop: Shop, lin: Subscriber, path: Path
) -> None:
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    await shop.cancel(lin, order)
    await forgets(shop, lin)
    async with shop.unit() as unit:
        renamed = await unit.payments.get(payment.id)
    assert renamed is not None
    assert await shop.charged(shop.charge_of(renamed)) is Settlement.TOO_LATE
    assert await shop.balance(REFUNDS_DUE) == order.total
    assert stored(path, "SELECT method FROM refunds") == [(PaymentMethod.INVOICE,)]


async def test_nobody_is_written_to_under_a_pseudonym(shop: Shop) -> None:
    async with shop.unit() as unit:
        unit.outbox.telegram("sendMessage", {}, chat_id=FIRST_PSEUDONYM)
        unit.outbox.telegram("sendMessage", {}, chat_id=FIRST_PSEUDONYM - 1)
        assert [each.chat_id for each in unit.effects.staged] == [FIRST_PSEUDONYM - 1]


async def test_whoever_comes_back_to_a_renewed_line_is_not_at_a_first_renewal(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.issue(Coupon("NEW20", yuan(20), offered=True, first_renewal=True))
    await shop.paid_by_wallet(lin, line)
    await shop.carrier_answers(CarrierOrderState.DONE)
    await forgets(shop, lin)
    again = await shop.link_contact(LIN, FOUND)
    assert again.id == line.id
    assert (await shop.quote(await shop.subscriber(LIN))).order.discount is None
    await shop.link_contact(BEN, found_line("1002"))
    assert (await shop.quote(await shop.subscriber(BEN))).order.discount is not None
