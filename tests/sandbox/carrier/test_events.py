"""The hub: whoever registers is told, unsigned, when an order ends."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.carrier_side import ANA_DUARTE, LIN_XIAO, ORDERING, Caller
from tests.loopback import SetClock, served


class Listener:
    """Somebody's callback address."""

    def __init__(self) -> None:
        self.address = ""
        self.notices: asyncio.Queue[Any] = asyncio.Queue()

    async def receive(self, request: Request) -> Response:
        self.notices.put_nowait(await request.json())
        return Response(status_code=204)

    async def next(self) -> Any:
        """The next notice, soon."""
        async with asyncio.timeout(3):
            return await self.notices.get()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    routes = [Route("/told", listener.receive, methods=["POST"])]
    async with served(Starlette(routes=routes)) as base:
        listener.address = f"{base}/told"
        yield listener


async def register(caller: Caller, listener: Listener) -> str:
    subscription = await caller.post(f"{ORDERING}/hub", {"callback": listener.address})
    assert subscription["callback"] == listener.address
    return str(subscription["id"])


async def test_a_notice_tells_that_an_order_is_completed(
    caller: Caller, clock: SetClock, listener: Listener
) -> None:
    await register(caller, listener)
    order = await caller.order(ANA_DUARTE, "M30")
    clock.advance(seconds=5)
    notice = await listener.next()
    assert notice["eventType"] == "ProductOrderStateChangeEvent"
    told = notice["event"]["productOrder"]
    assert (told["id"], told["externalId"], told["state"]) == (order["id"], "order:1", "completed")


async def test_a_cancelled_order_is_told_too(caller: Caller, listener: Listener) -> None:
    await register(caller, listener)
    order = await caller.order(LIN_XIAO, "D1")
    await caller.post(f"{ORDERING}/cancelProductOrder", {"productOrder": {"id": order["id"]}})
    assert (await listener.next())["event"]["productOrder"]["state"] == "cancelled"


async def test_a_duplicate_event_comes_twice_with_one_id(
    caller: Caller, clock: SetClock, listener: Listener
) -> None:
    await register(caller, listener)
    await caller.fault("order", "duplicate-event", times=1)
    await caller.order(ANA_DUARTE, "M30")
    clock.advance(seconds=5)
    assert await listener.next() == await listener.next()


async def test_whoever_left_is_not_told(
    caller: Caller, clock: SetClock, listener: Listener
) -> None:
    gone, stays = await register(caller, listener), Listener()
    status, _ = await caller.ask("DELETE", f"{ORDERING}/hub/{gone}")
    assert status == 204
    async with served(Starlette(routes=[Route("/", stays.receive, methods=["POST"])])) as base:
        stays.address = f"{base}/"
        await register(caller, stays)
        await caller.order(ANA_DUARTE, "M30")
        clock.advance(seconds=5)
        await stays.next()
    assert listener.notices.empty()


async def test_a_listener_that_is_away_stops_nobody(
    caller: Caller, clock: SetClock, listener: Listener
) -> None:
    await caller.post(f"{ORDERING}/hub", {"callback": "http://127.0.0.1:9/"})
    await register(caller, listener)
    await caller.order(ANA_DUARTE, "M30")
    clock.advance(seconds=5)
    assert (await listener.next())["event"]["productOrder"]["state"] == "completed"
