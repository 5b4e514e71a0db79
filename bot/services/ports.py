"""What the services ask of the outside: a carrier, a clock, and the dialogues' voice.

Units: bytes ``int``, kbit/s ``int``, money in minor units, instants aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bot.domain.alerts import Alert, LineFacts
from bot.domain.auto_renewal import AutoRenewal, Missed
from bot.domain.line import Iccid, LineStatus, Msisdn, Reading, UsageDay
from bot.domain.money import Money
from bot.domain.order import Order
from bot.domain.payment import Charge
from bot.domain.subscriber import Subscriber

if TYPE_CHECKING:
    from bot.services.card_port import KeptCard
    from bot.services.unit import Unit


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...


@dataclass(frozen=True, slots=True)
class CarrierCapabilities:
    """What a carrier can tell and do; the screens hide what is absent."""

    wallet: bool
    daily_counter: bool
    throttle_state: bool
    texts: bool
    shortest_poll_s: int
    """A line is not asked about more often than this."""


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line as the carrier knows it. ``ref`` is the carrier's own key."""

    ref: str
    msisdn: Msisdn
    iccid: Iccid | None
    zone: str
    status: LineStatus


class CarrierOrderState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    REJECTED = "rejected"
    NOT_FOUND = "not_found"
    """The carrier answered, and it has no order with that key."""
    UNKNOWN = "unknown"
    """An answer that we do not understand; mapped, never a crash."""


@dataclass(frozen=True, slots=True)
class CarrierOrder:
    """What the carrier says of an order. ``valid_until`` is the line's end of service once done."""

    state: CarrierOrderState
    ref: str | None = None
    reason: str | None = None
    starts_at: datetime | None = None
    valid_until: datetime | None = None


class CancelOutcome(StrEnum):
    CANCELLED = "cancelled"
    """The order is not in force (any more), and will not be."""
    NOT_CANCELLABLE = "not_cancellable"
    """It has begun, or the carrier does not do this."""


class Carrier(Protocol):
    """A carrier, as its adapter speaks to it (`docs`: carriers).

    Every method may raise a `bot.domain.errors.CarrierError`: the permanent ones are final,
    `RateLimited` and `Unavailable` mean that nothing was done, `OutcomeUnknown` that it may have
    been. Adapters hold connections: ``async with`` opens and closes them.
    """

    @property
    def capabilities(self) -> CarrierCapabilities: ...

    async def find_line(self, msisdn: Msisdn) -> FoundLine:
        """Raises `NotFound`."""
        ...

    async def send_text(self, msisdn: Msisdn, text: str) -> None:
        """Hands over a text message to the line."""
        ...

    async def line_status(self, line_id: int, ref: str, msisdn: Msisdn) -> Reading:
        """What the carrier says now; a number that it does not report is None."""
        ...

    async def usage_days(self, ref: str, msisdn: Msisdn, first: date, last: date) -> list[UsageDay]:
        """Usage by day of the line's reset zone, both ends included, oldest first."""
        ...

    async def submit(
        self, key: str, ref: str, msisdn: Msisdn, plan_code: str, periods: int
    ) -> CarrierOrder:
        """Orders the plan under our idempotency key.

        The adapter looks for an order with that key first and never places a second one. Raises
        `OutcomeUnknown` when the request left and no answer came.
        """
        ...

    async def order_state(self, key: str) -> CarrierOrder:
        """What became of the order with that key (`NOT_FOUND` when the carrier has none)."""
        ...

    async def cancel(self, key: str) -> CancelOutcome:
        """Cancels the order with that key; one that is cancelled already is found so.

        May be asked again: the adapter looks first. Raises `NotFound` when the carrier has no
        order with that key, `Unavailable` also while it has not made up its mind.
        """
        ...


class Notices(Protocol):
    """What the dialogues say by themselves when something happened, in the subscriber's language.

    Implementations stage messages through ``unit``; they never send.
    """

    async def line_linked(self, unit: Unit, subscriber_id: int, line_id: int) -> None: ...

    async def line_not_found(self, unit: Unit, subscriber_id: int) -> None:
        """The number shared has no line with us: offer to type another."""
        ...

    async def lookup_failed(self, unit: Unit, subscriber_id: int) -> None:
        """The carrier did not answer: nothing is lost, try again in a while."""
        ...

    async def link_revoked(self, unit: Unit, subscriber_id: int, line_id: int) -> None:
        """Somebody else proved to hold the line; the former holder is told."""
        ...

    async def reading_arrived(self, unit: Unit, line_id: int) -> None:
        """Redraw the home panel where it stands open on this line."""
        ...

    async def wallet_moved(self, unit: Unit, line_id: int) -> None:
        """Redraw the home panel, which shows the balance, where it stands open on this line."""
        ...

    async def usage_arrived(self, unit: Unit, line_id: int, subscriber_id: int) -> None: ...

    async def line_alert(
        self, unit: Unit, subscriber: Subscriber, facts: LineFacts, alert: Alert
    ) -> None:
        """Something worth telling of the line, for the first and only time."""
        ...

    async def order_moved(self, unit: Unit, order: Order) -> None:
        """Redraw the order's card."""
        ...

    async def order_ready(self, unit: Unit, order: Order) -> None:
        """Also to who paid, when that was somebody else."""
        ...

    async def topped_up(self, unit: Unit, order: Order) -> None:
        """The money is in the wallet. Also redraws the home panel, which shows the balance."""
        ...

    async def order_delayed(self, unit: Unit, order: Order) -> None: ...

    async def shared_order_moved(self, unit: Unit, order: Order) -> None:
        """Redraw the order where it stands open with those who were asked to pay it; `order_moved`
        does so besides."""
        ...

    async def shared_order_failed(self, unit: Unit, order: Order, payer_id: int) -> None:
        """`payment_failed`, of somebody who was asked to pay: to them, and with ways of theirs."""
        ...

    async def paid_by_another(self, unit: Unit, order: Order) -> None:
        """To who paid, with thanks; to the order's subscriber, that it was somebody else."""
        ...

    async def payment_failed(self, unit: Unit, order: Order) -> None:
        """The page could not be opened, or the payment did not go through: nothing was charged,
        and the order can be paid in another way."""
        ...

    async def card_declined(self, unit: Unit, order: Order, card: KeptCard) -> None:
        """The bank refused the kept card: nothing was charged, other ways are offered."""
        ...

    async def card_needs_holder(self, unit: Unit, order: Order, card: KeptCard) -> None:
        """The bank lets the kept card be charged only with its holder there: nothing was charged,
        the page is offered."""
        ...

    async def renewal_ahead(self, unit: Unit, renewal: AutoRenewal) -> None:
        """The line is renewed by itself in some days, at that price: it can be skipped."""
        ...

    async def renewed_by_itself(self, unit: Unit, order: Order) -> None:
        """The order was made and paid by itself, as was announced."""
        ...

    async def renewal_missed(self, unit: Unit, renewal: AutoRenewal, why: Missed) -> None:
        """The line was not renewed by itself: nothing was charged, and it is not tried again for
        this period."""
        ...

    async def order_expired(self, unit: Unit, order: Order) -> None: ...

    async def order_refunding(self, unit: Unit, order: Order) -> None:
        """Also to who paid, when that was somebody else."""
        ...

    async def refund_sent(self, unit: Unit, order: Order, amount: Money, payer_id: int) -> None:
        """A refund that was owed has left the payment platform: to who paid."""
        ...

    async def cancel_refused(self, unit: Unit, order: Order) -> None:
        """The renewal that the subscriber wanted to cancel stays as it is."""
        ...

    async def order_in_review(self, unit: Unit, order: Order) -> None: ...

    async def paid_late(self, unit: Unit, order: Order) -> None:
        """A charge after expiry reopened the order."""
        ...

    async def charge_unplaced(self, unit: Unit, charge: Charge) -> None:
        """To the payer: the money is kept safe, and buys nothing until a person looked at it."""
        ...

    async def charged_twice(self, unit: Unit, order: Order, payer_id: int) -> None:
        """A second charge for a paid order goes back by itself: to who paid it."""
        ...
