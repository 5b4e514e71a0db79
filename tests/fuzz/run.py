"""One run: people play, then hostile updates come in between what they do."""

from __future__ import annotations

import json
import logging
import random
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import aiohttp

from bot.sandbox.server import create_app
from bot.sandbox.world import World
from tests.chat import Subscriber
from tests.fuzz import specimens, verdict
from tests.fuzz.between import Between
from tests.fuzz.junk import Known
from tests.fuzz.mutations import Mutator, Update
from tests.fuzz.specimens import PLAYER, PROTECTED
from tests.loopback import served
from tests.open_api_files import Conformance
from tests.stage import UNBOUNDED, Stage

AT_ONCE: Final = 250
"""Hostile updates between two good ones."""
_NOW: Final = datetime.fromisoformat("2026-11-22T15:00:00+08:00")
_OPERATORS: Final = (9001, 9002)
_STRANGERS: Final = (PLAYER, 1003, 1004, 666_001, 666_002, 666_003)
_ANSWER: Final = "Usage, last 7 days"
_PATIENCE_S: Final = 120.0


@dataclass(kw_only=True)
class HostileStage(Stage):
    """A stage with something between the bot and Telegram."""

    between: Between

    async def settles(self) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            await super().settles()
            if self.between.is_empty:
                return
            assert time.monotonic() < deadline, "the bot does not poll any more"


@dataclass
class Report:
    """``troubles`` is empty when all held."""

    seed: int
    updates: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    dead_letters: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    troubles: list[str] = field(default_factory=list)


async def fuzz(
    folder: Path, updates: int, seed: int, tell: Callable[[str], None] = lambda _: None
) -> Report:
    """So many hostile updates over a fresh database in the folder."""
    began = time.monotonic()
    report = Report(seed)
    seen: list[Update] = []
    database = folder / "bot.db"
    errors = verdict.Errors()
    logging.getLogger().addHandler(errors)
    try:
        async with _staged(database, seen.append) as stage:
            await specimens.play(stage)
            report.troubles += [f"a real update: {why}" for why in verdict.buried(database)]
            given = await _attack(stage, seen, updates, report, tell)
            report.troubles += await _judge(stage, given, errors)
    finally:
        logging.getLogger().removeHandler(errors)
    report.dead_letters = verdict.buried(database)
    report.seconds = time.monotonic() - began
    return report


@asynccontextmanager
async def _staged(database: Path, saw: Callable[[Update], None]) -> AsyncIterator[HostileStage]:
    world = World(flood=False)
    world.clock.shift(now=_NOW)
    between = Between(create_app(world), world, saw)
    async with served(between) as address, aiohttp.ClientSession(address) as session:
        stage = HostileStage(
            world, address, session, database, Conformance(), {}, UNBOUNDED, between=between
        )
        await stage.starts()
        try:
            yield stage
        finally:
            await stage.stops()
            await world.stop()


async def _attack(
    stage: HostileStage,
    seen: list[Update],
    updates: int,
    report: Report,
    tell: Callable[[str], None],
) -> list[str]:
    rng = random.Random(report.seed)
    trusted = frozenset({PROTECTED, *_OPERATORS})
    known = _known(stage.database)
    specimens_seen = _without_secrets(seen, stage.database)
    mutator = Mutator(rng, specimens_seen, known, trusted, list(_STRANGERS))
    report.kinds = Counter(_kind(update) for update in seen)
    ana = stage.person(PROTECTED)
    await ana.looks()
    before = verdict.rows_of(stage.database, PROTECTED)
    given: list[str] = []
    while len(given) < updates:
        batch = [
            mutator.next(stage.between.next_id()) for _ in range(min(AT_ONCE, updates - len(given)))
        ]
        for update in batch:
            stage.between.put(update)
        given += batch
        await _is_answered(ana, report)
        if len(given) % (AT_ONCE * 20) == 0:
            tell(f"{len(given)} updates, {report.answered} good ones answered")
    report.updates = len(given)
    report.troubles += verdict.changes(before, verdict.rows_of(stage.database, PROTECTED))
    return given


async def _is_answered(person: Subscriber, report: Report) -> None:
    """The next good update is answered as if nothing had been."""
    before = len(person.received)
    await person.sends("/usage")
    told = [message.get("text", "") for message in person.received[before:]]
    if sum(_ANSWER in words for words in told) == 1:
        report.answered += 1
    else:
        report.troubles.append(f"a good update was answered with {told}")


async def _judge(stage: HostileStage, given: list[str], errors: verdict.Errors) -> list[str]:
    requests = (await stage.control("GET", "/journal"))["requests"]
    charges = (await stage.control("GET", "/charges"))["charges"]
    malformed = (await stage.control("GET", "/violations"))["violations"]
    own = _own_words(stage.database)
    return [
        *errors.lines,
        *verdict.unsettled(stage.database, given),
        *verdict.unearned(stage.database, charges),
        *verdict.refusals(requests),
        *verdict.given_away(requests, own, PROTECTED),
        *(f"malformed: {found['problem']} in {found['subject']}" for found in malformed),
    ]


def _kind(update: Update) -> str:
    kind = next(key for key in update if key != "update_id")
    content = update[kind]
    told = ("from", "chat", "date", "message_id", "entities", "is_topic_message", "caption")
    said = [key for key in content if key not in told]
    return f"{kind}: {said[0]}" if kind == "message" and said else kind


def _known(database: Path) -> Known:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        orders = [row[0] for row in connection.execute("SELECT id FROM orders")]
        payments = [
            row[0]
            for row in connection.execute(
                "SELECT id FROM payments WHERE subscriber_id <> ?", (PROTECTED,)
            )
        ]
        plans = [row[0] for row in connection.execute("SELECT DISTINCT code FROM plans")]
        lines = [row[0] for row in connection.execute("SELECT id FROM lines")]
    codes = [*plans, "NEW20", "TRIP10", "OLD5", "wallet", "invoice", "stars", "card", "on", "all"]
    return Known(
        [*orders, *payments],
        [*lines, 0, 1, 2, 7, 30, *_STRANGERS, PROTECTED, 9001],
        codes,
    )


def _without_secrets(seen: list[Update], database: Path) -> list[Update]:
    """The updates with other payloads in place of the protected person's. A payment's id is random
    and in no chat but theirs; whoever pays what it names has paid, and is told for what."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        secret = connection.execute(
            "SELECT id FROM payments WHERE subscriber_id = ?", (PROTECTED,)
        ).fetchall()
    text = json.dumps(seen)
    for (payment_id,) in secret:
        text = text.replace(payment_id, payment_id[::-1])
    updates: list[Update] = json.loads(text)
    return updates


def _own_words(database: Path) -> list[str]:
    """What stands in no chat but the protected person's."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows: list[tuple[Any]] = connection.execute(
            "SELECT id FROM orders WHERE subscriber_id = ?", (PROTECTED,)
        ).fetchall()
    return [*(row[0] for row in rows), "351912001002", "8985200000000001002"]
