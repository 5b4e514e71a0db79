"""The rules that the database itself keeps, as triggers by name: nobody writes past them.

Money: the postings of a journal sum to zero in each currency before it is sealed, nothing is added
to it afterwards, and an account stays above its minimum. Since a journal's key refers to its seal
(a deferred foreign key), no transaction that leaves a journal unbalanced or unsealed can commit.
History: what has been posted, charged and done to an order is neither changed nor removed. Only
who it was can be forgotten (`storage.forgetting`): a person's id gives way to a pseudonym, never to
another person's and never back, and free words can be taken away, never put in.

A migration that rebuilds a table drops the triggers on it and has to create them again;
`storage.checks` looks for every one of them.
"""

from __future__ import annotations

from typing import Final

from bot.domain.forgetting import FIRST_PSEUDONYM as _FIRST


def _as_it_was(*columns: str) -> str:
    return " AND ".join(f"NEW.{column} IS OLD.{column}" for column in columns)


_FORGETTABLE: Final[dict[str, str]] = {
    "charges": f"""
        {_as_it_was("id", "payment_id", "order_id", "amount_minor", "currency", "platform_ref")}
        AND {_as_it_was("settlement", "charged_at")}
        AND (NEW.payer_id IS OLD.payer_id
             OR NEW.payer_id >= {_FIRST} AND OLD.payer_id < {_FIRST})""",
    "audit": f"""
        {_as_it_was("id", "deed", "before", "done_at")}
        AND (NEW.who IS OLD.who OR NEW.who >= {_FIRST} AND OLD.who < {_FIRST})
        AND (NEW.subject IS OLD.subject
             OR CAST(NEW.subject AS INTEGER) >= {_FIRST}
                AND CAST(OLD.subject AS INTEGER) BETWEEN 1 AND {_FIRST - 1}
                AND OLD.subject NOT GLOB '*[^0-9]*')
        AND (NEW.after IS OLD.after OR NEW.after IS json_remove(OLD.after, '$.reason'))""",
    "order_events": f"""
        {_as_it_was("id", "order_id", "event", "from_status", "to_status", "happened_at")}
        AND (NEW.detail IS OLD.detail OR NEW.detail IS NULL)""",
}
"""What an update of these may change at all."""

_BOTH: Final = ("UPDATE", "DELETE")

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
        for table, verbs in {
            **dict.fromkeys(("accounts", "journals", "postings", "journal_seals"), _BOTH),
            **dict.fromkeys(_FORGETTABLE, ("DELETE",)),
        }.items()
        for verb in verbs
    },
    **{
        f"{table}_append_only_update": f"""
        CREATE TRIGGER {table}_append_only_update BEFORE UPDATE ON {table}
        WHEN ({allowed}) IS NOT TRUE
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
        for table, allowed in _FORGETTABLE.items()
    },
}
