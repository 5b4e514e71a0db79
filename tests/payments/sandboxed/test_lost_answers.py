"""Answers that were lost or went wrong: what was done is found, and done once."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.errors import PlatformError, PlatformOutcomeUnknown, PlatformUnavailable
from bot.services.platform import PaymentState, RefundState
from tests.payments.sandboxed.till import Till
from tests.payments.scripted import CNY_199

#: A fault that strikes a change, and how the adapter tells it.
FAULTS = pytest.mark.parametrize(
    ("kind", "more", "told"),
    [
        ("timeout-after-accept", {}, PlatformOutcomeUnknown),
        ("stored-500", {"done": True}, PlatformOutcomeUnknown),
        ("stored-500", {"done": False}, PlatformOutcomeUnknown),
        ("no-connection", {}, PlatformOutcomeUnknown),
        ("outage", {}, PlatformOutcomeUnknown),
        ("rate-limit", {}, PlatformUnavailable),
    ],
)


@FAULTS
async def test_one_page_is_opened_whatever_became_of_the_first_answer(
    till: Till, kind: str, more: dict[str, Any], told: type[PlatformError]
) -> None:
    terms = till.terms()
    await till.faces("session-create", kind, **more)
    with pytest.raises(told):
        await till.stripe.open_checkout(terms)
    page = await till.stripe.open_checkout(terms)
    assert [session["id"] for session in await till.sessions()] == [page.ref]
    assert (await till.is_paid(page)).payment_id == terms.payment_id


@FAULTS
async def test_a_saved_card_is_charged_once_whatever_became_of_the_first_answer(
    till: Till, kind: str, more: dict[str, Any], told: type[PlatformError]
) -> None:
    card = await till.keeps_a_card()
    await till.faces("intent-create", kind, **more)
    with pytest.raises(told):
        await till.stripe.charge_saved("p9", card, CNY_199, "月卡")
    charged = await till.stripe.charge_saved("p9", card, CNY_199, "月卡")
    assert charged.state is PaymentState.PAID
    assert len(await till.charges()) == 2


@FAULTS
async def test_money_goes_back_once_whatever_became_of_the_first_answer(
    till: Till, kind: str, more: dict[str, Any], told: type[PlatformError]
) -> None:
    charge_id = (await till.pays_by_card()).charge_id or ""
    await till.faces("refund-create", kind, **more)
    with pytest.raises(told):
        await till.stripe.refund("refund:1", charge_id, CNY_199)
    refund = await till.stripe.refund("refund:1", charge_id, CNY_199)
    assert (refund.key, refund.state) == ("refund:1", RefundState.DONE)
    assert await till.stripe.refunds(charge_id) == [refund]


async def test_a_charge_whose_key_was_forgotten_is_not_made_again(till: Till) -> None:
    card = await till.keeps_a_card()
    await till.faces("intent-create", "timeout-after-accept")
    with pytest.raises(PlatformOutcomeUnknown):
        await till.stripe.charge_saved("p9", card, CNY_199, "月卡")
    till.world.clock.shift(advance_s=timedelta(days=3).total_seconds())
    assert (await till.stripe.charge_saved("p9", card, CNY_199, "月卡")).ref.startswith("pi_")
    assert len(await till.charges()) == 2


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=3)])
async def test_a_payment_is_found_by_our_id(till: Till, later: timedelta) -> None:
    terms = till.terms()
    paid = await till.is_paid(await till.stripe.open_checkout(terms))
    card = await till.keeps_a_card()
    charged = await till.stripe.charge_saved("p9", card, CNY_199, "月卡")
    till.world.clock.shift(advance_s=later.total_seconds())
    assert await till.stripe.find_payment(terms.payment_id) == paid
    found = await till.stripe.find_payment("p9")
    assert found is not None
    assert (found.ref, found.charge_id) == (charged.ref, charged.charge_id)
    assert await till.stripe.find_payment("p0") is None


async def test_an_open_page_is_found_by_our_id_though_a_card_was_declined_on_it(
    till: Till,
) -> None:
    terms = till.terms()
    page = await till.stripe.open_checkout(terms)
    await till.is_paid(page, outcome="declined")
    found = await till.stripe.find_payment(terms.payment_id)
    assert found is not None
    assert (found.ref, found.state) == (page.ref, PaymentState.OPEN)


@pytest.mark.parametrize("kind", ["outage", "no-connection", "rate-limit"])
async def test_a_look_at_a_platform_that_is_down_says_so(till: Till, kind: str) -> None:
    page = await till.stripe.open_checkout(till.terms())
    await till.faces("*", kind, times=9)
    with pytest.raises(PlatformUnavailable):
        await till.stripe.payment(page.ref)
    await till.control.delete("payments/faults")
    assert (await till.stripe.payment(page.ref)).state is PaymentState.OPEN
