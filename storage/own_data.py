"""All that is kept of one subscriber, as one document that they can read.

It is made on a thread just before it leaves, from a connection of its own: however much there is,
nothing waits for it, and nothing of it stands in the outbox. Of a line it tells what happened while
the subscriber held it, and nothing of the holders before and after.

Instants are ISO 8601 with their zone, money is ``{"amount": "199.00", "currency": "CNY"}``.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.domain.forgetting import is_nameless
from bot.domain.ledger import wallet_of
from bot.domain.line import Msisdn
from bot.domain.money import Money
from bot.domain.preferences import AlertKind, Preferences, QuietHours
from storage import own_rows as rows
from storage.instants import from_micros
from storage.statements import Statement

_Document = dict[str, Any]
_LATER_THAN_ALL: Final = 2**62


class OwnData:
    """Makes the document of the subscriber whom the facts name, as a renderer of files does."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def __call__(self, facts: dict[str, Any]) -> bytes:
        address = f"file:{quote(str(self._database))}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as raw:
            raw.row_factory = sqlite3.Row
            raw.execute("BEGIN")  # one state, whatever is written meanwhile
            document = _Own(raw, facts["subscriber_id"]).document()
        return json.dumps(document, ensure_ascii=False, indent=2).encode()


class _Own:
    def __init__(self, raw: sqlite3.Connection, subscriber_id: int) -> None:
        self._raw = raw
        self._id = subscriber_id

    def document(self) -> _Document:
        return {
            "subscriber": self._subscriber(),
            "settings": self._settings(),
            "lines": [self._line(row) for row in self._mine(rows.LINKS)],
            "auto_renewals": [_renewal(row) for row in self._mine(rows.RENEWALS)],
            "chosen_ways_to_pay": [
                {"line": _number(row["msisdn"]), "method": _method(row)}
                for row in self._mine(rows.WAYS)
            ],
            "kept_cards": [_card(row) for row in self._mine(rows.CARDS)],
            **self._orders(),
            "coupons": self._coupons(),
            "support": self._support(),
            "announcements": [
                {
                    "announcement": row["announcement_id"],
                    "status": row["status"],
                    "at": _instant(row["changed_at"]),
                    "button_pressed_at": _instant(row["clicked_at"]),
                }
                for row in self._mine(rows.ANNOUNCEMENTS)
            ],
        }

    def _subscriber(self) -> _Document | None:
        for row in self._mine(rows.PERSON):
            return {
                "telegram_id": row["id"],
                "name": row["name"],
                "language": row["language"],
                "language_chosen_by_hand": bool(row["language_chosen"]),
                "known_since": _instant(row["created_at"]),
                "blocked_the_bot_at": _instant(row["blocked_at"]),
            }
        return None

    def _settings(self) -> _Document:
        """As they hold: somebody who changed nothing has the ones that everybody has at first."""
        held = Preferences(self._id)
        told = {f"alert_{kind}": True for kind in AlertKind}
        news, promotions, quiet, zone = held.news, held.promotions, held.quiet, held.time_zone
        for row in self._mine(rows.SETTINGS):
            told = {name: bool(row[name]) for name in told}
            news, promotions, zone = bool(row["news"]), bool(row["promotions"]), row["time_zone"]
            begins, ends = row["quiet_from_minute"], row["quiet_to_minute"]
            quiet = None if begins is None else QuietHours(begins, ends)
        return {
            "announcements": news,
            "promotions": promotions,
            "quiet_hours": None if quiet is None else {
                "from": _clock(quiet.from_minute), "to": _clock(quiet.to_minute),
            },
            "time_zone": zone,
            "alerts": {name.removeprefix("alert_"): is_told for name, is_told in told.items()},
            "alerts_silenced_of_lines": [
                {"line": _number(row["msisdn"]), "alert": row["kind"]}
                for row in self._mine(rows.MUTED)
            ],
        }  # fmt: skip

    def _line(self, link: sqlite3.Row) -> _Document:
        since, until = link["linked_at"], link["revoked_at"] or _LATER_THAN_ALL
        is_held = link["revoked_at"] is None
        return {
            "number": _number(link["msisdn"]),
            "card_number": link["iccid"] if is_held else None,
            "name": link["name"],
            "time_zone": link["zone"],
            "status": link["status"] if is_held else None,
            "linked_at": _instant(link["linked_at"]),
            "unlinked_at": _instant(link["revoked_at"]),
            "last_reading": self._reading(link["id"]) if is_held else None,
            "usage_by_day": self._usage(link),
            "wallet": [
                {
                    "at": _instant(row["posted_at"]),
                    "entry": row["kind"],
                    "order": row["order_id"],
                    "amount": _money(row["amount_minor"], row["currency"]),
                }
                for row in self._rows(
                    rows.WALLET, account=wallet_of(link["id"]), since=since, until=until
                )
            ],
        }

    def _reading(self, line_id: int) -> _Document | None:
        for row in self._rows(rows.READING, line_id=line_id):
            return {
                "as_of": _instant(row["as_of_at"]),
                "plan": row["plan_code"],
                "ends_at": _instant(row["valid_until_at"]),
                "used_today_bytes": row["used_today_bytes"],
                "high_speed_bytes_a_day": row["high_speed_cap_bytes"],
                "throttled": None if row["throttled"] is None else bool(row["throttled"]),
                "base_rate_kbps": row["base_rate_kbps"],
                "next_reset_at": _instant(row["next_reset_at"]),
                "balance_at_the_carrier": _money(row["wallet_minor"], row["wallet_currency"]),
            }
        return None

    def _usage(self, link: sqlite3.Row) -> list[_Document]:
        zone = ZoneInfo(link["zone"])
        first = from_micros(link["linked_at"]).astimezone(zone).date().isoformat()
        until = link["revoked_at"]
        last = "9999" if until is None else from_micros(until).astimezone(zone).date().isoformat()
        span = {"line_id": link["id"], "first": first, "last": last}
        by_country: dict[str, _Document] = defaultdict(dict)
        for row in self._rows(rows.USAGE_COUNTRIES, **span):
            by_country[row["day"]][row["country"]] = row["used_bytes"]
        return [
            {
                "day": row["day"],
                "used_bytes": row["used_bytes"],
                "used_bytes_by_country": by_country[row["day"]],
            }
            for row in self._rows(rows.USAGE, **span)
        ]

    def _orders(self) -> _Document:
        events, paid, charged, refunded = (
            self._by(each, "order_id")
            for each in (rows.EVENTS, rows.PAYMENTS, rows.CHARGES, rows.REFUNDS)
        )
        orders = [
            {
                **_order(row),
                "history": [_event(each) for each in events[row["id"]]],
                "payments": [_payment(each) for each in paid[row["id"]]],
                "charges": [_charge(each) for each in charged[row["id"]]],
                "refunds": [_refund(each) for each in refunded[row["id"]]],
            }
            for row in self._mine(rows.ORDERS)
        ]
        own = {order["number"] for order in orders}
        return {
            "orders": orders,
            "paid_for_others": [
                {"payments": [_payment(each) for each in paid[order_id]],
                 "charges": [_charge(each) for each in charged[order_id]]}
                for order_id in sorted(paid.keys() - own - {None}, key=str)
            ],
            "charges_of_no_order": [_charge(row) for row in charged[None]],
        }  # fmt: skip

    def _support(self) -> list[_Document]:
        written = self._by(rows.WRITTEN, "case_id")
        return [
            {
                "order": row["order_id"],
                "reason": row["why"],
                "status": row["status"],
                "opened_at": _instant(row["opened_at"]),
                "closed_at": _instant(row["closed_at"]),
                "written": [
                    {"at": _instant(each["sent_at"]), "kind": each["kind"], "words": each["words"]}
                    for each in written[row["id"]]
                ],
            }
            for row in self._mine(rows.CASES)
        ]

    def _by(self, statement: Statement, column: str) -> dict[Any, list[sqlite3.Row]]:
        found: dict[Any, list[sqlite3.Row]] = defaultdict(list)
        for row in self._mine(statement):
            found[row[column]].append(row)
        return found

    def _coupons(self) -> _Document:
        return {
            "codes_typed": [
                {"code": row["code"], "at": _instant(row["redeemed_at"])}
                for row in self._mine(rows.CODES)
            ],
            "used": [
                {
                    "code": row["code"],
                    "order": row["order_id"],
                    "held_at": _instant(row["held_at"]),
                    "used_at": _instant(row["used_at"]),
                }
                for row in self._mine(rows.COUPONS)
            ],
        }

    def _mine(self, statement: Statement) -> list[sqlite3.Row]:
        return self._rows(statement, subscriber_id=self._id)

    def _rows(self, statement: Statement, **values: Any) -> list[sqlite3.Row]:
        return self._raw.execute(statement.sql, statement.bind(values)).fetchall()


def _order(row: sqlite3.Row) -> _Document:
    total, currency = row["total_minor"], row["currency"]
    return {
        "number": row["id"],
        "buys": row["buys"],
        "line": _number(row["msisdn"]),
        "plan": row["plan_code"],
        "periods": row["periods"],
        "days": row["days"],
        "total": _money(total, currency),
        "coupon": row["coupon_code"],
        "discount": _money(row["discount_minor"], currency),
        "status": row["status"],
        "created_at": _instant(row["created_at"]),
        "paid_at": _instant(row["paid_at"]),
        "paid_with": row["paid_with"],
        "delivered_at": _instant(row["fulfilled_at"]),
        "starts_at": _instant(row["starts_at"]),
        "ends_at": _instant(row["ends_at"]),
        "receipt_number": row["receipt_number"],
    }


def _event(row: sqlite3.Row) -> _Document:
    return {
        "at": _instant(row["happened_at"]), "event": row["event"], "status": row["to_status"],
    }  # fmt: skip


def _payment(row: sqlite3.Row) -> _Document:
    return {
        "method": _method(row),
        "amount": _money(row["amount_minor"], row["currency"]),
        "status": row["status"],
        "created_at": _instant(row["created_at"]),
    }


def _charge(row: sqlite3.Row) -> _Document:
    return {
        "charge": row["id"],
        "amount": _money(row["amount_minor"], row["currency"]),
        "at": _instant(row["charged_at"]),
    }


def _refund(row: sqlite3.Row) -> _Document:
    return {
        "credit_note_number": row["credit_note_number"],
        "method": row["method"],
        "amount": _money(row["amount_minor"], row["currency"]),
        "status": row["status"],
        "owed_since": _instant(row["created_at"]),
        "sent_at": _instant(row["done_at"]),
    }


def _renewal(row: sqlite3.Row) -> _Document:
    return {
        "line": _number(row["msisdn"]),
        "plan": row["plan_code"],
        "price": _money(row["price_minor"], row["currency"]),
        "method": _method(row),
        "agreed_at": _instant(row["agreed_at"]),
        "last_order": row["order_id"],
    }


def _card(row: sqlite3.Row) -> _Document:
    return {
        "card": f"{row['brand']} •• {row['last_four']}",
        "expires": f"{row['expires_month']:02}/{row['expires_year']}",
        "kept_at": _instant(row["kept_at"]),
        "removed_at": _instant(row["removed_at"]),
    }


def _method(row: sqlite3.Row) -> str | None:
    """Of a kept card no more than it is told apart by."""
    method: str | None = row["method"]
    return method if row["brand"] is None else f"{method}, {row['brand']} •• {row['last_four']}"


def _number(msisdn: str) -> str | None:
    return None if is_nameless(Msisdn(msisdn)) else msisdn


def _money(minor: int | None, currency: str | None) -> _Document | None:
    if minor is None or currency is None:
        return None
    return {"amount": str(Money(minor, currency).decimal), "currency": currency}


def _instant(micros: int | None) -> str | None:
    return None if micros is None else from_micros(micros).isoformat(timespec="seconds")


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
