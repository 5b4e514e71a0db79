"""Checkouts that wait for the bot's word, and the charges that were made."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.invoices import STARS, Invoice

ANSWER_WITHIN_S = 10
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True)
class Verdict:
    """The bot's answer to a pre-checkout query."""

    ok: bool
    error_message: str | None = None


@dataclass(frozen=True)
class Checkout:
    """A pre-checkout query, to be answered until `expires` (Unix seconds of the sandbox)."""

    id: str
    user_id: int
    invoice: Invoice
    expires: float
    verdict: asyncio.Future[Verdict | None]  # None: nobody will answer any more


@dataclass
class Charge:
    """Money taken; `at` in Unix seconds of the sandbox, the amount in minor units."""

    charge_id: str
    provider_charge_id: str
    user_id: int
    currency: str
    total_amount: int
    payload: str
    at: int
    refunded: bool = False
    refunded_at: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Every field, for the control API and the state file."""
        return asdict(self)

    def as_successful_payment(self) -> dict[str, Any]:
        """The Bot API's `SuccessfulPayment`."""
        return self._as_payment() | {"provider_payment_charge_id": self.provider_charge_id}

    def as_refunded_payment(self) -> dict[str, Any]:
        """The Bot API's `RefundedPayment`."""
        return self._as_payment()

    def _as_payment(self) -> dict[str, Any]:
        return {
            "currency": self.currency,
            "total_amount": self.total_amount,
            "invoice_payload": self.payload,
            "telegram_payment_charge_id": self.charge_id,
        }


@dataclass
class Payments:
    """One bot's checkouts, charges and invoice links. `timestamp` tells the sandbox's Unix time."""

    timestamp: Callable[[], float]
    charges: dict[str, Charge] = field(default_factory=dict)
    links: dict[str, Invoice] = field(default_factory=dict)
    _open: dict[str, Checkout] = field(default_factory=dict)

    def ask(self, user_id: int, invoice: Invoice) -> Checkout:
        """Open a checkout."""
        checkout = Checkout(
            id=str(secrets.randbits(63)),
            user_id=user_id,
            invoice=invoice,
            expires=self.timestamp() + ANSWER_WITHIN_S,
            verdict=asyncio.get_running_loop().create_future(),
        )
        self._open[checkout.id] = checkout
        return checkout

    def answer(self, query_id: str, verdict: Verdict) -> None:
        """The bot's word on a checkout.

        Raises ApiError 400 when it is unknown, answered before, or too late.
        """
        checkout = self._open.pop(query_id, None)
        if checkout is None or self.timestamp() >= checkout.expires or checkout.verdict.done():
            raise bad_request(TOO_OLD)
        checkout.verdict.set_result(verdict)

    def give_up(self, checkout: Checkout) -> None:
        """The bot did not answer in time."""
        self._open.pop(checkout.id, None)

    def close(self) -> None:
        """Let everyone go who still waits."""
        for checkout in self._open.values():
            checkout.verdict.set_result(None)
        self._open.clear()

    def charge(self, user_id: int, invoice: Invoice) -> Charge:
        """Take the money, under an id of its own."""
        charge = Charge(
            charge_id=f"tpc_{secrets.token_urlsafe(24)}",
            provider_charge_id=f"sandbox_{secrets.token_hex(12)}",
            user_id=user_id,
            currency=invoice.currency,
            total_amount=invoice.total_amount,
            payload=invoice.payload,
            at=int(self.timestamp()),
        )
        self.charges[charge.charge_id] = charge
        return charge

    def refund_stars(self, user_id: int, charge_id: str) -> Charge:
        """Give Stars back, once. Raises ApiError 400 for another's, unknown or refunded charge."""
        charge = self.charges.get(charge_id)
        if charge is None or charge.user_id != user_id or charge.currency != STARS:
            raise bad_request("CHARGE_NOT_FOUND")
        if charge.refunded:
            raise bad_request("CHARGE_ALREADY_REFUNDED")
        charge.refunded = True
        charge.refunded_at = int(self.timestamp())
        return charge

    def link(self, invoice: Invoice) -> str:
        """A link that opens the invoice."""
        url = f"https://t.me/${secrets.token_urlsafe(12)}"
        self.links[url] = invoice
        return url

    def snapshot(self) -> dict[str, Any]:
        """Charges and links as JSON; open checkouts do not outlive the sandbox."""
        return {
            "charges": [charge.as_dict() for charge in self.charges.values()],
            "links": {url: invoice.as_dict() for url, invoice in self.links.items()},
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Take over what was saved."""
        self.charges = {kept["charge_id"]: Charge(**kept) for kept in saved["charges"]}
        self.links = {url: Invoice(**kept) for url, kept in saved["links"].items()}
