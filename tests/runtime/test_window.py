"""No second at the other end of the wire sees more calls than it may, however they bunch."""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Iterable, Iterator

import pytest

from bot.runtime.window import Window

PER_S = 29.7
_MOST = 30

Ways = tuple[float, float]
"""Seconds that a call takes there, and its answer back."""


def arrivals(window: Window, ways: Iterable[Ways]) -> list[float]:
    """When calls arrive that leave as soon as they may, each with its ways."""
    now_s, arrived = 1_800_000_000.0, []
    answers: list[tuple[float, int]] = []
    for there_s, back_s in ways:
        while (wait_s := window.wait_s(now_s)) > 0 or (answers and answers[0][0] <= now_s):
            now_s = min([now_s + max(wait_s, 0.0), *(at for at, _ in answers[:1])])
            while answers and answers[0][0] <= now_s:
                window.end(heapq.heappop(answers)[1], now_s, answered=True)
        heapq.heappush(answers, (now_s + there_s + back_s, window.leave(now_s, now_s)))
        arrived.append(now_s + there_s)
    return sorted(arrived)


def shortest_of_31(arrived: list[float]) -> float:
    return min(after - before for before, after in zip(arrived, arrived[_MOST:], strict=False))


def per_s(arrived: list[float]) -> float:
    """From the end of the first thirty to the end of the last."""
    return (len(arrived) - _MOST) / (arrived[-1] - arrived[_MOST - 1])


def irregular(rng: random.Random, shortest_s: float, mean_s: float) -> Iterator[Ways]:
    while True:
        yield shortest_s + rng.expovariate(1 / mean_s), shortest_s + rng.expovariate(1 / mean_s)


def first(count: int, ways: Iterator[Ways]) -> list[Ways]:
    return [next(ways) for _ in range(count)]


@pytest.mark.parametrize("mean_s", [0.001, 0.05, 0.3])
@pytest.mark.parametrize("shortest_s", [0.0, 0.05])
def test_calls_that_bunch_on_their_way_do_not_arrive_too_many_in_a_second(
    shortest_s: float, mean_s: float
) -> None:
    rng = random.Random(30)
    arrived = arrivals(Window(PER_S), first(3_000, irregular(rng, shortest_s, mean_s)))
    assert shortest_of_31(arrived) >= 1


def test_calls_held_back_together_do_not_arrive_too_many_in_a_second() -> None:
    rng = random.Random(30)
    ways = [(0.5 if rng.random() < 0.4 else 0.001, 0.001) for _ in range(3_000)]
    assert shortest_of_31(arrivals(Window(PER_S), ways)) >= 1


def test_the_rate_does_not_fall_with_the_distance() -> None:
    rng = random.Random(30)
    near = arrivals(Window(PER_S), first(1_980, irregular(rng, 0.0005, 0.001)))
    far = arrivals(Window(PER_S), first(1_980, irregular(rng, 0.05, 0.001)))
    assert per_s(near) == pytest.approx(PER_S, rel=0.002)
    assert per_s(far) == pytest.approx(PER_S, rel=0.01)


def test_a_call_that_failed_at_once_does_not_make_the_way_shorter() -> None:
    window = Window(PER_S)
    arrivals(window, [(0.05, 0.05)] * 210)
    now_s = 1_900_000_000.0
    window.end(window.leave(now_s, now_s), now_s, answered=False)
    later = arrivals(window, [(0.05, 0.05)] * 420)
    assert per_s(later) == pytest.approx(PER_S, rel=0.002)


def test_calls_that_are_never_answered_do_not_stop_the_others_for_good() -> None:
    window = Window(PER_S)
    for _ in range(_MOST):
        window.leave(0.0, 0.0)
    assert window.wait_s(4.9) > 0
    assert window.wait_s(5.0) <= 0


def test_a_clock_put_back_does_not_stop_the_calls() -> None:
    window = Window(PER_S)
    for number in [window.leave(0.0, 0.0) for _ in range(_MOST)]:
        window.end(number, 0.01, answered=True)
    window.leave(0.02, 0.02)
    assert window.wait_s(0.5) > 0
    assert window.wait_s(-86_400.0) <= 0


def test_a_thousand_a_second_may_be_allowed() -> None:
    arrived = arrivals(Window(1_000), [(0.001, 0.001)] * 5_000)
    assert math.isclose(len(arrived) / (arrived[-1] - arrived[0]), 1_000, rel_tol=0.3)
