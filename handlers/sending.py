"""Stage a screen for a chat, and remember in which message it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from bot.services.unit import Unit
from handlers.html import Html
from handlers.screens.screen import Screen

PANEL: Final = "panel"
"""The slot of the message in which a chat is navigated."""


SEEN: Final = {"type": "emoji", "emoji": "👀"}


def card_slot(order_id: str) -> str:
    """The slot of an order's own card."""
    return f"order:{order_id}"


def shared_order_slot(order_id: str) -> str:
    """The slot of somebody else's order, in the chat of who is asked to pay it."""
    return f"shared_order:{order_id}"


def link_slot(order_id: str) -> str:
    """The slot of the newest link by which the order can be paid."""
    return f"link:{order_id}"


def send(unit: Unit, chat_id: int, screen: Screen, now: datetime, slot: str = PANEL) -> None:
    """Sends the screen as a new message, which is the slot's from now on."""
    unit.chat_messages.put(chat_id, slot, None, screen.shows, screen.subject, now)
    unit.outbox.telegram("sendMessage", _message(chat_id, screen), chat_id=chat_id, slot=slot)


def edit(
    unit: Unit, chat_id: int, message_id: int | None, screen: Screen, now: datetime,
    slot: str = PANEL,
) -> None:  # fmt: skip
    """Puts the screen into the message; into the one that the slot holds when that is still
    being sent (None)."""
    unit.chat_messages.put(chat_id, slot, message_id, screen.shows, screen.subject, now)
    parameters = _message(chat_id, screen)
    if message_id is not None:
        parameters["message_id"] = message_id
    unit.outbox.telegram("editMessageText", parameters, chat_id=chat_id, slot=slot)


def tell(unit: Unit, chat_id: int, screen: Screen) -> None:
    """Sends what happened as a message of its own, whose keys open a fresh panel below it."""
    unit.outbox.telegram("sendMessage", _message(chat_id, screen.as_event()), chat_id=chat_id)


def delete(unit: Unit, chat_id: int, message_id: int) -> None:
    gone = {"chat_id": chat_id, "message_id": message_id}
    unit.outbox.telegram("deleteMessage", gone, chat_id=chat_id)


def put_last(unit: Unit, chat_id: int, message_id: int | None, screen: Screen) -> None:
    """Puts the screen into the message, or a new one, and keeps nothing of where it stands."""
    parameters = _message(chat_id, screen)
    if message_id is None:
        unit.outbox.telegram("sendMessage", parameters, chat_id=chat_id)
    else:
        edit = {**parameters, "message_id": message_id}
        unit.outbox.telegram("editMessageText", edit, chat_id=chat_id)


def say(
    unit: Unit, chat_id: int, text: Html, reply_markup: dict[str, Any] | None = None
) -> None:  # fmt: skip
    """Sends a line of text with no keys, or with a keyboard in the place of the letters."""
    parameters = {"chat_id": chat_id, "text": text, "parse_mode": "HTML"}
    unit.outbox.telegram(
        "sendMessage",
        parameters if reply_markup is None else {**parameters, "reply_markup": reply_markup},
        chat_id=chat_id,
    )


def copy(unit: Unit, from_chat_id: int, message_id: int, chat_id: int) -> None:
    """Sends what stands in the message, of any kind, as a new one that names no sender."""
    parameters = {"chat_id": chat_id, "from_chat_id": from_chat_id, "message_id": message_id}
    unit.outbox.telegram("copyMessage", parameters, chat_id=chat_id)


def react(unit: Unit, chat_id: int, message_id: int) -> None:
    """The sign under a message that it was received."""
    sign = {"chat_id": chat_id, "message_id": message_id, "reaction": [SEEN]}
    unit.outbox.telegram("setMessageReaction", sign, chat_id=chat_id)


def _message(chat_id: int, screen: Screen) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "text": screen.text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": screen.markup,
    }
