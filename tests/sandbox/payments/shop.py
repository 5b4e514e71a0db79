"""A shop in these tests: asks the platform with the real SDK, as the product will."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import aiohttp
import stripe
from stripe.checkout import Session

from bot.sandbox.clock import SandboxClock
from tests.sandbox.payments import sdk_facts
from tests.sandbox.telegram.sides import Control, Json

API_KEY = "sk_test_SANDBOX"
SUCCESS_URL = "http://127.0.0.1/paid?session={CHECKOUT_SESSION_ID}"
CANCEL_URL = "http://127.0.0.1/cancelled"


def stripe_client(
    url: str, session: aiohttp.ClientSession, *, key: str = API_KEY
) -> stripe.StripeClient:
    """The SDK's client over aiohttp, pointed at a served world."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": f"{url}/stripe"},
        http_client=stripe.AIOHTTPClient(session=session),
    )


def price(amount: int = 19_900, currency: str = "cny", name: str = "月卡") -> Json:
    """One line of a session."""
    return {
        "quantity": 1,
        "price_data": {
            "currency": currency,
            "unit_amount": amount,
            "product_data": {"name": name, "description": "30 天"},
        },
    }


def wanted(**changes: Any) -> Json:
    """What a session is created with: a monthly plan, paid by Alipay, unless told otherwise."""
    asked: Json = {
        "mode": "payment",
        "line_items": [price()],
        "allowed_payment_method_types": ["alipay"],
        "success_url": SUCCESS_URL,
        "cancel_url": CANCEL_URL,
        "client_reference_id": "payment-1",
        "metadata": {"payment": "payment-1"},
        "payment_intent_data": {"metadata": {"payment": "payment-1"}},
    }
    return {name: value for name, value in (asked | changes).items() if value is not None}


@dataclass
class Shop:
    """The SDK's client, the sandbox's clock, and the control API beside it."""

    client: stripe.StripeClient
    clock: SandboxClock
    control: Control

    async def opens(self, *, key: str | None = None, **changes: Any) -> Session:
        """Create a session; what is sent is checked against the SDK's own types."""
        asked = wanted(**changes)
        sdk_facts.check_session_request(asked)
        return await self.asks(asked, key=key)

    async def asks(self, asked: Json, *, key: str | None = None) -> Session:
        """Create a session of whatever is asked."""
        options: Any = {"idempotency_key": key} if key else {}
        created: Any = asked
        return await self.client.v1.checkout.sessions.create_async(created, options)

    async def sees(self, session_id: str, *expand: str) -> Session:
        """The session as it stands."""
        return await self.client.v1.checkout.sessions.retrieve_async(
            session_id, {"expand": list(expand)}
        )

    async def is_paid(self, session_id: str, **how: Any) -> Json:
        """Somebody pays, or tries to; `{outcome, session}`."""
        return await self.control.post(f"payments/sessions/{session_id}/pay", **how)

    async def hears(self, **asked: Any) -> list[str]:
        """The types of the latest events, oldest first."""
        wanted_events: Any = {"limit": 100} | asked
        listed = await self.client.v1.events.list_async(wanted_events)
        return [event.type for event in reversed(listed.data)]

    async def saves_a_card(self, number: str = "4242424242424242") -> tuple[str, str]:
        """A customer who paid with a card to be kept: their id and the card's."""
        customer = await self.client.v1.customers.create_async({"name": "Lin Xiao"})
        session = await self.opens(
            customer=customer.id,
            allowed_payment_method_types=["card"],
            payment_intent_data={"setup_future_usage": "off_session"},
        )
        await self.is_paid(session.id, number=number)
        [kept] = (await self.client.v1.customers.payment_methods.list_async(customer.id)).data
        return customer.id, kept.id

    async def charges_off_session(
        self, customer: str, card: str, *, key: str | None = None, **changes: Any
    ) -> stripe.PaymentIntent:
        """Charge a saved card without its holder."""
        asked: Any = {
            "amount": 19_900,
            "currency": "cny",
            "customer": customer,
            "payment_method": card,
            "off_session": True,
            "confirm": True,
            "metadata": {"payment": "renewal-1"},
        } | changes
        options: Any = {"idempotency_key": key} if key else {}
        return await self.client.v1.payment_intents.create_async(asked, options)

    async def faces(self, **fault: Any) -> None:
        """A fault is put in its way."""
        await self.control.post("payments/faults", **fault)

    async def charged(self) -> list[Json]:
        """Every charge that took money, with its refunds."""
        charges: list[Json] = (await self.control.get("payments/charges"))["charges"]
        return [charge for charge in charges if charge["status"] == "succeeded"]
