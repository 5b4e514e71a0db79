"""What must hold after hostile input, whatever it was."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from tests.services.books import breaches

_UNTOUCHED: Final = {
    "operators": "SELECT * FROM operators ORDER BY 1",
    "plans": "SELECT * FROM plans ORDER BY 1, 2",
    "maintenance": "SELECT * FROM maintenance",
    "announcements": "SELECT id FROM announcements",
    "kept cards": "SELECT * FROM kept_cards",
    "credit": "SELECT * FROM postings WHERE account = 'goodwill'",
}
"""What only operators, or a payment platform, may change; neither sends anything here."""
_OWN: Final = {
    "orders": "SELECT * FROM orders WHERE subscriber_id = ?1 ORDER BY id",
    "payments": "SELECT * FROM payments WHERE subscriber_id = ?1 ORDER BY id",
    "lines": "SELECT * FROM line_links WHERE subscriber_id = ?1 ORDER BY 1",
    "money": """
        SELECT account, currency, sum(amount_minor) FROM postings
        WHERE account IN (SELECT 'wallet:' || line_id FROM line_links WHERE subscriber_id = ?1)
        GROUP BY 1, 2""",
    "entitlements": """
        SELECT * FROM entitlements
        WHERE order_id IN (SELECT id FROM orders WHERE subscriber_id = ?1) ORDER BY 1""",
}
"""What belongs to somebody in whose name nothing hostile was sent."""
_EXPECTED_REFUSALS: Final = (
    "chat not found",
    "bot can't initiate conversation with a user",
    "bot was blocked by the user",
    "bot was kicked from the supergroup chat",
    "query is too old",
    "message to edit not found",
    "message can't be edited",
    "message is not modified",
    "there is no text in the message to edit",
    "CHARGE_NOT_FOUND",
    "CHARGE_ALREADY_REFUNDED",
    "message thread not found",
    "message to copy not found",
    "message can't be copied",
    "message to react not found",
)
"""What Telegram says when it is asked about people, chats and messages that never were."""

Rows = dict[str, list[tuple[Any, ...]]]


_TOLD_OF_PAYMENTS: Final = "update_unreadable"
"""An operator is to look at what speaks of a payment and cannot be read."""


class Errors(logging.Handler):
    """Keeps every line of an error, with its traceback: each but those is a bug."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        if _TOLD_OF_PAYMENTS not in line:
            self.lines.append(line)


def rows_of(database: Path, person_id: int) -> Rows:
    """The rows that hostile input may not change."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        found = {name: connection.execute(query).fetchall() for name, query in _UNTOUCHED.items()}
        for name, query in _OWN.items():
            found[f"own {name}"] = connection.execute(query, (person_id,)).fetchall()
    return found


def changes(before: Rows, after: Rows) -> list[str]:
    return [
        f"{name}: {before[name]} became {after[name]}"
        for name in before
        if before[name] != after[name]
    ]


def unsettled(database: Path, given: Iterable[str]) -> list[str]:
    """What was given and is not stored, or is stored and neither decided nor put aside."""
    wanted = {str(update["update_id"]) for each in given if _has_id(update := json.loads(each))}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        stored = {row[0] for row in connection.execute("SELECT source_id FROM inbox")}
        open_rows = connection.execute("SELECT source_id, kind FROM inbox WHERE decided_at IS NULL")
        waiting = [f"undecided: {kind} {source_id}" for source_id, kind in open_rows]
    return [*waiting, *(f"not stored: {update_id}" for update_id in sorted(wanted - stored))]


def _has_id(update: Any) -> bool:
    return type(update.get("update_id")) is int and 0 <= update["update_id"] < 2**53


def unearned(database: Path, charges: Iterable[dict[str, Any]]) -> list[str]:
    """Charges that paid for something and were never made; and books that do not add up."""
    authentic = {charge["charge_id"] for charge in charges}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        counted = connection.execute(
            "SELECT id FROM charges WHERE settlement IN ('paid', 'reopened')"
        ).fetchall()
    forged = [
        f"counted, and never charged: {charge}" for (charge,) in counted if charge not in authentic
    ]
    return [*forged, *(f"{name}: {number}" for name, number in breaches(database).items())]


def refusals(requests: Iterable[dict[str, Any]]) -> list[str]:
    """Calls that Telegram refused for what the bot made of them."""
    refused = Counter(
        f"{call['method']}: {call['description']}"
        for call in requests
        if call["status"] not in (None, 200)
        and not any(known in call["description"] for known in _EXPECTED_REFUSALS)
    )
    return [f"{times}x {what}" for what, times in refused.items()]


def given_away(requests: Iterable[dict[str, Any]], secrets: Iterable[str], owner: int) -> list[str]:
    """Calls into any other chat that hold what is the owner's alone."""
    return [
        f"{call['method']} to {call['parameters'].get('chat_id')} holds {secret}"
        for call in requests
        for secret in secrets
        if call["parameters"].get("chat_id") != owner
        and secret in json.dumps(call["parameters"], ensure_ascii=False)
    ]


def buried(database: Path) -> Counter[str]:
    """The dead letters, by kind and the last line of why; of who had their data deleted nothing is
    left to say."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT kind, error FROM dead_letters").fetchall()
    return Counter(
        f"{kind}: {(error.splitlines() or ['forgotten'])[-1][:160]}" for kind, error in found
    )
