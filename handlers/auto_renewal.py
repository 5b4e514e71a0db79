"""Auto-renewal of a line: off, until its holder agrees to a plan, its price and a way to pay.

/autorenew, [Auto-renewal] ─▶ a plan ─▶ a way to pay ─▶ what, when, from which ─▶ [Turn on] ─▶ on
on ─▶ a plan …, to change it, [Turn off] ─▶ off
announced, three days before ─▶ [Skip once], [Turn off]
not renewed by itself ─▶ [Renew] that line by hand
"""

from __future__ import annotations

from bot.domain.errors import PaymentMethodUnavailable, UnknownPlan
from bot.domain.payment import Way
from bot.domain.plan import Plan
from bot.services.auto_renew import AutoRenew, OwnRenewal
from bot.services.link_line import LinkLine
from bot.services.renew_line import RenewLine
from handlers.buttons import Action, Press
from handlers.context import EventContext
from handlers.html import Html
from handlers.renew import Step as RenewStep
from handlers.routing import DONE, NextStep, Part, on_command, on_press
from handlers.screens import auto_renewal as screens
from handlers.screens import renew as renew_screens


class AutoRenewalDialogue:
    def __init__(self, auto: AutoRenew, renew: RenewLine, link: LinkLine) -> None:
        self._auto = auto
        self._renew = renew
        self._link = link

    async def show_present(self, context: EventContext) -> NextStep:
        return await self._show(context, 0)

    async def show(self, context: EventContext) -> NextStep:
        return await self._show(context, context.pressed.number)

    async def take_plan(self, context: EventContext) -> NextStep:
        own, plan = await self._offered(context)
        context.show(screens.choose_way(context.t, own, plan))
        return DONE

    async def take_way(self, context: EventContext) -> NextStep:
        own, plan = await self._offered(context)
        context.show(screens.ask(context.t, own, plan, _way(context.pressed)))
        return DONE

    async def turn_on(self, context: EventContext) -> NextStep:
        """A price that changed since it was shown is shown first."""
        press = context.pressed
        code, version = screens.plan_named(press.name)
        renewal = await self._auto.turn_on(
            context.unit, context.subscriber, press.number, code, version, _way(press)
        )
        if renewal is None:
            own, plan = await self._offered(context)
            changed = renew_screens.price_changed(context.t, plan.price)
            context.show(screens.ask(context.t, own, plan, _way(press), changed))
            return DONE
        return await self._show(context, press.number)

    async def turn_off(self, context: EventContext) -> NextStep:
        await self._auto.turn_off(context.unit, context.subscriber, context.pressed.number)
        note = context.t("✅ Turned off. Nothing is charged by itself any more.")
        return await self._show(context, context.pressed.number, note)

    async def skip(self, context: EventContext) -> NextStep:
        press = context.pressed
        end_at = screens.end_named(press.name)
        skipped = await self._auto.skip(context.unit, context.subscriber, press.number, end_at)
        note = context.t("✅ Skipped. Nothing is charged this time.")
        if not skipped:
            note = context.t("This renewal is paid already, or its time is over: see /orders.")
        return await self._show(context, press.number, note)

    async def renew_line(self, context: EventContext) -> NextStep:
        """By hand, and that line, whichever is the present one."""
        context.subscriber = await self._link.make_default(
            context.unit, context.subscriber, context.pressed.number
        )
        plans = await self._renew.catalogue(context.unit)
        context.show(renew_screens.choose_plan(context.t, plans))
        return RenewStep.CHOOSING_PLAN

    async def _show(
        self, context: EventContext, line_id: int, note: Html | None = None
    ) -> NextStep:
        own = await self._auto.own(context.unit, context.subscriber, line_id)
        context.show(screens.auto_renewal(context.t, own, note))
        return DONE

    async def _offered(self, context: EventContext) -> tuple[OwnRenewal, Plan]:
        """The line of the button, and its plan as it is sold now."""
        press = context.pressed
        own = await self._auto.own(context.unit, context.subscriber, press.number)
        code, _ = screens.plan_named(press.name)
        plan = next((each for each in own.plans if each.code == code), None)
        if plan is None:
            raise UnknownPlan(code)
        return own, plan

    def part(self) -> Part:
        return Part(
            entries=[
                on_command("autorenew", self.show_present),
                on_press(Action.AUTO, self.show),
                on_press(Action.AUTO_PLAN, self.take_plan),
                on_press(Action.AUTO_WAY, self.take_way),
                on_press(Action.AUTO_ON, self.turn_on),
                on_press(Action.AUTO_OFF, self.turn_off),
                on_press(Action.AUTO_SKIP, self.skip),
                on_press(Action.RENEW_LINE, self.renew_line),
            ]
        )


def _way(press: Press) -> Way | None:
    if press.detail == screens.REMINDER:
        return None
    way = Way.named(press.detail)
    if way is None:
        raise PaymentMethodUnavailable(press.detail)
    return way
