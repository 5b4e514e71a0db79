"""Who a bot may write to, and what it may send."""

from __future__ import annotations

import pytest

from tests.sandbox.telegram.sides import BotSide, Control, Phone, Refused


async def test_a_sent_message_stands_in_the_chat(bot: BotSide, lin: Phone) -> None:
    sent = await bot.says("你好")
    seen = (await lin.sees())[-1]
    assert seen == {**sent, "edits": 0}
    assert sent["from"]["is_bot"] is True


async def test_an_unknown_chat_is_not_found(bot: BotSide) -> None:
    with pytest.raises(Refused, match=r"^Bad Request: chat not found$"):
        await bot.call("sendMessage", chat_id=424242, text="x")


async def test_an_unknown_username_is_not_found(bot: BotSide) -> None:
    with pytest.raises(Refused, match=r"^Bad Request: chat not found$"):
        await bot.call("sendMessage", chat_id="@nowhere", text="x")


async def test_a_person_who_never_wrote_cannot_be_written_to(bot: BotSide) -> None:
    with pytest.raises(Refused, match=r"^Forbidden: bot can't initiate conversation") as refused:
        await bot.call("sendMessage", chat_id=1002, text="x")
    assert refused.value.status == 403


async def test_a_person_who_blocked_the_bot_cannot_be_written_to(bot: BotSide, lin: Phone) -> None:
    await lin.block()
    with pytest.raises(Refused, match=r"^Forbidden: bot was blocked by the user$") as refused:
        await bot.says()
    assert refused.value.status == 403
    await lin.unblock()
    await bot.says()


async def test_blocking_is_told_by_my_chat_member(bot: BotSide, lin: Phone) -> None:
    await bot.forgets_updates()
    await lin.block()
    changed = await bot.next("my_chat_member")
    assert changed["old_chat_member"]["status"] == "member"
    assert changed["new_chat_member"]["status"] == "kicked"


@pytest.mark.parametrize("text", ["   ", "<b> </b>", "\n"])
async def test_text_without_words_is_empty(bot: BotSide, lin: Phone, text: str) -> None:
    with pytest.raises(Refused, match=r"^Bad Request: message text is empty$"):
        await bot.says(text, parse_mode="HTML")


async def test_text_has_at_most_4096_code_points_after_parsing(bot: BotSide, lin: Phone) -> None:
    longest = "😀" * 4096
    assert (await bot.says(f"<b>{longest}</b>", parse_mode="HTML"))["text"] == longest
    with pytest.raises(Refused, match=r"^Bad Request: message is too long$"):
        await bot.says(f"{longest}x")


async def test_chat_actions_are_known_ones(bot: BotSide, lin: Phone) -> None:
    assert await bot.call("sendChatAction", chat_id=1001, action="typing") is True
    with pytest.raises(Refused, match="wrong parameter action"):
        await bot.call("sendChatAction", chat_id=1001, action="dancing")


async def test_a_reply_names_a_message_that_is_there(bot: BotSide, lin: Phone) -> None:
    first = await bot.says("first")
    reply = await bot.says("second", reply_parameters={"message_id": first["message_id"]})
    assert reply["reply_to_message"]["text"] == "first"
    with pytest.raises(Refused, match="message to be replied not found"):
        await bot.says("third", reply_parameters={"message_id": 999})
    lenient = {"message_id": 999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await bot.says("fourth", reply_parameters=lenient)


async def test_a_copy_has_the_content_and_a_forward_its_author(bot: BotSide, lin: Phone) -> None:
    asked = (await lin.send("question"))["message"]
    where = {"chat_id": 1001, "from_chat_id": 1001, "message_id": asked["message_id"]}
    copied = await bot.call("copyMessage", **where)
    forwarded = await bot.call("forwardMessage", **where)
    assert (await lin.sees())[-2]["message_id"] == copied["message_id"]
    assert forwarded["forward_origin"]["sender_user"]["id"] == 1001
    with pytest.raises(Refused, match="message to copy not found"):
        await bot.call("copyMessage", **where | {"message_id": 999})


async def test_in_a_group_the_bot_hears_commands_and_its_name_only(
    control: Control, bot: BotSide
) -> None:
    await control.post("groups", id=-200, title="Friends", members=[1001, 1002])
    await bot.next("my_chat_member")
    someone = Phone(control, 1002)
    await someone.send("just talking", chat_id=-200)
    await someone.send("/balance", chat_id=-200)
    assert (await bot.next("message"))["text"] == "/balance"


async def test_chats_and_members_are_told(bot: BotSide, lin: Phone) -> None:
    assert (await bot.call("getChat", chat_id=1001))["first_name"] == "林晓"
    member = await bot.call("getChatMember", chat_id=1001, user_id=1001)
    assert (member["status"], member["user"]["id"]) == ("member", 1001)
    assert (await bot.call("getChatMember", chat_id=1001, user_id=1002))["status"] == "left"
    with pytest.raises(Refused, match="invalid user_id"):
        await bot.call("getChatMember", chat_id=1001, user_id=5)
