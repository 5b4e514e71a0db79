"""Watch over lines: tell their holders what is worth telling, once, and not in their quiet hours.

    linked ─▶ read ─▶ told what is true ─▶ looked at again when something may have changed ─▶ …
                           ▲                     │ a mark may be near: the carrier is asked
                           └──── the reading ◀───┘

One timer a line. The carrier is asked only while somebody could be told: outside of quiet hours,
for kinds that are wanted and were not told yet. What falls into the quiet hours is looked at anew
when they end, so that it is told only if it is still true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.domain.alerts import SOONEST, USAGE, Alert, LineFacts
from bot.domain.auto_renewal import SAME_PERIOD
from bot.domain.preferences import AlertKind, Preferences
from bot.domain.subscriber import Subscriber
from bot.services.order_keys import watch_timer
from bot.services.ports import CarrierCapabilities, Clock, Notices
from bot.services.renew_line import covered_until
from bot.services.requests import ReadLine
from bot.services.unit import Unit

SHOWN_AT_LINKING: Final = timedelta(minutes=10)
"""What is true of a line when it is linked stands on the home screen that opens then."""
FRESH: Final = timedelta(minutes=10)
"""An older reading is taken anew before anything is told by it."""
RETRY: Final = timedelta(hours=1)
"""A carrier that has not answered, or whose word is older than the question, is left alone for so
long; meanwhile what is held has to do."""
LOOK_EVERY: Final = timedelta(days=1)
"""At the latest: what a line has may change without us."""
_REMEMBERED: Final = timedelta(days=10)
_SPREAD_S: Final = 900


@dataclass(frozen=True, slots=True)
class _Watched:
    subscriber: Subscriber
    preferences: Preferences
    facts: LineFacts
    sent: frozenset[tuple[AlertKind, str]]
    asked_at: datetime | None

    def wants(self, alert: Alert) -> bool:
        wanted = self.preferences.wants(alert.kind, self.facts.line.id)
        return wanted and (alert.kind, alert.period) not in self.sent


class WatchLine:
    def __init__(self, clock: Clock, notices: Notices, capabilities: CarrierCapabilities) -> None:
        self._clock = clock
        self._notices = notices
        self._capabilities = capabilities

    async def on_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        """Looks at the line; asks the carrier first where what is held may be old."""
        line_id, now = timer["line_id"], self._clock.now()
        watched = await self._watched(unit, line_id)
        if watched is None:
            return
        if self._disturbs_at(watched, now) == now and self._should_ask(watched, now):
            line = watched.facts.line
            unit.readings.mark_asked(line.id, now)
            unit.outbox.carrier(ReadLine(line.id, line.ref, line.msisdn))
            self._look_at(unit, line_id, now + RETRY)
            return
        await self._tell(unit, watched)

    async def on_read(self, unit: Unit, line_id: int) -> None:
        """The carrier has answered, or has not: no newer word is to be had now."""
        watched = await self._watched(unit, line_id)
        if watched is not None:
            await self._tell(unit, watched)

    async def look_again(self, unit: Unit, subscriber_id: int) -> None:
        """What the subscriber wants to be told, or when, has changed."""
        for line in await unit.lines.of(subscriber_id):
            self._look_at(unit, line.id, self._clock.now())

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    async def _tell(self, unit: Unit, watched: _Watched) -> None:
        """Tells what is true, wanted and new, if it may disturb; and sets the next look."""
        now, facts = self._clock.now(), watched.facts
        line_id = facts.line.id
        told: list[Alert] = []
        if self._disturbs_at(watched, now) == now:
            for alert in facts.true_at(now):
                if not watched.wants(alert):
                    continue
                is_new = await unit.alerts.mark_sent(line_id, alert.kind, alert.period, now)
                told.append(alert)
                if is_new and now >= facts.linked_at + SHOWN_AT_LINKING:
                    await self._notices.line_alert(unit, watched.subscriber, facts, alert)
        self._look_at(unit, line_id, self._next_look(watched, told))

    def _should_ask(self, watched: _Watched, now: datetime) -> bool:
        """Something may be told, or a mark may be passed, and the last word is not fresh."""
        reading = watched.facts.reading
        if reading is not None and now - reading.as_of < FRESH:
            return False
        if now < self._may_ask_at(watched, now, SOONEST):
            return False
        mark_at = self._read_at(watched, now, [])
        return bool(self._pending(watched, now)) or (mark_at is not None and mark_at <= now)

    def _may_ask_at(self, watched: _Watched, now: datetime, pause: timedelta) -> datetime:
        asked_at, reading = watched.asked_at, watched.facts.reading
        if asked_at is None or asked_at > now:  # a clock was put back
            return now
        if reading is None or reading.as_of < asked_at:
            pause = RETRY
        return asked_at + max(pause, timedelta(seconds=self._capabilities.shortest_poll_s))

    def _pending(self, watched: _Watched, now: datetime) -> list[Alert]:
        return [each for each in watched.facts.true_at(now) if watched.wants(each)]

    def _read_at(self, watched: _Watched, now: datetime, told: Sequence[Alert]) -> datetime | None:
        """When to ask for the sake of a mark; None: nobody waits for one."""
        if not self._capabilities.daily_counter:
            return None
        facts, today = watched.facts, watched.facts.day(now).isoformat()
        unwanted = {kind for kind in USAGE if not watched.preferences.wants(kind, facts.line.id)}
        if unwanted == set(USAGE):
            return None
        done = {each.kind for each in told} | {
            kind for kind, period in watched.sent if period == today and kind in USAGE
        }
        read_at = facts.read_at(now, frozenset(unwanted | done))
        if read_at is None:
            return None
        return max(read_at, self._may_ask_at(watched, now, SOONEST))

    def _next_look(self, watched: _Watched, told: Sequence[Alert]) -> datetime:
        """Spread a little, so that lines whose quiet hours end together do not ask together."""
        now = self._clock.now()
        turns = watched.facts.turns_after(now)
        mark_at = self._read_at(watched, now, told)
        if mark_at is not None:
            turns.append(max(mark_at, now + SOONEST))
        free_at = self._disturbs_at(watched, now)
        if free_at > now and self._pending(watched, now):
            turns.append(free_at)
        at = self._disturbs_at(watched, min([*turns, now + LOOK_EVERY]))
        spread = timedelta(seconds=watched.facts.line.id * 7919 % _SPREAD_S)
        return self._disturbs_at(watched, at + spread)

    def _disturbs_at(self, watched: _Watched, at: datetime) -> datetime:
        zone = watched.preferences.zone(watched.facts.line.zone)
        return watched.preferences.may_disturb_at(at, zone)

    async def _watched(self, unit: Unit, line_id: int) -> _Watched | None:
        """None when nobody holds the line, or its holder cannot be written to."""
        line = await unit.lines.get(line_id)
        link = await unit.lines.link_of(line_id)
        if line is None or link is None:
            return None
        subscriber = await unit.subscribers.find(link.subscriber_id)
        if subscriber is None:
            return None
        now = self._clock.now()
        if subscriber.blocked:
            self._look_at(unit, line_id, now + LOOK_EVERY)
            return None
        held = await unit.entitlements.of_line(line_id, ending_after=now - _REMEMBERED)
        renewal = await unit.auto_renewals.get(line_id)
        end = await covered_until(unit, line, now)
        ends = [each.ends_at for each in held] + ([end] if end is not None else [])
        last = max(ends, default=None)

        def is_last(ends_at: datetime) -> bool:
            return last is not None and last - ends_at < SAME_PERIOD

        facts = LineFacts(
            line=line,
            linked_at=link.linked_at,
            reading=await unit.readings.latest(line_id),
            covered_until=last,
            begun_at=max((each.starts_at for each in held if is_last(each.ends_at)), default=None),
            queued=await unit.alerts.queued_plans(line_id, now),
            renews_by_itself=renewal is not None and renewal.subscriber_id == subscriber.id,
        )
        return _Watched(
            subscriber,
            await unit.preferences.of(subscriber.id),
            facts,
            await unit.alerts.sent(line_id, now - _REMEMBERED),
            await unit.readings.asked_at(line_id),
        )

    def _look_at(self, unit: Unit, line_id: int, at: datetime) -> None:
        unit.timers.set(watch_timer(line_id), "line_watch", {"line_id": line_id}, at)
