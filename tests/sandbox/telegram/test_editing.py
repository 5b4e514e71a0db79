"""Editing and deleting."""

from __future__ import annotations

import pytest

from tests.sandbox.telegram.sides import BotSide, Control, Json, Phone, Refused, callback, inline

GO = inline(callback("Go", "go"))


async def edit(bot: BotSide, message: Json, text: str, **more: object) -> Json:
    where = {"chat_id": 1001, "message_id": message["message_id"]}
    edited: Json = await bot.call("editMessageText", **where, text=text, **more)
    return edited


async def test_an_edit_is_seen_in_place_and_counted(bot: BotSide, lin: Phone) -> None:
    sent = await bot.says("one", reply_markup=GO)
    edited = await edit(bot, sent, "two", reply_markup=GO)
    seen = (await lin.sees())[-1]
    assert (seen["message_id"], seen["text"], seen["edits"]) == (sent["message_id"], "two", 1)
    assert edited["edit_date"] >= sent["date"]


@pytest.mark.parametrize("text", ["one", "<b></b>one"])
async def test_an_edit_to_what_stands_is_not_modified(bot: BotSide, lin: Phone, text: str) -> None:
    sent = await bot.says("one", reply_markup=GO)
    with pytest.raises(Refused, match=r"^Bad Request: message is not modified: "):
        await edit(bot, sent, text, reply_markup=GO, parse_mode="HTML")


async def test_an_edit_without_markup_removes_the_inline_keyboard(bot: BotSide, lin: Phone) -> None:
    sent = await bot.says("one", reply_markup=GO)
    assert "reply_markup" not in await edit(bot, sent, "one")


async def test_a_keyboard_is_edited_alone(bot: BotSide, lin: Phone) -> None:
    sent = await bot.says("one", reply_markup=GO)
    where = {"chat_id": 1001, "message_id": sent["message_id"]}
    edited = await bot.call("editMessageReplyMarkup", **where)
    assert (edited["text"], edited.get("reply_markup")) == ("one", None)


async def test_a_message_with_a_reply_keyboard_cannot_be_edited(bot: BotSide, lin: Phone) -> None:
    sent = await bot.says("one", reply_markup={"keyboard": [[{"text": "x"}]]})
    with pytest.raises(Refused, match=r"^Bad Request: message can't be edited$"):
        await edit(bot, sent, "two")


async def test_another_persons_message_cannot_be_edited(bot: BotSide, lin: Phone) -> None:
    with pytest.raises(Refused, match=r"^Bad Request: message can't be edited$"):
        await edit(bot, (await lin.send("mine"))["message"], "yours")


async def test_an_unknown_message_is_not_found(bot: BotSide, lin: Phone) -> None:
    with pytest.raises(Refused, match=r"^Bad Request: message to edit not found$"):
        await edit(bot, {"message_id": 999}, "x")
    with pytest.raises(Refused, match=r"^Bad Request: message to delete not found$"):
        await bot.call("deleteMessage", chat_id=1001, message_id=999)


async def test_a_text_has_no_caption(bot: BotSide, lin: Phone) -> None:
    sent = await bot.says()
    where = {"chat_id": 1001, "message_id": sent["message_id"]}
    with pytest.raises(Refused, match="there is no caption"):
        await bot.call("editMessageCaption", **where, caption="x")


async def test_a_deleted_message_is_gone(bot: BotSide, lin: Phone) -> None:
    sent = await bot.says()
    await bot.call("deleteMessage", chat_id=1001, message_id=sent["message_id"])
    assert sent["message_id"] not in [message["message_id"] for message in await lin.sees()]


async def test_a_message_can_be_deleted_for_48_hours(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    young, old = await bot.says("young"), await bot.says("old")
    await control.advance(48 * 3600 - 60)
    await bot.call("deleteMessage", chat_id=1001, message_id=young["message_id"])
    await control.advance(120)
    with pytest.raises(Refused, match=r"^Bad Request: message can't be deleted$"):
        await bot.call("deleteMessage", chat_id=1001, message_id=old["message_id"])


async def test_a_persons_edit_is_told(bot: BotSide, lin: Phone) -> None:
    typed = (await lin.send("one"))["message"]
    await bot.forgets_updates()
    await lin.sends(edit=typed["message_id"], text="two")
    assert (await bot.next("edited_message"))["text"] == "two"
