"""Who may ask, how requests are written, and what of them is refused as misuse."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
import stripe
from stripe.checkout import Session

from bot.sandbox.world import World
from tests.sandbox.payments.sdk_facts import what_is_wrong
from tests.sandbox.payments.shop import Shop, stripe_client, wanted
from tests.sandbox.telegram.sides import Json

BEARER = {"Authorization": "Bearer sk_test_SANDBOX"}
FORM = {
    "mode": "payment",
    "success_url": "http://127.0.0.1/",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "cny",
    "line_items[0][price_data][unit_amount]": "1500",
    "line_items[0][price_data][product_data][name]": "Daily",
    "allowed_payment_method_types[]": "card",
}


async def posts(
    session: aiohttp.ClientSession, url: str, form: Json, **options: Any
) -> tuple[int, Json]:
    """A session's creation without the SDK."""
    address = f"{url}/stripe/v1/checkout/sessions"
    async with session.post(address, data=form, **({"headers": BEARER} | options)) as answer:
        return answer.status, await answer.json()


async def test_the_key_is_a_bearer_token_or_a_basic_name(
    session: aiohttp.ClientSession, url: str
) -> None:
    assert (await posts(session, url, FORM))[0] == 200
    basic = {"Authorization": aiohttp.encode_basic_auth("sk_test_SANDBOX", "")}
    assert (await posts(session, url, FORM, headers=basic))[0] == 200


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer sk_test_other"}])
async def test_without_the_key_nothing_is_answered(
    session: aiohttp.ClientSession, url: str, headers: Json
) -> None:
    status, body = await posts(session, url, FORM, headers=headers)
    assert (status, body["error"]["type"]) == (401, "invalid_request_error")


async def test_a_wrong_key_is_an_authentication_error(
    session: aiohttp.ClientSession, url: str
) -> None:
    client = stripe_client(url, session, key="sk_test_wrong")
    with pytest.raises(stripe.AuthenticationError):
        await client.v1.events.list_async()


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"payment_method_types[0]": "card"}, "payment_method_types", "parameter_unknown"),
        ({"colour": "red"}, "colour", "parameter_unknown"),
        (
            {"line_items[0][price_data][colour]": "red"},
            "line_items[0][price_data][colour]",
            "parameter_unknown",
        ),
        ({"mode": None}, "mode", "parameter_missing"),
        (
            {"line_items[0][price_data][currency]": None},
            "line_items[0][price_data][currency]",
            "parameter_missing",
        ),
        (
            {"line_items[0][quantity]": "one"},
            "line_items[0][quantity]",
            "parameter_invalid_integer",
        ),
        ({"mode": "gift"}, "mode", "parameter_invalid"),
        ({"metadata[key]": "x" * 501}, "metadata[key]", "parameter_invalid"),
        ({"mode[": "payment"}, "mode[", "parameter_invalid"),
        ({"success_url": "javascript:alert(1)"}, "success_url", "parameter_invalid"),
    ],
)
async def test_a_misuse_is_refused_by_name_and_remembered(
    session: aiohttp.ClientSession, url: str, world: World, change: Json, param: str, code: str
) -> None:
    form = {name: value for name, value in (FORM | change).items() if value is not None}
    status, body = await posts(session, url, form)
    assert (status, body["error"]["param"], body["error"]["code"]) == (400, param, code)
    assert [found["where"] for found in world.payments.violations] == ["payments"]


async def test_violations_are_shown_beside_those_of_telegram(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        await shop.asks(wanted(payment_method_types=["card"]))
    [violation] = (await shop.control.get("violations"))["violations"]
    assert violation["problem"] == "Received unknown parameter: payment_method_types"


async def test_an_unknown_address_is_refused_and_remembered(shop: Shop, world: World) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        await shop.client.v1.payouts.list_async()
    assert len(world.payments.violations) == 1


async def test_what_does_not_exist_is_told_so_and_is_no_misuse(shop: Shop, world: World) -> None:
    for looking in (
        shop.sees("cs_test_0"),
        shop.client.v1.payment_intents.retrieve_async("pi_0"),
        shop.client.v1.charges.retrieve_async("ch_0"),
        shop.client.v1.refunds.retrieve_async("re_0"),
        shop.client.v1.customers.retrieve_async("cus_0"),
        shop.client.v1.payment_methods.retrieve_async("pm_0"),
        shop.client.v1.disputes.retrieve_async("du_0"),
        shop.client.v1.events.retrieve_async("evt_0"),
        shop.opens(customer="cus_0"),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await looking
        assert refused.value.code == "resource_missing"
    assert world.payments.violations == []


async def test_a_property_that_cannot_be_expanded_is_refused(shop: Shop) -> None:
    session = await shop.opens()
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        await shop.sees(session.id, "colour")


async def test_lists_show_what_is_expanded_in_them(shop: Shop) -> None:
    session = await shop.opens()
    await shop.is_paid(session.id)
    listed = await shop.client.v1.checkout.sessions.list_async({"expand": ["data.payment_intent"]})
    intent: Any = listed.data[0].payment_intent
    assert intent.status == "succeeded"


async def test_every_call_is_in_the_journal(shop: Shop) -> None:
    session = await shop.opens(key="payment:1")
    await shop.sees(session.id)
    [created, read] = (await shop.control.get("payments/calls"))["calls"]
    assert (created["method"], created["path"]) == ("POST", "/v1/checkout/sessions")
    assert (created["idempotency_key"], created["status"]) == ("payment:1", 200)
    assert created["parameters"]["metadata"] == {"payment": "payment-1"}
    assert read["path"] == f"/v1/checkout/sessions/{session.id}"


async def test_every_object_is_what_the_sdk_says_it_is(
    shop: Shop, session: aiohttp.ClientSession, url: str
) -> None:
    customer, _ = await shop.saves_a_card()
    declined = await shop.opens(allowed_payment_method_types=["card"])
    await shop.is_paid(declined.id, outcome="declined")
    for charge in await shop.charged():
        await shop.client.v1.refunds.create_async({"charge": charge["id"], "amount": 100})
        await shop.control.post(f"payments/charges/{charge['id']}/dispute")
    hook: Any = {"url": f"{url}/", "enabled_events": ["*"]}
    await shop.client.v1.webhook_endpoints.create_async(hook)
    shapes: dict[str, type[Any]] = {
        "checkout/sessions": Session,
        "payment_intents": stripe.PaymentIntent,
        "charges": stripe.Charge,
        "customers": stripe.Customer,
        f"customers/{customer}/payment_methods": stripe.PaymentMethod,
        "refunds": stripe.Refund,
        "disputes": stripe.Dispute,
        "events": stripe.Event,
        "webhook_endpoints": stripe.WebhookEndpoint,
    }
    for path, shape in shapes.items():
        async with session.get(f"{url}/stripe/v1/{path}?limit=100", headers=BEARER) as answer:
            found = (await answer.json())["data"]
        assert found
        assert [(path, what_is_wrong(body, shape)) for body in found] == [(path, [])] * len(found)
