"""Whether the audit bites: each scenario with its safeguard in place, and without it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.storm.mutants import program_without
from tests.storm.scenarios import SCENARIOS, play

WHAT_GOES_WRONG: Final = {
    "charge-key": "charges_made_up",
    "commit-before-acknowledging": "updates_lost",
    "send-after-commit": "messages_nobody_decided",
    "offset-of-the-last-received": "updates_unconfirmed",
    "ownership": "payments_unasked",
    "immediate-begin": "ended_by_itself",
    "list-of-stars": "charges_lost",
}
"""The finding that must not be zero without the safeguard."""


@dataclass(frozen=True, slots=True)
class Bite:
    """What was found, each with how often; nothing is what it should be with the safeguard."""

    safeguard: str
    with_it: dict[str, int]
    without_it: dict[str, int]

    @property
    def is_right(self) -> bool:
        return not self.with_it and WHAT_GOES_WRONG[self.safeguard] in self.without_it


async def bite(safeguard: str, folder: Path) -> Bite:
    """Plays both in worlds of their own, side by side."""
    whole, maimed = folder / "whole", folder / "maimed"
    whole.mkdir(parents=True)
    maimed.mkdir()
    scenario = SCENARIOS[safeguard]
    found = await asyncio.gather(
        play(whole, scenario), play(maimed, scenario, program_without(safeguard))
    )
    with_it, without_it = ({name: n for name, n in each.items() if n} for each in found)
    return Bite(safeguard, with_it, without_it)
