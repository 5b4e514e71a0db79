"""The menu of commands, descriptions and the menu button."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.telegram.sides import BotSide, Phone, Refused

HELP = {"command": "help", "description": "Help"}


async def test_commands_are_kept_by_scope_and_language(bot: BotSide, lin: Phone) -> None:
    await bot.call("setMyCommands", commands=[HELP])
    assert await bot.call("getMyCommands") == [HELP]
    assert await bot.call("getMyCommands", language_code="zh") == []
    scope = {"type": "chat", "chat_id": 1001}
    assert await bot.call("getMyCommands", scope=scope) == []
    await bot.call("setMyCommands", commands=[HELP | {"description": "帮助"}], language_code="zh")
    assert (await lin.chat())["commands"][0]["description"] == "帮助"
    await bot.call("deleteMyCommands")
    assert await bot.call("getMyCommands") == []


@pytest.mark.parametrize(
    "command",
    [
        HELP | {"command": ""},
        HELP | {"command": "Help"},
        HELP | {"command": "/help"},
        HELP | {"command": "x" * 33},
        HELP | {"description": ""},
        HELP | {"description": "x" * 257},
    ],
)
async def test_malformed_commands_are_invalid(bot: BotSide, command: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"^Bad Request: BOT_COMMAND_INVALID$"):
        await bot.call("setMyCommands", commands=[command])


async def test_there_are_at_most_100_commands(bot: BotSide) -> None:
    many = [HELP | {"command": f"c{number}"} for number in range(101)]
    await bot.call("setMyCommands", commands=many[:100])
    with pytest.raises(Refused, match="BOT_COMMANDS_TOO_MUCH"):
        await bot.call("setMyCommands", commands=many)


async def test_a_scope_names_a_chat_that_is_there(bot: BotSide) -> None:
    scope = {"type": "chat", "chat_id": 424242}
    with pytest.raises(Refused, match="chat not found"):
        await bot.call("setMyCommands", commands=[HELP], scope=scope)


async def test_descriptions_have_their_limits(bot: BotSide) -> None:
    assert await bot.call("setMyDescription", description="x" * 512) is True
    assert await bot.call("setMyShortDescription", short_description="x" * 120) is True
    with pytest.raises(Refused, match="description is too long"):
        await bot.call("setMyDescription", description="x" * 513)
    with pytest.raises(Refused, match="short description is too long"):
        await bot.call("setMyShortDescription", short_description="x" * 121)


async def test_the_menu_button_is_set(bot: BotSide, lin: Phone) -> None:
    button = {"type": "commands"}
    assert await bot.call("setChatMenuButton", chat_id=1001, menu_button=button) is True
