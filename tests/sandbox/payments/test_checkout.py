"""Checkout sessions: opened, paid, on their way, declined, expired."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from bot.sandbox.world import World
from tests.sandbox.payments.shop import CANCEL_URL, Shop, price
from tests.sandbox.telegram.sides import Refused

HALF_AN_HOUR = 1800
DAY = 24 * 3600


async def test_an_open_session_has_an_address_to_pay_at(shop: Shop, url: str) -> None:
    session = await shop.opens(line_items=[price(15_00), price(5_00)])
    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert session.url == f"{url}/pay/{session.id}"
    assert (session.amount_total, session.currency) == (20_00, "cny")
    assert session.payment_intent is None
    assert session.client_reference_id == "payment-1"
    assert session.cancel_url == CANCEL_URL


async def test_the_language_asked_for_stands_in_the_address(shop: Shop) -> None:
    session = await shop.opens(locale="zh")
    assert (session.url or "").endswith("?lang=zh")


@pytest.mark.parametrize("method", ["card", "alipay", "wechat_pay"])
async def test_a_session_is_paid_with_each_method(shop: Shop, method: str) -> None:
    session = await shop.opens(
        allowed_payment_method_types=[method],
        payment_method_options={"wechat_pay": {"client": "web"}},
    )
    assert (await shop.is_paid(session.id))["outcome"] == "paid"
    paid = await shop.sees(session.id, "payment_intent.latest_charge", "line_items")
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent: Any = paid.payment_intent
    assert (intent.status, intent.amount_received) == ("succeeded", 19_900)
    assert intent.metadata["payment"] == "payment-1"
    assert intent.latest_charge.payment_method_details.type == method
    assert paid.line_items is not None
    assert paid.line_items.data[0].description == "月卡"


async def test_a_paid_session_tells_what_happened_in_order(shop: Shop) -> None:
    session = await shop.opens()
    await shop.is_paid(session.id)
    assert await shop.hears() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


async def test_a_session_is_paid_once_only(shop: Shop) -> None:
    session = await shop.opens()
    await shop.is_paid(session.id)
    with pytest.raises(Refused, match="complete"):
        await shop.is_paid(session.id)
    assert len(await shop.charged()) == 1


async def test_a_declined_payment_leaves_the_session_open_for_another(shop: Shop) -> None:
    session = await shop.opens(allowed_payment_method_types=["card"])
    assert (await shop.is_paid(session.id, outcome="declined"))["outcome"] == "declined"
    intent: Any = (await shop.sees(session.id, "payment_intent")).payment_intent
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error.decline_code == "generic_decline"
    assert await shop.charged() == []
    assert (await shop.is_paid(session.id))["outcome"] == "paid"
    assert await shop.hears() == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


async def test_a_card_without_money_says_so(shop: Shop) -> None:
    session = await shop.opens(allowed_payment_method_types=["card"])
    await shop.is_paid(session.id, number="4000000000009995")
    intent: Any = (await shop.sees(session.id, "payment_intent")).payment_intent
    assert intent.last_payment_error.decline_code == "insufficient_funds"


async def test_money_on_its_way_completes_the_session_unpaid(shop: Shop) -> None:
    session = await shop.opens()
    assert (await shop.is_paid(session.id, outcome="processing"))["outcome"] == "processing"
    waiting = await shop.sees(session.id)
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert (await shop.hears())[-1] == "checkout.session.completed"
    assert await shop.charged() == []


@pytest.mark.parametrize(
    ("outcome", "status", "event"),
    [
        ("succeeded", "paid", "checkout.session.async_payment_succeeded"),
        ("failed", "unpaid", "checkout.session.async_payment_failed"),
    ],
)
async def test_money_on_its_way_arrives_or_never_does(
    shop: Shop, outcome: str, status: str, event: str
) -> None:
    session = await shop.opens()
    await shop.is_paid(session.id, outcome="processing")
    await shop.control.post(f"payments/sessions/{session.id}/settle", outcome=outcome)
    assert (await shop.sees(session.id)).payment_status == status
    assert (await shop.hears())[-1] == event
    assert len(await shop.charged()) == (1 if outcome == "succeeded" else 0)
    with pytest.raises(Refused, match="no money is on its way"):
        await shop.control.post(f"payments/sessions/{session.id}/settle", outcome=outcome)


async def test_a_session_expires_by_the_clock(shop: Shop) -> None:
    now = int(shop.clock.timestamp())
    session = await shop.opens(expires_at=now + HALF_AN_HOUR + 60)
    await shop.control.advance(HALF_AN_HOUR + 61)
    assert (await shop.sees(session.id)).status == "expired"
    assert await shop.hears() == ["checkout.session.expired"]
    with pytest.raises(Refused, match="expired"):
        await shop.is_paid(session.id)


async def test_a_session_is_expired_on_demand_and_its_intent_cancelled(shop: Shop) -> None:
    session = await shop.opens(allowed_payment_method_types=["card"])
    await shop.is_paid(session.id, outcome="declined")
    expired = await shop.client.v1.checkout.sessions.expire_async(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    assert (await shop.hears())[-2:] == ["payment_intent.canceled", "checkout.session.expired"]


async def test_only_an_open_session_can_be_expired(shop: Shop) -> None:
    session = await shop.opens()
    await shop.is_paid(session.id)
    with pytest.raises(stripe.InvalidRequestError, match="status of `complete`"):
        await shop.client.v1.checkout.sessions.expire_async(session.id)


@pytest.mark.parametrize("away", [HALF_AN_HOUR - 5, DAY + 60])
async def test_a_session_lives_from_half_an_hour_to_a_day(shop: Shop, away: int) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=r"30 minutes|24 hours") as refused:
        await shop.opens(expires_at=int(shop.clock.timestamp()) + away)
    assert refused.value.param == "expires_at"


async def test_a_session_without_an_expiry_lives_a_day(shop: Shop) -> None:
    session = await shop.opens()
    assert session.expires_at == session.created + DAY


async def test_wechat_pay_needs_to_know_its_client(shop: Shop, world: World) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="client") as refused:
        await shop.opens(allowed_payment_method_types=["wechat_pay"])
    assert refused.value.code == "parameter_missing"
    assert len(world.payments.violations) == 1


async def test_a_card_is_kept_with_its_customer(shop: Shop) -> None:
    customer, card = await shop.saves_a_card()
    kept = await shop.client.v1.payment_methods.retrieve_async(card)
    assert kept.card is not None
    assert (kept.customer, kept.card.brand, kept.card.last4) == (customer, "visa", "4242")
    listed = await shop.client.v1.payment_methods.list_async({"customer": customer})
    assert [method.id for method in listed.data] == [card]
    assert "payment_method.attached" in await shop.hears()


async def test_wallets_are_not_offered_where_the_method_is_to_be_kept(shop: Shop) -> None:
    session = await shop.opens(
        allowed_payment_method_types=["card", "alipay"],
        payment_intent_data={"setup_future_usage": "off_session"},
    )
    assert session.payment_method_types == ["card"]
    with pytest.raises(stripe.InvalidRequestError, match="No valid payment method types"):
        await shop.opens(payment_intent_data={"setup_future_usage": "off_session"})


async def test_a_card_alone_is_kept_where_only_it_is_asked_to(shop: Shop) -> None:
    session = await shop.opens(
        allowed_payment_method_types=["card", "alipay"],
        customer_creation="always",
        payment_method_options={"card": {"setup_future_usage": "off_session"}},
    )
    assert session.payment_method_types == ["card", "alipay"]
    await shop.is_paid(session.id, method="card")
    customer: Any = (await shop.sees(session.id)).customer
    listed = await shop.client.v1.customers.payment_methods.list_async(customer)
    assert len(listed.data) == 1


async def test_a_customer_is_created_on_completion_when_asked_to(shop: Shop) -> None:
    session = await shop.opens(customer_creation="always", customer_email="lin@example.com")
    assert session.customer is None
    await shop.is_paid(session.id)
    customer: Any = (await shop.sees(session.id, "customer")).customer
    assert customer.email == "lin@example.com"


async def test_sessions_are_listed_by_status_and_customer(shop: Shop) -> None:
    customer = await shop.client.v1.customers.create_async({})
    theirs = await shop.opens(customer=customer.id)
    other = await shop.opens()
    await shop.is_paid(other.id)
    sessions = shop.client.v1.checkout.sessions
    opened = await sessions.list_async({"status": "open"})
    mine = await sessions.list_async({"customer": customer.id})
    assert [session.id for session in opened.data] == [theirs.id]
    assert [session.id for session in mine.data] == [theirs.id]


async def test_nothing_to_pay_is_refused(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="greater than zero"):
        await shop.opens(line_items=[price(0)])


async def test_two_currencies_are_refused(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="same currency"):
        await shop.opens(line_items=[price(), price(currency="usd")])
