"""How a bot gets its updates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.world import World
from tests.loopback import served
from tests.sandbox.telegram.sides import (
    BotSide,
    Control,
    Json,
    Phone,
    Refused,
    callback,
    inline,
    until,
)


def texts(updates: list[Json]) -> list[str]:
    """What the messages of some updates say."""
    return [update["message"]["text"] for update in updates]


@pytest.fixture
async def three(bot: BotSide, lin: Phone) -> list[int]:
    """Three messages wait; their update ids."""
    await bot.forgets_updates()
    for text in ("one", "two", "three"):
        await lin.send(text)
    return [update["update_id"] for update in await bot.updates()]


async def test_updates_come_again_until_confirmed(bot: BotSide, three: list[int]) -> None:
    assert texts(await bot.updates()) == ["one", "two", "three"]
    assert texts(await bot.updates(offset=three[0] + 1)) == ["two", "three"]
    assert texts(await bot.updates()) == ["two", "three"]


async def test_a_negative_offset_keeps_the_tail(bot: BotSide, three: list[int]) -> None:
    assert texts(await bot.updates(offset=-1)) == ["three"]
    assert texts(await bot.updates()) == ["three"]


async def test_a_limit_takes_the_oldest(bot: BotSide, three: list[int]) -> None:
    assert texts(await bot.updates(limit=2)) == ["one", "two"]


@pytest.mark.parametrize("limit", [0, 101])
async def test_a_limit_beyond_1_to_100_means_100(
    bot: BotSide, three: list[int], limit: int
) -> None:
    assert len(await bot.updates(limit=limit)) == 3


async def test_update_ids_follow_each_other(three: list[int]) -> None:
    assert three == [three[0], three[0] + 1, three[0] + 2]


async def test_ids_begin_anew_after_a_quiet_week(
    control: Control, bot: BotSide, lin: Phone, three: list[int]
) -> None:
    await control.advance(7 * 24 * 3600)
    await lin.send("long ago")
    [update] = await bot.updates()
    assert update["update_id"] not in range(three[0], three[2] + 10)


async def test_an_offset_far_ahead_confirms_nothing(bot: BotSide, three: list[int]) -> None:
    assert texts(await bot.updates(offset=three[2] + 1_000)) == ["one", "two", "three"]


async def test_a_long_poll_returns_with_the_first_update(bot: BotSide, lin: Phone) -> None:
    await bot.forgets_updates()
    polling = asyncio.create_task(bot.updates(timeout=50))
    await lin.send("wake up")
    assert texts(await asyncio.wait_for(polling, 5)) == ["wake up"]


async def test_a_second_poll_ends_the_first(
    world: World, bot: BotSide, lin: Phone, control: Control
) -> None:
    await bot.forgets_updates()

    async def is_polled() -> bool:
        return world.telegram.bots[BOT_TOKEN].updates.is_polled

    first = asyncio.create_task(bot.updates(timeout=50))
    await until(is_polled)
    second = asyncio.create_task(bot.updates(timeout=50))
    with pytest.raises(Refused, match=r"^Conflict: terminated by other getUpdates") as refused:
        await first
    assert refused.value.status == 409
    await lin.send("for the second")
    assert texts(await second) == ["for the second"]


async def test_omitted_allowed_updates_keep_the_former(bot: BotSide, lin: Phone) -> None:
    typed = (await lin.send("one"))["message"]
    await bot.forgets_updates()
    await bot.updates(allowed_updates=["message"])
    await bot.updates()
    await lin.sends(edit=typed["message_id"], text="two")
    assert await bot.updates() == []
    await bot.updates(allowed_updates=[])
    await lin.sends(edit=typed["message_id"], text="three")
    assert "edited_message" in (await bot.updates())[0]


async def test_queries_wait_150_seconds_and_messages_24_hours(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await bot.says(reply_markup=inline(callback("Go", "go")))
    await bot.forgets_updates()
    await lin.send("a message")
    await lin.press("Go", wait=False)
    await control.advance(149)
    assert len(await bot.updates()) == 2
    await control.advance(2)
    assert texts(await bot.updates()) == ["a message"]
    await control.advance(24 * 3600)
    assert await bot.updates() == []


async def test_a_harness_can_wait_until_nothing_is_pending(
    world: World, bot: BotSide, three: list[int]
) -> None:
    assert world.telegram.pending_updates(BOT_TOKEN) == 3
    await bot.forgets_updates()
    assert world.telegram.pending_updates(BOT_TOKEN) == 0


async def test_other_kinds_of_message_arrive(bot: BotSide, lin: Phone) -> None:
    await bot.forgets_updates()
    await lin.sends(photo=True)
    await lin.sends(sticker=True)
    assert (await bot.next("message"))["photo"][0]["width"] == 160
    assert (await bot.next("message"))["sticker"]["type"] == "regular"


@pytest.fixture
def posted() -> asyncio.Queue[tuple[Json, str | None]]:
    """What a webhook got: updates with the secret that came along."""
    return asyncio.Queue()


@pytest.fixture
async def webhook(posted: asyncio.Queue[tuple[Json, str | None]]) -> AsyncIterator[str]:
    """A webhook that fails the first time."""
    statuses = [500]

    async def take(request: Request) -> Response:
        secret = request.headers.get("x-telegram-bot-api-secret-token")
        await posted.put((await request.json(), secret))
        return Response(status_code=statuses.pop() if statuses else 200)

    async with served(Starlette(routes=[Route("/hook", take, methods=["POST"])])) as address:
        yield f"{address}/hook"


async def test_a_webhook_gets_updates_until_it_accepts_them(
    bot: BotSide, lin: Phone, webhook: str, posted: asyncio.Queue[tuple[Json, str | None]]
) -> None:
    await bot.forgets_updates()
    await bot.call("setWebhook", url=webhook, secret_token="s3cret")
    await lin.send("hello")
    first, secret = await asyncio.wait_for(posted.get(), 5)
    again, _ = await asyncio.wait_for(posted.get(), 5)
    assert first == again
    assert (first["message"]["text"], secret) == ("hello", "s3cret")
    info = await bot.call("getWebhookInfo")
    assert (info["url"], info["last_error_message"]) == (
        webhook,
        "Wrong response from the webhook: 500 Internal Server Error",
    )
    await bot.call("deleteWebhook")
    assert (await bot.call("getWebhookInfo"))["url"] == ""


async def test_no_poll_while_a_webhook_is_set(bot: BotSide, webhook: str) -> None:
    await bot.call("setWebhook", url=webhook)
    with pytest.raises(Refused, match=r"^Conflict: can't use getUpdates method while") as refused:
        await bot.updates()
    assert refused.value.status == 409
    await bot.call("setWebhook", url="")
    assert await bot.updates() == []


async def test_a_webhook_is_on_loopback(bot: BotSide) -> None:
    with pytest.raises(Refused, match=r"bad webhook"):
        await bot.call("setWebhook", url="https://example.com/hook")
