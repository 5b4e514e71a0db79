"""The sandbox's world: one clock, one Telegram, one carrier, one payments platform."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from bot.sandbox.carrier import Carrier
from bot.sandbox.cast import (
    BOT_NAME,
    BOT_TOKEN,
    BOT_USERNAME,
    OPERATORS_GROUP,
    PEOPLE,
    operators_group,
)
from bot.sandbox.clock import SandboxClock
from bot.sandbox.events import EventStream
from bot.sandbox.payments import Payments
from bot.sandbox.telegram import Telegram
from bot.sandbox.telegram.http import BotApi

_SAVE_EVERY_S = 1.0
_SAVING_SHARE = 20  # saving takes at most a twentieth of the time


class Supervisor(Protocol):
    """Whoever runs the bot beside the sandbox."""

    @property
    def running(self) -> bool:
        """Whether the bot's process lives."""

    async def kill(self) -> None:
        """End the bot at once (SIGKILL)."""

    async def start(self) -> None:
        """Start the bot again."""


class World:
    """Everything outside the bot, with the cast in place.

    With a `path` it goes on where the file left off, and keeps the file up to date while
    `keep_saving` runs. `flood` and `callback_answer_s` are Telegram's limits; `strict` refuses
    parameters that the specification does not know.
    """

    def __init__(
        self,
        *,
        path: Path | None = None,
        supervisor: Supervisor | None = None,
        flood: bool = True,
        callback_answer_s: float = 15,
        strict: bool = True,
    ) -> None:
        self.clock = SandboxClock()
        self.events = EventStream()
        self.supervisor = supervisor
        self.telegram = Telegram(
            self.clock,
            self.events.publish,
            flood=flood,
            callback_answer_s=callback_answer_s,
            strict=strict,
        )
        self.bot_api = BotApi(self.telegram, self.tell_of_bot)
        self.carrier = Carrier(self.clock, self.events.publish)
        self.payments = Payments(self.clock, BOT_NAME, self.changed)
        self._path = path
        self._has_changed = False
        if path is not None and path.exists():
            self.restore(json.loads(path.read_text("utf-8")))
        else:
            self.telegram.add_bot(BOT_TOKEN, BOT_USERNAME).name = BOT_NAME
            self.telegram.add_people(PEOPLE)
        # A file from before there was a group has none.
        chats = self.telegram.bots[BOT_TOKEN].chats
        chats.setdefault(OPERATORS_GROUP, operators_group())

    @property
    def is_ready(self) -> bool:
        """Whether the sandbox's bot polls or has a webhook."""
        return self.bot_api.is_served(BOT_TOKEN)

    def bot_status(self) -> dict[str, Any]:
        """Whether the bot runs as far as known, is ours to kill, and asks for updates."""
        supervised = self.supervisor is not None
        running = self.supervisor.running if self.supervisor else self.is_ready
        return {"running": running, "supervised": supervised, "ready": self.is_ready}

    def tell_of_bot(self) -> None:
        """Publish that the bot came, went, or was killed."""
        status = self.bot_status()
        self.events.publish("bot", {"running": status["running"], "ready": status["ready"]})

    def changed(self) -> None:
        """Something happened that the state file does not hold yet."""
        self._has_changed = True

    def snapshot(self) -> dict[str, Any]:
        """What Telegram, the carrier, the payments platform and the clock would keep, as JSON."""
        return {
            "clock": self.clock.snapshot(),
            "telegram": self.telegram.snapshot(),
            "carrier": self.carrier.snapshot(),
            "payments": self.payments.snapshot(),
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Take over a snapshot."""
        self.clock.restore(saved["clock"])
        self.telegram.restore(saved["telegram"])
        self.carrier.restore(saved["carrier"])
        if "payments" in saved:  # a file from before the platform was there has none
            self.payments.restore(saved["payments"])

    def save(self) -> None:
        """Write the state file, whole or not at all."""
        if self._path is None or not self._has_changed:
            return
        self._has_changed = False
        beside = self._path.with_name(f"{self._path.name}.new")
        with beside.open("w", encoding="utf-8") as file:
            file.write(json.dumps(self.snapshot(), ensure_ascii=False))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)

    async def keep_saving(self) -> None:
        """Save what has changed, about once a second; a big world less often than a small one."""
        pause_s = _SAVE_EVERY_S
        while True:
            await asyncio.sleep(pause_s)
            began = monotonic()
            self.save()
            pause_s = max(_SAVE_EVERY_S, _SAVING_SHARE * (monotonic() - began))

    async def stop(self) -> None:
        """End what waits or runs, and save."""
        self.events.close()
        self.clock.wake()
        await self.telegram.stop()
        await self.carrier.close()
        await self.payments.close()
        self.save()
