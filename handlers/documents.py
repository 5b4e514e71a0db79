"""Stage a document: a message of its own.

What is staged are the facts; the file is made from them just before it leaves.
"""

from __future__ import annotations

from typing import Any

from bot.services.unit import Unit
from handlers.html import Html
from handlers.screens.screen import Rows, inline_keyboard


def send_document(
    unit: Unit, chat_id: int, facts: dict[str, Any], caption: Html, keys: Rows = ()
) -> None:
    parameters: dict[str, Any] = {
        "chat_id": chat_id,
        "document": {"$file": facts},
        "caption": caption,
        "parse_mode": "HTML",
    }
    if keys:
        parameters["reply_markup"] = inline_keyboard(keys)
    unit.outbox.telegram("sendDocument", parameters, chat_id=chat_id)
