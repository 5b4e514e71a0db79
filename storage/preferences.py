"""Preferences: a subscriber's row once something was changed, and what is silenced of single
lines."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BindParameter, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from bot.domain.preferences import AlertKind, Preferences, QuietHours
from storage.database import Row, Transaction
from storage.preference_tables import muted_lines as muted
from storage.preference_tables import preferences as t
from storage.statements import Statement

_MINE: Final[BindParameter[int]] = bindparam("subscriber_id")
_GET: Final = Statement(select(*t.c).where(t.c.subscriber_id == _MINE))
_MUTED: Final = Statement(
    select(muted.c.line_id, muted.c.kind).where(muted.c.subscriber_id == _MINE)
)
_save = insert(t)
_SAVE: Final = Statement(
    _save.on_conflict_do_update(
        index_elements=["subscriber_id"],
        set_={c.name: _save.excluded[c.name] for c in t.c if c.name != "subscriber_id"},
    )
)
_HEAR_ALL: Final = Statement(delete(muted).where(muted.c.subscriber_id == _MINE))
_MUTE: Final = Statement(insert(muted))


class SqlitePreferences:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, subscriber_id: int) -> Preferences:
        row = await self._transaction.row(_GET, subscriber_id=subscriber_id)
        if row is None:
            return Preferences(subscriber_id)
        lines = await self._transaction.rows(_MUTED, subscriber_id=subscriber_id)
        return _preferences(row, lines)

    def save(self, preferences: Preferences) -> None:
        quiet = preferences.quiet
        self._transaction.write(
            _SAVE,
            subscriber_id=preferences.subscriber_id,
            news=int(preferences.news),
            promotions=int(preferences.promotions),
            quiet_from_minute=quiet.from_minute if quiet is not None else None,
            quiet_to_minute=quiet.to_minute if quiet is not None else None,
            time_zone=preferences.time_zone,
            **{f"alert_{kind}": int(kind not in preferences.muted) for kind in AlertKind},
        )
        self._transaction.write(_HEAR_ALL, subscriber_id=preferences.subscriber_id)
        for line_id, kind in sorted(preferences.muted_lines):
            self._transaction.write(
                _MUTE, subscriber_id=preferences.subscriber_id, line_id=line_id, kind=kind
            )


def _preferences(row: Row, lines: list[Row]) -> Preferences:
    subscriber_id, news, promotions, quiet_from, quiet_to, time_zone, *told = row
    return Preferences(
        subscriber_id=subscriber_id,
        news=bool(news),
        promotions=bool(promotions),
        quiet=None if quiet_from is None else QuietHours(quiet_from, quiet_to),
        time_zone=time_zone,
        muted=frozenset(kind for kind, is_told in zip(AlertKind, told, strict=True) if not is_told),
        muted_lines=frozenset((line_id, AlertKind(kind)) for line_id, kind in lines),
    )
