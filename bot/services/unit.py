"""The unit of work as services and dialogues see it: one event's transaction.

Reads are awaited; writes without a result are plain calls that go along with the next read or with
the commit. Whatever a unit writes happens together or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Protocol

from bot.domain.cancellation import Cancellation
from bot.domain.entitlement import Entitlement
from bot.domain.ledger import Account, Journal
from bot.domain.money import Money
from bot.domain.order import Order, OrderEvent, OrderStatus
from bot.domain.payment import PaymentMethod
from bot.domain.plan import Plan
from bot.services.alert_port import Alerts
from bot.services.announcement_port import Announcements, Deliveries, Recipients
from bot.services.auto_renewal_port import AutoRenewals
from bot.services.card_port import Cards
from bot.services.coupon_port import Coupons
from bot.services.desk_port import Audit, Maintenance, Pages, Roles
from bot.services.desk_view_port import DeskView
from bot.services.forgetting_port import Forgetting
from bot.services.pay_link_port import PayLinks
from bot.services.payment_port import Payments
from bot.services.people_port import Lines, LinkChallenges, Readings, Subscribers
from bot.services.platform_port import Cursors, Disputes
from bot.services.platform_requests import PlatformRequest
from bot.services.preference_port import PreferencesOf
from bot.services.reconciliation_port import Reconciliations
from bot.services.requests import CarrierRequest
from bot.services.stars_requests import StarsRequest
from bot.services.statistics_requests import CountStatistics
from bot.services.support_port import Cases, Topics
from bot.services.support_requests import SupportRequest


class Lane(IntEnum):
    """Which effects leave first."""

    ANSWER = 0
    """Answers that a deadline waits for: callback and pre-checkout queries."""
    INTERACTIVE = 1
    BULK = 2


class Catalogue(Protocol):
    async def on_sale(self) -> list[Plan]:
        """The plans on sale, in the operator's order."""
        ...

    async def current(self, code: str) -> Plan | None:
        """The version of the plan that is on sale, None when withdrawn or unknown."""
        ...

    async def version(self, code: str, version: int) -> Plan | None: ...

    async def latest_version(self, code: str) -> int:
        """0 when there never was such a plan."""
        ...

    def put_on_sale(self, plan: Plan, position: int, at: datetime) -> None:
        """Sells this version from now on, in place of the former one."""
        ...

    def withdraw(self, code: str, at: datetime) -> None: ...

    def place(self, code: str, position: int) -> None:
        """Where the plan on sale stands in the operator's order."""
        ...


@dataclass(frozen=True, slots=True)
class OrderEventRow:
    """One step of an order's history."""

    event: str
    to_status: OrderStatus
    happened_at: datetime


class Orders(Protocol):
    async def add(self, order: Order) -> bool:
        """Stores a new order and its first event; False when the id is taken."""
        ...

    async def get(self, order_id: str) -> Order | None: ...

    async def of(self, subscriber_id: int, limit: int, offset: int) -> list[Order]:
        """The subscriber's orders that were ever more than a quote, the newest first."""
        ...

    async def count(self, subscriber_id: int) -> int:
        """How many orders `of` would page through."""
        ...

    async def latest_renewal(self, subscriber_id: int) -> Order | None:
        """The newest of those that buys a plan."""
        ...

    async def undelivered(self, line_id: int) -> list[Order]:
        """The line's orders that are paid and neither delivered nor given back, oldest first."""
        ...

    async def move(
        self, order: Order, event: OrderEvent, at: datetime, detail: str | None = None
    ) -> Order:
        """Moves the order along the edge, by compare-and-set on ``order.status``; the other fields
        are written as they stand in ``order``. Returns it with its new status.

        Raises `ForbiddenTransition` when there is no such edge, `WrongOrderStatus` when the stored
        status is not ``order.status``.
        """
        ...

    async def reprice(self, order: Order) -> None:
        """Writes the total, its currency and the discount of a quote as they stand in ``order``.

        Raises `WrongOrderStatus` when the order is no quote any more.
        """
        ...

    async def last_paid_with(self, subscriber_id: int) -> PaymentMethod | None:
        """How the subscriber paid last time, whoever else did since; from the wallet, once that
        was topped up."""
        ...

    async def last_topped_up_with(self, subscriber_id: int) -> PaymentMethod | None: ...

    async def has_renewed(self, subscriber_id: int) -> bool:
        """Whether any renewal by the subscriber, or of a line that they hold now, was paid and not
        given back: whoever links the line anew is not at its first renewal."""
        ...

    def mark_delayed(self, order_id: str) -> None: ...

    def prolong(self, order_id: str, until: datetime) -> None:
        """An order that waits for its payment waits until then."""
        ...

    def redate(self, order: Order) -> None:
        """Writes the start and the end as they stand in ``order``."""
        ...

    async def history(self, order_id: str) -> list[OrderEventRow]: ...

    async def next_receipt_number(self) -> int:
        """1, 2, 3, … without gaps: the number is taken in the payment's own transaction."""
        ...


class Entitlements(Protocol):
    async def of_line(self, line_id: int, ending_after: datetime) -> list[Entitlement]:
        """Running and queued ones, by their start."""
        ...

    def add(self, entitlement: Entitlement) -> None: ...

    def remove(self, order_id: str) -> None: ...


class Cancellations(Protocol):
    async def open_of(self, order_id: str) -> Cancellation | None:
        """The cancellation of the order that the carrier has not decided yet."""
        ...

    def open(self, cancellation: Cancellation) -> None:
        """Takes the place of a former one of the order."""
        ...

    def close(self, order_id: str, at: datetime) -> None: ...


class Ledger(Protocol):
    def post(self, journal: Journal, at: datetime) -> None:
        """Posts the journal once: its key in a second transaction breaks that transaction."""
        ...

    async def balance(self, account: Account, currency: str) -> Money: ...

    async def has(self, key: str) -> bool:
        """Whether a journal with that key is posted."""
        ...


class Timers(Protocol):
    def set(self, key: str, kind: str, payload: dict[str, Any], due_at: datetime) -> None:
        """Sets or moves the timer; it becomes an event of that kind when due, even after a stop."""
        ...

    def cancel(self, key: str) -> None: ...


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """What stands in a slot of a chat: a message that we keep up to date."""

    slot: str
    message_id: int | None
    """None until the courier has sent it."""
    shows: str
    subject: str | None


class ChatMessages(Protocol):
    async def get(self, chat_id: int, slot: str) -> ChatMessage | None: ...

    async def showing(self, shows: str, subject: str) -> list[tuple[int, ChatMessage]]:
        """The chats whose slot shows that screen about that subject."""
        ...

    def put(
        self, chat_id: int, slot: str, message_id: int | None, shows: str, subject: str | None,
        at: datetime,
    ) -> None:  # fmt: skip
        """What the slot shows from now on; a None ``message_id`` is filled by the courier."""
        ...


class Outbox(Protocol):
    def telegram(
        self,
        method: str,
        parameters: dict[str, Any],
        *,
        chat_id: int | None,
        lane: Lane = Lane.INTERACTIVE,
        slot: str | None = None,
    ) -> None:
        """Stages a Bot API call; none to a pseudonym (`bot.domain.forgetting`).

        With a ``slot``, ``sendMessage`` or ``sendPhoto`` fills it with the message that comes of
        it; an ``editMessage…`` without ``message_id`` edits the message in the slot, and is sent
        as a new one when that message is gone.
        """
        ...

    def carrier(self, request: CarrierRequest) -> None: ...

    def platform(self, request: PlatformRequest, subscriber_id: int | None = None) -> None:
        """Requests for one subscriber are carried out in the order in which they were staged."""
        ...

    def stars(self, request: StarsRequest) -> None: ...

    def support(self, request: SupportRequest) -> None:
        """What goes into the operators' group is carried out in the order in which it was staged,
        as is what goes to one subscriber."""
        ...

    def statistics(self, request: CountStatistics) -> None: ...

    def announcement(self, announcement_id: int) -> None:
        """Lets the announcement's courier go through the deliveries that are due."""
        ...


class Unit(Protocol):
    """One event's transaction."""

    @property
    def subscribers(self) -> Subscribers: ...
    @property
    def lines(self) -> Lines: ...
    @property
    def preferences(self) -> PreferencesOf: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def challenges(self) -> LinkChallenges: ...
    @property
    def readings(self) -> Readings: ...
    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def entitlements(self) -> Entitlements: ...
    @property
    def cancellations(self) -> Cancellations: ...
    @property
    def payments(self) -> Payments: ...
    @property
    def pay_links(self) -> PayLinks: ...
    @property
    def cards(self) -> Cards: ...
    @property
    def auto_renewals(self) -> AutoRenewals: ...
    @property
    def coupons(self) -> Coupons: ...
    @property
    def announcements(self) -> Announcements: ...
    @property
    def recipients(self) -> Recipients: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def forgetting(self) -> Forgetting: ...
    @property
    def disputes(self) -> Disputes: ...
    @property
    def reconciliations(self) -> Reconciliations: ...
    @property
    def cursors(self) -> Cursors: ...
    @property
    def roles(self) -> Roles: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def desk(self) -> DeskView: ...
    @property
    def maintenance(self) -> Maintenance: ...
    @property
    def pages(self) -> Pages: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def topics(self) -> Topics: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def timers(self) -> Timers: ...
    @property
    def chat_messages(self) -> ChatMessages: ...
    @property
    def outbox(self) -> Outbox: ...
