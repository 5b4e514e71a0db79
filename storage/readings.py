"""Readings: the last that the carrier said of each line, and its usage by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from bot.domain.line import Reading, UsageDay
from bot.domain.money import Money
from storage.database import Row, Transaction
from storage.instants import from_micros, from_micros_or_none, to_micros, to_micros_or_none
from storage.statements import Statement
from storage.tables import reading_requests as requests
from storage.tables import readings as t
from storage.tables import usage_countries as countries
from storage.tables import usage_days as days

_LATEST: Final = Statement(select(*t.c).where(t.c.line_id == bindparam("line_id")))
_put = insert(t)
_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["line_id"],
        set_={column.name: _put.excluded[column.name] for column in t.c if not column.primary_key},
        where=(_put.excluded.as_of_at >= t.c.as_of_at) | (t.c.as_of_at > bindparam("now")),
    )
)
_ASKED_AT: Final = Statement(
    select(requests.c.asked_at).where(requests.c.line_id == bindparam("line_id"))
)
_ask = insert(requests)
_MARK_ASKED: Final = Statement(
    _ask.on_conflict_do_update(
        index_elements=["line_id"], set_={"asked_at": _ask.excluded.asked_at}
    )
)
_USAGE: Final = Statement(
    select(days.c.day, days.c.used_bytes)
    .where(
        days.c.line_id == bindparam("line_id"),
        days.c.day.between(bindparam("first"), bindparam("last")),
    )
    .order_by(days.c.day)
)
_use = insert(days)
_PUT_USAGE: Final = Statement(
    _use.on_conflict_do_update(
        index_elements=["line_id", "day"], set_={"used_bytes": _use.excluded.used_bytes}
    )
)


_OF_LINE: Final = countries.c.line_id == bindparam("line_id")
_IN_SPAN: Final = countries.c.day.between(bindparam("first"), bindparam("last"))
_COUNTRIES: Final = Statement(
    select(countries.c.day, countries.c.country, countries.c.used_bytes).where(_OF_LINE, _IN_SPAN)
)
_DROP_COUNTRIES: Final = Statement(delete(countries).where(_OF_LINE, _IN_SPAN))
_PUT_COUNTRY: Final = Statement(
    insert(countries).values({c.name: bindparam(c.name) for c in countries.c})
)


class SqliteReadings:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def latest(self, line_id: int) -> Reading | None:
        row = await self._transaction.row(_LATEST, line_id=line_id)
        return _reading(row) if row else None

    async def asked_at(self, line_id: int) -> datetime | None:
        row = await self._transaction.row(_ASKED_AT, line_id=line_id)
        return from_micros(row[0]) if row else None

    def mark_asked(self, line_id: int, at: datetime) -> None:
        self._transaction.write(_MARK_ASKED, line_id=line_id, asked_at=to_micros(at))

    def put(self, reading: Reading, at: datetime) -> None:
        self._transaction.write(
            _PUT,
            now=to_micros(at),
            line_id=reading.line_id,
            as_of_at=to_micros(reading.as_of),
            source=reading.source,
            plan_code=reading.plan_code,
            valid_until_at=to_micros_or_none(reading.valid_until),
            used_today_bytes=reading.used_today_bytes,
            high_speed_cap_bytes=reading.high_speed_cap_bytes,
            throttled=None if reading.throttled is None else int(reading.throttled),
            base_rate_kbps=reading.base_rate_kbps,
            next_reset_at=to_micros_or_none(reading.next_reset_at),
            wallet_minor=None if reading.wallet is None else reading.wallet.minor,
            wallet_currency=None if reading.wallet is None else reading.wallet.currency,
        )

    async def usage(self, line_id: int, first: date, last: date) -> list[UsageDay]:
        span = {"line_id": line_id, "first": first.isoformat(), "last": last.isoformat()}
        by_country: dict[str, dict[str, int]] = {}
        for day, country, used_bytes in await self._transaction.rows(_COUNTRIES, **span):
            by_country.setdefault(day, {})[country] = used_bytes
        return [
            UsageDay(date.fromisoformat(day), used_bytes, by_country.get(day, {}))
            for day, used_bytes in await self._transaction.rows(_USAGE, **span)
        ]

    def put_usage(self, line_id: int, days: Sequence[UsageDay]) -> None:
        for each in days:
            self._transaction.write(
                _PUT_USAGE, line_id=line_id, day=each.day.isoformat(), used_bytes=each.used_bytes
            )
        if days:
            self._put_countries(line_id, days)

    def _put_countries(self, line_id: int, days: Sequence[UsageDay]) -> None:
        """In the place of what was said of these days before."""
        span = [each.day.isoformat() for each in days]
        self._transaction.write(_DROP_COUNTRIES, line_id=line_id, first=min(span), last=max(span))
        for each in days:
            for country, used_bytes in each.by_country.items():
                self._transaction.write(
                    _PUT_COUNTRY,
                    line_id=line_id,
                    day=each.day.isoformat(),
                    country=country,
                    used_bytes=used_bytes,
                )


def _reading(row: Row) -> Reading:
    (
        line_id, as_of, source, plan_code, valid_until, used_today_bytes, high_speed_cap_bytes,
        throttled, base_rate_kbps, next_reset, wallet_minor, wallet_currency,
    ) = row  # fmt: skip
    return Reading(
        line_id=line_id,
        as_of=from_micros(as_of),
        source=source,
        plan_code=plan_code,
        valid_until=from_micros_or_none(valid_until),
        used_today_bytes=used_today_bytes,
        high_speed_cap_bytes=high_speed_cap_bytes,
        throttled=None if throttled is None else bool(throttled),
        base_rate_kbps=base_rate_kbps,
        next_reset_at=from_micros_or_none(next_reset),
        wallet=None if wallet_minor is None else Money(wallet_minor, wallet_currency),
    )
