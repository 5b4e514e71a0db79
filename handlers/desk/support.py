"""Support cases at the desk.

[Waiting] ─▶ a case ─▶ [Answer] ─▶ the words (`handlers.desk.lookup`)
                  ├──▶ [As sent] ─▶ the subscriber's own messages, copied below
                  └──▶ [Close case] ─▶ the subscriber is told
"""

from __future__ import annotations

from bot.domain.operator import Deed
from bot.services.authority import Authority
from bot.services.close_case import CloseCase
from bot.services.read_support import ReadSupport
from handlers import sending
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.desk.only import Only
from handlers.html import Html
from handlers.routing import DONE, NextStep, Part
from handlers.screens.desk import support as screens


class CasesDialogue:
    def __init__(self, authority: Authority, support: ReadSupport, close: CloseCase) -> None:
        self._authority = authority
        self._support = support
        self._close = close

    async def case(self, context: EventContext) -> NextStep:
        return await self._case(context, context.pressed.number)

    async def messages(self, context: EventContext) -> NextStep:
        """Pictures and voices are read where they were sent: they are copied, not kept."""
        card = await self._support.card(context.unit, context.pressed.number)
        for each in card.messages:
            sending.copy(context.unit, card.person.id, each.message_id, context.subscriber.id)
        return DONE

    async def close(self, context: EventContext) -> NextStep:
        case_id = context.pressed.number
        await self._close.at_desk(context.unit, context.subscriber.id, case_id)
        return await self._case(context, case_id, screens.closed(context.t))

    async def _case(
        self, context: EventContext, case_id: int, note: Html | None = None
    ) -> NextStep:
        operator = await self._authority.require(
            context.unit, context.subscriber.id, Deed.SEE_WAITING
        )
        card = await self._support.card(context.unit, case_id)
        context.show(screens.case(context.t, card, operator.role, note))
        return DONE

    def part(self) -> Part:
        helpers, closers = (
            Only(self._authority, deed) for deed in (Deed.SEE_WAITING, Deed.CLOSE_CASE)
        )
        return Part(
            entries=[
                helpers.on_press(Action.DESK_CASE, self.case),
                helpers.on_press(Action.CASE_MESSAGES, self.messages),
                closers.on_press(Action.CASE_CLOSE, self.close),
            ]
        )
