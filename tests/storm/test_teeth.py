"""The storm's audit bites: with a safeguard taken out, what the safeguard prevents is found."""

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


@pytest.mark.parametrize("safeguard", SCENARIOS)
async def test_with_the_safeguard_everything_adds_up(safeguard: str, tmp_path: Path) -> None:
    found = await play(tmp_path, SCENARIOS[safeguard])

    assert {name: number for name, number in found.items() if number} == {}


@pytest.mark.parametrize("safeguard", SAFEGUARDS)
async def test_without_the_safeguard_the_audit_is_red(safeguard: str, tmp_path: Path) -> None:
    found = await play(tmp_path, SCENARIOS[safeguard], program_without(safeguard))

    assert found[WHAT_GOES_WRONG[safeguard]] > 0
