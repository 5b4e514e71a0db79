"""Deep links: what ``?start=`` names is what a button or a typed code names.

plan_M30 ─▶ its quote     order_LEB-2611-8K3F ─▶ the own order     c_NEW20 ─▶ redeemed
faq_data ─▶ that answer   line_7 ─▶ the own line at home           anything else ─▶ home, and words
pay_… ─▶ somebody else's order, to be paid (`handlers.shared_orders`)
a plan or a line, and none is linked ─▶ link one first ─▶ where the link leads

Such a link grants nothing, but for the one to pay by: what it names is looked up among the
follower's own rows, as a button's is. So it needs no secret and may be followed again.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final

from bot.domain.errors import UnknownLine, UnknownOrder, UnknownPlan
from bot.services.link_line import LinkLine
from handlers.buttons import Action, Press
from handlers.context import EventContext
from handlers.coupons import CouponsDialogue
from handlers.faq import FaqDialogue
from handlers.home import Home
from handlers.orders import OrdersDialogue
from handlers.renew import RenewDialogue
from handlers.routing import NextStep
from handlers.shared_orders import SharedOrdersDialogue
from handlers.start_targets import press_of
from handlers.typed import as_code

_COUPON: Final = re.compile(r"c_([A-Za-z0-9-]{3,24})")
_PAY: Final = re.compile(r"pay_([A-Za-z0-9_-]{22})")
_NEEDS_LINE: Final = {Action.PLAN, Action.LINE}


class DeepLinks:
    def __init__(
        self,
        link: LinkLine,
        home: Home,
        renew: RenewDialogue,
        orders: OrdersDialogue,
        coupons: CouponsDialogue,
        faq: FaqDialogue,
        shared_orders: SharedOrdersDialogue,
    ) -> None:
        self._link = link
        self._home = home
        self._coupons = coupons
        self._shared_orders = shared_orders
        self._ways: dict[Action, Callable[[EventContext], Awaitable[NextStep]]] = {
            Action.PLAN: renew.take_plan,
            Action.ORDER: orders.order,
            Action.ANSWER: faq.answer,
            Action.LINE: self._show_line,
        }

    async def follow(self, context: EventContext, target: str) -> NextStep:
        coupon = _COUPON.fullmatch(target)
        code = as_code(coupon[1]) if coupon is not None else None
        if code is not None:
            return await self._coupons.redeem_code(context, code)
        to_pay = _PAY.fullmatch(target)
        if to_pay is not None:
            return await self._shared_orders.follow(context, to_pay[1])
        press = press_of(target)
        if press is None:
            return await self._nowhere(context)
        if press.action in _NEEDS_LINE and not await self._has_line(context):
            context.unit.subscribers.wait_for_line(context.subscriber.id, target)
            note = context.t("🔗 First verify your number; then we go on to what you opened.")
            return await self._home.show(context, note)
        return await self._go(context, press)

    async def go_on(self, context: EventContext) -> NextStep:
        """A line was just linked: to where a link led before, else home."""
        target = await context.unit.subscribers.awaited_target(context.subscriber.id)
        if target is None:
            return await self._home.show(context)
        context.unit.subscribers.wait_for_line(context.subscriber.id, None)
        return await self.follow(context, target)

    async def _go(self, context: EventContext, press: Press) -> NextStep:
        """Each of these looks up what is named before it writes anything."""
        context.press = press.opening_anew()
        try:
            return await self._ways[press.action](context)
        except (UnknownPlan, UnknownOrder, UnknownLine):
            return await self._nowhere(context)

    async def _show_line(self, context: EventContext) -> NextStep:
        context.subscriber = await self._link.make_default(
            context.unit, context.subscriber, context.pressed.number
        )
        return await self._home.show(context)

    async def _nowhere(self, context: EventContext) -> NextStep:
        note = context.t("🔗 That link leads nowhere any more. Nothing was changed.")
        return await self._home.show(context, note)

    async def _has_line(self, context: EventContext) -> bool:
        return bool(await context.unit.lines.of(context.subscriber.id))
