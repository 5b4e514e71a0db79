"""Orders as they stand open at the desk: an operator sees them move without asking again."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.money import Money
from bot.domain.operator import Deed, refund_deed
from bot.services.ports import Clock
from bot.services.read_orders import OrderCard
from bot.services.unit import Unit
from handlers import sending
from handlers.screens.desk import lookup as screens
from handlers.texts import texts


class DeskCards:
    """``refund_limit``: up to it, whoever may refund may refund the order."""

    def __init__(self, clock: Clock, zone: ZoneInfo, refund_limit: Money) -> None:
        self._clock = clock
        self._zone = zone
        self._refund_limit = refund_limit

    async def order_moved(self, unit: Unit, card: OrderCard) -> None:
        """Redraws the order for those who still may look it up."""
        refund = refund_deed(card.order.total, self._refund_limit)
        for chat_id, message in await unit.chat_messages.showing(screens.ORDER, card.order.id):
            operator = await unit.roles.of(chat_id)
            known = await unit.subscribers.find(chat_id)
            if operator is None or known is None or not operator.role.may(Deed.LOOK_UP):
                continue
            t = texts(known.language)
            screen = screens.order(t, card, operator.role, refund, self._zone)
            sending.edit(unit, chat_id, message.message_id, screen, self._clock.now())
