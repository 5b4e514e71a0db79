"""Events: listed and paged, posted to endpoints and signed, lost, doubled, late and reordered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import stripe
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.loopback import served
from tests.sandbox.payments.shop import API_KEY, Shop

SECRET = "whsec_SANDBOX"
COMPLETED = "checkout.session.completed"


@dataclass
class Listener:
    """A webhook of the shop's: remembers what came; refuses so many times first."""

    url: str = ""
    refusals: int = 0
    came: asyncio.Queue[tuple[bytes, str]] = field(default_factory=asyncio.Queue)

    async def __call__(self, request: Request) -> Response:
        if self.refusals:
            self.refusals -= 1
            return Response(status_code=503)
        self.came.put_nowait((await request.body(), request.headers["stripe-signature"]))
        return Response()

    async def hears(self, secret: str = SECRET) -> stripe.Event:
        """The next notice, its signature verified by the SDK."""
        body, signature = await asyncio.wait_for(self.came.get(), 10)
        event: stripe.Event = stripe.Webhook.construct_event(
            body, signature, secret, api_key=API_KEY
        )
        return event


@pytest.fixture
async def listener(shop: Shop) -> AsyncIterator[Listener]:
    """A webhook that is told of completed sessions."""
    listening = Listener()

    async def hear(request: Request) -> Response:
        return await listening(request)

    async with served(Starlette(routes=[Route("/hook", hear, methods=["POST"])])) as address:
        listening.url = f"{address}/hook"
        yield listening


async def is_registered(shop: Shop, listener: Listener, *events: str) -> None:
    """The sandbox is told where notices go."""
    await shop.control.post(
        "payments/webhook", url=listener.url, enabled_events=list(events) or [COMPLETED]
    )


async def pays(shop: Shop) -> str:
    """A session opened and paid."""
    session = await shop.opens()
    await shop.is_paid(session.id)
    return session.id


def subject(event: stripe.Event) -> Any:
    """The object that an event is about."""
    return event.data.object


async def test_events_are_listed_newest_first_and_paged_both_ways(shop: Shop) -> None:
    for _ in range(2):
        await pays(shop)
    events = shop.client.v1.events
    everything = (await events.list_async({"limit": 100})).data
    ids = [event.id for event in everything]
    assert len(ids) == 8
    first = await events.list_async({"limit": 3})
    assert (([event.id for event in first.data]), first.has_more) == (ids[:3], True)
    assert [event.id async for event in first.auto_paging_iter()] == ids
    older = await events.list_async({"limit": 2, "starting_after": ids[4]})
    assert [event.id for event in older.data] == ids[5:7]
    newer = await events.list_async({"limit": 2, "ending_before": ids[4]})
    assert ([event.id for event in newer.data], newer.has_more) == (ids[2:4], True)


async def test_events_are_listed_by_type(shop: Shop) -> None:
    session = await pays(shop)
    [event] = (await shop.client.v1.events.list_async({"type": COMPLETED})).data
    assert subject(event).id == session
    assert await shop.hears(types=["charge.succeeded", COMPLETED]) == [
        "charge.succeeded",
        COMPLETED,
    ]
    assert await shop.hears(type="payment_intent.*") == [
        "payment_intent.created",
        "payment_intent.succeeded",
    ]


async def test_events_are_listed_by_when_they_happened(shop: Shop) -> None:
    await pays(shop)
    await shop.control.advance(3600)
    now = int(shop.clock.timestamp())
    assert await shop.hears(created={"gte": now - 60}) == []
    await pays(shop)
    assert len(await shop.hears(created={"gte": now - 60})) == 4
    assert len(await shop.hears(created={"lt": now - 60})) == 4


async def test_an_event_shows_its_object_as_it_stood_then(shop: Shop) -> None:
    session = await shop.opens()
    await shop.is_paid(session.id, outcome="processing")
    await shop.control.post(f"payments/sessions/{session.id}/settle", outcome="succeeded")
    [event] = (await shop.client.v1.events.list_async({"type": COMPLETED})).data
    assert subject(event).payment_status == "unpaid"
    assert (await shop.client.v1.events.retrieve_async(event.id)).id == event.id


async def test_an_event_names_the_request_that_caused_it(shop: Shop) -> None:
    customer, card = await shop.saves_a_card()
    await shop.charges_off_session(customer, card, key="renewal:7")
    [event] = (await shop.client.v1.events.list_async({"limit": 1})).data
    assert event.request is not None
    assert event.request.idempotency_key == "renewal:7"


async def test_events_are_forgotten_after_thirty_days(shop: Shop) -> None:
    await pays(shop)
    [oldest] = (await shop.client.v1.events.list_async({"limit": 1})).data
    await shop.control.advance(31 * 24 * 3600)
    await pays(shop)
    assert len(await shop.hears()) == 4
    with pytest.raises(stripe.InvalidRequestError, match="No such event"):
        await shop.client.v1.events.list_async({"starting_after": oldest.id})


async def test_a_notice_is_signed_as_the_sdk_expects(shop: Shop, listener: Listener) -> None:
    await is_registered(shop, listener)
    session = await pays(shop)
    event = await listener.hears()
    assert (event.type, subject(event).id) == (COMPLETED, session)


async def test_a_notice_is_not_believed_under_another_secret(
    shop: Shop, listener: Listener
) -> None:
    await is_registered(shop, listener)
    await pays(shop)
    with pytest.raises(stripe.SignatureVerificationError):
        await listener.hears(secret="whsec_other")


async def test_an_endpoint_made_by_the_api_has_a_secret_of_its_own(
    shop: Shop, listener: Listener
) -> None:
    endpoints = shop.client.v1.webhook_endpoints
    asked: Any = {"url": listener.url, "enabled_events": [COMPLETED]}
    made = await endpoints.create_async(asked)
    await pays(shop)
    assert (await listener.hears(made.secret or "")).type == COMPLETED
    assert [one.id for one in (await endpoints.list_async()).data] == [made.id]
    await endpoints.delete_async(made.id)
    assert (await endpoints.list_async()).data == []


async def test_notices_stay_on_loopback(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="loopback"):
        await shop.client.v1.webhook_endpoints.create_async(
            {"url": "https://example.com/hook", "enabled_events": ["*"]}
        )


async def test_a_notice_is_sent_again_until_it_is_accepted(shop: Shop, listener: Listener) -> None:
    listener.refusals = 2
    await is_registered(shop, listener)
    session = await pays(shop)
    assert subject(await listener.hears()).id == session


async def test_an_expiry_is_told_by_itself(shop: Shop, listener: Listener) -> None:
    await is_registered(shop, listener, "checkout.session.expired")
    session = await shop.opens()
    await shop.control.advance(25 * 3600)
    assert subject(await listener.hears()).id == session.id


async def test_a_lost_notice_is_listed_all_the_same(shop: Shop, listener: Listener) -> None:
    await is_registered(shop, listener)
    await shop.faces(kind="notice-lost", times=1)
    lost, told = await pays(shop), await pays(shop)
    assert subject(await listener.hears()).id == told
    listed = (await shop.client.v1.events.list_async({"type": COMPLETED})).data
    assert [subject(event).id for event in listed] == [told, lost]


async def test_a_doubled_notice_is_the_same_event_twice(shop: Shop, listener: Listener) -> None:
    await is_registered(shop, listener)
    await shop.faces(kind="notice-double", times=1, operation=COMPLETED)
    await pays(shop)
    first, second = [await listener.hears() for _ in range(2)]
    assert first.id == second.id


async def test_a_late_notice_waits_for_the_clock(shop: Shop, listener: Listener) -> None:
    await is_registered(shop, listener)
    await shop.faces(kind="notice-late", times=1, operation=COMPLETED, delay_ms=60_000)
    late = await pays(shop)
    prompt = await pays(shop)
    assert subject(await listener.hears()).id == prompt
    await shop.control.advance(61)
    assert subject(await listener.hears()).id == late


async def test_a_reordered_notice_comes_after_the_next(shop: Shop, listener: Listener) -> None:
    await is_registered(shop, listener)
    await shop.faces(kind="notice-reordered", times=1, operation=COMPLETED)
    first, second = await pays(shop), await pays(shop)
    assert [subject(await listener.hears()).id for _ in range(2)] == [second, first]


async def test_signatures_follow_the_sandbox_clock(shop: Shop, listener: Listener) -> None:
    await shop.control.advance(3600)
    await is_registered(shop, listener)
    await pays(shop)
    _, signature = await asyncio.wait_for(listener.came.get(), 10)
    signed_at = int(signature.partition(",")[0].removeprefix("t="))
    assert signed_at - time.time() == pytest.approx(3600, abs=60)
