"""The harness runs; how fast is for `make bench` to say."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.broadcast import carried
from tests.benchmarks.latency import on_loopback
from tests.benchmarks.people import RENEWAL, UPDATES_PER_RENEWAL
from tests.benchmarks.report import Row, ms
from tests.benchmarks.telegram import StrictWindow


async def test_a_renewal_is_played_to_its_end_with_the_real_bot(tmp_path: Path) -> None:
    waits = await on_loopback(tmp_path, talks=2)
    assert len(waits.answers) == 2 * len(RENEWAL)
    assert len(waits.screens) == 2 * UPDATES_PER_RENEWAL
    assert all(seconds > 0 for seconds in [*waits.answers, *waits.screens])


async def test_an_announcement_is_carried_to_its_end_with_the_real_bot(tmp_path: Path) -> None:
    found = await carried(tmp_path, 200)
    assert (found.missed, found.doubled, found.refused) == (0, 0, 0)


def test_a_budget_is_met_on_its_own_side() -> None:
    assert Row("waits", 3.0, "ms", budget=3.0).met
    assert not Row("waits", 3.1, "ms", budget=3.0).met
    assert Row("ratio", 20.0, "×", budget=20.0, at_least=True).met
    assert not Row("ratio", 19.9, "×", budget=20.0, at_least=True).met
    assert Row("an echo", 1.0, "ms").met is None


def test_a_percentile_is_in_milliseconds() -> None:
    hundred = [number / 1000 for number in range(101)]
    assert round(ms(hundred, 50), 6) == 50
    assert round(ms(hundred, 99), 6) == 99


def test_the_strict_window_lets_no_more_than_its_number_pass_in_any_second() -> None:
    window = StrictWindow(2)
    assert [window.wait_s(at) for at in (0.0, 0.5, 0.9)] == [0.0, 0.0, 1.0]
    assert window.wait_s(1.0) == 0.0
    assert window.wait_s(1.4) == 1.0
    assert window.refused == 2
