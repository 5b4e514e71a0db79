"""Counting for the statistics, on a connection of its own, all from one state of the books.

Every statement goes by an index to the rows of its span, so a count takes as long as there were
renewals in it: of 100,000 in 60 days, the last 30 days beside the 30 before take 1.3 s of CPU on
the connection's own thread, 7 days 0.4 s, today 0.1 s.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, exists, func, literal, select

from bot.domain.ledger import JournalKind
from bot.domain.order import ACTIVATION_PROMISE
from bot.domain.statistics import (
    LOST_AFTER,
    Earned,
    Figures,
    Period,
    Span,
    Statistics,
    activation,
    together,
)
from storage.database import Reader, open_reader
from storage.desk import UNDELIVERED
from storage.earnings import EARNED, EARNING, earned
from storage.instants import to_micros
from storage.statements import Statement
from storage.tables import entitlements, journals, orders

_SECOND: Final = 1_000_000
_MICROSECOND: Final = timedelta(microseconds=1)
_CACHE_KB: Final = 65_536
"""While it counts: orders lie in the file by when they were made, not by when they were delivered.
"""
_since: Final[BindParameter[int]] = bindparam("since")
_until: Final[BindParameter[int]] = bindparam("until")
_delivered = (
    EARNING,
    journals.c.kind == JournalKind.ACTIVATION.value,
    journals.c.posted_at >= _since,
    journals.c.posted_at < _until,
)
_took_s = (orders.c.fulfilled_at - orders.c.paid_at) // _SECOND
_TOOK: Final = Statement(
    select(_took_s, func.count())
    .select_from(journals.join(orders, orders.c.id == journals.c.order_id))
    .where(*_delivered, orders.c.paid_at.is_not(None))
    .group_by(_took_s)
)
_mine, _other = entitlements.alias("mine"), entitlements.alias("other")
_had_one = exists(
    select(literal(1)).where(
        _other.c.line_id == _mine.c.line_id, _other.c.ends_at < _mine.c.ends_at
    )
)
"""A line's plans queue: the one that ends first was the first."""
_NEW_LINES: Final = Statement(
    select(func.count())
    .select_from(journals.join(_mine, _mine.c.order_id == journals.c.order_id))
    .where(*_delivered, ~_had_one)
)
_goes_on = exists(
    select(literal(1)).where(
        _other.c.line_id == entitlements.c.line_id,
        _other.c.ends_at > entitlements.c.ends_at,
        _other.c.starts_at < entitlements.c.ends_at + bindparam("within"),
    )
)
_LOST_LINES: Final = Statement(
    select(func.count(entitlements.c.line_id.distinct())).where(
        entitlements.c.ends_at >= _since, entitlements.c.ends_at < _until, ~_goes_on
    )
)
_ACTIVE_LINES: Final = Statement(
    select(func.count(entitlements.c.line_id.distinct())).where(
        entitlements.c.ends_at > bindparam("now")
    )
)


async def count_statistics(database: Path, period: Period) -> Statistics:
    """Raises `bot.services.events.StoreFailed`."""
    async with open_reader(database) as reader:
        await reader.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        await reader.execute("BEGIN")
        now = period.so_far.until
        ((active,),) = await reader.rows(_ACTIVE_LINES, now=to_micros(now))
        ((undelivered,),) = await reader.rows(
            UNDELIVERED, before=to_micros(now - ACTIVATION_PROMISE)
        )
        by_day = [await _earned(reader, day) for day in period.day_spans]
        return Statistics(
            so_far=await _figures(reader, period.so_far, together(by_day)),
            before=await _figures(reader, period.before, await _earned(reader, period.before)),
            by_day=by_day,
            active_lines=active,
            undelivered=undelivered,
        )


async def _figures(reader: Reader, span: Span, earned: list[Earned]) -> Figures:
    ((new_lines,),) = await reader.rows(_NEW_LINES, **_edges(span))
    ended = Span(span.since - LOST_AFTER, span.until - LOST_AFTER)
    within = LOST_AFTER // _MICROSECOND
    ((lost_lines,),) = await reader.rows(_LOST_LINES, **_edges(ended), within=within)
    took: dict[int, int] = dict(await reader.rows(_TOOK, **_edges(span)))
    return Figures(earned, new_lines, lost_lines, activation(took, ACTIVATION_PROMISE))


async def _earned(reader: Reader, span: Span) -> list[Earned]:
    return earned(await reader.rows(EARNED, **_edges(span)))


def _edges(span: Span) -> dict[str, Any]:
    return {"since": to_micros(span.since), "until": to_micros(span.until)}
