"""The storm, in its short form; ``make storm`` is the whole of it."""

from pathlib import Path

import pytest

from tests.storm.size import SHORT
from tests.storm.storm import storm

SEED = 20_261_122


@pytest.mark.storm
async def test_kills_and_faults_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    report = await storm(tmp_path, SHORT, SEED, tell=lambda _: None)

    assert report.red == {}, report.troubles
    assert report.counts["renewals"] == SHORT.renewals
    assert report.counts["kills"] == SHORT.kills + 1, "and once more before it is compared"
