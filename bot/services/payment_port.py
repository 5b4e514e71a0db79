"""Payments, charges and refunds as the services see them in the store."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.money import Money
from bot.domain.payment import (
    Charge,
    Page,
    Payment,
    PaymentMethod,
    PaymentStatus,
    Placed,
    Refund,
    Settlement,
)


class Payments(Protocol):
    def add(self, payment: Payment) -> None: ...

    async def get(self, payment_id: str) -> Payment | None: ...

    async def open_hosted(self) -> list[Payment]:
        """Every open payment of the platform's, on a page or by a kept card, the oldest first."""
        ...

    def keep_page(self, payment_id: str, page: Page) -> None: ...

    async def open_of(self, order_id: str) -> Payment | None:
        """The order's payment that may still succeed; there is at most one."""
        ...

    def mark(self, payment_id: str, status: PaymentStatus, at: datetime) -> None: ...

    async def add_charge(self, charge: Charge, order_id: str | None, did: Settlement) -> bool:
        """Stores the charge; False when this charge id was counted before."""
        ...

    async def has_charge(self, charge_id: str) -> bool: ...

    async def charges_of(self, order_id: str) -> list[Charge]: ...

    def owe_refund(
        self, key: str, order_id: str, charge_id: str | None, method: PaymentMethod,
        amount: Money, reason: str, at: datetime,
    ) -> None:  # fmt: skip
        """Flags a refund to be sent and numbers its credit note, in this transaction and without
        gaps; the key makes it one."""
        ...

    async def paying_charge(self, order_id: str) -> Charge | None:
        """The charge that paid the order."""
        ...

    async def placed(self, charge_id: str) -> Placed | None:
        """None for a charge of which we know nothing."""
        ...

    async def refund(self, key: str) -> Refund | None: ...

    async def booked_as(self, platform_ref: str) -> Refund | None:
        """The refund of ours that is done by the platform's refund of that key."""
        ...

    async def owed_refunds(self) -> list[Refund]:
        """Those of all orders that are due or failed, the oldest first."""
        ...

    def mark_refund_failed(self, key: str) -> None:
        """The platform could not send it, or what it had sent came back: it is owed."""
        ...

    async def refunds_of(self, order_id: str) -> list[Refund]:
        """Owed and sent ones, the oldest first."""
        ...

    async def refunds_to(self, subscriber_id: int) -> list[Refund]:
        """Owed and sent ones of all the subscriber's orders, the oldest first."""
        ...

    def mark_refunded(self, key: str, at: datetime, platform_ref: str | None = None) -> None:
        """The refund that was owed is done."""
        ...

    async def unplaced_of(self, order_id: str) -> list[Charge]:
        """The order's charges that lie in suspense: another amount or payer than agreed."""
        ...
