"""The register of personal data: whole, true to what is done by it, and told as it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.forgetting import FIRST_PSEUDONYM
from bot.domain.personal_data import A_SEASON, A_WEEK, About, Kept
from handlers.screens import legal
from handlers.texts import texts
from storage import retention, traces
from storage.forgetting_steps import OF_A_LINE, OF_THE_PERSON
from storage.personal_data import REGISTER, Erased, Holding
from storage.statements import Statement
from storage.tables import metadata
from tests.storage.register import DOCUMENT, document


def test_every_table_and_every_column_is_classified_once() -> None:
    assert set(REGISTER) == set(metadata.tables), "classify the table in storage/personal_data.py"
    for name, table in metadata.tables.items():
        columns = sorted(column.name for column in table.c)
        assert sorted(REGISTER[name].columns) == columns, f"classify the columns of {name}"


@pytest.mark.parametrize("holding", REGISTER.values(), ids=REGISTER.keys())
def test_what_becomes_of_a_table_fits_what_is_in_it(holding: Holding) -> None:
    if holding.erased is Erased.KEPT:
        assert not holding.personal, "somebody's data would outlive them"
    if holding.erased in {Erased.RENAMED, Erased.REMOVED}:
        assert bool(holding.person) != bool(holding.line)
    if holding.about is About.NOBODY:
        assert not holding.personal
        assert not holding.pseudonymous
    for column in (*holding.person.split(), *holding.line.split(), *holding.emptied.split()):
        assert column in holding.table.c
    for column in holding.emptied.split():
        assert holding.table.c[column].nullable


BY_OTHERS = {"timers": "the service cancels them", "erasures": "the row goes with the traces"}


def test_what_the_register_promises_is_done() -> None:
    done = " ".join(step.sql for step in (*OF_A_LINE, *OF_THE_PERSON))
    swept = {table.name for table in traces._LOOKS}
    for name, holding in REGISTER.items():
        touched = f"DELETE FROM {name} " in done or f"UPDATE {name} " in done
        must = holding.erased not in {Erased.KEPT, Erased.SWEPT} and name not in BY_OTHERS
        assert must <= touched, name
        assert (holding.erased is Erased.SWEPT) == (name in swept), name


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_privacy_text_tells_what_the_register_holds_and_for_how_long(language: str) -> None:
    told = legal.kept(texts(language))
    assert set(told) == {each.about for each in REGISTER.values()} - {About.NOBODY}
    for kept, days in ((Kept.A_WEEK, A_WEEK.days), (Kept.A_SEASON, A_SEASON.days)):
        about = {each.about for each in REGISTER.values() if each.kept is kept and each.personal}
        assert about & {each for each, words in told.items() if f"{days}" in words}
    for each, words in told.items():
        kept_so = {holding.kept for holding in REGISTER.values() if holding.about is each}
        assert (str(A_SEASON.days) in words) <= (Kept.A_SEASON in kept_so)
        assert (f" {A_WEEK.days} " in words) <= (Kept.A_WEEK in kept_so)


@pytest.mark.parametrize("kept", [Kept.A_WEEK, Kept.A_SEASON])
def test_what_is_kept_for_a_while_is_purged(kept: Kept) -> None:
    """With the times tried in `tests/storage/test_retention.py`."""
    statements = vars(retention).values()
    purges = " ".join(
        each.sql
        for value in statements
        for each in (value if isinstance(value, tuple) else (value,))
        if isinstance(each, Statement)
    )
    for name in (name for name, holding in REGISTER.items() if holding.kept is kept):
        assert f"DELETE FROM {name} " in purges or f"UPDATE {name} " in purges, name


def test_the_document_is_the_register() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "make register"


# ── what the database itself allows ───────────────────────────────────────────────────────────────

CHARGE = "INSERT INTO charges VALUES ('c', 'p', 'o', 7001, 100, 'CNY', 'r', 'paid', 1)"
DEED = (
    "INSERT INTO audit VALUES (1, 9001, 'credit', '7001', NULL, "
    """'{"wallet": "1", "reason": "r"}', 1)"""
)
STEP = (
    "INSERT INTO order_events (id, order_id, event, to_status, happened_at, detail) "
    "VALUES (1, 'o', 'pay', 'paid', 1, 'words')"
)
PSEUDONYM = FIRST_PSEUDONYM + 5


@pytest.fixture
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as raw:
        for row in (CHARGE, DEED, STEP):
            raw.execute(row)
        yield raw


@pytest.mark.parametrize(
    "change",
    [
        f"UPDATE charges SET payer_id = {PSEUDONYM}",
        f"UPDATE audit SET who = {PSEUDONYM}",
        f"UPDATE audit SET subject = '{PSEUDONYM}'",
        "UPDATE audit SET after = json_remove(after, '$.reason')",
        "UPDATE order_events SET detail = NULL",
    ],
)
def test_a_person_can_be_forgotten_in_what_is_only_added_to(
    raw: sqlite3.Connection, change: str
) -> None:
    assert raw.execute(change).rowcount == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE charges SET payer_id = 7002",
        "UPDATE charges SET amount_minor = 1",
        f"UPDATE charges SET payer_id = {PSEUDONYM}, amount_minor = 1",
        "UPDATE audit SET who = 9002",
        "UPDATE audit SET who = NULL",
        f"UPDATE audit SET who = {PSEUDONYM}, deed = 'refund'",
        "UPDATE audit SET subject = '7002'",
        "UPDATE audit SET after = '{}'",
        "UPDATE audit SET after = NULL",
        "UPDATE audit SET before = '{}'",
        "UPDATE order_events SET detail = 'other words'",
        "UPDATE order_events SET detail = NULL, to_status = 'refunded'",
        "DELETE FROM charges",
        "DELETE FROM audit",
        "DELETE FROM order_events",
    ],
)
def test_nothing_else_of_it_can_be_changed(raw: sqlite3.Connection, change: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(change)


def test_nobody_comes_back_from_a_pseudonym(raw: sqlite3.Connection) -> None:
    raw.execute(f"UPDATE charges SET payer_id = {PSEUDONYM}")
    raw.execute(f"UPDATE audit SET who = {PSEUDONYM}, subject = '{PSEUDONYM}'")
    for change in (
        "UPDATE charges SET payer_id = 7001",
        f"UPDATE charges SET payer_id = {PSEUDONYM + 1}",
        "UPDATE audit SET who = 9001",
        f"UPDATE audit SET subject = '{PSEUDONYM + 1}'",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(change)


def test_a_deed_that_is_about_no_person_keeps_its_subject(raw: sqlite3.Connection) -> None:
    raw.execute("INSERT INTO audit VALUES (2, 9001, 'refund', 'LEB-2611-8K3F', NULL, NULL, 1)")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(f"UPDATE audit SET subject = '{PSEUDONYM}' WHERE id = 2")
