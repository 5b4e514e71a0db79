"""What the platform's words mean, and that none of them crashes the adapter."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.dispute import DisputeState
from bot.domain.errors import PlatformRefused, PlatformUnavailable
from bot.payments.stripe import StripePlatform
from bot.payments.stripe.answers import (
    read_checkout,
    read_dispute,
    read_intent,
    read_page,
    read_refund,
)
from bot.payments.stripe.notices import read_event
from bot.services.platform import PaymentState, RefundState, SavedCard
from tests.payments.scripted import (
    CARD,
    CNY_199,
    INTENTS,
    PAGES,
    REFUNDS,
    Scripted,
    error,
    intent,
    listing,
    page,
    refund,
)

DECLINED = {"code": "card_declined", "decline_code": "insufficient_funds"}
NEEDS_HOLDER = {"code": "authentication_required"}


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, PaymentState.OPEN),
        ({"payment_intent": intent(status="requires_payment_method")}, PaymentState.OPEN),
        ({"payment_intent": intent(status="requires_action")}, PaymentState.OPEN),
        ({"status": "expired"}, PaymentState.EXPIRED),
        ({"status": "complete", "payment_status": "paid"}, PaymentState.UNKNOWN),
        ({"status": "complete"}, PaymentState.UNKNOWN),
        ({"status": "complete", "payment_status": "no_payment_required"}, PaymentState.UNKNOWN),
        ({"status": "hibernating"}, PaymentState.UNKNOWN),
    ],
)
def test_a_page_without_money_is_not_paid(changes: dict[str, Any], state: PaymentState) -> None:
    payment = read_page(page(**changes))
    assert payment.state is state
    assert payment.charge_id is None
    assert payment.amount is None


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("processing", PaymentState.PROCESSING),
        ("requires_payment_method", PaymentState.FAILED),
        ("succeeded", PaymentState.PAID),
        ("canceled", PaymentState.EXPIRED),
    ],
)
def test_a_complete_page_that_is_unpaid_waits_for_its_money(
    status: str, state: PaymentState
) -> None:
    body = page(status="complete", payment_intent=intent(status=status))
    assert read_page(body).state is state


@pytest.mark.parametrize(
    ("status", "problem", "state", "decline"),
    [
        ("succeeded", None, PaymentState.PAID, None),
        ("processing", None, PaymentState.PROCESSING, None),
        ("requires_action", None, PaymentState.NEEDS_CUSTOMER, None),
        ("requires_payment_method", DECLINED, PaymentState.FAILED, "insufficient_funds"),
        (
            "requires_payment_method",
            NEEDS_HOLDER,
            PaymentState.NEEDS_CUSTOMER,
            "authentication_required",
        ),
        ("canceled", None, PaymentState.EXPIRED, None),
        ("requires_capture", None, PaymentState.UNKNOWN, None),
        ("dreaming", None, PaymentState.UNKNOWN, None),
    ],
)
def test_each_state_of_a_saved_cards_charge(
    status: str, problem: Any, state: PaymentState, decline: str | None
) -> None:
    payment = read_intent(intent(status=status, last_payment_error=problem))
    assert (payment.state, payment.decline) == (state, decline)


def test_a_paid_page_tells_the_charge_that_counts_and_the_card_that_is_kept() -> None:
    card = {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030}
    method = {"id": "pm_1", "customer": "cus_1", "card": card}
    paid = intent(payment_method=method, setup_future_usage="off_session")
    payment = read_page(page(status="complete", payment_status="paid", payment_intent=paid))
    assert payment.payment_id == "p1"
    assert payment.ref == "cs_1"
    assert payment.charge_id == "ch_1"
    assert payment.amount == CNY_199
    assert payment.charged_at == datetime.fromtimestamp(1_795_330_800, UTC)
    assert payment.kept_card == SavedCard("pm_1", "cus_1", "visa", "4242", 12, 2030)


@pytest.mark.parametrize("changes", [{"setup_future_usage": None}, {"payment_method": None}])
def test_a_card_without_consent_is_not_kept(changes: dict[str, Any]) -> None:
    method = {"id": "pm_1", "customer": "cus_1", "card": {"exp_month": 1, "exp_year": 2030}}
    kept = {"payment_method": method, "setup_future_usage": "off_session"}
    assert read_intent(intent(**kept)).kept_card is not None
    assert read_intent(intent(**kept | changes)).kept_card is None


def test_a_payment_that_was_not_made_by_us_says_so() -> None:
    assert read_page(page(metadata={})).payment_id is None
    assert read_intent(intent(metadata={"payment_id": ""})).payment_id is None


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("succeeded", RefundState.DONE),
        ("pending", RefundState.PENDING),
        ("requires_action", RefundState.PENDING),
        ("failed", RefundState.FAILED),
        ("canceled", RefundState.FAILED),
        ("wandering", RefundState.PENDING),
    ],
)
def test_each_state_of_a_refund(status: str, state: RefundState) -> None:
    assert read_refund(refund(status=status)).state is state


def test_a_refund_made_in_the_dashboard_has_no_key_of_ours() -> None:
    assert read_refund(refund(metadata={})).key is None
    assert read_refund(refund()).key == "refund:1"


@pytest.mark.parametrize(
    ("status", "is_open"),
    [("needs_response", True), ("under_review", True), ("won", False), ("lost", False)],
)
def test_a_dispute_is_open_until_the_bank_decides(status: str, is_open: bool) -> None:
    dispute = {"id": "dp_1", "charge": "ch_1", "amount": 19900, "currency": "cny"}
    assert read_dispute(dispute | {"status": status}).is_open is is_open


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("warning_needs_response", DisputeState.INQUIRY),
        ("warning_closed", DisputeState.WON),
        ("needs_response", DisputeState.OPEN),
        ("a word of next year", DisputeState.OPEN),
        ("won", DisputeState.WON),
        ("lost", DisputeState.LOST),
    ],
)
def test_an_inquiry_takes_no_money_and_an_unknown_word_may(
    status: str, state: DisputeState
) -> None:
    dispute = {"id": "dp_1", "charge": "ch_1", "amount": 19900, "currency": "cny"}
    assert read_dispute(dispute | {"status": status}).state is state


async def test_a_declined_card_is_a_state_not_an_error(
    api: Scripted, stripe: StripePlatform
) -> None:
    failed = intent(status="requires_payment_method", last_payment_error=DECLINED)
    api.answers(f"GET {INTENTS}", listing(url=INTENTS))
    api.answers(f"POST {INTENTS}", error("card_declined", "card_error", payment_intent=failed), 402)
    payment = await stripe.charge_saved("p1", CARD, CNY_199, "月卡")
    assert (payment.ref, payment.state) == ("pi_1", PaymentState.FAILED)
    assert payment.decline == "insufficient_funds"


async def test_a_page_that_was_paid_before_it_could_be_closed_is_told_as_paid(
    api: Scripted, stripe: StripePlatform
) -> None:
    paid = page(status="complete", payment_status="paid", payment_intent=intent())
    api.answers(f"POST {PAGES}/cs_1/expire", error(None), 400)
    api.answers(f"GET {PAGES}/cs_1", paid)
    assert (await stripe.expire("cs_1")).state is PaymentState.PAID


async def test_a_card_that_is_gone_is_forgotten_and_one_that_stays_is_an_error(
    api: Scripted, stripe: StripePlatform
) -> None:
    api.answers("POST /v1/payment_methods/pm_1/detach", error("resource_missing"), 404)
    await stripe.forget_card(CARD)
    api.answers("POST /v1/payment_methods/pm_1/detach", error(None), 400)
    api.answers("GET /v1/payment_methods/pm_1", {"id": "pm_1", "object": "payment_method"})
    await stripe.forget_card(CARD)
    kept = {"id": "pm_1", "object": "payment_method", "customer": "cus_1"}
    api.answers("GET /v1/payment_methods/pm_1", kept)
    await stripe.forget_card(CARD)
    with pytest.raises(PlatformRefused):
        await stripe.forget_card(CARD)


async def test_refunds_are_told_one_by_one_or_for_a_charge(
    api: Scripted, stripe: StripePlatform
) -> None:
    api.answers(f"GET {REFUNDS}/pyr_1", refund(id="pyr_1"))
    first = listing(refund(id="re_2"), url=REFUNDS, has_more=True)
    api.answers(f"GET {REFUNDS}", first)
    api.answers(f"GET {REFUNDS}", listing(refund(), url=REFUNDS))
    assert [refund.ref for refund in await stripe.refunds("pyr_1")] == ["pyr_1"]
    assert [refund.ref for refund in await stripe.refunds("ch_1")] == ["re_2", "re_1"]
    assert [asked.query["charge"] for asked in api.calls(f"GET {REFUNDS}")] == ["ch_1", "ch_1"]


NAMES = (
    *("id", "object", "status", "payment_status", "payment_intent", "latest_charge", "metadata"),
    *("payment_id", "payment_method", "setup_future_usage", "customer", "card", "exp_month"),
    *("exp_year", "amount", "amount_received", "currency", "created", "expires_at", "url", "data"),
    *("last_payment_error", "code", "decline_code", "type", "charge", "made_by_page"),
)
WORDS = ("complete", "paid", "unpaid", "succeeded", "off_session", "cny", "payment_intent", "¥")
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=15,
)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=10))
def test_any_body_is_read_without_a_crash(body: dict[str, Any]) -> None:
    read_checkout(body)
    read_page(body)
    read_intent(body)
    read_event(body)
    with suppress(PlatformUnavailable):
        read_refund(body)
    with suppress(PlatformUnavailable):
        read_dispute(body)
