"""What the books must show, worked out anew from what was told and from where each order stands.

The ledger adds up journals, one a movement. This knows no journals: it asks of each charge where
its money has to be by now, and of each order what it holds.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.dispute import DisputeState
from bot.domain.money import Money
from bot.domain.payment import PaymentMethod, RefundStatus, Settlement
from bot.services.refund_order import REFUND_FAILED

_IN_FORCE = frozenset({"paid", "fulfilling", "review"})
_GIVEN_BACK = frozenset({"refunding", "refunded"})


Held = tuple[str, str]
"""An account in one currency."""


@dataclass(frozen=True)
class ToldCharge:
    method: PaymentMethod
    amount: Money
    order_id: str | None
    did: Settlement
    """What it had to do when it was told."""


@dataclass
class Told:
    """What the bot has been told and has decided, by a transaction that was committed."""

    opened_with: dict[str, Money]
    """What each wallet held at first."""
    charges: dict[str, ToldCharge] = field(default_factory=dict)
    wallet_orders: set[str] = field(default_factory=set)
    disputes: dict[str, tuple[PaymentMethod, Money, DisputeState]] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredOrder:
    id: str
    status: str
    account: str
    """Its line's wallet."""
    total: int
    price: int
    currency: str
    paid_with: str | None
    was_paid: bool
    reason: str | None
    buys: str


@dataclass(frozen=True)
class StoredRefund:
    key: str
    order_id: str
    charge_id: str | None
    method: str
    minor: int
    currency: str
    status: str

    @property
    def waits_for_telegram(self) -> bool:
        return self.method == PaymentMethod.STARS and self.status == RefundStatus.DUE


@dataclass(frozen=True)
class Books:
    orders: dict[str, StoredOrder]
    refunds: list[StoredRefund]
    settlements: dict[str, str]
    balances: dict[Held, int]
    unplaced_refunds: list[tuple[str, str, int]]
    """What was sent back and nobody here owed: its account, currency and amount."""


def read(path: Path) -> Books:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        orders = {
            row[0]: StoredOrder(*row)
            for row in db.execute(
                "SELECT id, status, 'wallet:' || line_id, total_minor,"
                " total_minor + coalesce(discount_minor, 0), currency, paid_with,"
                " paid_at IS NOT NULL, reason, buys FROM orders"
            )
        }
        refunds = [
            StoredRefund(*row)
            for row in db.execute(
                "SELECT key, order_id, charge_id, method, amount_minor, currency, status"
                " FROM refunds"
            )
        ]
        unplaced = db.execute(
            "SELECT p.account, p.currency, p.amount_minor FROM journals j"
            " JOIN postings p ON p.journal_key = j.key"
            " WHERE j.kind = 'suspense' AND j.key LIKE 'refund:%' AND p.account LIKE 'clearing:%'"
        ).fetchall()
        balances = {
            (account, currency): minor
            for account, currency, minor in db.execute(
                "SELECT account, currency, sum(amount_minor) FROM postings"
                " GROUP BY account, currency"
            )
        }
        settlements = dict(db.execute("SELECT id, settlement FROM charges"))
    return Books(orders, refunds, settlements, balances, unplaced)


def balances(told: Told, books: Books) -> dict[Held, int]:
    """By account and currency, those that are not zero."""
    held = Counter[Held]()
    for wallet, opening in told.opened_with.items():
        held[wallet, opening.currency] += opening.minor
        held["opening", opening.currency] -= opening.minor
    for charge in told.charges.values():
        held[f"clearing:{charge.method}", charge.amount.currency] -= charge.amount.minor
        held[_bought(charge), charge.amount.currency] += charge.amount.minor
    for order_id in told.wallet_orders:
        order = books.orders[order_id]
        held[order.account, order.currency] -= order.total
        held["bought", order.currency] += order.total
    for order in books.orders.values():
        _move_what_it_bought(held, order)
    for refund in books.refunds:
        _move_what_goes_back(held, refund, told)
    for clearing, currency, minor in books.unplaced_refunds:
        held["suspense", currency] -= minor
        held[clearing, currency] += minor
    for method, amount, state in told.disputes.values():
        if state in {DisputeState.OPEN, DisputeState.LOST}:
            held["chargebacks", amount.currency] -= amount.minor
            held[f"clearing:{method}", amount.currency] += amount.minor
    return {account: minor for account, minor in held.items() if minor}


def _bought(charge: ToldCharge) -> str:
    match charge.did:
        case Settlement.PAID | Settlement.REOPENED:
            return "bought"
        case Settlement.SECOND_CHARGE | Settlement.TOO_LATE:
            return "refunds_due"
        case _:
            return "suspense"


def _move_what_it_bought(held: Counter[Held], order: StoredOrder) -> None:
    """What paid a renewal is deferred, or revenue once delivered, at its full price; what paid a
    top-up is in the wallet."""
    if not order.was_paid:
        return
    currency = order.currency
    held["bought", currency] -= order.total
    if order.status in _GIVEN_BACK or order.reason == REFUND_FAILED:
        owed_by = order.account if order.paid_with == "wallet" else "refunds_due"
        held[owed_by, currency] += order.total
        return
    if order.buys == "top_up":
        held[order.account, currency] += order.total
        return
    held["discounts", currency] -= order.price - order.total
    held["deferred" if order.status in _IN_FORCE else "revenue", currency] += order.price


def _move_what_goes_back(held: Counter[Held], refund: StoredRefund, told: Told) -> None:
    charge, currency = told.charges.get(refund.charge_id or ""), refund.currency
    if charge is not None and charge.did is Settlement.MISMATCH:
        held["suspense", currency] -= refund.minor
        held["refunds_due", currency] += refund.minor
    if refund.status == RefundStatus.DONE and refund.method != PaymentMethod.WALLET:
        held["refunds_due", currency] -= refund.minor
        held[f"clearing:{refund.method}", currency] += refund.minor
