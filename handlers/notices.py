"""What the bot says by itself when something happened, in the subscriber's language.

What happened is a new message; what stands on a screen about it is redrawn in place.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.alerts import Alert, LineFacts
from bot.domain.auto_renewal import AutoRenewal, Missed
from bot.domain.ledger import wallet_of
from bot.domain.money import Money
from bot.domain.order import Order
from bot.domain.payment import Charge
from bot.domain.subscriber import Subscriber
from bot.services.card_port import KeptCard
from bot.services.platform_port import Operators
from bot.services.ports import Clock
from bot.services.read_account import ReadAccount
from bot.services.read_orders import OrderCard, ReadOrders
from bot.services.read_shared_order import ReadSharedOrder
from bot.services.unit import ChatMessage, Unit
from handlers import sending
from handlers.branding import Branding
from handlers.desk.cards import DeskCards
from handlers.pictures import CHART, edit_chart
from handlers.screens import account as account_screens
from handlers.screens import alerts as alert_screens
from handlers.screens import auto_renewal as auto_screens
from handlers.screens import format as f
from handlers.screens import order_events, refusals, welcome
from handlers.screens import orders as order_screens
from handlers.screens import shared_orders as shared_screens
from handlers.screens import top_up as top_up_screens
from handlers.screens import usage as usage_screens
from handlers.screens.screen import Screen
from handlers.start_targets import press_of
from handlers.texts import Texts, texts

OrderEventScreen = Callable[[Texts, OrderCard], Screen]


class ChatNotices:
    """Implements `bot.services.ports.Notices`."""

    def __init__(
        self,
        clock: Clock,
        account: ReadAccount,
        orders: ReadOrders,
        shared_orders: ReadSharedOrder,
        branding: Branding,
        operators: Operators,
        desk: DeskCards,
    ) -> None:
        self._clock = clock
        self._account = account
        self._orders = orders
        self._shared_orders = shared_orders
        self._branding = branding
        self._operators = operators
        self._desk = desk

    # ── lines ─────────────────────────────────────────────────────────────────────────────────────

    async def line_linked(self, unit: Unit, subscriber_id: int, line_id: int) -> None:
        """Says so, opens a fresh home below, and offers to go on where a deep link led."""
        line = await unit.lines.get(line_id)
        subscriber = await unit.subscribers.find(subscriber_id)
        if line is None or subscriber is None:
            return
        t = texts(subscriber.language)
        sending.say(unit, subscriber_id, welcome.linked(t, line))
        account = await self._account.overview(unit, subscriber)
        home = account_screens.home(t, account, self._branding)
        sending.send(unit, subscriber_id, home, self._clock.now())
        await self._offer_target(unit, t, subscriber_id)

    async def line_not_found(self, unit: Unit, subscriber_id: int) -> None:
        t = await self._texts(unit, subscriber_id)
        sending.tell(unit, subscriber_id, welcome.line_not_found(t))

    async def lookup_failed(self, unit: Unit, subscriber_id: int) -> None:
        t = await self._texts(unit, subscriber_id)
        sending.tell(unit, subscriber_id, welcome.lookup_failed(t))

    async def link_revoked(self, unit: Unit, subscriber_id: int, line_id: int) -> None:
        line = await unit.lines.get(line_id)
        if line is not None:
            t = await self._texts(unit, subscriber_id)
            sending.tell(unit, subscriber_id, welcome.link_revoked(t, line))

    # ── readings ──────────────────────────────────────────────────────────────────────────────────

    async def reading_arrived(self, unit: Unit, line_id: int) -> None:
        """Redraws home, and usage in words: what it says of today's pace comes of the reading."""
        await self._redraw_homes(unit, line_id)
        holder = await unit.lines.holder(line_id)
        if holder is not None:
            await self._redraw_usage(unit, line_id, holder, sending.PANEL)

    async def wallet_moved(self, unit: Unit, line_id: int) -> None:
        await self._redraw_homes(unit, line_id)

    async def line_alert(
        self, unit: Unit, subscriber: Subscriber, facts: LineFacts, alert: Alert
    ) -> None:
        several = len(await unit.lines.of(subscriber.id)) > 1
        told = alert_screens.alert(
            texts(subscriber.language), facts, alert, self._clock.now(), several=several
        )
        sending.tell(unit, subscriber.id, told)

    async def usage_arrived(self, unit: Unit, line_id: int, subscriber_id: int) -> None:
        """Redraws the words and the picture where they stand open on this line and have changed."""
        await self._redraw_usage(unit, line_id, subscriber_id, sending.PANEL, CHART)

    async def _redraw_usage(
        self, unit: Unit, line_id: int, subscriber_id: int, *slots: str
    ) -> None:
        subscriber = await unit.subscribers.find(subscriber_id)
        line = await unit.lines.get(line_id)
        if subscriber is None or line is None or await unit.lines.holder(line_id) != subscriber_id:
            return
        t = texts(subscriber.language)
        for slot in slots:
            message = await unit.chat_messages.get(subscriber_id, slot)
            shows = CHART if slot == CHART else "usage"
            if message is None or message.shows != shows or message.subject is None:
                continue
            about, span = usage_screens.line_and_span(message.subject)
            use = await self._account.usage_of(unit, line, span)
            if about != line_id or usage_screens.subject(use) == message.subject:
                continue
            if slot == CHART:
                edit_chart(unit, t, subscriber_id, message.message_id, use)
            else:
                self._redraw(unit, subscriber_id, message, usage_screens.usage(t, use))

    # ── orders ────────────────────────────────────────────────────────────────────────────────────

    async def order_moved(self, unit: Unit, order: Order) -> None:
        """Redraws the order's card, and the order where it stands in a panel, also at the desk."""
        t, card = await self._order_card(unit, order)
        for shows, listed in (("order", False), ("listed order", True)):
            for chat_id, message in await unit.chat_messages.showing(shows, order.id):
                screen = order_screens.order_card(t, card, listed=listed)
                self._redraw(unit, chat_id, message, screen)
        await self.shared_order_moved(unit, order)
        await self._desk.order_moved(unit, card)

    async def shared_order_moved(self, unit: Unit, order: Order) -> None:
        for chat_id, message in await unit.chat_messages.showing(
            shared_screens.SHARED_ORDER, order.id
        ):
            payer = await unit.subscribers.find(chat_id)
            if payer is not None:
                seen = await self._shared_orders.shared_order_of(unit, payer, order)
                screen = shared_screens.shared_order(texts(payer.language), seen)
                self._redraw(unit, chat_id, message, screen)
        if order.is_open:
            return
        for chat_id, message in await unit.chat_messages.showing(shared_screens.LINK, order.id):
            t = await self._texts(unit, chat_id)
            self._redraw(unit, chat_id, message, shared_screens.link_ended(t, order))

    async def shared_order_failed(self, unit: Unit, order: Order, payer_id: int) -> None:
        await self._tell_payer(unit, order, payer_id, shared_screens.failed)

    async def paid_by_another(self, unit: Unit, order: Order) -> None:
        await self._tell(unit, order, order_events.paid_by_another)
        if order.paid_by is not None:
            charge = await unit.payments.paying_charge(order.id)
            t = await self._texts(unit, order.paid_by)
            card = await self._orders.card_of(unit, order)
            told = shared_screens.thanks(t, card, charge)
            sending.tell(unit, order.paid_by, told)

    async def order_ready(self, unit: Unit, order: Order) -> None:
        t, card = await self._order_card(unit, order)
        sending.tell(unit, order.subscriber_id, order_events.ready(t, card))
        if order.paid_by is not None:
            await self._tell_payer(unit, order, order.paid_by, shared_screens.delivered)

    async def topped_up(self, unit: Unit, order: Order) -> None:
        t, card = await self._order_card(unit, order)
        balance = await unit.ledger.balance(wallet_of(order.line_id), order.total.currency)
        waiting = await self._orders.waiting_for(unit, order)
        told = top_up_screens.topped_up(t, card, balance, waiting)
        sending.tell(unit, order.subscriber_id, told)
        await self._redraw_homes(unit, order.line_id)

    async def order_delayed(self, unit: Unit, order: Order) -> None:
        await self._tell(unit, order, order_events.delayed)
        await self._operators.page(unit, "order_delayed", order=order.id)

    async def payment_failed(self, unit: Unit, order: Order) -> None:
        await self._tell(unit, order, order_events.payment_failed)

    async def card_declined(self, unit: Unit, order: Order, card: KeptCard) -> None:
        t, told = await self._order_card(unit, order)
        sending.tell(unit, order.subscriber_id, order_events.card_declined(t, told, card))

    async def card_needs_holder(self, unit: Unit, order: Order, card: KeptCard) -> None:
        t, told = await self._order_card(unit, order)
        sending.tell(unit, order.subscriber_id, order_events.card_needs_holder(t, told, card))

    async def renewal_ahead(self, unit: Unit, renewal: AutoRenewal) -> None:
        line = await unit.lines.get(renewal.line_id)
        plan = await unit.catalogue.current(renewal.plan_code)
        if line is not None and plan is not None:
            t = await self._texts(unit, renewal.subscriber_id)
            cards = await unit.cards.of(renewal.subscriber_id)
            wallet = await unit.ledger.balance(wallet_of(line.id), plan.price.currency)
            told = auto_screens.ahead(t, renewal, plan, line, cards, wallet)
            sending.tell(unit, renewal.subscriber_id, told)

    async def renewed_by_itself(self, unit: Unit, order: Order) -> None:
        t, card = await self._order_card(unit, order)
        sending.tell(unit, order.subscriber_id, auto_screens.renewed(t, card))

    async def renewal_missed(self, unit: Unit, renewal: AutoRenewal, why: Missed) -> None:
        line = await unit.lines.get(renewal.line_id)
        if line is not None:
            t = await self._texts(unit, renewal.subscriber_id)
            plan = await unit.catalogue.current(renewal.plan_code)
            told = auto_screens.missed(t, renewal, plan, line, why)
            sending.tell(unit, renewal.subscriber_id, told)

    async def order_expired(self, unit: Unit, order: Order) -> None:
        t = await self._texts(unit, order.subscriber_id)
        sending.tell(unit, order.subscriber_id, order_screens.closed(t, order))

    async def order_refunding(self, unit: Unit, order: Order) -> None:
        """Home is fresh then: what a wallet paid is in it again, a top-up is out of it."""
        await self._tell(unit, order, order_events.refunding)
        if order.paid_by is not None:
            await self._tell_payer(unit, order, order.paid_by, shared_screens.going_back)
        await self._redraw_homes(unit, order.line_id)

    async def refund_sent(self, unit: Unit, order: Order, amount: Money, payer_id: int) -> None:
        """Of a payer who never wrote to us we know nothing to write to."""
        payer = await unit.subscribers.find(payer_id)
        t, card = await self._order_card(unit, order)
        if payer is not None and order.payer(payer.id) is not None:
            t = texts(payer.language)
            told = shared_screens.sent_back(t, card, amount)
            sending.tell(unit, payer.id, told)
        elif payer is not None:
            told = order_events.refund_sent(t, card, amount)
            sending.tell(unit, payer.id, told)

    async def cancel_refused(self, unit: Unit, order: Order) -> None:
        await self._tell(unit, order, order_events.cancel_refused)

    async def order_in_review(self, unit: Unit, order: Order) -> None:
        await self._tell(unit, order, order_events.in_review)
        await self._operators.page(unit, "order_in_review", order=order.id)

    async def paid_late(self, unit: Unit, order: Order) -> None:
        await self._tell(unit, order, order_events.paid_late)

    async def charged_twice(self, unit: Unit, order: Order, payer_id: int) -> None:
        if order.payer(payer_id) is None:
            await self._tell(unit, order, order_events.charged_twice)
        else:
            await self._tell_payer(unit, order, payer_id, shared_screens.charged_twice)

    async def charge_unplaced(self, unit: Unit, charge: Charge) -> None:
        """Not told when we know of no payer: a platform may name a payment that is none of ours."""
        payer = await unit.subscribers.find(charge.payer_id)
        if payer is not None:
            t = texts(payer.language)
            told = refusals.unplaced_payment(t, f.money(t, charge.amount))
            sending.say(unit, payer.id, told)

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    async def _tell(self, unit: Unit, order: Order, event: OrderEventScreen) -> None:
        t, card = await self._order_card(unit, order)
        sending.tell(unit, order.subscriber_id, event(t, card))

    async def _tell_payer(
        self, unit: Unit, order: Order, payer_id: int, event: OrderEventScreen
    ) -> None:
        payer = await unit.subscribers.find(payer_id)
        if payer is not None:
            card = await self._orders.card_of(unit, order)
            sending.tell(unit, payer.id, event(texts(payer.language), card))

    async def _order_card(self, unit: Unit, order: Order) -> tuple[Texts, OrderCard]:
        t = await self._texts(unit, order.subscriber_id)
        return t, await self._orders.card_of(unit, order)

    async def _offer_target(self, unit: Unit, t: Texts, subscriber_id: int) -> None:
        target = await unit.subscribers.awaited_target(subscriber_id)
        press = press_of(target) if target is not None else None
        if press is not None:
            unit.subscribers.wait_for_line(subscriber_id, None)
            sending.tell(unit, subscriber_id, welcome.go_on(t, press))

    async def _redraw_homes(self, unit: Unit, line_id: int) -> None:
        holder = await unit.lines.holder(line_id)
        for chat_id, message in await unit.chat_messages.showing("home", str(line_id)):
            subscriber = await unit.subscribers.find(chat_id)
            if subscriber is None or chat_id != holder:
                continue
            account = await self._account.overview(unit, subscriber)
            if account.line.id == line_id:
                t = texts(subscriber.language)
                home = account_screens.home(t, account, self._branding)
                self._redraw(unit, chat_id, message, home)

    def _redraw(self, unit: Unit, chat_id: int, message: ChatMessage, screen: Screen) -> None:
        sending.edit(unit, chat_id, message.message_id, screen, self._clock.now(), message.slot)

    async def _texts(self, unit: Unit, subscriber_id: int) -> Texts:
        subscriber = await unit.subscribers.find(subscriber_id)
        return texts(subscriber.language if subscriber is not None else "en")
