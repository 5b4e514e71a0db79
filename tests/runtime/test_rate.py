"""As fast as Telegram allows and never faster; replies first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.runtime.rate import Limits, Rate
from bot.services.unit import Lane


class VirtualClock:
    """Jumps to the next instant that somebody waits for, once nobody has anything else to do."""

    def __init__(self, late_s: float = 0.0) -> None:
        self._now = datetime(2026, 11, 22, tzinfo=UTC)
        self._late = timedelta(seconds=late_s)
        """By so much everybody oversleeps."""
        self._sleepers: list[tuple[datetime, asyncio.Event]] = []

    def now(self) -> datetime:
        return self._now

    def seconds(self) -> float:
        return self._now.timestamp()

    async def pause(self, seconds: float) -> None:
        await self.until(self._now + timedelta(seconds=max(seconds, 0.000_001)))

    async def until(self, at: datetime) -> None:
        if at > self._now:
            woken = asyncio.Event()
            self._sleepers.append((at, woken))
            await woken.wait()

    def move(self, seconds: float) -> None:
        """Somebody moves the clock: all look again."""
        self._now += timedelta(seconds=seconds)
        for _, woken in self._sleepers:
            woken.set()
        self._sleepers.clear()

    async def run(self, seconds: float) -> None:
        end = self._now + timedelta(seconds=seconds)
        while self._now < end:
            for _ in range(10):
                await asyncio.sleep(0)
            first = min((at for at, _ in self._sleepers), default=end)
            self._now = max(self._now, min(first + self._late, end))
            due = [(at, woken) for at, woken in self._sleepers if at <= self._now]
            self._sleepers = [sleeper for sleeper in self._sleepers if sleeper not in due]
            for _, woken in due:
                woken.set()


class Sender:
    """Asks for turns and remembers when it got them."""

    def __init__(self, clock: VirtualClock, limits: Limits) -> None:
        self.clock = clock
        self.rate = Rate(clock, limits)
        self.sent: list[tuple[float, Lane, int | None]] = []
        self.waits: list[float] = []

    async def send(self, lane: Lane, chat_id: int | None) -> None:
        asked = self.clock.seconds()
        async with self.rate.turn(lane, chat_id):
            self.sent.append((self.clock.seconds(), lane, chat_id))
        if lane is Lane.INTERACTIVE:
            self.waits.append(self.clock.seconds() - asked)

    async def announce(self, first_chat: int, count: int) -> None:
        for chat_id in range(first_chat, first_chat + count):
            await self.send(Lane.BULK, chat_id)

    def most_in_a_second(self) -> int:
        instants = sorted(at for at, _, _ in self.sent)
        return max(sum(at <= other < at + 1 for other in instants) for at in instants)


@asynccontextmanager
async def sending(
    limits: Limits | None = None, late_s: float = 0.0
) -> AsyncIterator[tuple[Sender, VirtualClock]]:
    clock = VirtualClock(late_s)
    sender = Sender(clock, limits or Limits())
    giving = asyncio.create_task(sender.rate.run())
    try:
        yield sender, clock
    finally:
        giving.cancel()


async def together(sender: Sender, sends: Callable[[asyncio.TaskGroup], None]) -> None:
    async with asyncio.TaskGroup() as tasks:
        sends(tasks)


async def test_replies_to_many_never_exceed_thirty_in_any_second() -> None:
    async with sending() as (sender, clock):
        tasks = [asyncio.create_task(sender.send(Lane.INTERACTIVE, n)) for n in range(200)]
        await clock.run(10)
        await asyncio.gather(*tasks)
    assert sender.most_in_a_second() <= 30
    assert sender.sent[-1][0] - sender.sent[0][0] < 7.1


async def test_an_announcement_alone_runs_at_the_allowed_rate() -> None:
    async with sending() as (sender, clock):
        tasks = [asyncio.create_task(sender.announce(n * 1000, 400)) for n in range(4)]
        await clock.run(30)
        for task in tasks:
            task.cancel()
    assert sender.most_in_a_second() <= 30
    assert len(sender.sent) / 30 >= 29.7 * 0.985


async def test_a_fast_lane_catches_up_with_what_it_overslept() -> None:
    """At 500 a second the next call is due every 2 ms; a commit alone takes longer."""
    limits = Limits(overall_per_s=500, per_chat_per_s=10_000, chat_burst=10_000)
    async with sending(limits, late_s=0.01) as (sender, clock):
        tasks = [asyncio.create_task(sender.announce(n * 1000, 400)) for n in range(8)]
        await clock.run(4)
        for task in tasks:
            task.cancel()
    assert sender.most_in_a_second() <= 500
    assert len(sender.sent) / 4 >= 500 * 0.97


async def test_calls_to_no_chat_do_not_slow_an_announcement() -> None:
    async with sending() as (sender, clock):
        await sender.send(Lane.INTERACTIVE, None)
        announcing = asyncio.create_task(sender.announce(0, 300))
        await clock.run(5)
        announcing.cancel()
    assert len(sender.sent) / 5 >= 29.7 * 0.985


async def test_beside_an_announcement_replies_hardly_wait_and_four_fifths_of_the_rate_is_used() -> (
    None
):
    async with sending() as (sender, clock):
        bulk = [asyncio.create_task(sender.announce(n * 1000, 400)) for n in range(4)]
        replies = []
        for number in range(200):
            replies.append(asyncio.create_task(sender.send(Lane.INTERACTIVE, 10_000 + number)))
            await clock.run(0.1)
        for task in bulk:
            task.cancel()
        await asyncio.gather(*replies)
    assert sender.most_in_a_second() <= 30
    assert len(sender.sent) / 20 >= 30 * 0.8
    assert sorted(sender.waits)[int(len(sender.waits) * 0.99)] < 0.04


async def test_one_chat_gets_a_small_burst_and_then_one_a_second() -> None:
    async def talk(sender: Sender) -> None:
        for _ in range(8):
            await sender.send(Lane.INTERACTIVE, 1)

    async with sending() as (sender, clock):
        talking = asyncio.create_task(talk(sender))
        await clock.run(10)
        await talking
    instants = [at - sender.sent[0][0] for at, _, _ in sender.sent]
    assert instants == pytest.approx([0, 0, 0, 0, 1, 2, 3, 4], abs=0.01)


async def test_a_chat_that_must_wait_does_not_hold_up_another() -> None:
    async with sending(Limits(chat_burst=1)) as (sender, clock):
        await sender.send(Lane.INTERACTIVE, 1)
        waiting = asyncio.create_task(sender.send(Lane.INTERACTIVE, 1))
        await clock.run(0.1)
        await sender.send(Lane.INTERACTIVE, 2)
        assert not waiting.done()
        await clock.run(1)
        assert waiting.done()


async def test_a_429_stops_its_chat_for_as_long_as_it_says() -> None:
    async with sending() as (sender, clock):
        sender.rate.refused(1, 7)
        stopped = asyncio.create_task(sender.send(Lane.INTERACTIVE, 1))
        other = asyncio.create_task(sender.send(Lane.INTERACTIVE, 2))
        await clock.run(6.9)
        assert (stopped.done(), other.done()) == (False, True)
        await clock.run(0.2)
        assert stopped.done()


async def test_two_chats_refused_within_a_second_stop_everything() -> None:
    async with sending() as (sender, clock):
        sender.rate.refused(1, 7)
        sender.rate.refused(2, 7)
        other = asyncio.create_task(sender.send(Lane.INTERACTIVE, 3))
        await clock.run(6.9)
        assert not other.done()
        await clock.run(0.2)
        assert other.done()


async def test_a_clock_that_is_moved_on_ends_the_wait() -> None:
    async with sending() as (sender, clock):
        sender.rate.refused(1, 300)
        stopped = asyncio.create_task(sender.send(Lane.INTERACTIVE, 1))
        await clock.run(1)
        clock.move(300)
        await clock.run(0.1)
        assert stopped.done()


async def test_a_clock_that_is_moved_back_does_not_make_the_wait_longer() -> None:
    async with sending() as (sender, clock):
        sender.rate.refused(1, 5)
        stopped = asyncio.create_task(sender.send(Lane.INTERACTIVE, 1))
        await clock.run(1)
        clock.move(-86_400)
        await clock.run(6)
        assert stopped.done()


async def test_chats_that_are_quiet_are_forgotten() -> None:
    async with sending(Limits(overall_per_s=100_000)) as (sender, clock):
        for chat_id in range(20_000):
            await sender.send(Lane.INTERACTIVE, chat_id)
            if chat_id % 1_000 == 0:
                clock.move(5)
        assert len(sender.rate._chats) < 6_000
