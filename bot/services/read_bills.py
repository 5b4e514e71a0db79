"""Read the bills: the receipt of a paid order, and all orders with what they cost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from bot.domain.dispute import DisputeState
from bot.domain.errors import WrongOrderStatus
from bot.domain.line import Line
from bot.domain.order import Order, Renewal, TopUp
from bot.domain.payment import Charge, Refund
from bot.domain.plan import Plan
from bot.domain.subscriber import Subscriber
from bot.services.card_port import KeptCard
from bot.services.find_plan import plan_of
from bot.services.fulfil_order import line_of
from bot.services.renew_line import own_order
from bot.services.unit import Unit

MOST_BILLS: Final = 1000
"""The newest of them in one export: a reading holds the loop, and so has a bound."""


@dataclass(frozen=True, slots=True)
class Bill:
    """One order, what of its money went back, and what the payer's bank was asked for."""

    order: Order
    plan: Plan | None
    """None for a top-up."""
    line: Line
    refunds: list[Refund]
    dispute: DisputeState | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The bill of a paid order; ``number`` counts without gaps."""

    number: int
    bill: Bill
    charges: list[Charge]
    """What platforms took and did not have to give back as a charge too many: one as a rule, none
    when the wallet paid, or somebody else, whose payment is theirs."""
    card: KeptCard | None = None
    """The kept card that paid; of one that was typed on a page nothing is known here."""


class ReadBills:
    async def receipt(self, unit: Unit, subscriber: Subscriber, order_id: str) -> Receipt:
        """Raises `UnknownOrder` unless the order is the subscriber's own, `WrongOrderStatus` when
        it was never paid."""
        order = await own_order(unit, subscriber.id, order_id)
        if order.receipt_number is None:
            raise WrongOrderStatus(order.id, order.status)
        refunds = await unit.payments.refunds_of(order.id)
        plan, line = await plan_of(unit, order), await line_of(unit, order)
        dispute = await unit.disputes.latest_of(order.id)
        bill = Bill(order, plan, line, refunds, dispute.state if dispute is not None else None)
        returned = {refund.charge_id for refund in refunds}
        is_theirs = order.paid_by is None
        charges = await unit.payments.charges_of(order.id) if is_theirs else []
        paying = [charge for charge in charges if charge.id not in returned]
        return Receipt(order.receipt_number, bill, paying, await self._card_of(unit, paying))

    async def _card_of(self, unit: Unit, charges: list[Charge]) -> KeptCard | None:
        """Also one that was removed since."""
        for charge in charges:
            payment = await unit.payments.get(charge.payment_id)
            if payment is not None and payment.card_id is not None:
                return await unit.cards.get(payment.card_id)
        return None

    async def bills(self, unit: Unit, subscriber: Subscriber) -> list[Bill]:
        """The subscriber's orders that were ever more than a quote, the newest first."""
        refunds: dict[str, list[Refund]] = defaultdict(list)
        for refund in await unit.payments.refunds_to(subscriber.id):
            refunds[refund.order_id].append(refund)
        disputes = await unit.disputes.latest_to(subscriber.id)
        plans: dict[Renewal | TopUp, Plan | None] = {}
        lines: dict[int, Line] = {}
        bills = []
        for order in await unit.orders.of(subscriber.id, MOST_BILLS, 0):
            if order.buys not in plans:
                plans[order.buys] = await plan_of(unit, order)
            if order.line_id not in lines:
                lines[order.line_id] = await line_of(unit, order)
            dispute = disputes.get(order.id)
            bills.append(
                Bill(
                    order,
                    plans[order.buys],
                    lines[order.line_id],
                    refunds[order.id],
                    dispute.state if dispute is not None else None,
                )
            )
        return bills
