"""The storm's audit bites. The quick ones; ``python -m tests.storm --teeth`` tries them all."""

from pathlib import Path

import pytest

from tests.storm.mutants import SAFEGUARDS
from tests.storm.scenarios import SCENARIOS
from tests.storm.teeth import WHAT_GOES_WRONG, bite


def test_every_safeguard_has_its_scenario_and_its_finding() -> None:
    assert SAFEGUARDS.keys() == SCENARIOS.keys() == WHAT_GOES_WRONG.keys()


@pytest.mark.storm
@pytest.mark.parametrize(
    "safeguard",
    ["commit-before-acknowledging", "offset-of-the-last-received", "ownership", "list-of-stars"],
)
async def test_only_without_the_safeguard_the_audit_is_red(safeguard: str, tmp_path: Path) -> None:
    bitten = await bite(safeguard, tmp_path)

    assert bitten.with_it == {}
    assert WHAT_GOES_WRONG[safeguard] in bitten.without_it
