"""Coupons.

/coupons, [Coupons] ─▶ the coupons at hand ─▶ a typed code ─▶ one more, or why not
checkout ─▶ [Coupon] ─▶ those that fit the order ─▶ one, none, or a typed code ─▶ checkout
"""

from __future__ import annotations

from enum import StrEnum

from bot.services.apply_coupon import ApplyCoupon
from bot.services.hold_coupon import CouponRefused
from bot.services.renew_line import RenewLine
from handlers import sending
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.html import Html
from handlers.renew import Step as RenewStep
from handlers.routing import (
    NextStep,
    Part,
    on_anything_else,
    on_command,
    on_press,
    on_text,
)
from handlers.screens import coupons as screens
from handlers.screens import renew as renew_screens
from handlers.typed import as_code


class Step(StrEnum):
    REDEEMING = "coupons:redeem"
    CHOOSING = "coupons:choose"


class CouponsDialogue:
    def __init__(self, coupons: ApplyCoupon, renew: RenewLine) -> None:
        self._coupons = coupons
        self._renew = renew

    # ── the coupons at hand ───────────────────────────────────────────────────────────────────────

    async def coupons(self, context: EventContext, hint: Html | None = None) -> NextStep:
        own = await self._coupons.own(context.unit, context.subscriber)
        context.show(screens.coupon_list(context.t, own, hint))
        return Step.REDEEMING

    async def redeem(self, context: EventContext) -> NextStep:
        code = as_code(context.text)
        if code is None:
            return await self.want_code(context)
        return await self.redeem_code(context, code)

    async def redeem_code(self, context: EventContext, code: str) -> NextStep:
        redeemed = await self._coupons.redeem(context.unit, context.subscriber, code)
        if isinstance(redeemed, CouponRefused):
            own = await self._coupons.own(context.unit, context.subscriber)
            return await self.coupons(context, screens.refused(context.t, redeemed, own.zone))
        return await self.coupons(context, screens.redeemed(context.t, redeemed))

    async def want_code(self, context: EventContext) -> NextStep:
        return await self.coupons(context, screens.no_code(context.t))

    # ── the coupons of an order ───────────────────────────────────────────────────────────────────

    async def choose(self, context: EventContext) -> NextStep:
        return await self._choose(context, context.pressed.name)

    async def take(self, context: EventContext) -> NextStep:
        """The coupon of the button, or none where it names none."""
        press = context.pressed
        if press.detail:
            return await self._apply(context, press.name, press.detail)
        await self._coupons.drop(context.unit, context.subscriber, press.name)
        return await self._confirm(context, press.name)

    async def take_typed(self, context: EventContext) -> NextStep:
        """The order is the one about which the panel asks."""
        order_id, code = await self._subject(context), as_code(context.text)
        if order_id is None:
            return await self.redeem(context)
        if code is None:
            return await self.want_choice(context)
        redeemed = await self._coupons.redeem(context.unit, context.subscriber, code)
        if isinstance(redeemed, CouponRefused):
            return await self._choose(context, order_id, redeemed)
        return await self._apply(context, order_id, code)

    async def want_choice(self, context: EventContext) -> NextStep:
        order_id = await self._subject(context)
        if order_id is None:
            return await self.want_code(context)
        offered = await self._coupons.choices(context.unit, context.subscriber, order_id)
        context.show(screens.choose_coupon(context.t, offered, screens.no_code(context.t)))
        return Step.CHOOSING

    async def _apply(self, context: EventContext, order_id: str, code: str) -> NextStep:
        applied = await self._coupons.apply(context.unit, context.subscriber, order_id, code)
        if isinstance(applied, CouponRefused):
            return await self._choose(context, order_id, applied)
        return await self._confirm(context, order_id)

    async def _choose(
        self, context: EventContext, order_id: str, refused: CouponRefused | None = None
    ) -> NextStep:
        offered = await self._coupons.choices(context.unit, context.subscriber, order_id)
        hint = screens.refused(context.t, refused, offered.zone) if refused else None
        context.show(screens.choose_coupon(context.t, offered, hint))
        return Step.CHOOSING

    async def _confirm(self, context: EventContext, order_id: str) -> NextStep:
        quote = await self._renew.requote(context.unit, context.subscriber, order_id)
        context.show(renew_screens.confirm(context.t, quote, None))
        return RenewStep.CONFIRMING

    async def _subject(self, context: EventContext) -> str | None:
        panel = await context.unit.chat_messages.get(context.subscriber.id, sending.PANEL)
        return panel.subject if panel is not None else None

    def part(self) -> Part:
        return Part(
            entries=[
                on_command("coupons", self.coupons),
                on_press(Action.COUPONS, self.coupons),
                on_press(Action.ORDER_COUPONS, self.choose),
                on_press(Action.COUPON, self.take),
            ],
            steps={
                Step.REDEEMING: [on_text(self.redeem), on_anything_else(self.want_code)],
                Step.CHOOSING: [on_text(self.take_typed), on_anything_else(self.want_choice)],
            },
        )
