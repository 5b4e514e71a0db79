"""Change what a subscriber is told, and when: looked at anew for each of their lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.domain.preferences import AlertKind, Preferences, QuietHours
from bot.domain.subscriber import Subscriber
from bot.services.link_line import own_line
from bot.services.unit import Unit
from bot.services.watch_line import WatchLine

NEWS: Final = "news"
PROMOTIONS: Final = "promotions"


class ChangePreferences:
    def __init__(self, watch: WatchLine) -> None:
        self._watch = watch

    async def held(self, unit: Unit, subscriber: Subscriber) -> Preferences:
        return await unit.preferences.of(subscriber.id)

    async def hear(
        self, unit: Unit, subscriber: Subscriber, kind: AlertKind, line_id: int, *, told: bool
    ) -> Preferences:
        """Of that line only; of every line for 0. Raises `UnknownLine`."""
        line = (await own_line(unit, subscriber.id, line_id)).id if line_id else None
        held = await self.held(unit, subscriber)
        changed = held.told(kind, line) if told else held.silenced(kind, line)
        return await self._save(unit, changed)

    async def subscribe(
        self, unit: Unit, subscriber: Subscriber, what: str, *, wanted: bool
    ) -> Preferences:
        """To `NEWS` or `PROMOTIONS`; anything else changes nothing."""
        held = await self.held(unit, subscriber)
        if what == NEWS:
            held = replace(held, news=wanted)
        elif what == PROMOTIONS:
            held = replace(held, promotions=wanted)
        return await self._save(unit, held)

    async def be_quiet(
        self, unit: Unit, subscriber: Subscriber, quiet: QuietHours | None
    ) -> Preferences:
        held = await self.held(unit, subscriber)
        return await self._save(unit, replace(held, quiet=quiet))

    async def live_in(
        self, unit: Unit, subscriber: Subscriber, time_zone: str | None
    ) -> Preferences:
        """None: as the line."""
        held = await self.held(unit, subscriber)
        return await self._save(unit, replace(held, time_zone=time_zone))

    async def _save(self, unit: Unit, changed: Preferences) -> Preferences:
        unit.preferences.save(changed)
        await self._watch.look_again(unit, changed.subscriber_id)
        return changed
