"""A payment from the page to the charge, and by a saved card."""

from datetime import timedelta

import pytest

from bot.domain.errors import PlatformRefused
from bot.domain.payment import PaymentMethod
from bot.services.platform import PaymentState
from tests.payments.sandboxed.till import Till
from tests.payments.scripted import CNY_199

EXTERNAL = [PaymentMethod.CARD, PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY]


@pytest.mark.parametrize("method", EXTERNAL)
async def test_a_page_waits_and_once_paid_tells_its_charge(
    till: Till, method: PaymentMethod
) -> None:
    terms = till.terms(method)
    page = await till.stripe.open_checkout(terms)
    waiting = await till.stripe.payment(page.ref)
    assert (waiting.payment_id, waiting.state) == (terms.payment_id, PaymentState.OPEN)
    assert page.expires_at - till.world.clock.now() > timedelta(minutes=59)

    paid = await till.is_paid(page)
    (charge,) = await till.charges()
    assert (paid.payment_id, paid.state) == (terms.payment_id, PaymentState.PAID)
    assert (paid.charge_id, paid.amount) == (charge["id"], CNY_199)
    assert paid.charged_at is not None
    assert till.world.clock.now() - paid.charged_at < timedelta(minutes=1)
    assert paid.kept_card is None


async def test_a_repeated_call_gives_the_same_page(till: Till) -> None:
    terms = till.terms()
    assert await till.stripe.open_checkout(terms) == await till.stripe.open_checkout(terms)
    assert len(await till.sessions()) == 1


async def test_a_decline_on_the_page_leaves_it_open_for_another_card(till: Till) -> None:
    page = await till.stripe.open_checkout(till.terms())
    declined = await till.is_paid(page, outcome="declined")
    assert (declined.state, declined.charge_id) == (PaymentState.OPEN, None)
    assert (await till.is_paid(page)).state is PaymentState.PAID


@pytest.mark.parametrize(
    ("outcome", "state"), [("succeeded", PaymentState.PAID), ("failed", PaymentState.FAILED)]
)
async def test_a_complete_page_is_paid_only_when_the_money_arrives(
    till: Till, outcome: str, state: PaymentState
) -> None:
    page = await till.stripe.open_checkout(till.terms(PaymentMethod.ALIPAY))
    processing = await till.is_paid(page, outcome="processing")
    assert (processing.state, processing.charge_id) == (PaymentState.PROCESSING, None)
    settled = await till.settles(page, outcome)
    assert settled.state is state
    assert (settled.decline is not None) == (state is PaymentState.FAILED)


async def test_a_page_is_closed_and_nobody_can_pay_it(till: Till) -> None:
    page = await till.stripe.open_checkout(till.terms())
    assert (await till.stripe.expire(page.ref)).state is PaymentState.EXPIRED
    assert (await till.stripe.expire(page.ref)).state is PaymentState.EXPIRED
    assert await till.charges() == []


async def test_a_page_that_was_paid_a_moment_before_is_told_as_paid_not_closed(till: Till) -> None:
    page = await till.stripe.open_checkout(till.terms())
    await till.is_paid(page)
    assert (await till.stripe.expire(page.ref)).state is PaymentState.PAID


async def test_a_page_whose_time_is_over_closes_by_itself(till: Till) -> None:
    page = await till.stripe.open_checkout(till.terms())
    till.world.clock.shift(advance_s=2 * 3600)
    assert (await till.stripe.payment(page.ref)).state is PaymentState.EXPIRED


async def test_a_page_opened_too_late_is_refused(till: Till) -> None:
    terms = till.terms(expires_at=till.world.clock.now() - timedelta(minutes=5))
    with pytest.raises(PlatformRefused):
        await till.stripe.open_checkout(terms)


@pytest.mark.parametrize("ref", ["cs_test_none", "pi_none"])
async def test_a_payment_that_is_not_there_is_refused(till: Till, ref: str) -> None:
    with pytest.raises(PlatformRefused, match="resource_missing"):
        await till.stripe.payment(ref)
    with pytest.raises(PlatformRefused, match="resource_missing"):
        await till.stripe.expire(ref)


async def test_a_card_that_was_kept_with_consent_is_charged_without_its_holder(till: Till) -> None:
    card = await till.keeps_a_card()
    assert (card.brand, card.last_four) == ("visa", "4242")
    paid = await till.stripe.charge_saved("p9", card, CNY_199, "月卡")
    assert (paid.payment_id, paid.state, paid.amount) == ("p9", PaymentState.PAID, CNY_199)
    assert paid == await till.stripe.charge_saved("p9", card, CNY_199, "月卡")
    assert [charge["id"] for charge in await till.charges()].count(paid.charge_id) == 1
    assert len(await till.charges()) == 2


async def test_a_second_page_of_a_known_customer_keeps_their_card_with_them(till: Till) -> None:
    card = await till.keeps_a_card()
    terms = till.terms(keep_card=True, customer_ref=card.customer_ref)
    again = await till.is_paid(await till.stripe.open_checkout(terms), number="5555555555554444")
    assert again.kept_card is not None
    assert again.kept_card.customer_ref == card.customer_ref
    assert (again.kept_card.brand, again.kept_card.last_four) == ("mastercard", "4444")


@pytest.mark.parametrize(
    ("number", "state", "decline"),
    [
        ("4000000000000341", PaymentState.FAILED, "generic_decline"),
        ("4000002760003184", PaymentState.NEEDS_CUSTOMER, "authentication_required"),
    ],
)
async def test_a_saved_card_that_is_not_charged_is_a_state_and_stays_one(
    till: Till, number: str, state: PaymentState, decline: str
) -> None:
    card = await till.keeps_a_card(number)
    refused = await till.stripe.charge_saved("p9", card, CNY_199, "月卡")
    assert (refused.payment_id, refused.state, refused.decline) == ("p9", state, decline)
    assert refused.charge_id is None
    assert await till.stripe.payment(refused.ref) == refused
    assert await till.stripe.charge_saved("p9", card, CNY_199, "月卡") == refused
    assert (await till.stripe.expire(refused.ref)).state is PaymentState.EXPIRED


async def test_a_forgotten_card_cannot_be_charged_and_is_forgotten_once_more(till: Till) -> None:
    card = await till.keeps_a_card()
    await till.stripe.forget_card(card)
    await till.stripe.forget_card(card)
    with pytest.raises(PlatformRefused):
        await till.stripe.charge_saved("p9", card, CNY_199, "月卡")
