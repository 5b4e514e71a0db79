"""Notices to whoever registered at the hub: POSTed to the callback, unsigned, tried once.

TM Forum notices promise nothing more; a listener that missed one has to look for itself.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.sandbox.carrier.bodies import instant, order_body
from bot.sandbox.carrier.faults import EVENTS, Faults
from bot.sandbox.carrier.model import Order
from bot.sandbox.carrier.network import Network

LOOK_EVERY_S = 0.1


@dataclass(frozen=True)
class Subscription:
    """One registered callback."""

    id: str
    callback: str
    query: str = ""


class Herald:
    """Tells every subscription when an order ends.

    The network computes only when it is asked; so while somebody listens and an order is
    pending, the herald asks.
    """

    def __init__(self, network: Network, faults: Faults) -> None:
        self._network = network
        self._faults = faults
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None
        self.subscriptions: dict[str, Subscription] = {}

    def subscribe(self, callback: str, query: str) -> Subscription:
        """Register a callback."""
        number = max((int(known) for known in self.subscriptions), default=0) + 1
        subscription = Subscription(str(number), callback, query)
        self.subscriptions[subscription.id] = subscription
        return subscription

    def watch(self) -> None:
        """Keep looking at the network until no order is pending."""
        if self.subscriptions and (self._watch is None or self._watch.done()):
            self._watch = asyncio.get_running_loop().create_task(self._look())

    def order_ended(self, order: Order) -> None:
        """Send the notice of an order's end."""
        if not self.subscriptions:
            return
        notice = {
            "eventId": f"{order.id}-{order.settled}",
            "eventTime": instant(self._network.now()),
            "eventType": "ProductOrderStateChangeEvent",
            "event": {"productOrder": order_body(self._network, order)},
        }
        times = 2 if self._faults.take("order", EVENTS) else 1
        for subscription in self.subscriptions.values():
            task = asyncio.get_running_loop().create_task(
                self._send(subscription.callback, notice, times)
            )
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop looking and sending."""
        tasks = [*self._tasks, *([self._watch] if self._watch else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        while self._network.pending:
            self._network.settle()
            await asyncio.sleep(LOOK_EVERY_S)

    async def _send(self, callback: str, notice: dict[str, Any], times: int) -> None:
        timeout = aiohttp.ClientTimeout(total=5)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            for _ in range(times):
                try:
                    async with session.post(callback, json=notice):
                        pass
                except (aiohttp.ClientError, TimeoutError):
                    return  # the listener was away: it has to look for itself
