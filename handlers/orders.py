"""The orders.

/orders, [Orders] ─▶ a page of orders ─▶ one order ─▶ back
[Refresh] on an order's card redraws it
[Cancel renewal] while it is queued ─▶ [Keep it] or [Cancel renewal] ─▶ the carrier decides
"""

from __future__ import annotations

from bot.services.read_orders import ReadOrders
from bot.services.take_back_order import TakeBackOrder
from handlers import sending
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.routing import DONE, NextStep, Part, on_command, on_press
from handlers.screens import orders as screens


class OrdersDialogue:
    def __init__(self, orders: ReadOrders, take_back: TakeBackOrder) -> None:
        self._orders = orders
        self._take_back = take_back

    async def orders(self, context: EventContext) -> NextStep:
        number = context.press.number if context.press is not None else 0
        page = await self._orders.page(context.unit, context.subscriber, number)
        context.show(screens.order_list(context.t, page))
        return DONE

    async def order(self, context: EventContext) -> NextStep:
        """One order in the panel, with the way back to the list."""
        card = await self._orders.card(context.unit, context.subscriber, context.pressed.name)
        context.show(screens.order_card(context.t, card, listed=True))
        return DONE

    async def card(self, context: EventContext) -> NextStep:
        """The order's own card, where it stands or as a new one; from now on that one is kept up
        to date."""
        card = await self._orders.card(context.unit, context.subscriber, context.pressed.name)
        screen = screens.order_card(context.t, card)
        context.show(screen, sending.card_slot(card.order.id))
        return DONE

    async def ask_cancel(self, context: EventContext) -> NextStep:
        order = await self._take_back.cancellable(
            context.unit, context.subscriber, context.pressed.name
        )
        card = await self._orders.card_of(context.unit, order)
        context.show(screens.cancel_renewal(context.t, card))
        return DONE

    async def cancel(self, context: EventContext) -> NextStep:
        await self._take_back.by_subscriber(context.unit, context.subscriber, context.pressed.name)
        return await self.order(context)

    def part(self) -> Part:
        return Part(
            entries=[
                on_command("orders", self.orders),
                on_press(Action.ORDERS, self.orders),
                on_press(Action.ORDER, self.order),
                on_press(Action.CARD, self.card),
                on_press(Action.CANCEL_RENEWAL, self.ask_cancel),
                on_press(Action.CANCEL_RENEWAL_SURELY, self.cancel),
            ]
        )
