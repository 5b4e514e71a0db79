"""Pay, or let it be.

    [Pay] ─▶ wallet: the order's card, paid
          ├▶ invoice, Stars: the card, and Telegram's invoice below it ─▶ pre-checkout ─▶ paid
          ├▶ card, Alipay, WeChat Pay: the card, [Creating…] ─▶ [Pay now] [QR code] ─▶ paid
          └▶ kept card: the card, being charged ─▶ paid, or told why not
    [Cancel] ─▶ closed, not charged; with a page once the platform has closed that

Pre-checkout queries and payments come outside any conversation: they are answered from the
database, whatever the chat is doing.
"""

from __future__ import annotations

from typing import Any

from telegram import SuccessfulPayment
from telegram.ext import PreCheckoutQueryHandler, filters

from bot.domain.errors import PaymentMethodUnavailable
from bot.domain.money import STARS, Money
from bot.domain.order import Order
from bot.domain.payment import Charge, Payment, PaymentMethod, Way
from bot.services.follow_refund import FollowRefund
from bot.services.hold_coupon import CouponRefused
from bot.services.pay_order import Payable, PayOrder
from bot.services.platform import PlatformRefund, RefundState
from bot.services.platform_requests import RefundsSeen
from bot.services.read_orders import ReadOrders
from bot.services.renew_line import Quote
from bot.services.settle_payment import SettlePayment
from bot.services.unit import Lane
from handlers import sending
from handlers.branding import Branding
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.html import Html
from handlers.pictures import send_code
from handlers.renew import Step as RenewStep
from handlers.routing import (
    DONE,
    Handler,
    NextStep,
    Part,
    handled,
    on_message,
    on_note,
    on_press,
)
from handlers.screens import coupons as coupon_screens
from handlers.screens import invoice, refusals
from handlers.screens import orders as order_screens
from handlers.screens import renew as renew_screens


class CheckoutDialogue:
    def __init__(
        self,
        pay: PayOrder,
        settle: SettlePayment,
        orders: ReadOrders,
        refunds: FollowRefund,
        branding: Branding,
    ) -> None:
        self._pay = pay
        self._settle = settle
        self._orders = orders
        self._refunds = refunds
        self._branding = branding

    async def pay(self, context: EventContext) -> NextStep:
        press = context.pressed
        payable = await self._pay.pay(
            context.unit, context.subscriber, press.name, _way(press.detail)
        )
        if payable.requoted is not None:
            quote = payable.requoted
            changed = what_changed(context, quote, payable.lost_coupon)
            context.show(renew_screens.confirm(context.t, quote, None, changed))
            return RenewStep.CONFIRMING
        if payable.payment is not None and payable.payment.method.is_invoiced:
            self._send_invoice(context, payable, payable.payment)
        await self._show_card(context, payable.order)
        return DONE

    async def cancel(self, context: EventContext) -> NextStep:
        """An order with a page is closed by the platform's answer: until then its card says so."""
        order = await self._pay.cancel(context.unit, context.subscriber, context.pressed.name)
        if order.is_open:
            await self._show_card(context, order)
        else:
            context.show(order_screens.closed(context.t, order), sending.card_slot(order.id))
        return DONE

    async def page_code(self, context: EventContext) -> NextStep:
        """The page's address as a picture: chosen at a desktop, paid with a phone."""
        card = await self._orders.card(context.unit, context.subscriber, context.pressed.name)
        page = card.own_payment.page if card.own_payment is not None else None
        if page is None:
            await self._show_card(context, card.order)
        else:
            send_code(context.unit, context.t, context.subscriber.id, card.order, page)
        return DONE

    async def check(self, context: EventContext) -> None:
        """The last word before money moves: Telegram waits ten seconds for it."""
        query = context.event.pre_checkout_query
        if query is None:
            return
        amount = Money(query.total_amount, query.currency)
        refusal = await self._settle.check(
            context.unit, query.invoice_payload, query.from_user.id, amount
        )
        answer: dict[str, Any] = {"pre_checkout_query_id": query.id, "ok": refusal is None}
        if refusal is not None:
            answer["error_message"] = refusals.pre_checkout(context.t, refusal)
        context.unit.outbox.telegram(
            "answerPreCheckoutQuery", answer, chat_id=None, lane=Lane.ANSWER
        )

    async def settle(self, context: EventContext) -> None:
        """Counts the charge; what follows from it is told by the notices."""
        message = context.event.message
        if message is None or message.successful_payment is None or message.from_user is None:
            return
        paid = message.successful_payment
        charge = Charge(
            id=paid.telegram_payment_charge_id,
            payment_id=paid.invoice_payload,
            payer_id=message.from_user.id,
            amount=_amount(paid),
            platform_ref=paid.provider_payment_charge_id,
            charged_at=message.date,
        )
        in_stars = charge.amount.currency == STARS
        came_by = PaymentMethod.STARS if in_stars else PaymentMethod.INVOICE
        await self._settle.settle_charge(context.unit, charge, came_by)

    async def returned(self, context: EventContext) -> None:
        """Telegram says that Stars went back, on our request or on somebody else's."""
        message = context.event.message
        if message is None or message.refunded_payment is None:
            return
        back = message.refunded_payment
        charge_id = back.telegram_payment_charge_id
        amount = Money(back.total_amount, back.currency)
        seen = PlatformRefund(charge_id, charge_id, amount, RefundState.DONE, key=None)
        await self._refunds.on_seen(context.unit, RefundsSeen([seen]))

    async def _show_card(self, context: EventContext, order: Order) -> None:
        card = await self._orders.card_of(context.unit, order)
        screen = order_screens.order_card(context.t, card)
        context.show(screen, sending.card_slot(order.id))

    def _send_invoice(self, context: EventContext, payable: Payable, payment: Payment) -> None:
        """Once: a repeated tap finds the invoice where the first one put it."""
        if not payable.fresh:
            return
        chat_id, outbox = context.subscriber.id, context.unit.outbox
        if context.pressed_message_id is not None:
            waiting = {
                "chat_id": chat_id,
                "message_id": context.pressed_message_id,
                "reply_markup": invoice.creating(context.t),
            }
            outbox.telegram("editMessageReplyMarkup", waiting, chat_id=chat_id)
        bill = {
            "chat_id": chat_id,
            **invoice.invoice(context.t, payable.order, payable.plan, payment, self._branding),
        }
        outbox.telegram("sendInvoice", bill, chat_id=chat_id)

    def outside_conversation(self) -> list[Handler]:
        return [
            PreCheckoutQueryHandler(handled(self.check)),
            on_message(filters.SUCCESSFUL_PAYMENT, self.settle),
            on_note(filters.StatusUpdate.REFUNDED_PAYMENT, self.returned),
        ]

    def part(self) -> Part:
        return Part(
            entries=[
                on_press(Action.PAY, self.pay),
                on_press(Action.PAGE_CODE, self.page_code),
                on_press(Action.CANCEL, self.cancel),
            ]
        )


def what_changed(context: EventContext, quote: Quote, lost: CouponRefused | None) -> Html:
    total = quote.order.total
    if lost is None:
        return renew_screens.price_changed(context.t, total)
    return coupon_screens.lost(context.t, lost, quote.line.reset_zone, total)


def _amount(paid: SuccessfulPayment) -> Money:
    return Money(paid.total_amount, paid.currency)


def _way(name: str) -> Way:
    way = Way.named(name)
    if way is None:
        raise PaymentMethodUnavailable(name)
    return way
