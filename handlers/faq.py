"""Help: three live answers, those that the operator has written, and the way to a person.

/help, /faq, [Help] ─▶ questions ─▶ an answer that looks at the own orders first ─▶ back
                          └▶ [More questions] ─▶ the operator's own (`handlers.own_answers`)
"""

from __future__ import annotations

from bot.domain.errors import NoLine
from bot.services.read_account import Account, ReadAccount
from bot.services.read_orders import ReadOrders
from handlers.branding import Branding
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.own_answers import OwnAnswers
from handlers.routing import DONE, NextStep, Part, on_command, on_press
from handlers.screens import faq as screens


class FaqDialogue:
    def __init__(self, account: ReadAccount, orders: ReadOrders, branding: Branding) -> None:
        self._account = account
        self._orders = orders
        self._own = OwnAnswers(branding.texts_directory)

    async def questions(self, context: EventContext) -> NextStep:
        own = self._own.all(context.t.language)
        context.show(screens.questions(context.t, own))
        return DONE

    async def more_questions(self, context: EventContext) -> NextStep:
        own = self._own.all(context.t.language)
        context.show(screens.more_questions(context.t, own, context.pressed.number))
        return DONE

    async def answer(self, context: EventContext) -> NextStep:
        own = self._own.of(context.t.language, context.pressed.name)
        match context.pressed.name:
            case screens.Topic.CANNOT_RENEW:
                answer = screens.cannot_renew
            case screens.Topic.DATA_NOT_ARRIVED:
                answer = screens.data_not_arrived
            case screens.Topic.CHANGE_PLAN:
                answer = screens.change_plan
            case _ if own is not None and own.answer is not None:
                context.show(screens.own_answer(context.t, own))
                return DONE
            case _:
                return await self.questions(context)
        latest = await self._orders.latest_renewal(context.unit, context.subscriber)
        account = await self._account_or_none(context)
        context.show(answer(context.t, account, latest, own))
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
                on_press(Action.MORE_QUESTIONS, self.more_questions),
            ]
        )
