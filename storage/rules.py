"""The rules that the database itself keeps, as triggers by name: nobody writes past them.

Money: the postings of a journal sum to zero in each currency before it is sealed, nothing is added
to it afterwards, and an account stays above its minimum. Since a journal's key refers to its seal
(a deferred foreign key), no transaction that leaves a journal unbalanced or unsealed can commit.
History: what has been posted, charged and done to an order is neither changed nor removed.

A migration that rebuilds a table drops the triggers on it and has to create them again;
`storage.checks` looks for every one of them.
"""

from __future__ import annotations

from typing import Final

RULES: Final[dict[str, str]] = {
    "journal_seals_balanced": """
        CREATE TRIGGER journal_seals_balanced BEFORE INSERT ON journal_seals
        WHEN NOT EXISTS (SELECT 1 FROM postings WHERE journal_key = NEW.journal_key)
          OR EXISTS (SELECT 1 FROM postings WHERE journal_key = NEW.journal_key
                     GROUP BY currency HAVING sum(amount_minor) <> 0)
        BEGIN SELECT RAISE(ABORT, 'journal is not balanced'); END""",
    "postings_not_after_seal": """
        CREATE TRIGGER postings_not_after_seal BEFORE INSERT ON postings
        WHEN EXISTS (SELECT 1 FROM journal_seals WHERE journal_key = NEW.journal_key)
        BEGIN SELECT RAISE(ABORT, 'journal is sealed'); END""",
    "postings_above_minimum": """
        CREATE TRIGGER postings_above_minimum AFTER INSERT ON postings
        WHEN NEW.amount_minor < 0 AND (
            SELECT sum(p.amount_minor) < a.min_balance_minor
            FROM accounts a JOIN postings p ON p.account = a.code AND p.currency = a.currency
            WHERE a.code = NEW.account AND a.currency = NEW.currency
              AND a.min_balance_minor IS NOT NULL)
        BEGIN SELECT RAISE(ABORT, 'account below its minimum'); END""",
    **{
        f"{table}_append_only_{verb.lower()}": f"""
        CREATE TRIGGER {table}_append_only_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
        for table in (
            "accounts",
            "journals",
            "postings",
            "journal_seals",
            "order_events",
            "charges",
            "audit",
        )
        for verb in ("UPDATE", "DELETE")
    },
}
