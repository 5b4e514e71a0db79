"""Alerts over a simulated month: the right ones, once, none in the quiet hours, in three zones with
a change of clocks in between; and how often the carrier is asked for them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.alerts import LATEST
from bot.domain.calendar import day_start, local_day, next_reset
from bot.domain.line import Line, Reading
from bot.domain.money import Money
from bot.domain.order import Order
from bot.domain.preferences import AlertKind, Preferences, QuietHours
from bot.domain.subscriber import Subscriber
from bot.services.ports import CarrierOrderState
from bot.services.requests import ReadingTaken, ReadLine
from tests.services.conftest import LIN
from tests.services.shop import Shop, found_line, yuan

GB = 10**9
CAP = 20 * GB
NIGHT = QuietHours(22 * 60, 8 * 60)
HOUR = timedelta(hours=1)
MONTH = yuan(199)


@dataclass
class Network:
    """What truly happens to a line: so many bytes an hour on each of its days, from a local hour
    on, until the end of its plan."""

    line: Line
    ends_at: datetime
    heavy: dict[date, tuple[float, int]] = field(default_factory=dict)
    """GB an hour, and from which hour on; on other days 0.2 GB an hour."""
    silent: bool = False

    def used(self, at: datetime) -> int:
        day = local_day(at, self.line.reset_zone)
        rate, hour = self.heavy.get(day, (0.2, 0))
        begun = day_start(day, self.line.reset_zone) + hour * HOUR
        return round(max(0.0, (min(at, self.ends_at) - begun) / HOUR) * rate * GB)

    def reading(self, at: datetime) -> Reading:
        used = self.used(at)
        return Reading(
            self.line.id, at, "test", "M30", self.ends_at, used, CAP, used >= CAP, 1000, None, None
        )


@dataclass
class Month:
    told: list[tuple[datetime, str]] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)

    def of(self, kind: AlertKind) -> list[datetime]:
        return [at for at, told in self.told if told == f"alert_{kind}"]


async def lives(shop: Shop, network: Network, **length: float) -> Month:
    """Lets the time pass; the carrier answers at once, or not at all."""
    month, end = Month(), shop.clock.now() + timedelta(**length)
    while await shop._decide_next_timer(not_after=end):
        await answers(shop, network, month)
    shop.clock.set(end)
    return month


async def answers(shop: Shop, network: Network, month: Month) -> None:
    now = shop.clock.now()
    for _ in shop.asked(ReadLine):
        month.asked.append(now)
        async with shop.unit() as unit:
            if network.silent:
                await shop.watch_lines.on_read(unit, network.line.id)
            else:
                await shop.readings.on_reading(unit, ReadingTaken(network.reading(now)))
    month.told += [(now, what) for what, _ in shop.heard() if what.startswith("alert_")]


async def begins(shop: Shop, zone: str, start: str, **preferences: object) -> Line:
    """A line that resets in the zone, linked at that local time, its holder in another."""
    shop.clock.set(datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))
    line = await shop.link_contact(LIN, replace(found_line("1001"), zone=zone))
    async with shop.unit() as unit:
        unit.preferences.save(replace(Preferences(LIN, quiet=NIGHT), **preferences))  # type: ignore[arg-type]
    return line


@pytest.mark.parametrize(
    ("zone", "start", "lives_in"),
    [
        ("Asia/Shanghai", "2026-11-05T12:00", "Asia/Shanghai"),
        ("Europe/Lisbon", "2026-10-10T12:00", "Europe/Lisbon"),
        ("America/New_York", "2026-10-15T12:00", "America/New_York"),
        ("Asia/Shanghai", "2026-10-10T12:00", "Europe/Lisbon"),
        ("America/New_York", "2027-02-25T12:00", "Asia/Shanghai"),
    ],
)
async def test_a_month_brings_the_right_alerts_once_and_none_at_night(
    shop: Shop, zone: str, start: str, lives_in: str
) -> None:
    line = await begins(shop, zone, start, time_zone=lives_in)
    now, home = shop.clock.now(), ZoneInfo(lives_in)
    today = local_day(now, line.reset_zone)
    network = Network(line, ends_at=now + timedelta(days=24, hours=3))
    heavy = [today + timedelta(days=days) for days in (2, 7, 14, 18, 22)]
    network.heavy = dict.fromkeys(heavy, (3.0, 1))
    month = Month()
    await answers(shop, network, month)
    month = await lives(shop, network, days=32)

    assert all(not NIGHT.hold(at, home) for at, _ in month.told), "nobody is woken"
    assert all(not NIGHT.hold(at, home) for at in month.asked), "nor asked about in vain"
    days = Counter((kind, local_day(at, line.reset_zone)) for at, kind in month.told)
    assert set(days.values()) == {1}
    for kind, mark in ((AlertKind.MOST_USED, CAP * 4 // 5), (AlertKind.ALL_USED, CAP)):
        for at in month.of(kind):
            assert network.used(at) >= mark, "it is true when it is told"
            assert local_day(at, line.reset_zone) in heavy
    left = [(local_day(network.ends_at, line.reset_zone) - local_day(at, line.reset_zone)).days
            for at in month.of(AlertKind.ENDING)]  # fmt: skip
    assert left == [3, 1, 0]
    assert len(month.of(AlertKind.ENDED)) == 1
    assert month.of(AlertKind.ENDED)[0] - network.ends_at < timedelta(hours=11)
    assert month.of(AlertKind.STARTED) == []
    told_of = {local_day(at, line.reset_zone) for at in month.of(AlertKind.ALL_USED)}
    assert told_of == {day for day in heavy if used_up_by_day(network, day, home)}
    assert len(month.asked) <= 32 * 8, "a handful of questions a day"


def used_up_by_day(network: Network, day: date, home: ZoneInfo) -> bool:
    """Whether the cap is reached, and then an hour is left in which its holder is awake."""
    zone = network.line.reset_zone
    at = day_start(day, zone)
    reset = next_reset(at, zone)
    while at < reset:
        full = network.used(at - LATEST) >= CAP if at - LATEST > day_start(day, zone) else False
        if full and not NIGHT.hold(at, home):
            return True
        at += timedelta(minutes=30)
    return False


async def test_a_fast_day_is_told_at_eighty_and_at_a_hundred_percent(shop: Shop) -> None:
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00")
    network = Network(line, shop.clock.now() + timedelta(days=20))
    network.heavy = {date(2026, 11, 6): (2.0, 8)}
    await answers(shop, network, Month())
    month = await lives(shop, network, days=2)
    assert [kind for _, kind in month.told] == ["alert_most_used", "alert_all_used"]
    most, full = (at.astimezone(line.reset_zone) for at, _ in month.told)
    assert most - datetime(2026, 11, 6, 16, tzinfo=line.reset_zone) < timedelta(minutes=40)
    assert full - datetime(2026, 11, 6, 18, tzinfo=line.reset_zone) < timedelta(minutes=40)


async def test_what_falls_into_the_night_waits_for_the_morning_if_it_is_still_true(
    shop: Shop,
) -> None:
    """Its holder sleeps in Lisbon; the line resets at midnight of Shanghai, 16:00 there."""
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00", time_zone="Europe/Lisbon")
    network = Network(line, shop.clock.now() + timedelta(days=20))
    network.heavy = {date(2026, 11, 7): (10.0, 7)}  # used up from 23:00 to 01:00 in Lisbon
    await answers(shop, network, Month())
    month = await lives(shop, network, days=3)
    assert [kind for _, kind in month.told] == ["alert_all_used"]
    told = month.told[0][0].astimezone(ZoneInfo("Europe/Lisbon"))
    assert (told.day, told.hour) == (7, 8)


async def test_what_was_used_up_at_night_is_dropped_when_the_reset_came(shop: Shop) -> None:
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00")
    network = Network(line, shop.clock.now() + timedelta(days=20))
    network.heavy = {date(2026, 11, 6): (15.0, 22)}
    await answers(shop, network, Month())
    assert (await lives(shop, network, days=3)).told == []


async def test_a_reading_that_comes_at_night_tells_nothing_before_the_morning(shop: Shop) -> None:
    """Its holder, awake in spite of the quiet hours, has opened the home screen."""
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00", time_zone="Europe/Lisbon")
    network = Network(line, shop.clock.now() + timedelta(days=20))
    network.heavy = {date(2026, 11, 7): (10.0, 7)}
    await answers(shop, network, Month())
    shop.clock.set(datetime(2026, 11, 7, 3, tzinfo=ZoneInfo("Europe/Lisbon")).astimezone(UTC))
    async with shop.unit() as unit:
        await shop.readings.on_reading(unit, ReadingTaken(network.reading(shop.clock.now())))
    assert [what for what, _ in shop.heard() if what.startswith("alert")] == []
    month = await lives(shop, network, hours=9)
    assert [kind for _, kind in month.told] == ["alert_all_used"]


async def test_a_replayed_reading_tells_nothing_twice(shop: Shop) -> None:
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00")
    shop.clock.advance(timedelta(hours=5))
    network = Network(line, shop.clock.now() + timedelta(days=20))
    network.heavy = {date(2026, 11, 5): (3.0, 10)}
    taken = ReadingTaken(network.reading(shop.clock.now()))
    for _ in range(3):
        async with shop.unit() as unit:
            await shop.readings.on_reading(unit, taken)
    assert [what for what, _ in shop.heard() if what.startswith("alert")] == ["alert_all_used"]


async def test_what_the_home_screen_shows_at_linking_is_not_told_again(shop: Shop) -> None:
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00")
    network = Network(line, shop.clock.now() + timedelta(days=3))
    network.heavy = {date(2026, 11, 5): (3.0, 1)}
    month = Month()
    async with shop.unit() as unit:
        await shop.readings.on_reading(unit, ReadingTaken(network.reading(shop.clock.now())))
    await answers(shop, network, month)
    assert month.told == []
    assert (await lives(shop, network, hours=11)).told == []


async def test_a_plan_that_had_ended_before_the_line_was_linked_is_no_news(shop: Shop) -> None:
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00")
    network = Network(line, shop.clock.now() - timedelta(hours=5))
    await answers(shop, network, Month())
    month = await lives(shop, network, days=5)
    assert month.told == []
    assert len(month.asked) <= 1, "nothing runs, so nothing is asked"


@pytest.mark.parametrize("kind", list(AlertKind))
async def test_a_kind_that_is_silenced_for_the_line_is_not_told(
    shop: Shop, kind: AlertKind
) -> None:
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00")
    async with shop.unit() as unit:
        held = await unit.preferences.of(LIN)
        unit.preferences.save(held.silenced(kind, line.id))
    network = Network(line, shop.clock.now() + timedelta(days=4))
    network.heavy = {date(2026, 11, 6): (2.0, 8)}
    await answers(shop, network, Month())
    month = await lives(shop, network, days=6)
    told = {what for _, what in month.told}
    wanted = {f"alert_{each}" for each in AlertKind if each not in {kind, AlertKind.STARTED}}
    assert told == wanted


async def test_with_both_marks_silenced_the_carrier_is_asked_only_for_the_end(shop: Shop) -> None:
    line = await begins(
        shop, "Asia/Shanghai", "2026-11-05T12:00",
        muted=frozenset({AlertKind.MOST_USED, AlertKind.ALL_USED}),
    )  # fmt: skip
    network = Network(line, shop.clock.now() + timedelta(days=20))
    await answers(shop, network, Month())
    month = await lives(shop, network, days=25)
    assert len(month.of(AlertKind.ENDING)) == 3
    assert len(month.asked) <= 6


async def test_while_the_carrier_is_silent_the_end_is_told_by_what_is_held(shop: Shop) -> None:
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00")
    network = Network(line, shop.clock.now() + timedelta(days=4))
    await answers(shop, network, Month())
    network.silent = True
    month = await lives(shop, network, days=6)
    assert [kind for _, kind in month.told] == ["alert_ending"] * 3 + ["alert_ended"]
    assert len(month.asked) <= 6 * 16, "at most once an hour of the day"


async def delivered(shop: Shop, line: Line, code: str = "M30", price: Money = MONTH) -> Order:
    lin: Subscriber = await shop.subscriber(LIN)
    await shop.fund(line, price)
    order = (await shop.quote(lin, code)).order
    await shop.pay_by_wallet(lin, order)
    await shop.carrier_answers(CarrierOrderState.DONE)
    shop.heard()
    return await shop.order(order)


async def test_the_next_plan_that_begins_is_told_and_the_end_before_it_is_not(shop: Shop) -> None:
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00")
    network = Network(line, shop.clock.now() + timedelta(days=4))
    await shop.read(line, plan_code="M30", valid_until=network.ends_at)
    order = await delivered(shop, line)
    assert order.ends_at is not None
    await answers(shop, network, Month())
    network.ends_at = order.ends_at
    month = await lives(shop, network, days=8)
    assert [kind for _, kind in month.told] == ["alert_started"]
    assert month.told[0][0] - (order.starts_at or month.told[0][0]) < timedelta(hours=1)


async def test_who_bought_a_single_day_is_told_of_its_end_once_that_day_has_come(
    shop: Shop,
) -> None:
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00")
    order = await delivered(shop, line, "D1", yuan(15))
    network = Network(line, order.ends_at or shop.clock.now())
    await answers(shop, network, Month())
    month = await lives(shop, network, days=2)
    assert [kind for _, kind in month.told] == ["alert_ending", "alert_ended"]


async def test_what_ends_at_midnight_ends_with_the_day_before(shop: Shop) -> None:
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00")
    network = Network(line, datetime(2026, 11, 10, tzinfo=line.reset_zone).astimezone(UTC))
    await answers(shop, network, Month())
    month = await lives(shop, network, days=6)
    told = [at.astimezone(line.reset_zone).day for at in month.of(AlertKind.ENDING)]
    assert told == [6, 8, 9]


async def test_nobody_who_blocked_the_bot_is_asked_about(shop: Shop) -> None:
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00")
    network = Network(line, shop.clock.now() + timedelta(days=4))
    await answers(shop, network, Month())
    async with shop.unit() as unit:
        unit.subscribers.mark_blocked(LIN, shop.clock.now())
    month = await lives(shop, network, days=6)
    assert (month.told, month.asked) == ([], [])


async def test_an_unlinked_line_is_let_go(shop: Shop) -> None:
    line = await begins(shop, "Asia/Shanghai", "2026-11-05T12:00")
    network = Network(line, shop.clock.now() + timedelta(days=4))
    await answers(shop, network, Month())
    await shop.unlink(await shop.subscriber(LIN), line)
    month = await lives(shop, network, days=6)
    assert (month.told, month.asked) == ([], [])
