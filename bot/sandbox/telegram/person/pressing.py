"""Pressing buttons."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.sandbox.telegram.chats import Stored
from bot.sandbox.telegram.keyboards import buttons
from bot.sandbox.telegram.person.paying import pay
from bot.sandbox.telegram.person.side import CannotDo, Side
from bot.sandbox.telegram.person.writing import share_contact, write

_UNANSWERED = {"answered": False, "toast": None, "alert": None, "url": None}


async def press(
    side: Side, wanted: str, message_id: int | None = None, wait_s: float = 10
) -> dict[str, Any]:
    """Press a button: an inline one by part of its label or by its data, else the keyboard's.

    Without a message id it is the newest message that has one. A callback waits up to `wait_s`
    real seconds for the bot's answer. Raises CannotDo when there is no such button.
    """
    found = _inline_button(side, wanted, message_id)
    if found is not None:
        return await _press_inline(side, *found, wait_s)
    if message_id is None and (button := _keyboard_button(side, wanted)):
        asks_contact = button.get("request_contact")
        stored = share_contact(side) if asks_contact else write(side, button["text"])
        return {"sent": stored.id}
    raise CannotDo(f"no button {wanted!r}", _labels(side, message_id))


async def _press_inline(
    side: Side, stored: Stored, button: dict[str, Any], wait_s: float
) -> dict[str, Any]:
    if "url" in button:
        return {"url": button["url"]}
    if "copy_text" in button:
        return {"copied": button["copy_text"]["text"]}
    if button.get("pay"):
        return await pay(side, stored.id)
    if "callback_data" not in button:
        raise CannotDo(f"the sandbox can't press {button['text']!r}")
    return await _call_back(side, stored, button["callback_data"], wait_s)


async def _call_back(side: Side, stored: Stored, data: str, wait_s: float) -> dict[str, Any]:
    pressed = side.bot.callbacks.press(side.person.id, data)
    side.tell_bot(
        "callback_query",
        {
            "id": pressed.id,
            "from": side.person.as_user(),
            "message": stored.message,
            "chat_instance": str(side.bot.id * 1_000_003 + side.chat.id),
            "data": data,
        },
    )
    if wait_s <= 0:
        return _UNANSWERED
    try:
        answer = await asyncio.wait_for(asyncio.shield(pressed.answer), wait_s)
    except TimeoutError:
        return _UNANSWERED
    return {"answered": True, **answer.as_seen()} if answer else _UNANSWERED


def _messages(side: Side, message_id: int | None) -> list[Stored]:
    if message_id is None:
        return side.chat.newest_first()
    stored = side.chat.messages.get(message_id)
    return [stored] if stored is not None else []


def _inline_button(
    side: Side, wanted: str, message_id: int | None
) -> tuple[Stored, dict[str, Any]] | None:
    for stored in _messages(side, message_id):
        offered = list(buttons(stored.message.get("reply_markup")))
        by_data = (button for button in offered if button.get("callback_data") == wanted)
        if button := next(by_data, None) or _labelled(offered, wanted):
            return stored, button
    return None


def _keyboard_button(side: Side, wanted: str) -> dict[str, Any] | None:
    return _labelled(list(buttons(side.chat.keyboard)), wanted)


def _labelled(offered: list[dict[str, Any]], wanted: str) -> dict[str, Any] | None:
    """The button with exactly this label, else the first that contains it, in any case."""
    exact = (button for button in offered if button["text"] == wanted)
    part = (button for button in offered if wanted.lower() in button["text"].lower())
    return next(exact, None) or next(part, None)


def _labels(side: Side, message_id: int | None) -> list[str]:
    labels = [button["text"] for button in buttons(side.chat.keyboard)]
    for stored in _messages(side, message_id):
        labels += [button["text"] for button in buttons(stored.message.get("reply_markup"))]
    return labels
