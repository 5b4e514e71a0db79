"""Double entry: every movement of money is a journal whose postings sum to zero.

A journal takes from one account and gives to another. Credits are positive: a wallet's balance is
the sum of its postings, and a platform's clearing account is negative by what the platform has
collected and still holds for us.

    pay by wallet    wallet ─▶ deferred            activate         deferred ─▶ revenue
    pay by card      clearing:card ─▶ deferred     take back        revenue ─▶ deferred
    refund owed      deferred ─▶ refunds_due       refund to wallet deferred ─▶ wallet
    refund sent      refunds_due ─▶ clearing:card  disputed         chargebacks ─▶ clearing:card
    top up           deferred ─▶ wallet            take back        wallet ─▶ deferred
    make up          goodwill ─▶ wallet

A coupon pays its part of the price from an account of its own: what is deferred, and later revenue,
is the full price, and what was given away can be read off ``discounts``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from bot.domain.errors import UnbalancedJournal
from bot.domain.money import Money

Account = NewType("Account", str)

DEFERRED = Account("deferred")
"""Paid for and not delivered yet: owed to subscribers as service."""
REVENUE = Account("revenue")
SUSPENSE = Account("suspense")
"""Money that arrived and fits no order; an operator decides."""
REFUNDS_DUE = Account("refunds_due")
"""Money that goes back to where it came from; empty once the platform has sent it."""
DISCOUNTS = Account("discounts")
"""What coupons paid in the subscribers' place: negative by all that was given away."""
CHARGEBACKS = Account("chargebacks")
"""What payers' banks took back: negative by all that is gone, for now or for good."""
GOODWILL = Account("goodwill")
"""What operators put into wallets to make up for something."""
OPENING = Account("opening")
"""The counterpart of balances that subscribers held before this ledger began."""


def wallet_of(line_id: int) -> Account:
    return Account(f"wallet:{line_id}")


def clearing_of(method: str) -> Account:
    return Account(f"clearing:{method}")


class JournalKind(StrEnum):
    OPENING_BALANCE = "opening_balance"
    PAYMENT = "payment"
    ACTIVATION = "activation"
    TOP_UP = "top_up"
    REVERSAL = "reversal"
    SUSPENSE = "suspense"
    REFUND_DUE = "refund_due"
    REFUND = "refund"
    CHARGEBACK = "chargeback"
    GOODWILL = "goodwill"


@dataclass(frozen=True, slots=True)
class Posting:
    account: Account
    amount: Money


@dataclass(frozen=True, slots=True)
class Journal:
    """One balanced movement. ``key`` makes it happen once: a second journal with it is refused."""

    key: str
    kind: JournalKind
    order_id: str | None
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        sums: dict[str, int] = defaultdict(int)
        for posting in self.postings:
            if not posting.amount:
                raise UnbalancedJournal(f"{self.key}: a posting of nothing to {posting.account}")
            sums[posting.amount.currency] += posting.amount.minor
        if not self.postings or any(sums.values()):
            raise UnbalancedJournal(f"{self.key}: {dict(sums)}")


def _move(
    key: str, kind: JournalKind, order_id: str | None, amount: Money, source: Account, to: Account
) -> Journal:
    return Journal(key, kind, order_id, (Posting(source, -amount), Posting(to, amount)))


def opening_balance(line_id: int, held: Money) -> Journal:
    """The balance that the line held at the carrier when this ledger took it over, once a line."""
    key = f"line:{line_id}:opening"
    return _move(key, JournalKind.OPENING_BALANCE, None, held, OPENING, wallet_of(line_id))


def goodwill(token: str, line_id: int, amount: Money) -> Journal:
    """An operator makes up for something; ``token`` makes it happen once."""
    key = f"goodwill:{token}"
    return _move(key, JournalKind.GOODWILL, None, amount, GOODWILL, wallet_of(line_id))


def wallet_payment(order_id: str, line_id: int, total: Money, price: Money) -> Journal:
    key = f"order:{order_id}:wallet"
    return _payment(key, order_id, total, price, wallet_of(line_id))


def charge_received(
    charge_id: str, method: str, order_id: str, amount: Money, price: Money
) -> Journal:
    """A platform's charge that pays its order of that price."""
    return _payment(f"charge:{charge_id}", order_id, amount, price, clearing_of(method))


def charge_unplaced(charge_id: str, method: str, order_id: str | None, amount: Money) -> Journal:
    """A charge whose amount, currency or payment fits no order: held in suspense."""
    key = f"charge:{charge_id}"
    return _move(key, JournalKind.SUSPENSE, order_id, amount, clearing_of(method), SUSPENSE)


def charge_to_return(charge_id: str, method: str, order_id: str, amount: Money) -> Journal:
    """A charge that came too late or twice: owed back to the payer from the start."""
    key = f"charge:{charge_id}"
    return _move(key, JournalKind.REFUND_DUE, order_id, amount, clearing_of(method), REFUNDS_DUE)


def activation(order_id: str, price: Money) -> Journal:
    key = f"order:{order_id}:activation"
    return _move(key, JournalKind.ACTIVATION, order_id, price, DEFERRED, REVENUE)


def activation_reversed(order_id: str, price: Money) -> Journal:
    """What was delivered is taken back: its price is owed to the subscriber again."""
    key = f"order:{order_id}:activation_reversed"
    return _move(key, JournalKind.REVERSAL, order_id, price, REVENUE, DEFERRED)


def top_up(order_id: str, line_id: int, amount: Money) -> Journal:
    """What was paid for is in the wallet."""
    key = f"order:{order_id}:top_up"
    return _move(key, JournalKind.TOP_UP, order_id, amount, DEFERRED, wallet_of(line_id))


def top_up_reversed(order_id: str, line_id: int, amount: Money) -> Journal:
    """What was put into the wallet is taken out of it: it is owed to the payer again."""
    key = f"order:{order_id}:top_up_reversed"
    return _move(key, JournalKind.REVERSAL, order_id, amount, wallet_of(line_id), DEFERRED)


def refund_to_wallet(order_id: str, line_id: int, total: Money, price: Money) -> Journal:
    """The order was not delivered; what the wallet paid goes back into it."""
    key = f"order:{order_id}:refund"
    return _return(key, JournalKind.REFUND, order_id, total, price, wallet_of(line_id))


def refund_owed(order_id: str, total: Money, price: Money) -> Journal:
    """The order is not delivered; what a platform collected is owed back through it."""
    key = f"order:{order_id}:refund_due"
    return _return(key, JournalKind.REFUND_DUE, order_id, total, price, REFUNDS_DUE)


def unplaced_to_return(charge_id: str, order_id: str, amount: Money) -> Journal:
    """A charge that was held in suspense is owed back to its payer."""
    key = f"charge:{charge_id}:return"
    return _move(key, JournalKind.REFUND_DUE, order_id, amount, SUSPENSE, REFUNDS_DUE)


def refund_sent(
    refund_key: str, method: str, order_id: str, amount: Money, came_back: int = 0
) -> Journal:
    """The platform has sent what was owed; ``came_back``: so many times it had come back before."""
    key = f"refund:{refund_key}:{came_back + 1}" if came_back else f"refund:{refund_key}"
    return _move(key, JournalKind.REFUND, order_id, amount, REFUNDS_DUE, clearing_of(method))


def refund_bounced(
    refund_key: str, method: str, order_id: str, amount: Money, came_back: int = 0
) -> Journal:
    """What was sent came back to the platform: it is owed again."""
    key = bounce_key(refund_key, came_back + 1)
    return _move(key, JournalKind.REFUND_DUE, order_id, amount, clearing_of(method), REFUNDS_DUE)


def bounce_key(refund_key: str, time: int = 1) -> str:
    """Of the journal that says that the refund came back, for the first time or once more."""
    return f"refund:{refund_key}:bounced:{time}"


def refund_unplaced(platform_ref: str, method: str, order_id: str | None, amount: Money) -> Journal:
    """The platform sent money back that nobody here owed: an operator has to place it."""
    key = f"refund:{platform_ref}"
    return _move(key, JournalKind.SUSPENSE, order_id, amount, SUSPENSE, clearing_of(method))


def unplaced_bounced(
    platform_ref: str, method: str, order_id: str | None, amount: Money
) -> Journal:
    """Of a refund that nobody here owed, the money came back to the platform."""
    key = bounce_key(platform_ref)
    return _move(key, JournalKind.SUSPENSE, order_id, amount, clearing_of(method), SUSPENSE)


def chargeback(dispute_ref: str, method: str, order_id: str | None, amount: Money) -> Journal:
    """The payer's bank has taken the charge back."""
    key = f"dispute:{dispute_ref}"
    return _move(key, JournalKind.CHARGEBACK, order_id, amount, CHARGEBACKS, clearing_of(method))


def chargeback_won(dispute_ref: str, method: str, order_id: str | None, amount: Money) -> Journal:
    """The bank has given back what it took."""
    key = f"dispute:{dispute_ref}:won"
    return _move(key, JournalKind.CHARGEBACK, order_id, amount, clearing_of(method), CHARGEBACKS)


def _payment(key: str, order_id: str, paid: Money, price: Money, source: Account) -> Journal:
    """The price is deferred: ``paid`` of it comes from the source, the rest from discounts."""
    parts = (Posting(source, -paid), Posting(DISCOUNTS, paid - price), Posting(DEFERRED, price))
    return Journal(key, JournalKind.PAYMENT, order_id, _moving(parts))


def _return(
    key: str, kind: JournalKind, order_id: str, paid: Money, price: Money, to: Account
) -> Journal:
    """The payment turned around: what a coupon gave goes back to discounts, not to the payer."""
    parts = (Posting(DEFERRED, -price), Posting(DISCOUNTS, price - paid), Posting(to, paid))
    return Journal(key, kind, order_id, _moving(parts))


def _moving(parts: tuple[Posting, ...]) -> tuple[Posting, ...]:
    """Most orders have no discount, and then there is nothing to post to it."""
    return tuple(part for part in parts if part.account != DISCOUNTS or part.amount)
