"""Real clients against the sandbox: what they accept is the proof of its answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
import telegram
from aiogram import Bot as AiogramBot
from aiogram import exceptions as aiogram_exceptions
from aiogram import types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.world import World
from tests.sandbox.telegram.sides import Control, Phone
from tests.sandbox.telegram.test_files import picture


@pytest.fixture
async def ptb(url: str) -> AsyncIterator[telegram.Bot]:
    """python-telegram-bot with its default request class."""
    bot = telegram.Bot(BOT_TOKEN, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")
    async with bot:
        yield bot


@pytest.fixture
async def aiogram(url: str) -> AsyncIterator[AiogramBot]:
    """aiogram with its default session."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    bot = AiogramBot(BOT_TOKEN, session=session)
    yield bot
    await session.close()


async def test_python_telegram_bot_holds_a_conversation(
    world: World, ptb: telegram.Bot, lin: Phone
) -> None:
    assert ptb.username == "leb_card_sandbox_bot"
    [start] = await ptb.get_updates()
    assert start.message is not None
    assert start.message.text == "/start"
    markup = telegram.InlineKeyboardMarkup(
        [[telegram.InlineKeyboardButton("Go", callback_data="go")]]
    )
    sent = await ptb.send_message(1001, "<b>Hi</b>", parse_mode="HTML", reply_markup=markup)
    pressing = lin.pressing("Go")
    [update] = await ptb.get_updates(offset=start.update_id + 1, timeout=5)
    assert update.callback_query is not None
    await update.callback_query.answer("done")
    assert (await pressing)["toast"] == "done"
    await update.callback_query.edit_message_text("edited")
    with pytest.raises(telegram.error.BadRequest, match="not modified"):
        await ptb.edit_message_text("edited", 1001, sent.message_id)
    await lin.block()
    with pytest.raises(telegram.error.Forbidden):
        await ptb.send_message(1001, "x")
    assert world.telegram.violations == []


async def test_python_telegram_bot_sends_files_and_takes_a_payment(
    world: World, ptb: telegram.Bot, lin: Phone
) -> None:
    photo = await ptb.send_photo(1001, picture(), caption="usage", filename="usage.png")
    assert bytes(await (await photo.photo[-1].get_file()).download_as_bytearray()) == picture()
    await ptb.edit_message_media(telegram.InputMediaPhoto(picture(60, 30)), 1001, photo.message_id)
    prices = [telegram.LabeledPrice("M30", 19900)]
    await ptb.send_invoice(
        1001, "Plan", "30 days", "order:1", "CNY", prices, provider_token="P:TEST:1"
    )
    [start] = await ptb.get_updates()
    paying = lin.paying()
    [update] = await ptb.get_updates(offset=start.update_id + 1, timeout=5)
    assert update.pre_checkout_query is not None
    await update.pre_checkout_query.answer(ok=True)
    charge_id = (await paying)["charge_id"]
    [update] = await ptb.get_updates(offset=update.update_id + 1)
    assert update.message is not None
    assert update.message.successful_payment is not None
    assert update.message.successful_payment.telegram_payment_charge_id == charge_id
    assert world.telegram.violations == []


async def test_python_telegram_bot_sets_itself_up(
    world: World, ptb: telegram.Bot, lin: Phone
) -> None:
    await ptb.delete_webhook()
    commands = [telegram.BotCommand("help", "Help")]
    await ptb.set_my_commands(commands, telegram.BotCommandScopeAllPrivateChats(), "zh")
    found = await ptb.get_my_commands(telegram.BotCommandScopeAllPrivateChats(), "zh")
    assert tuple(found) == tuple(commands)
    await ptb.set_my_description("LEB card")
    await ptb.set_my_short_description("LEB card")
    await ptb.set_chat_menu_button(menu_button=telegram.MenuButtonCommands())
    assert (await ptb.get_webhook_info()).url == ""
    assert (await ptb.get_chat(1001)).first_name == "林晓"
    assert (await ptb.get_chat_member(1001, 1001)).status == "member"
    assert (await ptb.get_star_transactions()).transactions == ()
    assert world.telegram.violations == []


async def test_aiogram_accepts_every_answer(
    world: World, aiogram: AiogramBot, control: Control, lin: Phone
) -> None:
    assert (await aiogram.get_me()).username == "leb_card_sandbox_bot"
    [start] = await aiogram.get_updates()
    button = types.InlineKeyboardButton(text="Go", callback_data="go")
    markup = types.InlineKeyboardMarkup(inline_keyboard=[[button]])
    sent = await aiogram.send_message(1001, "<b>Hi</b>", parse_mode="HTML", reply_markup=markup)
    pressing = lin.pressing("Go")
    [update] = await aiogram.get_updates(offset=start.update_id + 1, timeout=5)
    assert update.callback_query is not None
    await aiogram.answer_callback_query(update.callback_query.id, "done", show_alert=True)
    assert (await pressing)["alert"] == "done"
    await aiogram.edit_message_text("edited", chat_id=1001, message_id=sent.message_id)
    with pytest.raises(aiogram_exceptions.TelegramBadRequest, match="not modified"):
        await aiogram.edit_message_text("edited", chat_id=1001, message_id=sent.message_id)
    photo = await aiogram.send_photo(1001, types.BufferedInputFile(picture(), "usage.png"))
    assert photo.photo is not None
    content = await aiogram.download(photo.photo[-1])
    assert isinstance(content, BytesIO)
    assert content.read() == picture()
    assert (await aiogram.get_chat(1001)).type == "private"
    assert (await aiogram.get_chat_member(1001, 1001)).status == "member"
    assert world.telegram.violations == []


async def test_aiogram_takes_stars_and_gives_them_back(
    world: World, aiogram: AiogramBot, lin: Phone
) -> None:
    [start] = await aiogram.get_updates()
    prices = [types.LabeledPrice(label="M30", amount=50)]
    await aiogram.send_invoice(1001, "Plan", "30 days", "order:1", "XTR", prices)
    paying = lin.paying()
    [asked] = await aiogram.get_updates(offset=start.update_id + 1, timeout=5)
    assert asked.pre_checkout_query is not None
    await aiogram.answer_pre_checkout_query(asked.pre_checkout_query.id, True)
    await aiogram.refund_star_payment(1001, (await paying)["charge_id"])
    paid, refunded = await aiogram.get_updates(offset=asked.update_id + 1)
    assert paid.message is not None
    assert paid.message.successful_payment is not None
    assert refunded.message is not None
    assert refunded.message.refunded_payment is not None
    assert len((await aiogram.get_star_transactions()).transactions) == 2
    assert world.telegram.violations == []
