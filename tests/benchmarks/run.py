"""All measurements, one after another: nothing else runs while one does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks import (
    broadcast,
    cpu,
    crowding,
    footprint,
    lanes,
    latency,
    planning,
    watching,
)
from tests.benchmarks.report import Row, ms

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """``many``: subscribers and recipients where it must not matter how many there are;
    ``carried``: recipients of the announcement that is carried to its end."""

    talks: int
    echoes: int
    seconds: float
    many: int
    carried: int


DEFAULT: Final = Size(talks=150, echoes=900, seconds=6.0, many=200_000, carried=100_000)
FULL: Final = Size(talks=400, echoes=2_400, seconds=15.0, many=1_000_000, carried=300_000)
TINY: Final = Size(talks=4, echoes=10, seconds=0.5, many=2_000, carried=2_000)


async def everything(folder: Path, size: Size, tell: Tell) -> list[Row]:
    rows: list[Row] = []
    for what, measure in (
        ("CPU per update", costs),
        ("a round trip of 100 ms", far_away),
        ("how long people wait", waits),
        (f"one subscriber among {size.many:,}", crowds),
        ("watching over lines", watches),
        ("an announcement", announcements),
        (f"an announcement's audience among {size.many:,}", planned),
        (f"an announcement to {size.carried:,}, to its end", to_the_end),
        ("start and memory", footprints),
    ):
        tell(f"measuring {what} …")
        async for row in measure(folder, size):
            tell(f"  {row}")
            rows.append(row)
    return rows


async def costs(folder: Path, size: Size) -> AsyncIterator[Row]:
    ptb = await cpu.echo("ptb_echo", size.echoes)
    aiogram = await cpu.echo("aiogram_echo", size.echoes)
    ours = await cpu.renewals(folder, size.talks)
    for who, cost in (
        ("python-telegram-bot echo", ptb),
        ("aiogram echo", aiogram),
        ("our renewal, storage, carrier and all", ours),
    ):
        remark = f"{cost.calls:.1f} HTTP calls an update"
        yield Row(f"CPU per update: {who}", cost.cpu_ms, "ms", remark=remark)
    ratio = ptb.cpu_ms / ours.cpu_ms
    yield Row("… python-telegram-bot echo ÷ our renewal", ratio, "×", 1.0, at_least=True)
    yield Row("resident memory afterwards", ours.resident_mb, "MB", 120)


async def far_away(folder: Path, size: Size) -> AsyncIterator[Row]:
    usual = await latency.throughput_of_echo("ptb_echo", size.seconds)
    aiogram = await latency.throughput_of_echo("aiogram_echo", size.seconds)
    ours = await latency.throughput(folder, size.seconds)
    yield Row("updates/s at 100 ms: python-telegram-bot echo", usual, "/s", remark="one by one")
    yield Row("updates/s at 100 ms: aiogram echo", aiogram, "/s", remark="keeps no order")
    yield Row("updates/s at 100 ms: our renewal", ours, "/s")
    yield Row("… ours ÷ python-telegram-bot's", ours / usual, "×", 20, at_least=True)


async def waits(folder: Path, size: Size) -> AsyncIterator[Row]:
    alone = await latency.on_loopback(folder, max(2, size.talks // 4))
    yield Row("press → answer on loopback, p50", ms(alone.answers, 50), "ms", 25)
    loaded = await latency.under_load(folder, size.seconds, flooded=False)
    yield Row("a decision, p50", ms(loaded.decisions, 50), "ms", 3, remark="at 200 updates/s")
    yield Row("a decision, p99", ms(loaded.decisions, 99), "ms", 15, remark="at 200 updates/s")
    yield Row("update → screen at 50 ms, 200/s, p50", ms(loaded.screens, 50), "ms")
    yield Row("update → screen at 50 ms, 200/s, p99", ms(loaded.screens, 99), "ms", 200)
    flooded = await latency.under_load(folder, size.seconds, flooded=True)
    waited = ms(flooded.screens, 99)
    yield Row("… beside a chat that floods, p99", waited, "ms", 200, remark="50/s more")


async def crowds(folder: Path, size: Size) -> AsyncIterator[Row]:
    for what, ratio in (await crowding.ratios(folder, size.many)).items():
        yield Row(f"{what}: one among {size.many:,} ÷ among 1,000", ratio, "×", 1.5)


async def watches(folder: Path, size: Size) -> AsyncIterator[Row]:
    few, many = (min(lines, size.many) for lines in watching.LINES)
    costs = {lines: await watching.cost(folder, lines) for lines in (few, many)}
    for lines, found in costs.items():
        remark = (
            f"timer {found.timer_ms:.2f}, look {found.look_ms:.2f}, answer {found.answer_ms:.2f}"
        )
        yield Row(f"a look at one of {lines:,} lines, CPU", found.whole_ms, "ms", remark=remark)
    ratio = costs[many].whole_ms / costs[few].whole_ms
    yield Row(f"… among {many:,} ÷ among {few:,}", ratio, "×", 1.5)
    for used in (1, 8, 18, 25):
        asked = watching.readings_a_day(used)
        yield Row(f"questions a day about a line that uses {used} GB of 20", asked, "", 16)


async def announcements(folder: Path, size: Size) -> AsyncIterator[Row]:
    seconds, many = 5 * size.seconds, size.carried
    alone = await lanes.flow(folder, 2 * size.seconds, recipients=many, replies=False)
    both = await lanes.flow(folder, seconds, recipients=many, replies=True)
    quiet = await lanes.flow(folder, seconds, recipients=0, replies=True)
    allowed = lanes.ALLOWED_PER_S
    yield Row("announcement alone", 100 * alone.per_s / allowed, "%", 98.5, at_least=True)
    yield Row("… beside 10 replies/s", 100 * both.per_s / allowed, "%", 80, at_least=True)
    yield Row("429 that we caused", alone.refused + both.refused + quiet.refused, "", 0)
    yield Row("sent into a pause", await lanes.sent_into_a_pause(folder), "", 0)
    slower = ms(both.waits, 99) / ms(quiet.waits, 99)
    remark = f"{ms(both.waits, 99):.0f} ms, without it {ms(quiet.waits, 99):.0f} ms"
    yield Row("a reply's p99 beside it ÷ without", slower, "×", 2, remark=remark)
    first = 1000 * max(both.first_waits)
    yield Row("… the slowest in the first two seconds of the process", first, "ms")


async def planned(folder: Path, size: Size) -> AsyncIterator[Row]:
    found = await planning.pages(folder, size.many)
    for what, seconds in (("counted", found.counting), ("planned", found.planning)):
        remark = f"{len(seconds):,} pages, {sum(seconds):.1f} s in all"
        yield Row(f"a page of an audience {what}, p99", ms(seconds, 99), "ms", 15, remark=remark)


async def to_the_end(folder: Path, size: Size) -> AsyncIterator[Row]:
    few = await broadcast.carried(folder, 1_000)
    many = await broadcast.carried(folder, size.carried)
    share, remark = 100 * many.share, f"of {broadcast.ALLOWED:,}/s"
    yield Row(f"{size.carried:,} readers, to the end", share, "%", 99, True, remark)
    yield Row("… missed, or written to twice", many.missed + many.doubled, "", 0)
    yield Row("… 429 that we caused", many.refused, "", 0)
    remark = f"{many.peak_mb:.0f} MB and {few.peak_mb:.0f} MB at most"
    yield Row(
        "… memory ÷ that of 1,000 readers", many.peak_mb / few.peak_mb, "×", 1.2, remark=remark
    )


async def footprints(folder: Path, size: Size) -> AsyncIterator[Row]:
    few = await footprint.peak_mb(folder, 1_000, size.seconds)
    many = await footprint.peak_mb(folder, size.many, size.seconds)
    remark = f"{many:.0f} MB and {few:.0f} MB at most"
    yield Row(f"memory: {size.many:,} recipients ÷ 1,000", many / few, "×", 1.2, remark=remark)
    yield Row("start → ready", await footprint.start_s(folder, 3), "s", 1.5)
