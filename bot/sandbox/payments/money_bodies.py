"""Intents, charges, refunds and disputes as the Stripe API shows them."""

from bot.sandbox.payments.bodies import Body, billing_details, card_in_short, method_body
from bot.sandbox.payments.cards import CARDS
from bot.sandbox.payments.model import (
    Charge,
    Dispute,
    Failure,
    Intent,
    IntentStatus,
    Method,
    PaymentMethod,
    Refund,
    RefundStatus,
    State,
)


def intent_body(intent: Intent, state: State) -> Body:
    """A `payment_intent`."""
    succeeded = intent.status is IntentStatus.SUCCEEDED
    return {
        "id": intent.id,
        "object": "payment_intent",
        "amount": intent.amount,
        "amount_capturable": 0,
        "amount_received": intent.amount if succeeded else 0,
        "canceled_at": intent.canceled_at,
        "cancellation_reason": intent.cancellation_reason,
        "capture_method": "automatic_async",
        "client_secret": f"{intent.id}_secret_SANDBOX",
        "confirmation_method": "automatic",
        "created": intent.created,
        "currency": intent.currency,
        "customer": intent.customer,
        "description": intent.description,
        "last_payment_error": _last_error(intent, state),
        "latest_charge": intent.charge,
        "livemode": False,
        "metadata": intent.metadata,
        "next_action": {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
        if intent.status is IntentStatus.REQUIRES_ACTION
        else None,
        "payment_method": None if intent.failure else intent.method,
        "payment_method_options": {},
        "payment_method_types": [method.value for method in intent.methods],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": intent.setup_future_usage,
        "status": intent.status.value,
    }


def charge_body(charge: Charge, state: State) -> Body:
    """A `charge`. A refund counts until it fails."""
    method = state.methods[charge.method]
    refunded = refunded_amount(charge, state)
    failure = charge.failure
    return {
        "id": charge.id,
        "object": "charge",
        "amount": charge.amount,
        "amount_captured": charge.amount if charge.succeeded else 0,
        "amount_refunded": refunded,
        "balance_transaction": None,
        "billing_details": billing_details(),
        "captured": charge.succeeded,
        "created": charge.created,
        "currency": charge.currency,
        "customer": charge.customer,
        "description": charge.description,
        "disputed": charge.disputed,
        "failure_code": failure.code if failure else None,
        "failure_message": failure.message if failure else None,
        "livemode": False,
        "metadata": charge.metadata,
        "outcome": None,
        "paid": charge.succeeded,
        "payment_intent": charge.intent,
        "payment_method": charge.method,
        "payment_method_details": {
            "type": method.type.value,
            method.type.value: _charged_card_body(method) if method.type is Method.CARD else {},
        },
        "receipt_url": None,
        "refunded": charge.succeeded and refunded == charge.amount,
        "status": "succeeded" if charge.succeeded else "failed",
    }


def refunded_amount(charge: Charge, state: State) -> int:
    """What of a charge went back, or is on its way."""
    return sum(
        refund.amount
        for refund in state.refunds.values()
        if refund.charge == charge.id and refund.status is not RefundStatus.FAILED
    )


def refund_body(refund: Refund) -> Body:
    """A `refund`."""
    return {
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "balance_transaction": None,
        "charge": refund.charge,
        "created": refund.created,
        "currency": refund.currency,
        "metadata": refund.metadata,
        "payment_intent": refund.intent,
        "reason": refund.reason,
        "receipt_number": None,
        "status": refund.status.value,
    } | ({"failure_reason": "unknown"} if refund.status is RefundStatus.FAILED else {})


def dispute_body(dispute: Dispute) -> Body:
    """A `dispute`."""
    return {
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount,
        "balance_transactions": [],
        "charge": dispute.charge,
        "created": dispute.created,
        "currency": dispute.currency,
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": dispute.created + 7 * 24 * 3600,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": dispute.intent,
        "reason": dispute.reason,
        "status": dispute.status,
    }


def _last_error(intent: Intent, state: State) -> Body | None:
    failure: Failure | None = intent.failure
    if failure is None:
        return None
    method = state.methods[intent.method] if intent.method else None
    return {
        "type": "card_error" if method and method.type is Method.CARD else "invalid_request_error",
        "code": failure.code,
        "message": failure.message,
        "charge": intent.charge,
        "payment_method": method_body(method) if method else None,
    } | ({"decline_code": failure.decline_code} if failure.decline_code else {})


def _charged_card_body(method: PaymentMethod) -> Body:
    return card_in_short(method) | {
        "installments": None,
        "mandate": None,
        "network": CARDS[method.number or ""].brand,
        "three_d_secure": None,
    }
