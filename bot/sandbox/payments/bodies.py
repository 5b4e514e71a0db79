"""The platform's objects as the Stripe API shows them. Field names: Stripe API reference."""

from typing import Any

from bot.sandbox.payments.book import API_VERSION
from bot.sandbox.payments.cards import CARDS
from bot.sandbox.payments.model import (
    Charge,
    Customer,
    Dispute,
    Endpoint,
    Event,
    Failure,
    Intent,
    IntentStatus,
    Method,
    PaymentMethod,
    Refund,
    RefundStatus,
    Session,
    SessionStatus,
    State,
)

Body = dict[str, Any]


def listing(url: str, data: list[Body], *, has_more: bool = False) -> Body:
    """A list object."""
    return {"object": "list", "url": url, "has_more": has_more, "data": data}


def customer_body(customer: Customer) -> Body:
    """A `customer`."""
    return {
        "id": customer.id,
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": customer.created,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": customer.description,
        "email": customer.email,
        "livemode": False,
        "metadata": customer.metadata,
        "name": customer.name,
        "phone": customer.phone,
        "preferred_locales": customer.preferred_locales,
        "shipping": None,
        "tax_exempt": "none",
    }


def method_body(method: PaymentMethod) -> Body:
    """A `payment_method`."""
    return {
        "id": method.id,
        "object": "payment_method",
        "allow_redisplay": "limited" if method.reusable else "unspecified",
        "billing_details": _billing_details(),
        "created": method.created,
        "customer": method.customer,
        "livemode": False,
        "metadata": {},
        "type": method.type.value,
        method.type.value: _card_body(method) if method.type is Method.CARD else {},
    }


def session_body(session: Session) -> Body:
    """A `checkout.session`; its line items are shown only where they are asked for."""
    is_open = session.status is SessionStatus.OPEN
    return {
        "id": session.id,
        "object": "checkout.session",
        "allowed_payment_method_types": session.allowed_methods,
        "amount_subtotal": session.total,
        "amount_total": session.total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": session.cancel_url,
        "client_reference_id": session.client_reference_id,
        "client_secret": None,
        "created": session.created,
        "currency": session.currency,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": session.customer,
        "customer_creation": session.creates_customer,
        "customer_details": None,
        "customer_email": session.customer_email,
        "expires_at": session.expires_at,
        "invoice": None,
        "livemode": False,
        "locale": session.locale,
        "metadata": session.metadata,
        "mode": "payment",
        "payment_intent": session.intent,
        "payment_link": None,
        "payment_method_options": {},
        "payment_method_types": [method.value for method in session.methods],
        "payment_status": "paid" if session.paid else "unpaid",
        "setup_intent": None,
        "shipping_options": [],
        "status": session.status.value,
        "subscription": None,
        "success_url": session.success_url,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": session.url if is_open else None,
    }


def items_body(session: Session) -> Body:
    """A session's line items."""
    return listing(
        f"/v1/checkout/sessions/{session.id}/line_items",
        [
            {
                "id": f"li_{position}_{session.id}",
                "object": "item",
                "amount_discount": 0,
                "amount_subtotal": item.unit_amount * item.quantity,
                "amount_tax": 0,
                "amount_total": item.unit_amount * item.quantity,
                "currency": session.currency,
                "description": item.name,
                "price": None,
                "quantity": item.quantity,
            }
            for position, item in enumerate(session.items)
        ],
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
        "billing_details": _billing_details(),
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
            "submission_method": None,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": dispute.intent,
        "reason": dispute.reason,
        "status": dispute.status,
    }


def event_body(event: Event) -> Body:
    """An `event`."""
    return {
        "id": event.id,
        "object": "event",
        "api_version": API_VERSION,
        "created": event.created,
        "data": {"object": event.object},
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": event.request, "idempotency_key": event.idempotency_key},
        "type": event.type,
    }


def endpoint_body(endpoint: Endpoint) -> Body:
    """A `webhook_endpoint`; its secret is shown only once, when it is created."""
    return {
        "id": endpoint.id,
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        "application": None,
        "created": endpoint.created,
        "description": endpoint.description,
        "enabled_events": endpoint.enabled_events,
        "livemode": False,
        "metadata": endpoint.metadata,
        "status": "enabled",
        "url": endpoint.url,
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


def _card_body(method: PaymentMethod) -> Body:
    brand = CARDS[method.number or ""].brand
    return _card_in_short(method) | {
        "display_brand": brand,
        "networks": {"available": [brand], "preferred": None},
        "three_d_secure_usage": {"supported": True},
    }


def _charged_card_body(method: PaymentMethod) -> Body:
    return _card_in_short(method) | {
        "installments": None,
        "mandate": None,
        "network": CARDS[method.number or ""].brand,
        "three_d_secure": None,
    }


def _card_in_short(method: PaymentMethod) -> Body:
    number = method.number or ""
    card = CARDS[number]
    return {
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass",
        },
        "country": "US",
        "exp_month": method.exp_month,
        "exp_year": method.exp_year,
        "fingerprint": f"sandbox{number[-4:]}",
        "funding": card.funding,
        "last4": number[-4:],
        "wallet": None,
    }


def _billing_details() -> Body:
    return {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
