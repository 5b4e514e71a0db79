"""Help me choose: the two questions, and the advice with its reasons."""

from __future__ import annotations

from typing import Final

from bot.domain.cover import QUARTER_DAYS, Advice, Cover, CoverOrder
from bot.domain.plan import BillingCycle
from bot.services.advise_plan import HISTORY_DAYS, Advised, Trip
from handlers.buttons import Action, Press
from handlers.html import Html, bold, escape, lines
from handlers.screens import format as f
from handlers.screens.renew import plan_label
from handlers.screens.screen import Key, Rows, Screen, rows
from handlers.texts import Texts

MOST_TRIPS: Final = 4
_OFFERED_DAYS: Final = (3, 7, 14, 30)


def may_be_several(days: int) -> bool:
    """Whether two trips of that length find room in a quarter."""
    return 2 * days <= QUARTER_DAYS


def ask_days(t: Texts, hint: Html | None = None) -> Screen:
    return Screen(
        lines(
            hint,
            bold(t("🧭 How many days is your trip?")),
            t("Tap, or send a number of days, or dates such as 3–18 Dec."),
        ),
        rows(
            [Key(f.days(t, days), Press(Action.TRIP_DAYS, number=days)) for days in _OFFERED_DAYS],
            [
                Key(t.plain("📅 Dates"), Press(Action.TRIP_DATES)),
                Key(t.plain("📊 From my usage"), Press(Action.HISTORY)),
            ],
            [Key(t.plain("◀ Back"), Press(Action.RENEW))],
        ),
        shows="trip",
    )


def ask_dates(t: Texts) -> Screen:
    return Screen(
        lines(
            bold(t("📅 From when to when?")),
            t("Send the first and the last day, such as 3–18 Dec or Dec 28 to Jan 3."),
        ),
        rows([Key(t.plain("◀ Back"), Press(Action.ADVISE))]),
        shows="trip",
    )


def want_trip(t: Texts) -> Html:
    return t("⚠️ I am not sure which days are meant. Please write them like 3 Dec – 18 Dec, or send "
             "a number of days.")  # fmt: skip


def ask_trips(t: Texts, days: int) -> Screen:
    keys = [
        Key(f"{trips}{'+' if trips == MOST_TRIPS else ''}",
            Press(Action.TRIPS, str(days), trips))
        for trips in range(1, MOST_TRIPS + 1)
    ]  # fmt: skip
    return Screen(
        lines(
            bold(t("🧭 {days}: how many such trips in three months?", days=f.days(t, days))),
            t("For several trips a longer plan may cost less."),
        ),
        rows(keys, [Key(t.plain("◀ Back"), Press(Action.ADVISE))]),
        shows="trips",
        subject=str(days),
    )


def for_trip(t: Texts, advised: Advised, trip: Trip) -> Screen:
    what = f.days(t, trip.days)
    if trip.first is not None and trip.last is not None:
        first, last = f.calendar_day(t, trip.first), f.calendar_day(t, trip.last)
        what = t("{first} – {last} ({days})", first=first, last=last, days=what)
    return _advice(t, advised, t("🧭 Your trip: {what}", what=what))


def for_trips(t: Texts, advised: Advised, days: int, trips: int) -> Screen:
    title = t("🧭 {trips} trips of {days} in three months", trips=trips, days=f.days(t, days))
    return _advice(t, advised, title)


def by_history(t: Texts, advised: Advised) -> Screen:
    online = advised.advice.need.all_days if advised.advice is not None else 0
    title = t.count(
        "🧭 A month like the last: online on {number} day of {span}",
        "🧭 A month like the last: online on {number} days of {span}",
        online,
        span=HISTORY_DAYS,
    )
    return _advice(t, advised, title)


def _advice(t: Texts, advised: Advised, title: Html) -> Screen:
    advice = advised.advice
    if advice is None:
        return Screen(
            lines(bold(title), _nothing_to_buy(t, advised)), _keys(t, None), shows="advice"
        )
    return Screen(
        lines(
            bold(title),
            _held(t, advised),
            "",
            t("👍 Cheapest: {cover}", cover=bold(_cover(t, advice.best))),
            *_reckoning(t, advice),
            _runner_up(t, advice),
            *_break_even(t, advice),
            _buy_on(t, advised),
        ),
        _keys(t, advice),
        shows="advice",
    )


def _nothing_to_buy(t: Texts, advised: Advised) -> Html:
    if advised.is_covered and advised.covered_until is not None:
        end = f.day(t, advised.covered_until, advised.line.reset_zone)
        return t("✅ You need to buy nothing: what you have lasts until {date}.", date=end)
    return t("The plans on sale do not reach that far at once. Buy one, and the next when it ends.")


def _held(t: Texts, advised: Advised) -> Html | None:
    if not advised.days_held or advised.covered_until is None:
        return None
    return t(
        "{days} of it are covered by what you have (until {date}).",
        days=f.days(t, advised.days_held),
        date=f.day(t, advised.covered_until, advised.line.reset_zone),
    )


def _cover(t: Texts, cover: Cover) -> Html:
    """``Daily × 7 = ¥105.00``; equal orders stand once."""
    names = [_order(t, each) for each in cover.orders]
    counted = [
        Html(f"{name} × {names.count(name)}") if names.count(name) > 1 else name
        for name in dict.fromkeys(names)
    ]
    return Html(f"{Html(' + ').join(counted)} = {f.money(t, cover.total)}")


def _order(t: Texts, order: CoverOrder) -> Html:
    name = order.plan.name(t.language)
    if order.plan.cycle is not BillingCycle.DAILY:
        return escape(name)
    return t("{plan} {days}", plan=name, days=f.days(t, order.days))


def _reckoning(t: Texts, advice: Advice) -> list[Html]:
    """What each order costs, where a coupon or several orders make that worth saying."""
    best = advice.best
    told = [
        t(
            "· {order}: {total} with coupon {code}",
            order=_order(t, each),
            total=f.money(t, each.total),
            code=each.discount.code,
        )
        if each.discount is not None
        else t("· {order}: {total}", order=_order(t, each), total=f.money(t, each.total))
        for each in best.orders
    ]
    worth_it = len(dict.fromkeys(told)) > 1 or any(each.discount for each in best.orders)
    several = t("One coupon an order: buy them one after another, they follow by themselves.")
    through = t("One plan for the whole quarter costs less than one for each trip.")
    return [
        *([through] if advice.whole_quarter else []),
        *(list(dict.fromkeys(told)) if worth_it else []),
        *([several] if len(best.orders) > 1 and not advice.need.later else []),
    ]


def _runner_up(t: Texts, advice: Advice) -> Html | None:
    if advice.runner_up is None or advice.saves is None:
        return None
    if not advice.saves:
        return t("{cover} costs the same.", cover=_cover(t, advice.runner_up))
    return t(
        "Next: {cover}, {more} more.",
        cover=_cover(t, advice.runner_up),
        more=f.money(t, advice.saves),
    )


def _break_even(t: Texts, advice: Advice) -> list[Html]:
    told = []
    if advice.shorter_until is not None:
        days, cover = advice.shorter_until
        told.append(t("⚖️ Up to {days}, {plans} is cheaper.", days=f.days(t, days),
                      plans=_plans(t, cover)))  # fmt: skip
    if advice.longer_from is not None:
        days, cover = advice.longer_from
        told.append(t("⚖️ From {days} on, {plans} is cheaper.", days=f.days(t, days),
                      plans=_plans(t, cover)))  # fmt: skip
    return told


def _plans(t: Texts, cover: Cover) -> str:
    return " + ".join(dict.fromkeys(each.plan.name(t.language) for each in cover.orders))


def _buy_on(t: Texts, advised: Advised) -> Html | None:
    if advised.buy_on is None:
        return None
    return t(
        "📅 Buy it on {date}: a plan begins when it is bought, or when what you have ends.",
        date=f.calendar_day(t, advised.buy_on),
    )


def _keys(t: Texts, advice: Advice | None) -> Rows:
    """The first order of each cover: its button leads to the quote."""
    firsts: list[CoverOrder] = []
    if advice is not None:
        covers = [advice.best, *([advice.runner_up] if advice.runner_up is not None else [])]
        firsts = [cover.orders[0] for cover in covers]
    same = len(firsts) == 2 and _press(firsts[0]) == _press(firsts[1])
    return rows(
        [
            Key(_label(t, order), _press(order), style="primary" if order is firsts[0] else None)
            for order in (firsts[:1] if same else firsts)
        ],
        [
            Key(t.plain("🧭 Another trip"), Press(Action.ADVISE)),
            Key(t.plain("◀ Back"), Press(Action.RENEW)),
        ],
    )


def _label(t: Texts, order: CoverOrder) -> str:
    if order.plan.cycle is not BillingCycle.DAILY:
        return plan_label(t, order.plan)
    return f"{plan_label(t, order.plan)} × {order.days}"


def _press(order: CoverOrder) -> Press:
    return Press(Action.DAYS, order.plan.code, order.periods)
