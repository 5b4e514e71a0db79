"""What it costs to watch over lines: a look with its reading, and how many a line and day takes.

The looks are decided one by one, as the runtime does, over a real database of few and of many lines
that all have a timer; the carrier's answers are made up on the spot.
"""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.alerts import LineFacts
from bot.domain.calendar import day_start, local_day
from bot.domain.line import Line, LineStatus, Msisdn, Reading
from bot.domain.preferences import QuietHours
from bot.services.ports import CarrierCapabilities
from bot.services.watch_line import WatchLine
from storage.database import Database
from storage.unit import SqliteStore
from tests.benchmarks.population import fill
from tests.clocks import StoppedClock
from tests.services.notebook import Notebook

LINES: Final = (1_000, 100_000)
_LOOKS: Final = 400
_GB: Final = 10**9
_CAPABILITIES: Final = CarrierCapabilities(
    wallet=True, daily_counter=True, throttle_state=True, texts=True, shortest_poll_s=60
)
_TIMERS: Final = """
    INSERT INTO timers (key, kind, payload, due_at)
    SELECT 'line:' || id || ':watch', 'line_watch', '{"line_id":' || id || '}', ? FROM lines
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU time, in milliseconds: to take a due timer into the inbox, to decide that the carrier is
    asked, and to decide its answer."""

    timer_ms: float
    look_ms: float
    answer_ms: float

    @property
    def whole_ms(self) -> float:
        return self.timer_ms + self.look_ms + self.answer_ms


async def cost(folder: Path, lines: int) -> Cost:
    path = folder / f"watched-{lines}.db"
    fill(path, lines)
    now = datetime.now(UTC).replace(hour=5, minute=0) + timedelta(days=1)  # 13:00 in Shanghai
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(_TIMERS, (int((now - timedelta(hours=1)).timestamp()) * 1_000_000,))
    clock = StoppedClock(now)
    watch = WatchLine(clock, Notebook(), _CAPABILITIES)
    some = random.Random(1).sample(range(1, lines + 1), _LOOKS)
    async with Database(path) as database:
        store = SqliteStore(database, clock.now)
        begun = time.process_time()
        for _ in range(_LOOKS // 100):
            async with store.unit() as unit:
                await unit.inbox.add(await unit.due_timers.take_due(now, 100), now)
        timers_took = time.process_time() - begun
        begun = time.process_time()
        for line_id in some:
            async with store.unit() as unit:
                await watch.on_due(unit, {"line_id": line_id})
        looks_took = time.process_time() - begun
        begun = time.process_time()
        for line_id in some:
            async with store.unit() as unit:
                unit.readings.put(_reading(line_id, now, 5 * _GB), now)
                await watch.on_read(unit, line_id)
        answers_took = time.process_time() - begun
    each = 1000 / _LOOKS
    return Cost(timers_took * each, looks_took * each, answers_took * each)


def readings_a_day(gigabytes: float) -> int:
    """How often the carrier is asked about a line that uses so much, evenly from 8 to 22 o'clock,
    by somebody who wants every alert."""
    zone = ZoneInfo("Asia/Shanghai")
    line = Line(1, "ref", Msisdn("+8613800001001"), None, zone.key, LineStatus.ACTIVE)
    night = QuietHours(22 * 60, 8 * 60)
    now = day_start(local_day(datetime(2026, 11, 22, tzinfo=UTC), zone), zone)
    end, asked = now + timedelta(days=1), 0
    reading = _reading(1, now - timedelta(hours=3), 0)
    while now < end:
        facts = LineFacts(line, now, reading, end + timedelta(days=9), None, [], False)
        due = facts.read_at(now, frozenset())
        assert due is not None
        now = night.over_at(max(due, now), zone)
        hours = (now - day_start(local_day(now, zone), zone)) / timedelta(hours=1)
        if now < end:
            asked += 1
            used = gigabytes * min(1.0, max(0.0, (hours - 8) / 14))
            reading = _reading(1, now, round(used * _GB))
    return asked


def _reading(line_id: int, at: datetime, used: int) -> Reading:
    end = at + timedelta(days=9)
    return Reading(line_id, at, "bench", "M30", end, used, 20 * _GB, False, 1000, None, None)
