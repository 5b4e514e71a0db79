"""What an error of the network means is told apart: not sent, or nobody knows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.runtime.bot_api import ApiRefused, BotApi, TokenRefused
from bot.runtime.http import AiohttpRequest, NotSent
from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.world import World
from tests.runtime.harness import People, square

LIN = 1001


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest() as request:
        yield request


@pytest.fixture
def api(request_: AiohttpRequest, url: str) -> BotApi:
    return BotApi(request_, f"{url}/bot", BOT_TOKEN)


async def test_a_connection_that_is_refused_means_not_sent(request_: AiohttpRequest) -> None:
    with pytest.raises(NotSent):
        await request_.send("POST", "http://127.0.0.1:9/", b"{}")


async def test_no_free_connection_in_time_means_not_sent(url: str, world: World) -> None:
    world.telegram.faults.order({"method": "getMe", "times": 1, "delay_ms": 300})
    async with AiohttpRequest(connections=1, pool_timeout_s=0.05) as request:
        api = BotApi(request, f"{url}/bot", BOT_TOKEN)
        slow = asyncio.create_task(api.call("getMe", {}))
        await asyncio.sleep(0.02)
        with pytest.raises(NotSent):
            await api.call("getMe", {})
        await slow


async def test_no_answer_in_time_means_nobody_knows(api: BotApi, world: World) -> None:
    world.telegram.faults.order({"method": "getMe", "times": 1, "delay_ms": 300})
    with pytest.raises(TimedOut):
        await api.call("getMe", {}, read_timeout_s=0.05)


@pytest.mark.parametrize("fault", [{"drop": "before"}, {"drop": "after"}, {"status": 502}])
async def test_a_broken_connection_or_a_broken_server_means_nobody_knows(
    api: BotApi, world: World, fault: dict[str, object]
) -> None:
    world.telegram.faults.order({"method": "getMe", "times": 1, **fault})
    with pytest.raises(NetworkError) as caught:
        await api.call("getMe", {})
    assert not isinstance(caught.value, NotSent | BadRequest)


async def test_a_refusal_has_its_code_its_words_and_when_to_come_back(
    api: BotApi, world: World
) -> None:
    world.telegram.faults.order({"method": "getMe", "status": 429, "retry_after": 17})
    with pytest.raises(ApiRefused) as caught:
        await api.call("getMe", {})
    assert (caught.value.code, caught.value.retry_after_s) == (429, 17)
    assert "Too Many Requests" in caught.value.description


async def test_an_unknown_token_is_refused_as_such(request_: AiohttpRequest, url: str) -> None:
    with pytest.raises(TokenRefused):
        await BotApi(request_, f"{url}/bot", "1:none").call("getMe", {})


async def test_an_error_of_the_network_does_not_tell_the_token(
    request_: AiohttpRequest, url: str, world: World
) -> None:
    world.telegram.faults.order({"method": "getMe", "drop": "before"})
    with pytest.raises(NetworkError) as caught:
        await BotApi(request_, f"{url}/bot", BOT_TOKEN).call("getMe", {})
    assert "SANDBOX" not in repr(caught.value) + repr(caught.value.__cause__)


async def test_python_telegram_bot_sends_text_and_files_through_it(
    request_: AiohttpRequest, url: str, world: World, people: People
) -> None:
    people.writes(LIN, "hello")
    bot = Bot(BOT_TOKEN, base_url=f"{url}/bot", request=request_, get_updates_request=request_)
    async with bot:
        await bot.send_message(LIN, "text & more")
        await bot.send_photo(LIN, square({"side": 8}), caption="photo")
        with pytest.raises(BadRequest, match="text is empty"):
            await bot.send_message(LIN, "")
        [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "hello"
    assert people.sees(LIN) == ["text & more", "(picture)"]
