"""Keyboards: what Telegram lets through, and how they behave."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.telegram.sides import BotSide, Control, Phone, Refused, callback, inline

CONTACT = {"keyboard": [[{"text": "Share", "request_contact": True}]]}


@pytest.mark.parametrize("data", ["x", "x" * 64, "卡" * 21])
async def test_callback_data_of_1_to_64_bytes_passes(bot: BotSide, lin: Phone, data: str) -> None:
    await bot.says(reply_markup=inline(callback("Go", data)))


@pytest.mark.parametrize("data", ["", "x" * 65, "卡" * 22])
async def test_other_callback_data_is_invalid(bot: BotSide, lin: Phone, data: str) -> None:
    with pytest.raises(Refused, match=r"^Bad Request: BUTTON_DATA_INVALID$"):
        await bot.says(reply_markup=inline(callback("Go", data)))


@pytest.mark.parametrize(
    "button",
    [
        {"text": "no action"},
        {"text": "two", "callback_data": "x", "url": "https://a.b"},
        {"text": " ", "callback_data": "x"},
        {"text": "pay", "pay": True},
        {"text": "copy", "copy_text": {"text": ""}},
    ],
)
async def test_an_inline_button_has_words_and_one_action(
    bot: BotSide, lin: Phone, button: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refused:
        await bot.says(reply_markup=inline(button))
    assert refused.value.status == 400


@pytest.mark.parametrize("link", ["http://localhost/x", "ftp://a.b", "https://", "not a url", "x"])
async def test_an_invalid_address_is_refused(bot: BotSide, lin: Phone, link: str) -> None:
    with pytest.raises(Refused, match=r"inline keyboard button URL .* is invalid"):
        await bot.says(reply_markup=inline({"text": "x", "url": link}))


@pytest.mark.parametrize(
    "link", ["https://a.b/c", "a.com", "tg://user?id=5", "http://127.0.0.1:9/p"]
)
async def test_a_valid_address_passes(bot: BotSide, lin: Phone, link: str) -> None:
    await bot.says(reply_markup=inline({"text": "x", "url": link}))
    assert await lin.press("x") == {"url": link}


async def test_a_contact_is_asked_for_in_private_chats_only(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await bot.says(reply_markup=CONTACT)
    await control.post("groups", id=-200, title="Friends", members=[1001])
    with pytest.raises(Refused, match="can be requested in private chats only"):
        await bot.call("sendMessage", chat_id=-200, text="x", reply_markup=CONTACT)


async def test_sharing_sends_the_own_number(bot: BotSide, lin: Phone) -> None:
    await bot.forgets_updates()
    await bot.says(reply_markup=CONTACT)
    await lin.share_contact()
    contact = (await bot.next("message"))["contact"]
    assert (contact["phone_number"], contact["user_id"]) == ("+8613800001001", 1001)


async def test_nothing_is_shared_when_nobody_asks(lin: Phone) -> None:
    with pytest.raises(Refused, match="no button asks"):
        await lin.share_contact()


async def test_a_forwarded_contact_is_somebody_elses_and_says_that_it_is_forwarded(
    bot: BotSide, lin: Phone
) -> None:
    await bot.forgets_updates()
    await lin.sends(forward_contact={"phone": "+351912001002", "user_id": 1002})
    message = await bot.next("message")
    assert message["contact"]["user_id"] == 1002
    assert message["forward_origin"]["type"] == "hidden_user"


async def test_a_reply_keyboard_stands_until_it_is_removed(bot: BotSide, lin: Phone) -> None:
    keyboard = {"keyboard": [[{"text": "Balance"}]], "resize_keyboard": True}
    await bot.says(reply_markup=keyboard)
    await bot.says("more", reply_markup=inline(callback("Go", "go")))
    assert (await lin.chat())["keyboard"] == keyboard
    await bot.says("gone", reply_markup={"remove_keyboard": True})
    assert (await lin.chat())["keyboard"] is None


async def test_a_reply_keyboards_button_types_its_label(bot: BotSide, lin: Phone) -> None:
    await bot.forgets_updates()
    await bot.says(reply_markup={"keyboard": [[{"text": "💰 Balance"}]]})
    await lin.press("balance")
    assert (await bot.next("message"))["text"] == "💰 Balance"


async def test_a_copy_button_copies(bot: BotSide, lin: Phone) -> None:
    await bot.says(reply_markup=inline({"text": "Copy", "copy_text": {"text": "NEW20"}}))
    assert await lin.press("copy") == {"copied": "NEW20"}


async def test_a_button_that_is_not_there_is_told_with_those_that_are(
    bot: BotSide, lin: Phone
) -> None:
    await bot.says(reply_markup=inline(callback("Renew", "go")))
    with pytest.raises(Refused) as refused:
        await lin.press("Cancel")
    assert refused.value.status == 404
    assert refused.value.body["buttons"] == ["Renew"]
