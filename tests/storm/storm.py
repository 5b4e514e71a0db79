"""A storm: people renew, everything outside has faults, and the bot is killed again and again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.canaries import leaks_in
from tests.storm import books, faults, messages
from tests.storm.aftermath import QUIET_WITHIN_S, look_around, reconcile_once, until_quiet
from tests.storm.audit import Outside, findings
from tests.storm.crowd import Crowd
from tests.storm.process import WHOLE_BOT
from tests.storm.renewals import Method
from tests.storm.size import Size
from tests.storm.world import StormWorld, storm_world

KILLED_WHILE_STARTING: Final = 0.15

Tell = Callable[[str], None]


@dataclass
class Report:
    seed: int
    size: Size
    seconds: float
    counts: dict[str, int]
    findings: dict[str, int]
    """Each has to be zero."""
    troubles: list[str] = field(default_factory=list)
    """In words, what went wrong for whom."""

    @property
    def red(self) -> dict[str, int]:
        return {name: number for name, number in self.findings.items() if number}

    def as_json(self) -> dict[str, Any]:
        return {
            "storm": "red" if self.red else "green",
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "asked": asdict(self.size),
            **self.counts,
            "findings": self.findings,
        }


async def storm(
    folder: Path,
    size: Size,
    seed: int,
    tell: Tell,
    program: Sequence[str] = WHOLE_BOT,
) -> Report:
    """Runs one in the folder, which keeps the database and the bot's log."""
    began = time.monotonic()
    async with storm_world(folder, size.people, program, size.log_level) as world:
        await faults.order(world.control, seed)
        crowd = Crowd(world, size, seed)
        await asyncio.gather(crowd.renew(), kill_again_and_again(world, crowd, size, seed, tell))
        await faults.clear(world.control)
        await reconcile_once(world)
        await until_quiet(world, QUIET_WITHIN_S)
        outside = await look_around(world, crowd.purses, len(crowd.stranded), crowd.refunded)
    # The bot has ended by now, and written down what it had under way.
    found = books.read(world.database)
    leaks = leaks_in(world.log.read_text("utf-8"))
    return Report(
        seed=seed,
        size=size,
        seconds=time.monotonic() - began,
        counts=_counts(world, crowd, outside, found),
        findings=findings(outside, found) | {"secrets_logged": len(leaks)},
        troubles=[*crowd.stranded, *leaks, *found.dead_letters, *found.staged.failed],
    )


async def kill_again_and_again(
    world: StormWorld, crowd: Crowd, size: Size, seed: int, tell: Tell
) -> None:
    """Leaves the bot running.

    Renewals begin in the first two thirds of its lives, so that kills strike their ends too.
    """
    dice = random.Random(seed + 1)
    for number in range(size.kills):
        crowd.admit(_share(size.renewals, max(1, size.kills * 2 // 3), number))
        if dice.random() < KILLED_WHILE_STARTING:
            await world.bot.start()
        else:
            await world.start_bot()
        await asyncio.sleep(dice.uniform(0, size.longest_life_s))
        await world.bot.kill()
        if (number + 1) % 20 == 0:
            done = sum(crowd.finished.values())
            tell(f"{number + 1} kills, {done} renewals done, {crowd.under_way} under way")
    await world.bot.start()


def _counts(
    world: StormWorld, crowd: Crowd, outside: Outside, found: books.Books
) -> dict[str, int]:
    purses = list(outside.purses.values())
    return {
        "kills": len(world.bot.killed_at),
        "renewals": sum(crowd.finished.values()),
        **{f"by_{method}": crowd.finished[method] for method in Method},
        "updates": len(outside.update_ids),
        "charges": len(outside.charges) + len(outside.on_pages),
        "top_ups": sum(order.is_top_up for order in found.orders.values() if order.paid_with),
        "refunded_by_command": len(outside.refunded),
        "refunds_sent": sum(refund.status == "done" for refund in found.refunds),
        "notices_doubled": sum(purse.doubled_notices for purse in purses),
        "notices_of_stars_lost": sum(purse.lost_notices for purse in purses),
        "second_charges": sum(purse.second_charges for purse in purses),
        "deliveries": len(outside.deliveries),
        "given_back": sum(order.refunds for order in found.orders.values()),
        "messages": len(outside.sent),
        "messages_doubled": messages.doubled(outside.sent, found.staged),
        "messages_in_doubt": messages.in_doubt(outside.sent, found.staged, outside.killed_at),
    }


def _share(total: int, parts: int, number: int) -> int:
    """So many of the total belong to that part; all parts together have all of it."""
    if number >= parts:
        return 0
    return total * (number + 1) // parts - total * number // parts
