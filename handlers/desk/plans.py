"""Keep the plans.

[Plans] ─▶ one ─▶ [Change] or [Copy] ─▶ what differs, a line each ─▶ before and after ─▶ sold
              ├▶ [Up]
              └▶ [Withdraw] ─▶ surely
[Preview] ─▶ the list as subscribers see it, in every language
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any

from bot.domain.errors import PlanChanged, TermUnreadable
from bot.domain.operator import Deed
from bot.domain.plan import Plan
from bot.services.authority import Authority
from bot.services.keep_plans import KeepPlans
from bot.services.plan_terms import changed
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.desk.drafts import confirmed, draft_of, drafted, new_token
from handlers.desk.only import Only
from handlers.html import Html
from handlers.routing import DONE, NextStep, Part
from handlers.screens.desk import plans as screens
from handlers.texts import languages, texts


class Step(StrEnum):
    CHANGING = "plans:change"


class PlansDialogue:
    def __init__(self, authority: Authority, keep: KeepPlans) -> None:
        self._authority = authority
        self._keep = keep

    async def plans(self, context: EventContext) -> NextStep:
        return await self._list(context, context.pressed.number)

    async def _list(
        self, context: EventContext, number: int = 0, note: Html | None = None
    ) -> NextStep:
        on_sale = await context.unit.catalogue.on_sale()
        context.show(screens.plans(context.t, on_sale, number, note))
        return DONE

    async def _where(self, context: EventContext, code: str, note: Html | None = None) -> NextStep:
        """The page on which the plan stands."""
        codes = [each.code for each in await context.unit.catalogue.on_sale()]
        place = codes.index(code) if code in codes else 0
        return await self._list(context, place // screens.A_PAGE, note)

    async def preview(self, context: EventContext) -> NextStep:
        on_sale = await context.unit.catalogue.on_sale()
        words = [texts(language) for language in languages()]
        context.show(screens.preview(context.t, words, on_sale))
        return DONE

    async def plan(self, context: EventContext) -> NextStep:
        context.show(screens.plan(context.t, await self._pressed(context)))
        return DONE

    async def up(self, context: EventContext) -> NextStep:
        code = context.pressed.name
        await self._keep.move_up(context.unit, context.subscriber.id, code)
        return await self._where(context, code)

    async def ask_withdraw(self, context: EventContext) -> NextStep:
        context.show(screens.surely_withdraw(context.t, await self._pressed(context)))
        return DONE

    async def withdraw(self, context: EventContext) -> NextStep:
        code = context.pressed.name
        await self._keep.withdraw(context.unit, context.subscriber.id, code)
        return await self._list(context, note=screens.withdrawn(context.t, code))

    async def ask_change(self, context: EventContext) -> NextStep:
        return await self._ask(context, await self._pressed(context), is_copy=False)

    async def ask_copy(self, context: EventContext) -> NextStep:
        return await self._ask(context, await self._pressed(context), is_copy=True)

    async def take_terms(self, context: EventContext) -> NextStep:
        """What is written is applied to the plan as it is now; the draft keeps the words."""
        asked = await draft_of(context, screens.CHANGING)
        if asked is None:
            return await self._list(context)
        try:
            former, plan = await self._written(context, asked, context.text)
        except TermUnreadable as error:
            former = await self._keep.plan(context.unit, asked["code"])
            hint = screens.unreadable(context.t, error.line)
            return await self._ask(context, former, is_copy=asked["is_copy"], hint=hint)
        token = new_token()
        draft = drafted(**{**asked, "token": token, "words": context.text})
        context.show(screens.surely(context.t, former, plan, token, draft))
        return DONE

    async def sell(self, context: EventContext) -> NextStep:
        draft = await confirmed(context, screens.DRAFT)
        _, plan = await self._written(context, draft, draft["words"])
        await self._keep.put(context.unit, context.subscriber.id, plan)
        return await self._where(context, plan.code, screens.on_sale(context.t, plan.code))

    async def _written(
        self, context: EventContext, asked: dict[str, Any], words: str
    ) -> tuple[Plan | None, Plan]:
        """The plan that is replaced, None for a new one, and the new one. Raises `TermUnreadable`,
        `PlanChanged` when the plan is not the one about which was asked."""
        base = await self._keep.plan(context.unit, asked["code"])
        if base.version != asked["version"]:
            raise PlanChanged(base.code)
        plan = changed(base, words, languages())
        is_new = plan.code != base.code
        if is_new is not asked["is_copy"]:
            raise TermUnreadable(f"code {plan.code}")
        if not is_new:
            return base, plan
        if await context.unit.catalogue.current(plan.code) is not None:
            raise TermUnreadable(f"code {plan.code}")
        latest = await context.unit.catalogue.latest_version(plan.code)
        return None, replace(plan, version=latest)

    async def _ask(
        self, context: EventContext, plan: Plan, *, is_copy: bool, hint: Html | None = None
    ) -> NextStep:
        draft = drafted("", code=plan.code, version=plan.version, is_copy=is_copy)
        context.show(screens.ask_terms(context.t, plan, draft, is_copy=is_copy, hint=hint))
        return Step.CHANGING

    async def _pressed(self, context: EventContext) -> Plan:
        return await self._keep.plan(context.unit, context.pressed.name)

    def part(self) -> Part:
        keepers = Only(self._authority, Deed.KEEP_PLANS)
        return Part(
            entries=[
                keepers.on_press(Action.DESK_PLANS, self.plans),
                keepers.on_press(Action.DESK_PREVIEW, self.preview),
                keepers.on_press(Action.DESK_PLAN, self.plan),
                keepers.on_press(Action.PLAN_UP, self.up),
                keepers.on_press(Action.PLAN_CHANGE, self.ask_change),
                keepers.on_press(Action.PLAN_COPY, self.ask_copy),
                keepers.on_press(Action.PLAN_SELL, self.sell),
                keepers.on_press(Action.PLAN_WITHDRAW, self.ask_withdraw),
                keepers.on_press(Action.PLAN_WITHDRAW_SURELY, self.withdraw),
            ],
            steps={Step.CHANGING: [keepers.on_anything_else(self.take_terms)]},
        )
