"""Preferences as the services see them in the store."""

from __future__ import annotations

from typing import Protocol

from bot.domain.preferences import Preferences


class PreferencesOf(Protocol):
    async def of(self, subscriber_id: int) -> Preferences:
        """Those of somebody who has changed nothing, when nothing is stored."""
        ...

    def save(self, preferences: Preferences) -> None: ...
