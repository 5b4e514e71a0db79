"""Callback queries: pressed by a person, answered by the bot, once and in time."""

from __future__ import annotations

import pytest

from bot.sandbox.world import World
from tests.sandbox.telegram.sides import BotSide, Control, Phone, Refused, callback, inline

TOO_OLD = r"^Bad Request: query is too old and response timeout expired or query ID is invalid$"


@pytest.fixture
async def keyboard(bot: BotSide, lin: Phone) -> None:
    await bot.says("choose", reply_markup=inline(callback("Renew", "v1:renew")))
    await bot.forgets_updates()


@pytest.mark.usefixtures("keyboard")
async def test_a_press_arrives_with_its_message_and_chat(bot: BotSide, lin: Phone) -> None:
    await lin.press("renew", wait=False)
    query = await bot.next("callback_query")
    assert (query["data"], query["from"]["id"]) == ("v1:renew", 1001)
    assert query["message"]["text"] == "choose"
    assert query["chat_instance"]


@pytest.mark.usefixtures("keyboard")
async def test_a_button_is_found_by_its_data_too(bot: BotSide, lin: Phone) -> None:
    await lin.press("v1:renew", wait=False)
    assert (await bot.next("callback_query"))["data"] == "v1:renew"


@pytest.mark.usefixtures("keyboard")
async def test_a_toast_and_an_alert_are_seen_by_who_pressed(bot: BotSide, lin: Phone) -> None:
    for shown, answer in (("toast", {}), ("alert", {"show_alert": True})):
        pressing = lin.pressing("Renew")
        query = await bot.next("callback_query")
        await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="hi", **answer)
        seen = await pressing
        assert (seen["answered"], seen[shown]) == (True, "hi")


@pytest.mark.usefixtures("keyboard")
async def test_a_press_that_nobody_answers_says_so(lin: Phone) -> None:
    assert (await lin.press("Renew", wait_s=0.01))["answered"] is False


@pytest.mark.usefixtures("keyboard")
async def test_a_query_is_answered_once(bot: BotSide, lin: Phone) -> None:
    await lin.press("Renew", wait=False)
    query = await bot.next("callback_query")
    await bot.call("answerCallbackQuery", callback_query_id=query["id"])
    with pytest.raises(Refused, match=TOO_OLD):
        await bot.call("answerCallbackQuery", callback_query_id=query["id"])


@pytest.mark.usefixtures("keyboard")
async def test_a_query_is_answered_within_15_seconds(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await lin.press("Renew", wait=False)
    query = await bot.next("callback_query")
    await control.advance(16)
    with pytest.raises(Refused, match=TOO_OLD):
        await bot.call("answerCallbackQuery", callback_query_id=query["id"])


async def test_an_unknown_query_is_too_old(bot: BotSide) -> None:
    with pytest.raises(Refused, match=TOO_OLD):
        await bot.call("answerCallbackQuery", callback_query_id="5")


@pytest.mark.usefixtures("keyboard")
async def test_an_answer_has_at_most_200_characters(bot: BotSide, lin: Phone) -> None:
    await lin.press("Renew", wait=False)
    query = await bot.next("callback_query")
    with pytest.raises(Refused, match="MESSAGE_TOO_LONG"):
        await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="x" * 201)


@pytest.mark.usefixtures("keyboard")
async def test_nothing_here_breaks_the_specification(
    world: World, bot: BotSide, lin: Phone
) -> None:
    await lin.press("Renew", wait=False)
    await bot.next("callback_query")
    assert world.telegram.violations == []
