"""The reconcile command where no bot runs, and the words of its report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.reconciliation import Compared, Heard, Question, Round
from bot.reconciling import Report
from storage import migrate
from tests.command.test_command_line import command

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ROUND = Round(7, NOON, NOON + timedelta(seconds=3))
ASKED = Question(7, Compared.PAYMENT, "pay_1", "LEB-1", NOON)
FOUND = replace(ASKED, heard=Heard.ANSWER, was="order expired", became="order paid")
SAME = replace(ASKED, heard=Heard.ANSWER)


def report(*questions: Question, late: list[str] | None = None) -> Report:
    return Report(ROUND, list(questions), late or [], [], [])


def test_where_no_bot_runs_that_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    migrate.upgrade(path)
    ended = command("reconcile", "--database", str(path), cwd=tmp_path)
    assert ended.returncode == 2
    assert f"No bot runs on {path}." in ended.stderr
    assert not list(tmp_path.glob("*.commands"))


@pytest.mark.parametrize(
    ("told", "needs_operator"),
    [
        (report(), False),
        (report(SAME), False),
        (report(FOUND), False),
        (report(replace(FOUND, needs_operator=True)), True),
        (report(ASKED), True),
        (report(replace(ASKED, heard=Heard.NOTHING, was="api_key_expired")), True),
        (report(late=["LEB-2"]), True),
    ],
    ids=["nothing open", "the same", "mended", "for people", "no answer", "refused", "late"],
)
def test_what_was_mended_needs_nobody_and_what_is_not_known_does(
    told: Report, needs_operator: bool
) -> None:
    assert told.needs_operator is needs_operator


def test_a_report_names_what_differed_and_what_was_not_answered() -> None:
    lines = list(report(FOUND, replace(ASKED, subject="pay_2")).lines())
    assert lines[0] == "Reconciled 2026-11-22 12:00:00 UTC, in 3 s."
    assert lines[1].endswith("2 asked after, 1 differed, 1 not answered")
    assert "✓ LEB-1, payment pay_1: order expired → order paid" in lines
    assert "! LEB-1, payment pay_2: no answer yet; it is heard when it comes" in lines


def test_what_cannot_be_compared_is_said() -> None:
    assert any("Telegram lists no such charges" in line for line in report().lines())
