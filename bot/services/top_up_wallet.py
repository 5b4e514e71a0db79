"""Top up a wallet: offer amounts, and quote one of them.

A top-up is an order like any other: it waits for its payment, closes, is refunded and has its
receipt in the same ways. What it buys is money in the wallet of its line, which is there as soon as
it is paid; no carrier has a part in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import AmountOutOfRange, NotARenewal, TopUpsNotOffered, WrongOrderStatus
from bot.domain.ledger import wallet_of
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import TopUp
from bot.domain.subscriber import Subscriber
from bot.domain.top_up import TopUpBounds
from bot.services.link_line import own_line
from bot.services.read_account import chosen_line
from bot.services.renew_line import Quote, RenewLine, own_order
from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class TopUpChoice:
    """What the subscriber may choose from."""

    line: Line
    wallet: Money
    offered: list[Money]
    bounds: TopUpBounds


class TopUpWallet:
    def __init__(self, renew: RenewLine, bounds: TopUpBounds) -> None:
        self._renew = renew
        self._bounds = bounds

    async def choice(self, unit: Unit, subscriber: Subscriber) -> TopUpChoice:
        """For the line that the subscriber looks at.

        Raises `NoLine`, `TopUpsNotOffered`.
        """
        line = chosen_line(await unit.lines.of(subscriber.id), subscriber)
        if not self._renew.fills_wallets:
            raise TopUpsNotOffered
        wallet = await unit.ledger.balance(wallet_of(line.id), self._bounds.least.currency)
        return TopUpChoice(line, wallet, self._bounds.offered, self._bounds)

    async def quote(self, unit: Unit, subscriber: Subscriber, amount: Money) -> Quote:
        """Raises `NoLine`, `AmountOutOfRange`, `TopUpsNotOffered`."""
        line = chosen_line(await unit.lines.of(subscriber.id), subscriber)
        return await self._quote(unit, subscriber, line, amount, TopUp())

    async def quote_for(self, unit: Unit, subscriber: Subscriber, order_id: str) -> Quote:
        """What the wallet is short of to pay that order, or the least that one may put in.

        Raises `UnknownOrder`, `WrongOrderStatus` when the order is not to be paid any more,
        `NotARenewal`, `UnknownLine`, `AmountOutOfRange`, `TopUpsNotOffered`.
        """
        order = await own_order(unit, subscriber.id, order_id)
        if not order.is_open:
            raise WrongOrderStatus(order.id, order.status)
        if isinstance(order.buys, TopUp):
            raise NotARenewal(order.id)
        line = await own_line(unit, subscriber.id, order.line_id)
        held = await unit.ledger.balance(wallet_of(line.id), order.total.currency)
        amount = self._bounds.covering(order.total - held)
        if amount is None:
            raise AmountOutOfRange(self._bounds.least, self._bounds.most)
        return await self._quote(unit, subscriber, line, amount, TopUp(for_order=order.id))

    async def _quote(
        self, unit: Unit, subscriber: Subscriber, line: Line, amount: Money, buys: TopUp
    ) -> Quote:
        self._bounds.check(amount)
        if not self._renew.fills_wallets:
            raise TopUpsNotOffered
        order = self._renew.draft(subscriber, line, buys, amount)
        return await self._renew.open_quote(unit, order, None, line)
