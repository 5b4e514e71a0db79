"""The storm's audit bites: with a safeguard taken out, what the safeguard prevents is found."""

import asyncio
from pathlib import Path

import pytest

from tests.storm.mutants import SAFEGUARDS, program_without
from tests.storm.scenarios import SCENARIOS, play

WHAT_GOES_WRONG = {
    "charge-key": "charges_made_up",
    "commit-before-acknowledging": "updates_lost",
    "send-after-commit": "messages_nobody_decided",
    "offset-of-the-last-received": "updates_unconfirmed",
    "ownership": "payments_unasked",
    "immediate-begin": "ended_by_itself",
}

pytestmark = pytest.mark.storm


def test_every_safeguard_has_its_scenario() -> None:
    assert SAFEGUARDS.keys() == SCENARIOS.keys() == WHAT_GOES_WRONG.keys()


@pytest.mark.parametrize("safeguard", SAFEGUARDS)
async def test_only_without_the_safeguard_the_audit_is_red(safeguard: str, tmp_path: Path) -> None:
    whole, maimed = tmp_path / "whole", tmp_path / "maimed"
    whole.mkdir()
    maimed.mkdir()

    green, red = await asyncio.gather(
        play(whole, SCENARIOS[safeguard]),
        play(maimed, SCENARIOS[safeguard], program_without(safeguard)),
    )

    assert {name: number for name, number in green.items() if number} == {}
    assert red[WHAT_GOES_WRONG[safeguard]] > 0
