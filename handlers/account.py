"""Usage and readings of the line.

/usage, [7 days], [30 days] ─▶ usage in words
[Chart] ─▶ a picture in a message of its own ─▶ [7 days] [30 days] [Close] edit that picture
[Refresh] ─▶ home, and the carrier is asked again
"""

from __future__ import annotations

from bot.domain.errors import CooldownRunning
from bot.services.read_account import ReadAccount
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.home import Home
from handlers.pictures import close_chart, edit_chart, send_chart
from handlers.routing import DONE, NextStep, Part, on_command, on_press
from handlers.screens import refusals, usage


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
        send_chart(context.unit, context.t, context.subscriber.id, use)
        return DONE

    async def redraw_chart(self, context: EventContext) -> NextStep:
        use = await self._account.usage(context.unit, context.subscriber, _span(context))
        edit_chart(context.unit, context.t, context.subscriber.id, context.pressed_message_id, use)
        return DONE

    async def close_chart(self, context: EventContext) -> NextStep:
        message_id = context.pressed_message_id
        if message_id is not None:
            close_chart(context.unit, context.subscriber.id, message_id, context.now)
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


def _span(context: EventContext) -> int:
    """The days asked for; the shorter span where none is, or one that is not offered."""
    asked = context.press.number if context.press is not None else 0
    return asked if asked in usage.SPANS else usage.SPANS[0]
