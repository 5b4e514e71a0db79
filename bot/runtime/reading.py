"""Reads an update that was received. What is not as the Bot API has it goes no further.

python-telegram-bot makes objects of whatever JSON it is given: a text may be a number then, an id
one that no column holds, and the dialogue that meets it breaks, or the store does. So whatever
dialogues read of an update is held against its shape first; the rest must only survive parsing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from telegram import Update
from telegram.ext import ExtBot

_INT64: Final = 2**63
_ID_AND_CONTENT: Final = 2
_CURRENCY: Final = re.compile("[A-Z]{3}")

Kind = type[int] | type[str] | type[bool] | str
"""Of a field: a scalar, the name of a shape or of one of `_RULES`, or of a list of shapes: its name
after ``*``."""

_MEDIA: Final = ("document", "video", "voice", "sticker", "animation", "audio", "video_note")
_PAID: Final[dict[str, Kind]] = {
    "currency": "currency", "total_amount": "amount", "invoice_payload": str,
    "telegram_payment_charge_id": "key",
}  # fmt: skip
_SHAPES: Final[dict[str, dict[str, Kind]]] = {
    "update": {
        "update_id": int, "message": "message", "edited_message": "message",
        "callback_query": "callback_query", "pre_checkout_query": "pre_checkout_query",
        "my_chat_member": "membership",
    },
    "message": {
        "message_id": int, "date": int, "chat": "chat", "from": "user", "text": str,
        "entities": "*entity", "caption": str, "caption_entities": "*entity", "photo": "*file",
        **dict.fromkeys(_MEDIA, "file"), "contact": "contact", "reply_to_message": "message",
        "forward_origin": "origin", "media_group_id": str, "message_thread_id": int,
        "is_topic_message": bool, "edit_date": int, "successful_payment": "payment",
        "refunded_payment": "refund", "via_bot": "user", "sender_chat": "chat",
        "left_chat_member": "user", "new_chat_members": "*user",
    },
    "user": {
        "id": int, "is_bot": bool, "first_name": str, "last_name": str, "username": str,
        "language_code": str,
    },
    "chat": {"id": int, "type": str, "title": str, "username": str, "is_forum": bool},
    "entity": {"type": str, "offset": int, "length": int, "url": str, "user": "user"},
    "file": {"file_id": "key", "file_unique_id": str, "file_name": str, "mime_type": str},
    "contact": {"phone_number": str, "first_name": str, "last_name": str, "user_id": int},
    "origin": {"type": str, "date": int, "sender_user": "user", "sender_chat": "chat"},
    "payment": {**_PAID, "provider_payment_charge_id": str},
    "refund": {**_PAID, "provider_payment_charge_id": str},
    "callback_query": {
        "id": "key", "from": "user", "chat_instance": str, "message": "pressed", "data": str,
    },
    "pressed": {
        "message_id": int, "date": int, "chat": "chat", "text": str, "from": "user",
        "entities": "*entity",
    },
    "pre_checkout_query": {
        "id": "key", "from": "user", "currency": "currency", "total_amount": "amount",
        "invoice_payload": str,
    },
    "membership": {
        "chat": "chat", "from": "user", "date": int, "old_chat_member": "member",
        "new_chat_member": "member",
    },
    "member": {"status": str, "user": "user"},
}  # fmt: skip
_NEEDED: Final = {
    "update": ("update_id",),
    "message": ("message_id", "date", "chat"),
    "user": ("id", "is_bot", "first_name"),
    "chat": ("id", "type"),
    "entity": ("type", "offset", "length"),
    "file": ("file_id", "file_unique_id"),
    "contact": ("phone_number", "first_name"),
    "origin": ("type", "date"),
    "payment": (*_PAID, "provider_payment_charge_id"),
    "refund": tuple(_PAID),
    "callback_query": ("id", "from", "chat_instance"),
    "pressed": ("message_id", "date", "chat"),
    "pre_checkout_query": tuple(_SHAPES["pre_checkout_query"]),
    "membership": tuple(_SHAPES["membership"]),
    "member": ("status", "user"),
}
_RULES: Final[dict[str, Callable[[Any], bool]]] = {
    "key": lambda value: isinstance(value, str) and value != "",
    "amount": lambda value: type(value) is int and 0 < value < _INT64,
    "currency": lambda value: isinstance(value, str) and bool(_CURRENCY.fullmatch(value)),
}


class Unreadable(Exception):
    """The update is none that Telegram sends; the text names the field, never what it holds."""


def check(raw: Any) -> None:
    """Raises `Unreadable`."""
    _check_shape(raw, "update", "update")
    if len(raw) > _ID_AND_CONTENT:
        raise Unreadable("update tells of more than one thing")
    if not raw.keys() <= _SHAPES["update"].keys() or len(raw) < _ID_AND_CONTENT:
        raise Unreadable("update is of no kind that was asked for")


def read(raw: dict[str, Any], bot: ExtBot[None]) -> Update:
    """The update of what `check` let through. Raises `Unreadable` for what cannot be parsed."""
    try:
        return Update.de_json(raw, bot)
    except Exception as error:
        raise Unreadable(f"it cannot be parsed: {type(error).__name__}") from error


def _check_shape(value: Any, name: str, path: str) -> None:
    if not isinstance(value, dict):
        raise Unreadable(f"{path} is no object")
    for field in _NEEDED[name]:
        if field not in value:
            raise Unreadable(f"{path}.{field} is missing")
    fields = _SHAPES[name]
    for field, held in value.items():
        if field in fields:
            _check(held, fields[field], f"{path}.{field}")


def _check(value: Any, kind: Kind, path: str) -> None:
    if isinstance(kind, str) and kind.startswith("*"):
        if not isinstance(value, list):
            raise Unreadable(f"{path} is no list")
        for each in value:
            _check_shape(each, kind[1:], path)
    elif isinstance(kind, str) and kind in _RULES:
        if not _RULES[kind](value):
            raise Unreadable(f"{path} is no {kind}")
    elif isinstance(kind, str):
        _check_shape(value, kind, path)
    elif type(value) is not kind:
        raise Unreadable(f"{path} is not {kind.__name__}")
    elif isinstance(value, int) and not -_INT64 <= value < _INT64:
        raise Unreadable(f"{path} is out of range")
