"""Keep the coupons.

[Coupons] ─▶ one ─▶ [Stop] ─▶ surely
[New] ─▶ its terms, a line each ─▶ as they are understood ─▶ issued; a batch comes as a file
"""

from __future__ import annotations

from enum import StrEnum

from bot.domain.errors import TermUnreadable
from bot.domain.operator import Deed
from bot.services.authority import Authority
from bot.services.keep_coupons import KeepCoupons
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.desk.drafts import confirmed, drafted, new_token
from handlers.desk.only import Only
from handlers.documents import send_document
from handlers.html import Html
from handlers.routing import DONE, NextStep, Part
from handlers.screens.desk import coupons as screens


class Step(StrEnum):
    DESCRIBING = "deskcoupons:describe"


class DeskCouponsDialogue:
    def __init__(self, authority: Authority, keep: KeepCoupons) -> None:
        self._authority = authority
        self._keep = keep

    async def coupons(self, context: EventContext) -> NextStep:
        return await self._list(context, context.pressed.number)

    async def coupon(self, context: EventContext) -> NextStep:
        coupon = await self._keep.coupon(context.unit, context.pressed.name)
        context.show(screens.coupon(context.t, coupon, context.now, self._keep.zone))
        return DONE

    async def ask_terms(self, context: EventContext, hint: Html | None = None) -> NextStep:
        context.show(screens.ask_terms(context.t, hint))
        return Step.DESCRIBING

    async def take_terms(self, context: EventContext) -> NextStep:
        try:
            asked = self._keep.read(context.text)
        except TermUnreadable as error:
            return await self.ask_terms(context, screens.unreadable(context.t, error.line))
        token = new_token()
        draft = drafted(token, words=context.text)
        context.show(screens.surely(context.t, asked, token, draft, self._keep.zone))
        return DONE

    async def issue(self, context: EventContext) -> NextStep:
        draft = await confirmed(context, screens.DRAFT)
        by = context.subscriber.id
        codes = await self._keep.issue(context.unit, by, draft["words"])
        if len(codes) > 1:
            caption = screens.batch_caption(context.t, len(codes))
            send_document(context.unit, by, screens.batch(codes), caption)
        return await self._list(context, 0, screens.issued(context.t, codes))

    async def ask_stop(self, context: EventContext) -> NextStep:
        coupon = await self._keep.coupon(context.unit, context.pressed.name)
        context.show(screens.surely_stop(context.t, coupon))
        return DONE

    async def stop(self, context: EventContext) -> NextStep:
        code = context.pressed.name
        ended_at = await self._keep.stop(context.unit, context.subscriber.id, code)
        context.now = max(context.now, ended_at)
        return await self._list(context, 0, screens.stopped(context.t, code))

    async def _list(self, context: EventContext, number: int, note: Html | None = None) -> NextStep:
        some = await context.unit.coupons.latest(screens.A_PAGE + 1, number * screens.A_PAGE)
        context.show(screens.coupons(context.t, some, number, context.now, note))
        return DONE

    def part(self) -> Part:
        keepers = Only(self._authority, Deed.KEEP_COUPONS)
        return Part(
            entries=[
                keepers.on_press(Action.DESK_COUPONS, self.coupons),
                keepers.on_press(Action.DESK_COUPON, self.coupon),
                keepers.on_press(Action.COUPON_NEW, self.ask_terms),
                keepers.on_press(Action.COUPON_ISSUE, self.issue),
                keepers.on_press(Action.COUPON_STOP, self.ask_stop),
                keepers.on_press(Action.COUPON_STOP_SURELY, self.stop),
            ],
            steps={Step.DESCRIBING: [keepers.on_anything_else(self.take_terms)]},
        )
