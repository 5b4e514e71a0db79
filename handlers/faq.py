"""Help: three live answers, and the way to a person.

/help, /faq, [Help] ─▶ questions ─▶ an answer that looks at the own orders first ─▶ back
"""

from __future__ import annotations

from bot.domain.errors import NoLine
from bot.services.read_account import Account, ReadAccount
from bot.services.read_orders import ReadOrders
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.routing import DONE, NextStep, Part, on_command, on_press
from handlers.screens import faq as screens


class FaqDialogue:
    def __init__(self, account: ReadAccount, orders: ReadOrders) -> None:
        self._account = account
        self._orders = orders

    async def questions(self, context: EventContext) -> NextStep:
        context.show(screens.questions(context.t))
        return DONE

    async def answer(self, context: EventContext) -> NextStep:
        latest = await self._orders.latest_renewal(context.unit, context.subscriber)
        account = await self._account_or_none(context)
        match context.pressed.name:
            case screens.Topic.CANNOT_RENEW:
                answer = screens.cannot_renew
            case screens.Topic.DATA_NOT_ARRIVED:
                answer = screens.data_not_arrived
            case screens.Topic.CHANGE_PLAN:
                answer = screens.change_plan
            case _:
                return await self.questions(context)
        context.show(answer(context.t, account, latest))
        return DONE

    async def _account_or_none(self, context: EventContext) -> Account | None:
        try:
            return await self._account.overview(context.unit, context.subscriber)
        except NoLine:
            return None

    def part(self) -> Part:
        return Part(
            entries=[
                on_command(["help", "faq"], self.questions),
                on_press(Action.FAQ, self.questions),
                on_press(Action.ANSWER, self.answer),
            ]
        )
