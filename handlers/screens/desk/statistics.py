"""The statistics: today, 7 or 30 days beside the days before, in words and as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.calendar import local_day
from bot.domain.money import STARS, Money
from bot.domain.order import ACTIVATION_PROMISE
from bot.domain.plan import Plan
from bot.domain.statistics import (
    LOST_AFTER,
    Activation,
    Earned,
    Period,
    Statistics,
    renewals,
    revenue,
)
from handlers.buttons import Action, Press
from handlers.html import Html, bold, escape, folded, lines
from handlers.screens import format as f
from handlers.screens.desk.home import desk_key
from handlers.screens.screen import Key, Rows, Screen, rows
from handlers.texts import Texts

SHOWS: Final = "statistics"
SPANS: Final = (1, 7, 30)
DRAWN_DAYS: Final = 30
_SHOWN_AT_ONCE: Final = 7


def subject(days: int) -> str:
    return str(days)


def statistics(
    t: Texts, period: Period, counted: Statistics, plans: Mapping[str, Plan], zone: ZoneInfo
) -> Screen:
    now, before = counted.so_far, counted.before
    number = len(period.days)
    return Screen(
        lines(
            bold(t("📈 Statistics · {span}", span=_span(t, number))),
            "",
            *_revenue(t, number, revenue(now.earned), revenue(before.earned)),
            t("Renewals {number} ({before} before)", number=bold(renewals(now.earned)),
              before=renewals(before.earned)),
            *_by_plan(t, now.earned, plans),
            "",
            t("Active lines {number}", number=bold(counted.active_lines)),
            t("New {new} ({new_before} before) · lost {lost} ({lost_before} before)",
              new=now.new_lines, new_before=before.new_lines,
              lost=now.lost_lines, lost_before=before.lost_lines),
            "",
            *_activation(t, now.activation, before.activation),
            t("Charged but not delivered: {number}", number=bold(counted.undelivered)),
            "",
            _by_day(t, period, counted) if number > 1 else None,
            folded(_meaning(t, period, zone)),
        ),
        _keys(t, number),
        shows=SHOWS,
        subject=subject(number),
    )  # fmt: skip


def not_counted(t: Texts, days: int) -> Screen:
    return Screen(
        t("The books could not be read just now. Nothing has changed; please try again."),
        _keys(t, days),
        shows=SHOWS,
        subject=subject(days),
    )


def picture(period: Period, counted: Statistics, currency: str) -> dict[str, Any]:
    """The facts that the picture is drawn from, as `handlers.screens.desk.earnings_chart.draw`
    takes them; in another currency where nothing came in in the operator's."""
    sums = revenue(counted.so_far.earned)
    if currency not in sums:
        currency = next(iter(sums), currency)
    nothing = Money.zero(currency)
    return {
        "kind": "earnings",
        "name": "statistics.png",
        "currency": currency,
        "days": [
            [day.isoformat(), revenue(earned).get(currency, nothing).minor, renewals(earned)]
            for day, earned in zip(period.days, counted.by_day, strict=True)
        ],
    }


def picture_caption(t: Texts, period: Period, counted: Statistics, currency: str) -> Html:
    """What the picture shows, readable without it."""
    sums = revenue(counted.so_far.earned) or {currency: Money.zero(currency)}
    newest = list(zip(period.days, counted.by_day, strict=True))[-_SHOWN_AT_ONCE:]
    return lines(
        bold(t("📈 Revenue and renewals, last {days} days", days=len(period.days))),
        t("Revenue {amount} · renewals {number}", amount=_amounts(t, sums),
          number=renewals(counted.so_far.earned)),
        t("Above: revenue of each day, below zero where more went back than came in. Below: "
          "renewals."),
        "",
        *(_day(t, day, earned) for day, earned in reversed(newest)),
    )  # fmt: skip


def picture_keys(t: Texts) -> Rows:
    return rows([Key(t.plain("✖ Close"), Press(Action.STATISTICS_CLOSE))])


def _keys(t: Texts, shown: int) -> Rows:
    def label(days: int) -> str:
        name = str(_span_key(t, days))
        return f"· {name} ·" if days == shown else name

    return rows(
        [Key(label(days), Press(Action.STATISTICS, number=days)) for days in SPANS],
        [Key(t.plain("📊 30-day chart"), Press(Action.STATISTICS_CHART))],
        [desk_key(t)],
    )


def _span_key(t: Texts, days: int) -> str:
    return t.plain("Today") if days == 1 else t.plain("{days} days", days=days)


def _span(t: Texts, days: int) -> Html:
    return t("today") if days == 1 else t("last {days} days", days=days)


def _revenue(
    t: Texts, days: int, now: Mapping[str, Money], before: Mapping[str, Money]
) -> list[Html]:
    """A line for each currency in which anything moved, then or now."""
    told = []
    for currency in dict.fromkeys([*now, *before]):
        nothing = Money.zero(currency)
        amount, former = now.get(currency, nothing), before.get(currency, nothing)
        told.append(t("Revenue {amount}", amount=bold(f.money(t, amount))))
        told.append(_compared(t, days, amount, former))
    return told or [t("No revenue, and none in the time before.")]


def _compared(t: Texts, days: int, now: Money, before: Money) -> Html:
    than = t("yesterday by this time") if days == 1 else t("the {days} days before", days=days)
    if now == before:
        return t("the same as {than}", than=than)
    apart = f.money(t, max(now - before, before - now, key=lambda each: each.minor))
    share = _share(t, now, before)
    if before < now:
        return t("{amount}{share} more than {than}", amount=apart, share=share, than=than)
    return t("{amount}{share} less than {than}", amount=apart, share=share, than=than)


def _share(t: Texts, now: Money, before: Money) -> Html:
    """Of what was there before, where that says anything."""
    percent = round(abs(now.minor - before.minor) * 100 / before.minor) if before.minor > 0 else 0
    return t(" ({percent} %)", percent=percent) if 1 <= percent < 1000 else Html()


def _by_plan(t: Texts, earned: list[Earned], plans: Mapping[str, Plan]) -> list[Html]:
    """Those that brought most first, Stars after money; what went back last, all together."""
    sold = sorted(
        (each for each in earned if not each.is_taken_back),
        key=lambda each: (each.amount.currency == STARS, -each.amount.minor),
    )
    told = [
        t("· {plan}: {number}, {amount}", plan=_plan_name(t, plans, each), number=each.number,
          amount=f.money(t, each.amount))
        for each in sold
    ]  # fmt: skip
    back = [each for each in earned if each.is_taken_back]
    if back:
        number, sums = sum(each.number for each in back), revenue(back)
        told.append(t("· taken back: {number}, {amount}", number=number, amount=_amounts(t, sums)))
    return told


def _plan_name(t: Texts, plans: Mapping[str, Plan], each: Earned) -> str:
    plan = plans.get(each.plan_code)
    return plan.name(t.language) if plan is not None else each.plan_code


def _activation(t: Texts, now: Activation, before: Activation) -> list[Html]:
    if now.half_s is None or now.most_s is None:
        return [t("Nothing was activated.")]
    told = [
        t("Paid to active: half within {half}, 95 % within {most}",
          half=_took(t, now.half_s), most=_took(t, now.most_s))
    ]  # fmt: skip
    if before.half_s is not None and before.most_s is not None:
        half, most = _took(t, before.half_s), _took(t, before.most_s)
        told.append(t("({half} and {most} before)", half=half, most=most))
    promise = f.span(t, ACTIVATION_PROMISE)
    told.append(t("Took longer than {promise}: {late}", promise=promise, late=bold(now.late)))
    return told


def _took(t: Texts, seconds: int) -> Html:
    if seconds < 60:
        return t.count("{number} second", "{number} seconds", seconds)
    return f.span(t, timedelta(seconds=seconds))


def _by_day(t: Texts, period: Period, counted: Statistics) -> Html:
    """The newest day first."""
    days = zip(reversed(period.days), reversed(counted.by_day), strict=True)
    return folded(Html("\n").join(_day(t, day, earned) for day, earned in days))


def _day(t: Texts, day: date, earned: list[Earned]) -> Html:
    if not earned:
        return t("{date} –", date=f.calendar_day(t, day))
    on, number = f.calendar_day(t, day), renewals(earned)
    amount = _amounts(t, revenue(earned))
    return t.count(
        "{date} {amount} · {number} renewal",
        "{date} {amount} · {number} renewals",
        number,
        date=on,
        amount=amount,
    )


def _amounts(t: Texts, sums: Mapping[str, Money]) -> Html:
    return Html(" · ").join(escape(f.money(t, each)) for each in sums.values())


def _meaning(t: Texts, period: Period, zone: ZoneInfo) -> Html:
    first = local_day(period.before.since, zone)
    last = local_day(period.before.until, zone)
    return lines(
        t("Revenue: what was paid for renewals that were delivered, less what was taken back. A "
          "top-up counts once it is spent."),
        t("Active: a plan bought here has not ended. New: a line's first renewal. Lost: a plan "
          "ended {days} days ago and none has begun since.", days=LOST_AFTER.days),
        _compared_with(t, first, last),
        t("Days begin at midnight in {zone}.", zone=str(zone)),
    )  # fmt: skip


def _compared_with(t: Texts, first: date, last: date) -> Html:
    if first == last:
        return t("Before: {day}, up to this time of day.", day=f.calendar_day(t, first))
    return t("Before: {first} – {last}, up to this time of day.",
             first=f.calendar_day(t, first), last=f.calendar_day(t, last))  # fmt: skip
