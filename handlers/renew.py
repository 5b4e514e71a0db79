"""Choose what to buy.

/renew, [Renew] ─▶ choose a plan ─▶ [daily: how many days] ─▶ confirm ─▶ checkout
"""

from __future__ import annotations

from enum import StrEnum

from bot.domain.errors import PeriodsOutOfRange
from bot.domain.payment import Way
from bot.services.renew_line import RenewLine
from handlers import sending
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.html import Html
from handlers.routing import (
    DONE,
    NextStep,
    Part,
    on_anything_else,
    on_command,
    on_press,
    on_text,
)
from handlers.screens import renew as screens
from handlers.screens.coupons import proposed
from handlers.typed import as_count


class Step(StrEnum):
    CHOOSING_PLAN = "renew:plan"
    CHOOSING_DAYS = "renew:days"
    CONFIRMING = "renew:confirm"


class RenewDialogue:
    def __init__(self, renew: RenewLine) -> None:
        self._renew = renew

    async def choose_plan(self, context: EventContext) -> NextStep:
        context.show(screens.choose_plan(context.t, await self._renew.catalogue(context.unit)))
        return Step.CHOOSING_PLAN

    async def browse(self, context: EventContext) -> NextStep:
        context.show(screens.browse_plans(context.t, await self._renew.catalogue(context.unit)))
        return DONE

    async def take_plan(self, context: EventContext) -> NextStep:
        plan = await self._renew.plan(context.unit, context.pressed.name)
        if plan.cycle.most_periods == 1:
            return await self._quote(context, plan.code, 1)
        context.show(screens.choose_days(context.t, plan))
        return Step.CHOOSING_DAYS

    async def take_days(self, context: EventContext) -> NextStep:
        return await self._quote(context, context.pressed.name, context.pressed.number)

    async def take_typed_days(self, context: EventContext) -> NextStep:
        """The plan is the one about which the panel asks."""
        days, code = as_count(context.text), await self._subject(context)
        if days is None or code is None:
            return await self.want_days(context)
        try:
            return await self._quote(context, code, days)
        except PeriodsOutOfRange:
            return await self.want_days(context)

    async def confirm(self, context: EventContext) -> NextStep:
        """The quote again, with the way to pay that was chosen, in the currency of that."""
        way = Way.named(context.pressed.detail)
        quote = await self._renew.requote(
            context.unit, context.subscriber, context.pressed.name, way
        )
        context.show(screens.confirm(context.t, quote, way))
        return Step.CONFIRMING

    async def choose_method(self, context: EventContext) -> NextStep:
        quote = await self._renew.requote(context.unit, context.subscriber, context.pressed.name)
        context.show(screens.choose_method(context.t, quote))
        return Step.CONFIRMING

    async def want_plan(self, context: EventContext) -> NextStep:
        plans = await self._renew.catalogue(context.unit)
        context.show(screens.choose_plan(context.t, plans, _tap(context)))
        return Step.CHOOSING_PLAN

    async def want_days(self, context: EventContext) -> NextStep:
        code = await self._subject(context)
        if code is None:
            return await self.want_plan(context)
        plan = await self._renew.plan(context.unit, code)
        most = plan.cycle.most_periods
        hint = context.t("⚠️ Please send a number of days from 1 to {most}.", most=most)
        context.show(screens.choose_days(context.t, plan, hint))
        return Step.CHOOSING_DAYS

    async def want_confirmation(self, context: EventContext) -> NextStep:
        order_id = await self._subject(context)
        if order_id is None:
            return await self.want_plan(context)
        quote = await self._renew.requote(context.unit, context.subscriber, order_id)
        context.show(screens.confirm(context.t, quote, None, _tap(context)))
        return Step.CONFIRMING

    async def _quote(self, context: EventContext, plan_code: str, periods: int) -> NextStep:
        quote = await self._renew.quote(context.unit, context.subscriber, plan_code, periods)
        context.show(screens.confirm(context.t, quote, None, proposed(context.t, quote.order)))
        return Step.CONFIRMING

    async def _subject(self, context: EventContext) -> str | None:
        """What the panel is about: the plan whose days, or the order whose confirmation it asks."""
        panel = await context.unit.chat_messages.get(context.subscriber.id, sending.PANEL)
        return panel.subject if panel is not None else None

    def part(self) -> Part:
        return Part(
            entries=[
                on_command("renew", self.choose_plan),
                on_press(Action.RENEW, self.choose_plan),
                on_press(Action.BROWSE, self.browse),
                on_press(Action.PLAN, self.take_plan),
                on_press(Action.DAYS, self.take_days),
                on_press(Action.CONFIRM, self.confirm),
                on_press(Action.METHODS, self.choose_method),
            ],
            steps={
                Step.CHOOSING_PLAN: [on_anything_else(self.want_plan)],
                Step.CHOOSING_DAYS: [
                    on_text(self.take_typed_days),
                    on_anything_else(self.want_days),
                ],
                Step.CONFIRMING: [on_anything_else(self.want_confirmation)],
            },
        )


def _tap(context: EventContext) -> Html:
    return context.t("👇 Please tap one of the buttons.")
