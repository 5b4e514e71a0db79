"""Stage pictures: the usage chart in a message of its own, redrawn in place, and the QR of a page.

What is staged are the facts; the picture is drawn from them just before it leaves.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from bot.domain.order import Order
from bot.domain.payment import Page
from bot.services.read_account import Usage
from bot.services.unit import Unit
from handlers import sending
from handlers.screens import usage
from handlers.screens.orders import page_code
from handlers.screens.screen import inline_keyboard
from handlers.texts import Texts

CHART: Final = "chart"
"""The slot of the picture's message, and the name of what it shows."""
CODE: Final = "code"
_CLOSED: Final = "nothing"


def send_chart(unit: Unit, t: Texts, chat_id: int, use: Usage) -> None:
    unit.chat_messages.put(chat_id, CHART, None, CHART, usage.subject(use), use.now)
    parameters = {"chat_id": chat_id, **_photo(t, use, "photo"), "reply_markup": _keys(t, use)}
    unit.outbox.telegram("sendPhoto", parameters, chat_id=chat_id, slot=CHART)


def edit_chart(unit: Unit, t: Texts, chat_id: int, message_id: int | None, use: Usage) -> None:
    """Redraws the picture in that message; in the one still being sent when it is None."""
    unit.chat_messages.put(chat_id, CHART, message_id, CHART, usage.subject(use), use.now)
    media = {"type": "photo", **_photo(t, use, "media")}
    parameters = {"chat_id": chat_id, "media": media, "reply_markup": _keys(t, use)}
    if message_id is not None:
        parameters["message_id"] = message_id
    unit.outbox.telegram("editMessageMedia", parameters, chat_id=chat_id, slot=CHART)


def close_chart(unit: Unit, chat_id: int, message_id: int, now: datetime) -> None:
    """Takes the picture away, so that no later reading brings it back."""
    unit.chat_messages.put(chat_id, CHART, message_id, _CLOSED, None, now)
    sending.delete(unit, chat_id, message_id)


def send_code(unit: Unit, t: Texts, chat_id: int, order: Order, page: Page) -> None:
    picture = {"$file": {"kind": CODE, "name": "pay.png", "url": page.url}}
    parameters = {
        "chat_id": chat_id,
        "photo": picture,
        "caption": page_code(t, order),
        "parse_mode": "HTML",
    }
    unit.outbox.telegram("sendPhoto", parameters, chat_id=chat_id)


def _photo(t: Texts, use: Usage, field: str) -> dict[str, Any]:
    return {
        field: {"$file": usage.picture(use)},
        "caption": usage.chart_caption(t, use),
        "parse_mode": "HTML",
    }


def _keys(t: Texts, use: Usage) -> dict[str, Any]:
    return inline_keyboard(usage.chart_keys(t, len(use.days)))
