"""Counting, after the storm, from the outside and in the books: nothing may differ.

Every finding is a number that has to be zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.storm import messages
from tests.storm.books import IN_MOTION, Books
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
    taken = {charge["charge_id"]: charge["total_amount"] for charge in outside.charges}
    return {
        "charges_lost": len(taken.keys() - books.charges.keys()),
        "charges_made_up": len(books.charges.keys() - taken.keys()),
        "charges_misread": sum(
            books.charges.get(id_, minor) != minor for id_, minor in taken.items()
        ),
    }


def _ledger(outside: Outside, books: Books) -> dict[str, int]:
    taken = sum(charge["total_amount"] for charge in outside.charges)
    wrong_wallets = 0
    for person, purse in outside.purses.items():
        returned = sum(
            books.orders[order_id].total_minor
            for order_id in purse.orders
            if order_id in books.orders and books.orders[order_id].status in GIVEN_BACK
        )
        held = OPENING_MINOR - sum(purse.orders.values()) + returned + sum(purse.top_ups.values())
        account = books.wallet_of.get(person.msisdn)
        if account is not None:
            wrong_wallets += books.balances.get(account, 0) != held
    return {
        "ledger_minus_charges_minor": abs(books.balances.get("clearing:invoice", 0) + taken),
        "trial_balance_minor": abs(sum(books.balances.values())),
        "journals_unbalanced": books.journals_unbalanced,
        "wallets_wrong": wrong_wallets,
    }


def _orders(outside: Outside, books: Books) -> dict[str, int]:
    bought = {order_id for purse in outside.purses.values() for order_id in purse.orders}
    from_wallets = {id_ for id_, order in books.orders.items() if order.paid_with == "wallet"}
    paid = {id_: order for id_, order in books.orders.items() if order.paid_with is not None}
    placed = Counter(delivery["key"] for delivery in outside.deliveries)
    delivered = Counter(
        delivery["key"] for delivery in outside.deliveries if delivery["state"] == "completed"
    )
    top_ups = {id_: order for id_, order in paid.items() if order.is_top_up}
    keys = {f"order:{id_}:fulfil": order for id_, order in paid.items() if id_ not in top_ups}
    return {
        "payments_lost": len(bought - from_wallets),
        "payments_unasked": len(from_wallets - bought),
        "top_ups_lost": sum(
            books.orders[order_id].status != "fulfilled" or order_id not in top_ups
            for purse in outside.purses.values()
            for order_id in purse.top_ups
        ),
        "orders_still_moving": sum(order.status in IN_MOTION for order in paid.values()),
        "paid_and_neither_delivered_nor_given_back": sum(
            (delivered[key], order.refunds) not in ((1, 0), (0, 1)) and order.status != "review"
            for key, order in keys.items()
        ),
        "told_delivered_wrongly": sum(
            (order.status == "fulfilled") != (delivered[key] == 1)
            for key, order in keys.items()
            if order.status != "review"
        ),
        "orders_placed_twice": sum(times > 1 for times in placed.values()),
        "delivered_unpaid": len(placed.keys() - keys.keys()),
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
