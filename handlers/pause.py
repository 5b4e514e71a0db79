"""While purchases are paused: what would buy is refused, with words, before any dialogue sees it.

Who writes is told so above the answer. A payment that was made passes: it is never a press.
"""

from __future__ import annotations

from typing import Any, Final

from telegram import Update

from bot.services.maintain import Maintain
from handlers import sending
from handlers.buttons import Action, parse
from handlers.context import EventContext
from handlers.door import is_private
from handlers.screens import refusals

PURCHASES: Final = frozenset(
    {
        Action.RENEW, Action.PLAN, Action.DAYS, Action.CONFIRM, Action.PAY, Action.RENEW_LINE,
        Action.TOP_UP, Action.TOP_UP_AMOUNT, Action.TOP_UP_FOR, Action.ASK_ANOTHER,
        Action.SHARED_ORDER_CARD, Action.SHARED_ORDER_PAY,
    }
)  # fmt: skip
COMMANDS: Final = ("/renew", "/topup")


class Pause:
    def __init__(self, maintain: Maintain) -> None:
        self._maintain = maintain

    async def check(self, update: Update, context: EventContext) -> None:
        """Raises `UnderMaintenance`."""
        if update.effective_user is None or not is_private(update):
            return
        if _would_buy(update):
            await self._maintain.check_open(context.unit)
        elif _has_words(update) and await self._maintain.is_on(context.unit):
            notice = refusals.paused(context.t)
            sending.say(context.unit, context.subscriber.id, notice)


def _would_buy(update: Update) -> bool:
    if update.callback_query is not None:
        press = parse(update.callback_query.data or "")
        return press is not None and press.action in PURCHASES
    text: Any = update.message.text if update.message is not None else None
    return isinstance(text, str) and text.split("@")[0].split(" ")[0] in COMMANDS


def _has_words(update: Update) -> bool:
    return update.message is not None and update.message.text is not None
