"""Support: whatever the subscriber sends reaches a person.

/support, [Support] ─▶ when somebody answers ─▶ a message of any kind ─▶ a case is open
[Support] at an order ─▶ the same, about that order
a case is open ─▶ what is sent outside of any dialogue's step goes to it (`handlers.fallback`)
[Reopen] under "we have closed your case" ─▶ open again
"""

from __future__ import annotations

from enum import StrEnum

from telegram.helpers import effective_message_type

from bot.domain.support import LONGEST_WORDS, Written
from bot.services.open_case import OpenCase
from bot.services.read_orders import ReadOrders
from bot.services.read_support import ReadSupport
from handlers import sending
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.routing import DONE, NextStep, Part, on_anything_else, on_command, on_press
from handlers.screens import support as screens


class Step(StrEnum):
    WRITING = "support:write"


class SupportDialogue:
    def __init__(self, support: ReadSupport, cases: OpenCase, orders: ReadOrders) -> None:
        self._support = support
        self._cases = cases
        self._orders = orders

    async def ask(self, context: EventContext) -> NextStep:
        return await self._ask(context, None)

    async def ask_about(self, context: EventContext) -> NextStep:
        card = await self._orders.card(context.unit, context.subscriber, context.pressed.name)
        return await self._ask(context, card.order.id)

    async def take(self, context: EventContext) -> NextStep:
        """What is sent is about the order about which the panel asks, if it asks about one."""
        panel = await context.unit.chat_messages.get(context.subscriber.id, sending.PANEL)
        order = None
        if panel is not None and panel.shows == screens.ASKS and panel.subject is not None:
            card = await self._orders.card(context.unit, context.subscriber, panel.subject)
            order = card.order
        await self._cases.write(context.unit, context.subscriber, _written(context), order)
        return DONE

    async def takes_more(self, context: EventContext) -> bool:
        """Whether what was sent outside of any step belongs to an open case, and is taken there."""
        if await self._cases.open_of(context.unit, context.subscriber) is None:
            return False
        await self._cases.write(context.unit, context.subscriber, _written(context))
        return True

    async def has_taken(self, context: EventContext, message_id: int) -> bool:
        """Whether the message stands in the subscriber's open case."""
        return await context.unit.cases.holds_message(context.subscriber.id, message_id)

    async def reopen(self, context: EventContext) -> NextStep:
        if not await self._cases.reopen(
            context.unit, context.subscriber.id, context.pressed.number
        ):
            return await self.ask(context)
        context.show(screens.reopened(context.t, self._support.attendance()))
        return DONE

    async def _ask(self, context: EventContext, order_id: str | None) -> NextStep:
        case = await self._cases.open_of(context.unit, context.subscriber)
        context.show(screens.ask(context.t, self._support.attendance(), order_id, case))
        return Step.WRITING

    def part(self) -> Part:
        return Part(
            entries=[
                on_command("support", self.ask),
                on_press(Action.SUPPORT, self.ask),
                on_press(Action.SUPPORT_ABOUT, self.ask_about),
                on_press(Action.REOPEN_CASE, self.reopen),
            ],
            steps={Step.WRITING: [on_anything_else(self.take)]},
        )


def _written(context: EventContext) -> Written:
    message = context.event.message
    if message is None:
        raise LookupError("nothing was sent")
    words = message.text or message.caption
    return Written(
        message.message_id,
        str(effective_message_type(message) or ""),
        words[:LONGEST_WORDS] if words else None,
        message.date,
    )
