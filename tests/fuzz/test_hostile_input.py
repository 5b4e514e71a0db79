"""Hostile input, in its short form; ``make fuzz`` is a hundred thousand updates."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.run import AT_ONCE, fuzz

SEED = 20_261_126
UPDATES = 6 * AT_ONCE


async def test_hostile_updates_are_decided_or_put_aside_and_the_next_good_one_is_answered(
    tmp_path: Path,
) -> None:
    report = await fuzz(tmp_path, UPDATES, SEED)

    assert report.troubles == []
    assert report.updates == UPDATES
    assert report.answered == UPDATES / AT_ONCE
    assert report.dead_letters.total() > UPDATES / 10, "hardly anything hostile came"
