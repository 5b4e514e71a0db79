"""What the payments platform knows: sessions, intents, charges, refunds, cards, disputes, events.

Amounts are in minor units, instants in Unix seconds of the sandbox's clock. Names follow the
Stripe API reference; fields that the bodies derive are not stored.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Metadata = dict[str, str]


class Method(StrEnum):
    """Ways to pay that the sandbox's account has switched on."""

    CARD = "card"
    ALIPAY = "alipay"
    WECHAT_PAY = "wechat_pay"


class SessionStatus(StrEnum):
    """`Session.status`."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class IntentStatus(StrEnum):
    """`PaymentIntent.status`, those that occur without manual capture."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


class RefundStatus(StrEnum):
    """`Refund.status`, as far as it occurs."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass
class Item:
    """One line of a session: `quantity` times `unit_amount`."""

    name: str
    description: str | None
    unit_amount: int
    quantity: int


@dataclass
class Customer:
    """Somebody whose cards can be kept."""

    id: str
    created: int
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    description: str | None = None
    preferred_locales: list[str] = field(default_factory=list)
    metadata: Metadata = field(default_factory=dict)


@dataclass
class PaymentMethod:
    """A card or a wallet that was paid with; kept, to be charged off-session, with a customer.

    `number` is a test card's, None for wallets.
    """

    id: str
    type: Method
    created: int
    number: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None
    customer: str | None = None


@dataclass
class Session:
    """A Checkout session in payment mode."""

    id: str
    created: int
    expires_at: int
    url: str
    currency: str
    items: list[Item]
    methods: list[Method]
    allowed_methods: list[Method] | None
    success_url: str
    cancel_url: str | None
    client_reference_id: str | None
    customer: str | None
    customer_email: str | None
    creates_customer: str
    saves_card: bool
    intent_metadata: Metadata
    intent_description: str | None
    metadata: Metadata
    locale: str | None
    status: SessionStatus = SessionStatus.OPEN
    intent: str | None = None
    paid: bool = False

    @property
    def total(self) -> int:
        """What is to be paid."""
        return sum(item.unit_amount * item.quantity for item in self.items)


@dataclass
class Failure:
    """Why an intent was not paid."""

    code: str
    decline_code: str | None
    message: str


@dataclass
class Intent:
    """One sum to collect; `session` when it belongs to a Checkout session."""

    id: str
    created: int
    amount: int
    currency: str
    methods: list[Method]
    status: IntentStatus = IntentStatus.REQUIRES_PAYMENT_METHOD
    customer: str | None = None
    method: str | None = None
    description: str | None = None
    metadata: Metadata = field(default_factory=dict)
    setup_future_usage: str | None = None
    session: str | None = None
    charge: str | None = None
    failure: Failure | None = None
    canceled_at: int | None = None
    cancellation_reason: str | None = None


@dataclass
class Charge:
    """Money taken, or an attempt that failed."""

    id: str
    created: int
    intent: str
    amount: int
    currency: str
    method: str
    customer: str | None
    description: str | None
    metadata: Metadata
    failure: Failure | None = None
    disputed: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether money was taken."""
        return self.failure is None


@dataclass
class Refund:
    """Money on its way back; `due_at` is when a pending one ends as `outcome`, None: never."""

    id: str
    created: int
    charge: str
    intent: str
    amount: int
    currency: str
    reason: str | None
    metadata: Metadata
    status: RefundStatus
    outcome: RefundStatus
    due_at: int | None = None


@dataclass
class Dispute:
    """A payer took the money back through their bank."""

    id: str
    created: int
    charge: str
    intent: str
    amount: int
    currency: str
    reason: str
    status: str = "needs_response"


@dataclass
class Event:
    """Something that happened, with the object as it stood then; `request` is what caused it."""

    id: str
    created: int
    type: str
    object: dict[str, Any]
    request: str | None = None
    idempotency_key: str | None = None


@dataclass
class Endpoint:
    """Where notices of events go, signed with the secret."""

    id: str
    created: int
    url: str
    enabled_events: list[str]
    secret: str
    description: str | None = None
    metadata: Metadata = field(default_factory=dict)

    def wants(self, event_type: str) -> bool:
        """Whether it asked for events of this type."""
        return "*" in self.enabled_events or event_type in self.enabled_events


@dataclass
class StoredAnswer:
    """What was answered to the first request with an idempotency key, and what it had asked."""

    stored_at: int
    asked: str
    status: int
    body: str
    request_id: str


@dataclass
class State:
    """All that the platform remembers."""

    customers: dict[str, Customer] = field(default_factory=dict)
    methods: dict[str, PaymentMethod] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    charges: dict[str, Charge] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    disputes: dict[str, Dispute] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    answers: dict[str, StoredAnswer] = field(default_factory=dict)
