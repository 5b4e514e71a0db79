"""Troubles on order: declined, on its way, down, and state that outlives the sandbox."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
import stripe

from bot.sandbox.server import serve
from bot.sandbox.world import World
from tests.sandbox.payments.shop import Shop, stripe_client
from tests.sandbox.telegram.sides import Control, Refused


async def test_the_next_payment_is_declined_and_then_all_is_well(shop: Shop) -> None:
    await shop.faces(kind="decline", times=1)
    session = await shop.opens()
    assert (await shop.is_paid(session.id))["outcome"] == "declined"
    assert (await shop.is_paid(session.id))["outcome"] == "paid"


async def test_the_next_off_session_charge_is_declined(shop: Shop) -> None:
    saved = await shop.saves_a_card()
    await shop.faces(kind="decline", times=1)
    with pytest.raises(stripe.CardError):
        await shop.charges_off_session(*saved)
    assert (await shop.charges_off_session(*saved)).status == "succeeded"


async def test_the_next_payment_is_only_on_its_way(shop: Shop) -> None:
    await shop.faces(kind="async", times=1)
    session = await shop.opens()
    assert (await shop.is_paid(session.id))["outcome"] == "processing"


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("outage", stripe.APIError),
        ("rate-limit", stripe.RateLimitError),
        ("no-connection", stripe.APIConnectionError),
    ],
)
async def test_while_it_is_down_nothing_is_done(
    shop: Shop, kind: str, error: type[Exception]
) -> None:
    await shop.faces(kind=kind)
    with pytest.raises(error):
        await shop.opens(key="payment:1")
    await shop.control.delete("payments/faults")
    assert (await shop.client.v1.checkout.sessions.list_async()).data == []
    assert (await shop.opens(key="payment:1")).status == "open"


async def test_a_fault_strikes_the_operation_it_names(shop: Shop) -> None:
    await shop.faces(kind="outage", operation="session-expire")
    session = await shop.opens()
    with pytest.raises(stripe.APIError):
        await shop.client.v1.checkout.sessions.expire_async(session.id)
    assert (await shop.sees(session.id)).status == "open"


async def test_a_late_answer_is_an_answer(shop: Shop) -> None:
    await shop.faces(kind="delay", times=1, delay_ms=10)
    assert (await shop.opens()).status == "open"


async def test_a_fault_that_makes_no_sense_is_refused(shop: Shop) -> None:
    with pytest.raises(Refused, match="kind"):
        await shop.faces(kind="rain")
    with pytest.raises(Refused, match="operation"):
        await shop.faces(kind="outage", operation="checkout.session.complete")


async def test_a_platform_goes_on_where_it_stopped(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    path = tmp_path / "world.json"
    world = World(path=path)
    async with serve(world) as url:
        shop = Shop(stripe_client(url, session), world.clock, Control(url, session))
        saved = await shop.saves_a_card()
        waiting = await shop.opens(key="payment:1")
        await shop.control.post("payments/webhook", url=f"{url}/nowhere", enabled_events=["none"])
        before = [await shop.hears(), await shop.charged()]
    world = World(path=path)
    async with serve(world) as url:
        shop = Shop(stripe_client(url, session), world.clock, Control(url, session))
        assert [await shop.hears(), await shop.charged()] == before
        assert (await shop.opens(key="payment:1")).id == waiting.id
        assert (await shop.charges_off_session(*saved)).status == "succeeded"
        await shop.control.advance(25 * 3600)
        assert (await shop.sees(waiting.id)).status == "expired"
        assert len((await shop.client.v1.webhook_endpoints.list_async()).data) == 1


def test_a_world_saved_before_there_was_a_platform_goes_on() -> None:
    saved = World().snapshot()
    del saved["payments"]
    world = World()
    world.restore(saved)
    assert world.payments.snapshot()["sessions"] == {}
