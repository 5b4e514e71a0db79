"""What Stripe answers, read from its objects as plain JSON.

A word that is not known here becomes UNKNOWN, and what is missing None: an answer never crashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.domain.dispute import DisputeState
from bot.domain.errors import PlatformUnavailable
from bot.domain.money import Money
from bot.payments.stripe.amounts import from_stripe
from bot.payments.stripe.requests import PAYMENT_ID, REFUND_KEY
from bot.services.platform import (
    Checkout,
    PaymentState,
    PlatformDispute,
    PlatformPayment,
    PlatformRefund,
    RefundState,
    SavedCard,
)

Body = Mapping[str, Any]

_INTENT_STATES: Final[Mapping[str, PaymentState]] = {
    "succeeded": PaymentState.PAID,
    "processing": PaymentState.PROCESSING,
    "requires_action": PaymentState.NEEDS_CUSTOMER,
    "requires_payment_method": PaymentState.FAILED,
    "canceled": PaymentState.EXPIRED,
}
_REFUND_STATES: Final[Mapping[str, RefundState]] = {
    "succeeded": RefundState.DONE,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
#: A "warning" is an inquiry, which takes no money; a word that is not known is one that may.
_DISPUTE_STATES: Final[Mapping[str, DisputeState]] = {
    "warning_needs_response": DisputeState.INQUIRY,
    "warning_under_review": DisputeState.INQUIRY,
    "warning_closed": DisputeState.WON,
    "prevented": DisputeState.WON,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
}


def read_checkout(session: Body) -> Checkout | None:
    """None unless it is a page that waits for its payer."""
    ref, url = text(session, "id"), text(session, "url")
    expires_at = instant(session.get("expires_at"))
    if ref is None or url is None or expires_at is None:
        return None
    return Checkout(ref, url, expires_at)


def read_page(session: Body) -> PlatformPayment:
    """A page's payment. A complete page is not paid yet: its payment status tells.

    ``session`` holds its payment intent, with the latest charge and the payment method in it.
    """
    intent = part(session, "payment_intent")
    match session.get("status"), session.get("payment_status"):
        case "open", _:
            state = PaymentState.OPEN
        case "expired", _:
            state = PaymentState.EXPIRED
        case "complete", "paid":
            state = PaymentState.PAID
        case "complete", "unpaid":
            state = _intent_state(intent)
        case _:
            state = PaymentState.UNKNOWN
    return _payment(payment_id(session), text(session, "id") or "", state, intent)


def read_intent(intent: Body) -> PlatformPayment:
    """A saved card's payment, with its latest charge in it."""
    return _payment(payment_id(intent), text(intent, "id") or "", _intent_state(intent), intent)


def payment_id(body: Body) -> str | None:
    """Our id of a session's or an intent's payment; None when it was not made by us."""
    return text(part(body, "metadata"), PAYMENT_ID)


def refund_key(refund: Body) -> str | None:
    return text(part(refund, "metadata"), REFUND_KEY)


def read_refund(refund: Body) -> PlatformRefund:
    """Raises `PlatformUnavailable` when it is not a refund of a charge. A state that is not known
    is one that has not ended."""
    ref, charge_id, amount = text(refund, "id"), _id(refund.get("charge")), _amount(refund)
    if ref is None or charge_id is None or amount is None:
        raise PlatformUnavailable("nonsense: not a refund of a charge")
    return PlatformRefund(
        ref=ref,
        charge_id=charge_id,
        amount=amount,
        state=_REFUND_STATES.get(text(refund, "status") or "", RefundState.PENDING),
        key=refund_key(refund),
        reason=text(refund, "failure_reason"),
    )


def read_dispute(dispute: Body) -> PlatformDispute:
    """Raises `PlatformUnavailable` when it is not a dispute of a charge."""
    ref, charge_id, amount = text(dispute, "id"), _id(dispute.get("charge")), _amount(dispute)
    if ref is None or charge_id is None or amount is None:
        raise PlatformUnavailable("nonsense: not a dispute of a charge")
    state = _DISPUTE_STATES.get(text(dispute, "status") or "", DisputeState.OPEN)
    return PlatformDispute(ref, charge_id, amount, state)


def part(body: Body, name: str) -> Body:
    """The object of that name; empty when there is none."""
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def text(body: Body, name: str) -> str | None:
    found = body.get(name)
    return found if isinstance(found, str) and found else None


def number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def instant(value: Any) -> datetime | None:
    """Seconds since 1970 as an instant; None when they are none."""
    seconds = number(value)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _payment(ours: str | None, ref: str, state: PaymentState, intent: Body) -> PlatformPayment:
    if state is not PaymentState.PAID:
        failed = state in {PaymentState.FAILED, PaymentState.NEEDS_CUSTOMER}
        return PlatformPayment(ours, ref, state, decline=_decline(intent) if failed else None)
    charge_id, amount = _id(intent.get("latest_charge")), _amount(intent, "amount_received")
    if charge_id is None or amount is None:
        return PlatformPayment(ours, ref, PaymentState.UNKNOWN)
    return PlatformPayment(
        ours,
        ref,
        PaymentState.PAID,
        charge_id=charge_id,
        amount=amount,
        charged_at=instant(part(intent, "latest_charge").get("created")),
        kept_card=_kept_card(intent),
    )


def _intent_state(intent: Body) -> PaymentState:
    state = _INTENT_STATES.get(text(intent, "status") or "", PaymentState.UNKNOWN)
    problem = text(part(intent, "last_payment_error"), "code")
    if state is PaymentState.FAILED and problem == "authentication_required":
        return PaymentState.NEEDS_CUSTOMER
    return state


def _decline(intent: Body) -> str | None:
    problem = part(intent, "last_payment_error")
    return text(problem, "decline_code") or text(problem, "code")


def _kept_card(intent: Body) -> SavedCard | None:
    """The card, if its holder agreed to have it kept and the platform did."""
    method = part(intent, "payment_method")
    card = part(method, "card")
    ref, customer_ref = text(method, "id"), _id(method.get("customer"))
    month, year = number(card.get("exp_month")), number(card.get("exp_year"))
    if intent.get("setup_future_usage") != "off_session" or ref is None or customer_ref is None:
        return None
    if month is None or year is None:
        return None
    return SavedCard(
        ref=ref,
        customer_ref=customer_ref,
        brand=text(card, "brand") or "",
        last_four=text(card, "last4") or "",
        expires_month=month,
        expires_year=year,
    )


def _amount(body: Body, name: str = "amount") -> Money | None:
    amount, currency = number(body.get(name)), text(body, "currency")
    return None if amount is None or currency is None else from_stripe(amount, currency)


def _id(value: Any) -> str | None:
    """The id of an object that is given as such or as its id alone."""
    return text(value, "id") if isinstance(value, dict) else text({"id": value}, "id")
