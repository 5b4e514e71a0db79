"""What an operator asks of the running bot from the command line.

The bot alone writes its database. So a command is left as a file in a folder beside the database,
and the bot takes it into its inbox: the file's name makes the event one, and the file goes once the
event is stored. A bot that does not run finds the command when it starts.

    <database>.commands/<when>-<random>.<kind>     the event's payload, JSON
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import time
from pathlib import Path
from typing import Any, Final

from bot.runtime.clock import Clock
from bot.runtime.undecided import Undecided
from bot.services.events import NewEvent, Store, StoreFailed

SOURCE: Final = "operator"
_LOOK_EVERY_S: Final = 0.25


class NotTheOwner(StoreFailed):
    """Only the owner of the database may command its bot."""


def leave(database: Path, kind: str, payload: dict[str, Any]) -> str:
    """Leaves a command for the bot of that database; the ``source_id`` that its event will have.

    Whoever may write into the folder may command the bot: it is the owner's alone. Raises
    `NotTheOwner` for anybody else, root too: the bot could not read what root leaves.
    """
    owner = database.stat().st_uid
    if owner != os.geteuid():
        raise NotTheOwner(f"{database} belongs to user {owner}: give the command as that user")
    folder = _folder(database)
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"{time.time_ns():020d}-{secrets.token_hex(4)}.{kind}"
    draft = folder / f".{name}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(payload, file)
    draft.rename(folder / name)
    return name


class Commands:
    """Looks for commands now and then, and stores them as events."""

    def __init__(self, database: Path, store: Store, undecided: Undecided, clock: Clock) -> None:
        self._folder = _folder(database)
        self._store = store
        self._undecided = undecided
        self._clock = clock

    @property
    def is_idle(self) -> bool:
        return not self._waiting()

    async def run(self) -> None:
        while True:
            files = self._waiting()
            if files:
                await self._take(files)
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _take(self, files: list[Path]) -> None:
        events = [
            NewEvent(SOURCE, file.name, file.suffix.removeprefix("."), file.read_text("utf-8"))
            for file in files
        ]
        async with self._store.unit() as unit:
            stored = await unit.inbox.add(events, self._clock.now())
        self._undecided.offer(stored)
        for file in files:
            file.unlink()

    def _waiting(self) -> list[Path]:
        """The finished commands, the oldest first."""
        if not self._folder.is_dir():
            return []
        return sorted(each for each in self._folder.iterdir() if not each.name.startswith("."))


def _folder(database: Path) -> Path:
    return database.with_name(f"{database.name}.commands")
