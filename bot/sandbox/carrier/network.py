"""The simulated network: what happens to lines, computed from the clock when it is asked.

Nothing runs in the background: `settle` carries out whatever came due since the last look.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.carrier.model import (
    Clock,
    Entitlement,
    EntitlementState,
    Line,
    Offering,
    Order,
    OrderState,
    Text,
    days_later,
    local_day,
    midnight,
)


class Refused(Exception):
    """The network will not do this; `code` is short and stable, the text says why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass
class NetworkState:
    """All that the network remembers."""

    lines: dict[str, Line] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)


class Network:
    """Lines, their queued entitlements, their usage by day, and orders that take a while.

    `activation` is how long an order takes; `on_settled` is told of each order that ended.
    `move_in` brings the first lines, at the first look: so a clock that is set before counts.
    """

    def __init__(
        self,
        clock: Clock,
        offerings: Iterable[Offering],
        *,
        activation: timedelta,
        move_in: Callable[[Network], None],
        on_settled: Callable[[Order], None],
        on_text: Callable[[Text], None],
    ) -> None:
        self._clock = clock
        self.offerings: Mapping[str, Offering] = {offer.code: offer for offer in offerings}
        self._activation = activation
        self._on_settled = on_settled
        self._on_text = on_text
        self.load(NetworkState())
        self._move_in: Callable[[Network], None] | None = move_in

    @property
    def state(self) -> NetworkState:
        """Everything remembered, up to now."""
        self.settle()
        return self._state

    def load(self, state: NetworkState) -> None:
        """Go on from a remembered state."""
        self._move_in = None
        self._state = state
        self._by_iccid = {line.iccid: line for line in state.lines.values()}
        self._by_key: dict[str, list[Order]] = {}
        self._due: list[tuple[datetime, str]] = []
        for order in state.orders.values():
            self._remember(order)

    def now(self) -> datetime:
        """The present instant; everything due until then has happened."""
        self.settle()
        return self._clock.now()

    # Lines

    def add_line(self, line: Line) -> None:
        """Bring a line into the network."""
        self.settle()
        if line.msisdn in self._state.lines or line.iccid in self._by_iccid:
            raise Refused("duplicate", "there is a line with this msisdn or iccid")
        self._state.lines[line.msisdn] = line
        self._by_iccid[line.iccid] = line

    def find_line(self, identity: str) -> Line | None:
        """The line with this msisdn (E.164) or ICCID."""
        self.settle()
        return self._state.lines.get(identity) or self._by_iccid.get(identity)

    def use(self, line: Line, used_bytes: int, country: str) -> None:
        """Consume data now, on the local day of the line's zone."""
        now = self.now()
        if line.suspended or line.current(now) is None:
            raise Refused("noService", "the line has no active plan")
        line.record(local_day(now, line.zone), country, used_bytes)

    def used_today(self, line: Line) -> int:
        """Bytes since the last local midnight."""
        return line.used_on(local_day(self.now(), line.zone))

    def high_speed_cap(self, line: Line) -> int | None:
        """Bytes a day at high speed, None without an active plan."""
        current = line.current(self.now())
        return self.offerings[current.plan].high_speed_cap_bytes if current else None

    def throttled(self, line: Line) -> bool:
        """Whether today's high speed is used up."""
        cap = self.high_speed_cap(line)
        return cap is not None and self.used_today(line) >= cap

    def next_reset(self, line: Line) -> datetime:
        """The next local midnight of the line's zone."""
        today = local_day(self.now(), line.zone)
        return midnight(today + timedelta(days=1), line.zone)

    # Orders

    @property
    def pending(self) -> bool:
        """Whether an order will come due."""
        return bool(self._due)

    def place_order(
        self,
        key: str,
        line: Line,
        plan: str,
        periods: int,
        *,
        outcome: OrderState | None = OrderState.COMPLETED,
    ) -> Order:
        """Accept an order; it ends as `outcome` after the activation time, or never (None).

        Two orders with one key are two orders: TMF622 promises nothing else.
        """
        if plan not in self.offerings:
            raise Refused("unknownOffering", f"there is no offering {plan}")
        now = self.now()
        order = Order(
            id=f"PO-{len(self._state.orders) + 1:07d}",
            key=key,
            msisdn=line.msisdn,
            plan=plan,
            periods=periods,
            ordered_at=now,
            due_at=None if outcome is None else now + self._activation,
            outcome=outcome or OrderState.COMPLETED,
        )
        self._state.orders[order.id] = order
        line.order_ids.append(order.id)
        self._remember(order)
        return order

    def find_order(self, order_id: str) -> Order | None:
        """The order with this id."""
        self.settle()
        return self._state.orders.get(order_id)

    def orders_by_key(self, key: str) -> list[Order]:
        """All orders that a buyer placed under a key."""
        self.settle()
        return list(self._by_key.get(key, ()))

    def orders_of(self, line: Line) -> list[Order]:
        """All orders for a line, oldest first."""
        self.settle()
        return [self._state.orders[order_id] for order_id in line.order_ids]

    def cancel_order(self, order: Order) -> bool:
        """Cancel an order unless it ended otherwise or its service has begun."""
        now = self.now()
        entitlement = self.entitlement_of(order)
        if entitlement is not None:
            if entitlement.state_at(now) is not EntitlementState.QUEUED:
                return False
            self._withdraw(self._state.lines[order.msisdn], entitlement)
        elif order.settled is not None:
            return order.settled is OrderState.CANCELLED
        order.settled, order.settled_at = OrderState.CANCELLED, now
        self._on_settled(order)
        return True

    def settle(self) -> None:
        """Carry out every order that came due, in the order of their instants."""
        if self._move_in is not None:
            move_in, self._move_in = self._move_in, None
            move_in(self)
        now = self._clock.now()
        ended = []
        while self._due and self._due[0][0] <= now:
            due_at, order_id = heapq.heappop(self._due)
            order = self._state.orders[order_id]
            if order.settled is not None:
                continue
            if order.outcome is OrderState.COMPLETED:
                self._entitle(self._state.lines[order.msisdn], order, due_at)
            order.settled, order.settled_at = order.outcome, due_at
            ended.append(order)
        for order in ended:
            self._on_settled(order)

    # Entitlements

    def entitlement_of(self, order: Order) -> Entitlement | None:
        """What an order brought, None while it brought nothing."""
        entitlements = self._state.lines[order.msisdn].entitlements
        return next((e for e in reversed(entitlements) if e.id == order.id), None)

    def give_plan(self, line: Line, plan: str, days_left: int, periods: int = 1) -> None:
        """Give a line a plan that ends so many local midnights after today's (negative: before)."""
        today = local_day(self.now(), line.zone)
        ends_at = midnight(today + timedelta(days=days_left), line.zone)
        starts_at = days_later(ends_at, -self.offerings[plan].days * periods, line.zone)
        identity = f"{line.iccid}-{len(line.entitlements)}"
        line.entitlements.append(Entitlement(identity, plan, periods, starts_at, ends_at))

    # Texts

    def send_text(self, msisdn: str, text: str) -> bool:
        """Deliver a text; False when no such line is in the network."""
        if self.find_line(msisdn) is None:
            return False
        message = Text(msisdn, text, self.now())
        self._state.texts.append(message)
        self._on_text(message)
        return True

    def _remember(self, order: Order) -> None:
        self._by_key.setdefault(order.key, []).append(order)
        if order.due_at is not None and order.settled is None:
            heapq.heappush(self._due, (order.due_at, order.id))

    def _entitle(self, line: Line, order: Order, at: datetime) -> None:
        """Start what was ordered now, or at the end of what the line already has."""
        starts_at = max([at, *(entitlement.ends_at for entitlement in line.entitlements)])
        ends_at = self._end_of(line, order.plan, order.periods, starts_at)
        line.entitlements.append(
            Entitlement(order.id, order.plan, order.periods, starts_at, ends_at)
        )

    def _end_of(self, line: Line, plan: str, periods: int, starts_at: datetime) -> datetime:
        return days_later(starts_at, self.offerings[plan].days * periods, line.zone)

    def _withdraw(self, line: Line, entitlement: Entitlement) -> None:
        """Take a queued entitlement out; those behind it move up."""
        place = line.entitlements.index(entitlement)
        starts_at = entitlement.starts_at
        del line.entitlements[place]
        for later in line.entitlements[place:]:
            later.starts_at = starts_at
            later.ends_at = self._end_of(line, later.plan, later.periods, starts_at)
            starts_at = later.ends_at
