"""Flood control: about one message a second per chat, thirty a second overall."""

from __future__ import annotations

import pytest

from bot.sandbox.world import World
from tests.sandbox.telegram.sides import BotSide, Control, Phone, Refused, callback, inline


@pytest.fixture
def world() -> World:
    """With flood control, as it is by default."""
    return World()


async def test_a_small_burst_passes_and_then_one_a_second(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    for _ in range(5):
        await bot.says()
    with pytest.raises(Refused, match=r"^Too Many Requests: retry after 1$") as refused:
        await bot.says()
    assert refused.value.status == 429
    assert refused.value.body["parameters"] == {"retry_after": 1}
    await control.advance(1)
    await bot.says()


async def test_the_wait_is_told_in_a_header_too(bot: BotSide, lin: Phone) -> None:
    for _ in range(5):
        await bot.says()
    message = {"chat_id": 1001, "text": "x"}
    async with bot.session.post(bot.address("sendMessage"), json=message) as answer:
        assert answer.headers["Retry-After"] == "1"


async def test_edits_count_and_answers_are_free(bot: BotSide, lin: Phone) -> None:
    sent = await bot.says(reply_markup=inline(callback("Go", "go")))
    await bot.forgets_updates()
    for number in range(4):
        markup = inline(callback(str(number), "go"))
        where = {"chat_id": 1001, "message_id": sent["message_id"]}
        await bot.call("editMessageReplyMarkup", **where, reply_markup=markup)
    with pytest.raises(Refused, match=r"Too Many Requests"):
        await bot.says()
    await lin.press("go", wait=False)
    query = await bot.next("callback_query")
    assert await bot.call("answerCallbackQuery", callback_query_id=query["id"]) is True


async def test_thirty_a_second_pass_overall(control: Control, bot: BotSide) -> None:
    for number in range(31):
        await control.post("users", id=5000 + number, first_name="Somebody")
        await Phone(control, 5000 + number).send("/start")
    await control.post("clock", now="2026-11-22T12:00:00+00:00")
    for number in range(30):
        await bot.call("sendMessage", chat_id=5000 + number, text="x")
    with pytest.raises(Refused, match=r"Too Many Requests: retry after 1"):
        await bot.call("sendMessage", chat_id=5030, text="x")
    await control.advance(1)
    await bot.call("sendMessage", chat_id=5030, text="x")
