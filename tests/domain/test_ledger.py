"""Double entry: what each movement takes from where and gives to whom."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import ledger
from bot.domain.errors import UnbalancedJournal
from bot.domain.ledger import Journal, JournalKind, Posting
from bot.domain.money import Money

TOTAL = Money(19_900, "CNY")
MOVEMENTS = {
    ledger.opening_balance(7, TOTAL): ("opening", "wallet:7"),
    ledger.wallet_payment("LEB-1", 7, TOTAL, TOTAL): ("wallet:7", "deferred"),
    ledger.charge_received("ch", "invoice", "LEB-1", TOTAL, TOTAL): (
        "clearing:invoice",
        "deferred",
    ),
    ledger.charge_unplaced("ch", "invoice", None, TOTAL): ("clearing:invoice", "suspense"),
    ledger.charge_to_return("ch", "invoice", "LEB-1", TOTAL): ("clearing:invoice", "refunds_due"),
    ledger.activation("LEB-1", TOTAL): ("deferred", "revenue"),
    ledger.refund_to_wallet("LEB-1", 7, TOTAL, TOTAL): ("deferred", "wallet:7"),
    ledger.refund_owed("LEB-1", TOTAL, TOTAL): ("deferred", "refunds_due"),
    ledger.activation_reversed("LEB-1", TOTAL): ("revenue", "deferred"),
    ledger.unplaced_to_return("ch", "LEB-1", TOTAL): ("suspense", "refunds_due"),
    ledger.refund_sent("order:LEB-1", "invoice", "LEB-1", TOTAL): (
        "refunds_due",
        "clearing:invoice",
    ),
}


@pytest.mark.parametrize(("journal", "way"), MOVEMENTS.items(), ids=lambda each: str(each)[:40])
def test_a_movement_takes_from_one_account_and_gives_to_another(
    journal: Journal, way: tuple[str, str]
) -> None:
    source, to = way
    assert [(each.account, each.amount) for each in journal.postings] == [
        (source, -TOTAL),
        (to, TOTAL),
    ]


def test_a_coupon_pays_its_part_of_the_price_and_gets_it_back() -> None:
    paid, price, part = Money(17_900, "CNY"), TOTAL, Money(2_000, "CNY")
    for payment, source in (
        (ledger.wallet_payment("LEB-1", 7, paid, price), "wallet:7"),
        (ledger.charge_received("ch", "invoice", "LEB-1", paid, price), "clearing:invoice"),
    ):
        moved = {each.account: each.amount for each in payment.postings}
        assert moved == {source: -paid, "discounts": -part, "deferred": price}
    for refund, to in (
        (ledger.refund_to_wallet("LEB-1", 7, paid, price), "wallet:7"),
        (ledger.refund_owed("LEB-1", paid, price), "refunds_due"),
    ):
        moved = {each.account: each.amount for each in refund.postings}
        assert moved == {"deferred": -price, "discounts": part, to: paid}


def test_a_charge_has_one_key_whatever_it_turns_out_to_be() -> None:
    keys = Counter(journal.key for journal in MOVEMENTS)
    assert keys.pop("charge:ch") == 3
    assert set(keys.values()) == {1}


amounts = st.builds(
    Money, st.integers(-(10**9), 10**9).filter(bool), st.sampled_from(["CNY", "XTR"])
)
postings = st.lists(st.builds(Posting, st.sampled_from([*"abcd"]), amounts), min_size=1, max_size=6)


@given(postings)
def test_a_journal_exists_only_when_each_currency_sums_to_zero(rows: list[Posting]) -> None:
    sums = {
        currency: sum(row.amount.minor for row in rows if row.amount.currency == currency)
        for currency in ("CNY", "XTR")
    }
    if any(sums.values()):
        with pytest.raises(UnbalancedJournal):
            Journal("key", JournalKind.PAYMENT, None, tuple(rows))
    counterweights = [
        Posting(ledger.SUSPENSE, Money(-minor, currency))
        for currency, minor in sums.items()
        if minor
    ]
    assert Journal("key", JournalKind.PAYMENT, None, (*rows, *counterweights))


def test_a_journal_of_nothing_is_refused() -> None:
    with pytest.raises(UnbalancedJournal):
        Journal("key", JournalKind.PAYMENT, None, ())
    with pytest.raises(UnbalancedJournal):
        ledger.activation("LEB-1", Money(0, "CNY"))


def test_a_dispute_that_is_won_leaves_nothing_behind() -> None:
    lost = ledger.chargeback("dp_1", "card", "LEB-1", Money(19_900, "CNY"))
    won = ledger.chargeback_won("dp_1", "card", "LEB-1", Money(19_900, "CNY"))
    assert lost.key != won.key
    assert {each.account: each.amount for each in lost.postings} == {
        each.account: -each.amount for each in won.postings
    }
