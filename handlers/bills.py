"""The bills.

[Receipt] on a paid order ─▶ its receipt ─▶ [PDF] a document below
[CSV] under the list of orders ─▶ a document below
"""

from __future__ import annotations

from bot.services.read_bills import ReadBills
from handlers.branding import Branding
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.documents import send_document
from handlers.routing import DONE, NextStep, Part, on_press
from handlers.screens import bills as screens


class BillsDialogue:
    def __init__(self, bills: ReadBills, branding: Branding) -> None:
        self._bills = bills
        self._branding = branding

    async def receipt(self, context: EventContext) -> NextStep:
        receipt = await self._bills.receipt(context.unit, context.subscriber, context.pressed.name)
        context.show(screens.receipt(context.t, receipt, self._branding))
        return DONE

    async def paper(self, context: EventContext) -> NextStep:
        receipt = await self._bills.receipt(context.unit, context.subscriber, context.pressed.name)
        send_document(
            context.unit,
            context.subscriber.id,
            screens.receipt_paper(context.t, receipt, self._branding),
            screens.receipt_caption(context.t, receipt),
        )
        return DONE

    async def table(self, context: EventContext) -> NextStep:
        bills = await self._bills.bills(context.unit, context.subscriber)
        send_document(
            context.unit,
            context.subscriber.id,
            screens.orders_table(context.t, bills, context.now.date()),
            screens.table_caption(context.t, bills),
        )
        return DONE

    def part(self) -> Part:
        return Part(
            entries=[
                on_press(Action.RECEIPT, self.receipt),
                on_press(Action.RECEIPT_FILE, self.paper),
                on_press(Action.ORDERS_FILE, self.table),
            ]
        )
