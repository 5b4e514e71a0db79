"""How a request may carry its parameters, and what is refused before a method sees it."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import pytest

from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.methods import METHODS
from bot.sandbox.world import World
from tests.sandbox.telegram.sides import BotSide, Control, Phone, Refused


async def test_parameters_come_by_query(bot: BotSide, lin: Phone) -> None:
    address = bot.address("sendMessage")
    async with bot.session.get(address, params={"chat_id": "1001", "text": "hi"}) as answer:
        assert (await answer.json())["result"]["text"] == "hi"


async def test_parameters_come_by_form(bot: BotSide, lin: Phone) -> None:
    keyboard = '{"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}'
    sent = await bot.form(
        "sendMessage", {"chat_id": "1001", "text": "hi", "reply_markup": keyboard}
    )
    assert sent["reply_markup"]["inline_keyboard"][0][0]["text"] == "Go"


async def test_parameters_come_by_multipart(bot: BotSide, lin: Phone) -> None:
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("chat_id", "1001")
    form.add_field("text", "hi")
    assert (await bot.form("sendMessage", form))["text"] == "hi"


async def test_method_names_come_in_any_case(bot: BotSide) -> None:
    assert (await bot.call("GETME"))["is_bot"] is True


@pytest.mark.parametrize("word", ["true", "True", "1", "yes"])
async def test_booleans_come_in_many_words(bot: BotSide, lin: Phone, word: str) -> None:
    sent = await bot.form("sendMessage", {"chat_id": 1001, "text": "hi", "protect_content": word})
    assert sent["has_protected_content"] is True


async def test_an_empty_optional_parameter_counts_as_left_out(bot: BotSide, lin: Phone) -> None:
    form = {"chat_id": 1001, "text": "hi", "reply_markup": "", "message_thread_id": ""}
    assert "reply_markup" not in await bot.form("sendMessage", form)


async def test_an_unknown_token_is_unauthorized(bot: BotSide) -> None:
    bot.token = "1:WRONG"
    with pytest.raises(Refused, match=r"^Unauthorized$") as refused:
        await bot.call("getMe")
    assert refused.value.status == 401


async def test_an_unknown_method_is_not_found(bot: BotSide) -> None:
    with pytest.raises(Refused, match=r"^Not Found$") as refused:
        await bot.call("makeCoffee")
    assert refused.value.status == 404


async def test_a_method_that_the_sandbox_lacks_is_named_and_never_made_up(bot: BotSide) -> None:
    with pytest.raises(Refused, match="sendPoll") as refused:
        await bot.call("sendPoll", chat_id=1001)
    assert refused.value.status == 501


async def test_a_parameter_that_the_sandbox_does_not_simulate_is_named(
    bot: BotSide, lin: Phone
) -> None:
    with pytest.raises(Refused, match="business_connection_id") as refused:
        await bot.says(business_connection_id="b")
    assert refused.value.status == 501


async def test_a_body_that_is_no_json_object_is_refused(bot: BotSide) -> None:
    headers = {"Content-Type": "application/json"}
    for body in (b"{", b"[]", b'{"text": "\\ud800"}', b'{"chat_id": NaN}'):
        async with bot.session.post(bot.address("getMe"), data=body, headers=headers) as answer:
            assert answer.status == 400


async def test_a_broken_multipart_body_is_refused(bot: BotSide) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with bot.session.post(bot.address("getMe"), data=b"--y", headers=headers) as answer:
        assert answer.status == 400
        assert (await answer.json())["ok"] is False


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"chat_id": 1001, "text": "x", "colour": "red"}, "has no parameter colour"),
        ({"chat_id": 1001, "text": 5}, "text must be a string"),
        ({"chat_id": 1001, "text": "x", "protect_content": "maybe"}, "must be a boolean"),
        ({"chat_id": 1001}, "needs text"),
        (
            {"chat_id": 1001, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": 1}]]}},
            r"inline_keyboard\[0\]\[0\].text must be a string",
        ),
        (
            {"chat_id": 1001, "text": "x", "reply_markup": {"inline_keyboard": [[{"txt": "a"}]]}},
            r"inline_keyboard\[0\]\[0\]",
        ),
    ],
)
async def test_what_the_specification_does_not_allow_is_refused_and_remembered(
    world: World, bot: BotSide, lin: Phone, parameters: dict[str, object], problem: str
) -> None:
    with pytest.raises(Refused) as refused:
        await bot.call("sendMessage", **parameters)
    assert refused.value.status == 400
    [violation] = world.telegram.violations
    assert violation["where"] == "request"
    assert re.search(problem, violation["problem"])


async def test_an_answer_that_the_specification_does_not_allow_is_remembered(
    world: World, bot: BotSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody(_call: Call) -> dict[str, Any]:
        return {"id": 1}

    monkeypatch.setitem(METHODS, "getMe", nobody)
    await bot.call("getMe")
    [violation] = (await Control(bot.url, bot.session).get("violations"))["violations"]
    assert violation["problem"] == "getMe: result.is_bot is missing"
    world.telegram.violations.clear()


async def test_a_world_that_is_not_strict_ignores_unknown_parameters(
    world: World, bot: BotSide, lin: Phone
) -> None:
    world.telegram.is_strict = False
    assert (await bot.says(colour="red"))["text"] == "hello"
    assert world.telegram.violations == []


@pytest.mark.parametrize("chat_id", ["", None])
async def test_no_chat_is_told(bot: BotSide, chat_id: str | None) -> None:
    with pytest.raises(Refused, match="Bad Request: chat_id is empty"):
        await bot.call("sendMessage", chat_id=chat_id, text="x")


async def test_broken_keyboard_json_is_told(bot: BotSide, lin: Phone) -> None:
    form = {"chat_id": 1001, "text": "hi", "reply_markup": "{"}
    with pytest.raises(Refused, match="can't parse reply keyboard markup JSON object"):
        await bot.form("sendMessage", form)
