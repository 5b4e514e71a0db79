"""Renew a line by itself, where its holder agreed: announce, charge, or remind.

    agreed ─▶ a look at least once a day ─▶ announced ─▶ ordered and paid, as by hand
                       ▲                       │  └────▶ missed: one reminder, no second try
                       └── another period ◀────┴── skipped

One timer a line looks at the calendar (`bot.domain.auto_renewal`) and at what the line has by then,
so that a renewal by hand, a reading of the carrier or a stop of the bot only moves the dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.domain.auto_renewal import AutoRenewal, Missed, Turn, renews_by_itself
from bot.domain.errors import PaymentMethodUnavailable
from bot.domain.line import Line
from bot.domain.order import PAYMENT_WINDOW, Order, OrderStatus, Renewal
from bot.domain.payment import PaymentMethod, Way
from bot.domain.plan import Plan
from bot.domain.subscriber import Subscriber
from bot.services.card_port import KeptCard
from bot.services.choose_method import ways_by
from bot.services.end_auto_renewal import end_auto_renewal
from bot.services.link_line import own_line
from bot.services.miss_renewal import miss_renewal
from bot.services.order_keys import auto_renewal_timer
from bot.services.pay_order import PayOrder
from bot.services.ports import Clock, Notices
from bot.services.read_account import chosen_line
from bot.services.renew_line import RenewLine, covered_until
from bot.services.requests import ReadLine
from bot.services.unit import Unit

LOOK_EVERY: Final = timedelta(days=1)
"""What the line has may end sooner than it was to."""
WHILE_PAYING: Final = timedelta(minutes=10)
"""Somebody is renewing the line by hand: what comes of it is waited for."""
_RECENT: Final = 20


@dataclass(frozen=True, slots=True)
class OwnRenewal:
    """Whether and how a line is renewed by itself, and how it could be."""

    line: Line
    renewal: AutoRenewal | None
    plan: Plan | None
    """The one agreed to, as it is sold now; None when it is withdrawn, or nothing is agreed."""
    plans: list[Plan]
    """Those that can be renewed by themselves, first the one that was bought last."""
    ways: list[Way]
    """Those that can be charged by themselves."""
    cards: list[KeptCard]
    covered_until: datetime | None
    now: datetime


class AutoRenew:
    """``methods``: what is offered beside the wallet."""

    def __init__(
        self,
        clock: Clock,
        notices: Notices,
        renew: RenewLine,
        pay: PayOrder,
        methods: Sequence[PaymentMethod],
    ) -> None:
        self._clock = clock
        self._notices = notices
        self._renew = renew
        self._pay = pay
        self._takes_cards = PaymentMethod.CARD in methods

    async def own(self, unit: Unit, subscriber: Subscriber, line_id: int = 0) -> OwnRenewal:
        """Of that line, or of the present one for 0. Raises `NoLine`, `UnknownLine`."""
        if line_id:
            line = await own_line(unit, subscriber.id, line_id)
        else:
            line = chosen_line(await unit.lines.of(subscriber.id), subscriber)
        now = self._clock.now()
        renewal = await unit.auto_renewals.get(line.id)
        if renewal is not None and renewal.subscriber_id != subscriber.id:
            renewal = None
        cards = await unit.cards.of(subscriber.id)
        return OwnRenewal(
            line=line,
            renewal=renewal,
            plan=await unit.catalogue.current(renewal.plan_code) if renewal is not None else None,
            plans=await self._plans(unit, subscriber, line),
            ways=self._ways(cards, now),
            cards=cards,
            covered_until=await covered_until(unit, line, now),
            now=now,
        )

    async def turn_on(
        self,
        unit: Unit,
        subscriber: Subscriber,
        line_id: int,
        plan_code: str,
        version: int,
        way: Way | None,
    ) -> AutoRenewal | None:
        """Agreed: that version of the plan, by that way; None: only a reminder. Returns None when
        it is not sold (any more), and nothing is agreed.

        Raises `UnknownLine`, `PaymentMethodUnavailable`.
        """
        line = await own_line(unit, subscriber.id, line_id)
        now = self._clock.now()
        plan = await unit.catalogue.current(plan_code)
        if plan is None or plan.version != version or not renews_by_itself(plan):
            return None
        if way is not None and way not in self._ways(await unit.cards.of(subscriber.id), now):
            raise PaymentMethodUnavailable(way.name)
        agreed = AutoRenewal(line.id, subscriber.id, plan.code, plan.price, way, now)
        known = await unit.auto_renewals.get(line.id)
        if known is not None and _terms(known) == _terms(agreed):
            return known
        renewal = agreed.until(await covered_until(unit, line, now), now).begun()
        unit.auto_renewals.put(renewal)
        self._look_at(unit, line.id, now)
        return renewal

    async def turn_off(self, unit: Unit, subscriber: Subscriber, line_id: int) -> None:
        """Raises `UnknownLine`."""
        line = await own_line(unit, subscriber.id, line_id)
        end_auto_renewal(unit, line.id)

    async def skip(
        self, unit: Unit, subscriber: Subscriber, line_id: int, end_at: datetime
    ) -> bool:
        """Nothing is charged for the period that ends then; False when that one is over or charged.

        Raises `UnknownLine`.
        """
        line = await own_line(unit, subscriber.id, line_id)
        renewal = await unit.auto_renewals.get(line.id)
        if renewal is None or renewal.subscriber_id != subscriber.id:
            return False
        asked = replace(renewal, end_at=end_at)
        if not (asked.is_announced and renewal.is_announced):
            return False
        if renewal.is_done and await self._is_ordered(unit, renewal):
            return False
        unit.auto_renewals.put(renewal.done())
        return True

    async def on_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        """What the calendar says, for what the line has now."""
        line_id, now = timer["line_id"], self._clock.now()
        renewal, line = await unit.auto_renewals.get(line_id), await unit.lines.get(line_id)
        if renewal is None or line is None:
            return
        if await unit.lines.holder(line_id) != renewal.subscriber_id:
            unit.auto_renewals.end(line_id)
            return
        renewal = renewal.until(await covered_until(unit, line, now), now)
        unit.auto_renewals.put(renewal)
        look_at = await self._take_turn(unit, renewal)
        self._look_at(unit, line_id, min(look_at or now + LOOK_EVERY, now + LOOK_EVERY))

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    async def _take_turn(self, unit: Unit, renewal: AutoRenewal) -> datetime | None:
        """Does what it is time for; when to look again, None: with the next period."""
        now = self._clock.now()
        subscriber = await unit.subscribers.find(renewal.subscriber_id)
        if subscriber is None or subscriber.blocked:
            return None
        turn = renewal.turn(now)
        free_at = await self._disturbs_at(unit, renewal, now)
        if turn.speaks and free_at > now and renewal.may_wait_until(free_at):
            return free_at
        match turn:
            case Turn.ANNOUNCE:
                renewal = await self._announce(unit, renewal)
            case Turn.CHARGE if await self._is_being_paid(unit, renewal):
                return now + WHILE_PAYING
            case Turn.CHARGE:
                renewal = await self._charge(unit, renewal, subscriber)
            case Turn.REMIND:
                renewal = await self._miss(unit, renewal, Missed.ONLY_REMINDED)
            case Turn.MISS:
                renewal = await self._miss(unit, renewal, Missed.TOO_LATE)
            case Turn.WAIT:
                pass
        return renewal.next_turn_at(now)

    async def _disturbs_at(self, unit: Unit, renewal: AutoRenewal, now: datetime) -> datetime:
        """Now, or at the end of the holder's quiet hours."""
        line = await unit.lines.get(renewal.line_id)
        preferences = await unit.preferences.of(renewal.subscriber_id)
        return now if line is None else preferences.may_disturb_at(now, preferences.zone(line.zone))

    async def _announce(self, unit: Unit, renewal: AutoRenewal) -> AutoRenewal:
        """The carrier is asked too: what was bought elsewhere is known before the charge."""
        plan = await unit.catalogue.current(renewal.plan_code)
        if plan is None:
            return await self._miss(unit, renewal, Missed.WITHDRAWN)
        now = self._clock.now()
        announced = renewal.announced(plan.price, now)
        unit.auto_renewals.put(announced)
        line = await unit.lines.get(renewal.line_id)
        if line is not None:
            unit.readings.mark_asked(line.id, now)
            unit.outbox.carrier(ReadLine(line.id, line.ref, line.msisdn))
        await self._notices.renewal_ahead(unit, announced)
        return announced

    async def _charge(
        self, unit: Unit, renewal: AutoRenewal, subscriber: Subscriber
    ) -> AutoRenewal:
        """Orders and pays as by hand, with the best coupon; what cannot be so is a reminder."""
        plan = await unit.catalogue.current(renewal.plan_code)
        if plan is None:
            return await self._miss(unit, renewal, Missed.WITHDRAWN)
        if plan.price != renewal.announced_price:
            return await self._miss(unit, renewal, Missed.PRICE_CHANGED)
        order = await self._paid(unit, renewal, subscriber)
        if order is None:
            by_wallet = renewal.way == Way(PaymentMethod.WALLET)
            why = Missed.SHORT_WALLET if by_wallet else Missed.CARD_GONE
            return await self._miss(unit, renewal, why)
        ordered = renewal.ordered(order.id)
        unit.auto_renewals.put(ordered)
        if order.paid_at is not None:
            await self._notices.renewed_by_itself(unit, order)
        return ordered

    async def _paid(self, unit: Unit, renewal: AutoRenewal, subscriber: Subscriber) -> Order | None:
        """The order, paid or with its charge on the way; None when the way cannot pay it."""
        holder = replace(subscriber, default_line_id=renewal.line_id)
        quote = await self._renew.quote(unit, holder, renewal.plan_code, 1)
        way = renewal.way
        while way is not None and quote.offers(way):
            payable = await self._pay.pay(
                unit, holder, quote.order.id, way, charge_within=PAYMENT_WINDOW
            )
            if payable.requoted is None:
                return payable.order
            quote = payable.requoted
        return None

    async def _miss(self, unit: Unit, renewal: AutoRenewal, why: Missed) -> AutoRenewal:
        return await miss_renewal(unit, self._notices, renewal, why)

    async def _is_being_paid(self, unit: Unit, renewal: AutoRenewal) -> bool:
        orders = await unit.orders.of(renewal.subscriber_id, _RECENT, 0)
        return any(
            each.line_id == renewal.line_id and each.status is OrderStatus.AWAITING_PAYMENT
            for each in orders
        )

    async def _is_ordered(self, unit: Unit, renewal: AutoRenewal) -> bool:
        """The last order made by itself is of the period that was announced last."""
        order = await unit.orders.get(renewal.order_id) if renewal.order_id is not None else None
        announced_at = renewal.announced_at
        return order is not None and announced_at is not None and order.created_at > announced_at

    async def _plans(self, unit: Unit, subscriber: Subscriber, line: Line) -> list[Plan]:
        plans = [each for each in await unit.catalogue.on_sale() if renews_by_itself(each)]
        bought = [
            each.buys.plan_code
            for each in await unit.orders.of(subscriber.id, _RECENT, 0)
            if each.line_id == line.id and each.paid_at and isinstance(each.buys, Renewal)
        ]
        last = next((code for code in bought if any(code == each.code for each in plans)), None)
        return sorted(plans, key=lambda each: each.code != last)

    def _ways(self, cards: Sequence[KeptCard], now: datetime) -> list[Way]:
        methods = [PaymentMethod.WALLET, *([PaymentMethod.CARD] if self._takes_cards else [])]
        return [way for way in ways_by(methods, cards, now) if way != Way(PaymentMethod.CARD)]

    def _look_at(self, unit: Unit, line_id: int, at: datetime) -> None:
        unit.timers.set(auto_renewal_timer(line_id), "auto_renewal", {"line_id": line_id}, at)


def _terms(renewal: AutoRenewal) -> tuple[object, ...]:
    return renewal.subscriber_id, renewal.plan_code, renewal.price, renewal.way
