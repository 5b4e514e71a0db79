"""The desk.

/desk ─▶ today, and what the role may do
[Audit] ─▶ who did what, a page at a time
[Waiting] ─▶ what only an operator can settle ─▶ its order
"""

from __future__ import annotations

from bot.domain.operator import Deed
from bot.services.authority import Authority
from bot.services.read_audit import ReadAudit
from bot.services.read_desk import ReadDesk
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.desk.only import Only
from handlers.routing import DONE, NextStep, Part
from handlers.screens.desk import audit as audit_screens
from handlers.screens.desk import home as screens
from handlers.screens.desk import waiting as waiting_screens


class DeskDialogue:
    def __init__(self, authority: Authority, audit: ReadAudit, desk: ReadDesk) -> None:
        self._authority = authority
        self._audit = audit
        self._desk = desk

    async def desk(self, context: EventContext) -> NextStep:
        operator = await self._authority.require(
            context.unit, context.subscriber.id, Deed.OPEN_DESK
        )
        context.show(screens.desk(context.t, operator.role, await self._desk.today(context.unit)))
        return DONE

    async def audit(self, context: EventContext) -> NextStep:
        page = await self._audit.page(context.unit, context.pressed.number)
        context.show(audit_screens.audit(context.t, page))
        return DONE

    async def waiting(self, context: EventContext) -> NextStep:
        things = await self._desk.waiting(context.unit)
        number = context.pressed.number
        context.show(waiting_screens.waiting(context.t, things, number, context.now))
        return DONE

    def part(self) -> Part:
        anybody, readers, helpers = (
            Only(self._authority, deed)
            for deed in (Deed.OPEN_DESK, Deed.READ_AUDIT, Deed.SEE_WAITING)
        )
        return Part(
            entries=[
                anybody.on_command("desk", self.desk),
                anybody.on_press(Action.DESK, self.desk),
                readers.on_press(Action.AUDIT, self.audit),
                helpers.on_press(Action.WAITING, self.waiting),
            ]
        )
