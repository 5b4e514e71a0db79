"""Counting, after the storm, from the outside and in the books: nothing may differ.

Every finding is a number that has to be zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.storm import messages
from tests.storm.books import (
    CURRENCIES,
    HOSTED,
    IN_MOTION,
    MONEY,
    SENT_BACK,
    STARS,
    Books,
    Charge,
)
from tests.storm.messages import Sent
from tests.storm.people import OPENING_MINOR, Person
from tests.storm.renewals import Purse

GIVEN_BACK: Final = ("refunding", "refunded")


@dataclass(frozen=True)
class Outside:
    """What Telegram, the carrier and the people know."""

    update_ids: Collection[int]
    """Of every update that there was."""
    unconfirmed: int
    """Updates that Telegram still keeps for the bot."""
    charges: Sequence[dict[str, Any]]
    """Of Telegram's invoices, in money and in Stars."""
    on_pages: Sequence[dict[str, Any]]
    """The charges of the payments platform, each with what went back of it."""
    refunded: Collection[str]
    """The orders of which an operator wanted the money to go back."""
    deliveries: Sequence[dict[str, Any]]
    """The carrier's orders."""
    violations: int
    own_ends: int
    """How often the bot's process ended although nobody ended it."""
    stranded: int
    """People who got nowhere."""
    sent: Sequence[Sent]
    killed_at: Sequence[float]
    purses: dict[Person, Purse]


def findings(outside: Outside, books: Books) -> dict[str, int]:
    return {
        "updates_lost": len(set(outside.update_ids) - books.update_ids),
        "updates_unconfirmed": outside.unconfirmed,
        "events_undecided": books.undecided,
        "dead_letters": len(books.dead_letters),
        **_charges(outside, books),
        **_ledger(outside, books),
        **_orders(outside, books),
        **_messages(outside, books),
        "conversations_open": books.conversations,
        "protocol_violations": outside.violations,
        "ended_by_itself": outside.own_ends,
        "people_stranded": outside.stranded,
    }


def _charges(outside: Outside, books: Books) -> dict[str, int]:
    taken = {
        charge["charge_id"]: (charge["total_amount"], charge["currency"])
        for charge in outside.charges
    }
    taken |= {charge["id"]: (charge["amount"], MONEY) for charge in outside.on_pages}
    return {
        "charges_lost": len(taken.keys() - books.charges.keys()),
        "charges_made_up": len(books.charges.keys() - taken.keys()),
        "charges_misread": sum(
            id_ in books.charges and (books.charges[id_].minor, books.charges[id_].currency) != was
            for id_, was in taken.items()
        ),
        "charged_but_undelivered": sum(
            not _has_its_worth(books.charges[id_], books) for id_ in taken if id_ in books.charges
        ),
    }


def _has_its_worth(charge: Charge, books: Books) -> bool:
    """It bought what was ordered, is owed back, or an operator has it."""
    if charge.settlement in {"second_charge", "too_late"}:
        return charge.is_owed_back
    order = books.orders.get(charge.order_id or "")
    return order is not None and order.status in {"fulfilled", "review", *GIVEN_BACK}


def _ledger(outside: Outside, books: Books) -> dict[str, int]:
    returned = _returned(outside)
    sent = Counter[str]()
    for refund in books.refunds:
        sent[refund.currency] += refund.minor if refund.status == "done" else 0
    return {
        "ledger_minus_charges_minor": sum(
            abs(books.balances.get((f"clearing:{method}", currency), 0) + held)
            for (method, currency), held in _held(outside).items()
        ),
        "refunds_sent_otherwise_minor": sum(
            abs(returned[currency] - sent[currency]) for currency in CURRENCIES
        ),
        "refunds_not_sent": sum(
            refund.status == "due" and refund.method in SENT_BACK for refund in books.refunds
        ),
        "trial_balance_minor": sum(
            abs(sum(minor for (_, of), minor in books.balances.items() if of == currency))
            for currency in CURRENCIES
        ),
        "journals_unbalanced": books.journals_unbalanced,
        "currencies_mixed": books.journals_mixed
        + sum(not _may_hold(account, currency) for account, currency in books.balances),
        "wallets_wrong": sum(
            books.balances.get((account, MONEY), 0) != _must_hold(purse, books)
            for person, purse in outside.purses.items()
            if (account := books.wallet_of.get(person.msisdn)) is not None
        ),
    }


def _held(outside: Outside) -> dict[tuple[str, str], int]:
    """What Telegram and the platform hold for us, by the way to pay and its currency. What an
    operator sends back of a provider's invoice nobody here has sent."""
    held = dict.fromkeys([("invoice", MONEY), ("stars", STARS)], 0)
    for charge in outside.charges:
        by = "stars" if charge["currency"] == STARS else "invoice"
        held[by, charge["currency"]] += 0 if charge["refunded"] else charge["total_amount"]
    held |= dict.fromkeys([(method, MONEY) for method in HOSTED], 0)
    for charge in outside.on_pages:
        held[charge["method"], MONEY] += charge["amount"] - charge["amount_refunded"]
    return held


def _returned(outside: Outside) -> Counter[str]:
    """What came back to its payers, by currency."""
    returned = Counter[str]({MONEY: sum(each["amount_refunded"] for each in outside.on_pages)})
    for charge in outside.charges:
        returned[charge["currency"]] += charge["total_amount"] if charge["refunded"] else 0
    return returned


def _may_hold(account: str, currency: str) -> bool:
    """Stars come by Stars alone, and no wallet holds any."""
    if account == "clearing:stars":
        return currency == STARS
    is_of_money = account.startswith(("clearing:", "wallet:")) or account == "opening"
    return currency == MONEY or (currency == STARS and not is_of_money)


def _must_hold(purse: Purse, books: Books) -> int:
    """What was there at first, less what it paid and was not given back, with what was put in."""
    held = OPENING_MINOR - sum(purse.orders.values()) + sum(purse.top_ups.values())
    for order_id in purse.orders:
        order = books.orders.get(order_id)
        held += order.total_minor if order is not None and order.status in GIVEN_BACK else 0
    return held


def _orders(outside: Outside, books: Books) -> dict[str, int]:
    bought = {order_id for purse in outside.purses.values() for order_id in purse.orders}
    from_wallets = {id_ for id_, order in books.orders.items() if order.paid_with == "wallet"}
    paid = {id_: order for id_, order in books.orders.items() if order.paid_with is not None}
    placed = Counter(delivery["key"] for delivery in outside.deliveries)
    delivered = Counter(
        delivery["key"] for delivery in outside.deliveries if delivery["state"] == "completed"
    )
    renewals = {f"order:{id_}:fulfil": order for id_, order in paid.items() if not order.is_top_up}
    kept = {f"order:{id_}:fulfil" for id_ in outside.refunded}
    """What an operator gives back although it may run already."""
    return {
        "payments_lost": len(bought - from_wallets),
        "payments_unasked": len(from_wallets - bought),
        "top_ups_lost": sum(
            order_id not in paid or paid[order_id].status != "fulfilled"
            for purse in outside.purses.values()
            for order_id in purse.top_ups
        ),
        "orders_still_moving": sum(order.status in IN_MOTION for order in paid.values()),
        "paid_and_neither_delivered_nor_given_back": sum(
            (delivered[key], order.refunds) not in ((1, 0), (0, 1))
            and not (key in kept and (delivered[key], order.refunds) == (1, 1))
            and order.status != "review"
            for key, order in renewals.items()
        ),
        "told_delivered_wrongly": sum(
            (order.status == "fulfilled") != (delivered[key] == 1)
            for key, order in renewals.items()
            if order.status != "review" and not (key in kept and order.refunds)
        ),
        "refunds_refused": sum(
            paid[order_id].status not in GIVEN_BACK
            for order_id in outside.refunded
            if order_id in paid
        ),
        "orders_placed_twice": sum(times > 1 for times in placed.values()),
        "delivered_unpaid": len(placed.keys() - renewals.keys()),
    }


def _messages(outside: Outside, books: Books) -> dict[str, int]:
    sent, staged = outside.sent, books.staged
    doubled = messages.doubled(sent, staged)
    doubted = messages.in_doubt(sent, staged, outside.killed_at)
    return {
        "messages_doubled_beyond_doubt": max(0, doubled - doubted),
        "messages_missing": messages.missing(sent, staged),
        "messages_nobody_decided": messages.undecided(sent, staged),
        "messages_given_up": len(staged.failed),
    }
