"""The platform's objects as the Stripe API shows them. Field names: Stripe API reference."""

from typing import Any

from bot.sandbox.payments.book import API_VERSION
from bot.sandbox.payments.cards import CARDS
from bot.sandbox.payments.model import (
    Customer,
    Endpoint,
    Event,
    Method,
    PaymentMethod,
    Session,
    SessionStatus,
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
        "allow_redisplay": "limited" if method.customer else "unspecified",
        "billing_details": billing_details(),
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


def _card_body(method: PaymentMethod) -> Body:
    brand = CARDS[method.number or ""].brand
    return card_in_short(method) | {
        "display_brand": brand,
        "networks": {"available": [brand], "preferred": None},
        "three_d_secure_usage": {"supported": True},
    }


def card_in_short(method: PaymentMethod) -> Body:
    """What of a card stands both in a kept method and in a charge."""
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


def billing_details() -> Body:
    """Nothing is asked of the payer."""
    return {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
