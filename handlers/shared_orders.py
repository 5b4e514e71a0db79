"""Somebody else pays.

[Somebody else pays] ─▶ the order's card, and a link below it ─▶ [End the link]
?start=pay_… ─▶ the order, to be paid ─▶ a way to pay ─▶ page or invoice ─▶ paid
                                      └▶ kept card ─▶ surely? ─▶ charged
a link that leads nowhere ─▶ one answer, whatever the reason
"""

from __future__ import annotations

from bot.domain.errors import PayLinkEnded, PaymentMethodUnavailable
from bot.domain.payment import Way
from bot.services.ask_another import AskAnother
from bot.services.pay_for_another import PayForAnother
from bot.services.read_orders import ReadOrders
from bot.services.read_shared_order import SharedOrder
from handlers import sending
from handlers.branding import Branding
from handlers.buttons import Action
from handlers.checkout import what_changed
from handlers.context import EventContext
from handlers.renew import Step as RenewStep
from handlers.routing import DONE, NextStep, Part, on_press
from handlers.screens import invoice, refusals
from handlers.screens import orders as order_screens
from handlers.screens import renew as renew_screens
from handlers.screens import shared_orders as screens


class SharedOrdersDialogue:
    def __init__(
        self, ask: AskAnother, pay: PayForAnother, orders: ReadOrders, branding: Branding
    ) -> None:
        self._ask = ask
        self._pay = pay
        self._orders = orders
        self._branding = branding

    # ── who asks ──────────────────────────────────────────────────────────────────────────────────

    async def ask(self, context: EventContext) -> NextStep:
        """The link is a message of its own, to be sent on; the order's card stands above it."""
        asked = await self._ask.ask(context.unit, context.subscriber, context.pressed.name)
        quote = asked.payable.requoted
        if quote is not None:
            changed = what_changed(context, quote, asked.payable.lost_coupon)
            context.show(renew_screens.confirm(context.t, quote, None, changed))
            return RenewStep.CONFIRMING
        card = await self._orders.card_of(context.unit, asked.payable.order)
        shown = order_screens.order_card(context.t, card)
        context.show(shown, sending.card_slot(card.order.id))
        if asked.token is not None and card.plan is not None:
            address = f"{context.bot.link}?start=pay_{asked.token}"
            link = screens.link(context.t, card, card.plan, address)
            slot = sending.link_slot(card.order.id)
            sending.send(context.unit, context.subscriber.id, link, context.now, slot)
        return DONE

    async def end(self, context: EventContext) -> NextStep:
        order = await self._ask.end(context.unit, context.subscriber, context.pressed.name)
        context.show(screens.link_ended(context.t, order), sending.link_slot(order.id))
        return DONE

    # ── who pays ──────────────────────────────────────────────────────────────────────────────────

    async def follow(self, context: EventContext, token: str) -> NextStep:
        order = await self._pay.follow(context.unit, context.subscriber, token)
        if order is None:
            context.show(refusals.refused(context.t, PayLinkEnded()))
        elif order.subscriber_id == context.subscriber.id:
            card = await self._orders.card_of(context.unit, order)
            shown = order_screens.order_card(context.t, card)
            context.show(shown, sending.card_slot(order.id))
        else:
            self._show(context, await self._pay.look(context.unit, context.subscriber, order.id))
        return DONE

    async def look(self, context: EventContext) -> NextStep:
        self._show(context, await self._looked_at(context))
        return DONE

    async def ways(self, context: EventContext) -> NextStep:
        seen = await self._looked_at(context)
        shown = screens.ways(context.t, seen)
        context.show(shown, sending.shared_order_slot(seen.order.id))
        return DONE

    async def ask_for_card(self, context: EventContext) -> NextStep:
        seen = await self._looked_at(context)
        way = _way(context.pressed.detail)
        shown = screens.charge_card(context.t, seen, way)
        context.show(shown, sending.shared_order_slot(seen.order.id))
        return DONE

    async def pay(self, context: EventContext) -> NextStep:
        press = context.pressed
        way = _way(press.detail)
        paying = await self._pay.pay(context.unit, context.subscriber, press.name, way)
        seen = paying.shared_order
        self._show(context, seen)
        if paying.fresh and seen.payment is not None and seen.payment.method.is_invoiced:
            chat_id = context.subscriber.id
            bill = invoice.invoice(context.t, seen.order, seen.plan, seen.payment, self._branding)
            sent = {"chat_id": chat_id, **bill}
            context.unit.outbox.telegram("sendInvoice", sent, chat_id=chat_id)
        return DONE

    async def _looked_at(self, context: EventContext) -> SharedOrder:
        return await self._pay.look(context.unit, context.subscriber, context.pressed.name)

    def _show(self, context: EventContext, seen: SharedOrder) -> None:
        shown = screens.shared_order(context.t, seen)
        context.show(shown, sending.shared_order_slot(seen.order.id))

    def part(self) -> Part:
        return Part(
            entries=[
                on_press(Action.ASK_ANOTHER, self.ask),
                on_press(Action.END_LINKS, self.end),
                on_press(Action.SHARED_ORDER, self.look),
                on_press(Action.SHARED_ORDER_WAYS, self.ways),
                on_press(Action.SHARED_ORDER_CARD, self.ask_for_card),
                on_press(Action.SHARED_ORDER_PAY, self.pay),
            ]
        )


def _way(name: str) -> Way:
    way = Way.named(name)
    if way is None:
        raise PaymentMethodUnavailable(name)
    return way
