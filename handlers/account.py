"""Usage and readings of the line.

/usage, [7 days], [30 days] ─▶ usage in words
[Chart] ─▶ a picture in a message of its own ─▶ [7 days] [30 days] [Close] edit that picture
[Refresh] ─▶ home, and the carrier is asked again
"""

from __future__ import annotations

from typing import Any, Final

from bot.domain.errors import CooldownRunning
from bot.services.read_account import ReadAccount, Usage
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.home import Home
from handlers.routing import DONE, NextStep, Part, on_command, on_press
from handlers.screens import refusals, usage
from handlers.screens.screen import inline_keyboard
from handlers.texts import Texts

CHART: Final = "chart"
"""The slot of the picture's message."""


class AccountDialogue:
    def __init__(self, account: ReadAccount, home: Home) -> None:
        self._account = account
        self._home = home

    async def refresh(self, context: EventContext) -> NextStep:
        try:
            await self._account.refresh(context.unit, context.subscriber)
        except CooldownRunning as cooldown:
            context.answer(refusals.toast(context.t, cooldown))
            return DONE
        context.answer(context.t.plain("Asking the network…"))
        return await self._home.show(context)

    async def usage(self, context: EventContext) -> NextStep:
        use = await self._account.usage(context.unit, context.subscriber, _span(context))
        context.show(usage.usage(context.t, use))
        return DONE

    async def chart(self, context: EventContext) -> NextStep:
        use = await self._account.usage(context.unit, context.subscriber, _span(context))
        chat_id = context.subscriber.id
        context.unit.chat_messages.put(
            chat_id, CHART, None, "chart", usage.subject(use), context.now
        )
        caption = usage.chart_caption(context.t, use)
        parameters = {
            "chat_id": chat_id,
            "photo": {"$picture": usage.picture(use)},
            "caption": caption,
            "parse_mode": "HTML",
            "reply_markup": inline_keyboard(usage.chart_keys(context.t, len(use.days))),
        }
        context.unit.outbox.telegram("sendPhoto", parameters, chat_id=chat_id, slot=CHART)
        return DONE

    async def redraw_chart(self, context: EventContext) -> NextStep:
        use = await self._account.usage(context.unit, context.subscriber, _span(context))
        chat_id = context.subscriber.id
        message_id = _pressed_message_id(context)
        context.unit.chat_messages.put(
            chat_id, CHART, message_id, "chart", usage.subject(use), context.now
        )
        edit = {"message_id": message_id, **chart_edit(context.t, chat_id, use)}
        context.unit.outbox.telegram("editMessageMedia", edit, chat_id=chat_id, slot=CHART)
        return DONE

    async def close_chart(self, context: EventContext) -> NextStep:
        chat_id = context.subscriber.id
        parameters = {"chat_id": chat_id, "message_id": _pressed_message_id(context)}
        context.unit.outbox.telegram("deleteMessage", parameters, chat_id=chat_id)
        return DONE

    def part(self) -> Part:
        return Part(
            entries=[
                on_command("usage", self.usage),
                on_press(Action.REFRESH, self.refresh),
                on_press(Action.USAGE, self.usage),
                on_press(Action.CHART, self.chart),
                on_press(Action.CHART_DAYS, self.redraw_chart),
                on_press(Action.CHART_CLOSE, self.close_chart),
            ]
        )


def chart_edit(t: Texts, chat_id: int, use: Usage) -> dict[str, Any]:
    """``editMessageMedia`` of the picture, without saying in which message it stands."""
    return {
        "chat_id": chat_id,
        "media": {
            "type": "photo",
            "media": {"$picture": usage.picture(use)},
            "caption": usage.chart_caption(t, use),
            "parse_mode": "HTML",
        },
        "reply_markup": inline_keyboard(usage.chart_keys(t, len(use.days))),
    }


def _span(context: EventContext) -> int:
    """The days asked for; the shorter span where none is, or one that is not offered."""
    asked = context.press.number if context.press is not None else 0
    return asked if asked in usage.SPANS else usage.SPANS[0]


def _pressed_message_id(context: EventContext) -> int | None:
    query = context.event.callback_query
    return query.message.message_id if query is not None and query.message is not None else None
