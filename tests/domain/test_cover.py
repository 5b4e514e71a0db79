"""The cheapest cover, held against every combination of orders that there is."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import cover as subject
from bot.domain.coupon import Coupon, Patron, Share, best_discount
from bot.domain.cover import Advice, Cover, Covers, Need, Stretch, advise
from bot.domain.money import Money
from bot.domain.plan import BillingCycle, FairUsePolicy, Plan

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
NEWCOMER = Patron(renewed_before=False, used=frozenset())
REGULAR = Patron(renewed_before=True, used=frozenset())
FAIR_USE = FairUsePolicy(20 * 10**9, 1000, "Asia/Shanghai")


def yuan(amount: float) -> Money:
    return Money(round(amount * 100), "CNY")


def plan(code: str, cycle: BillingCycle, days: int, price: float) -> Plan:
    return Plan(code, 1, cycle, days, yuan(price), FAIR_USE, 45, {"en": code})


DAILY = plan("D1", BillingCycle.DAILY, 1, 15)
MONTHLY = plan("M30", BillingCycle.MONTHLY, 30, 199)
QUARTERLY = plan("Q90", BillingCycle.QUARTERLY, 90, 499)
SOLD = [DAILY, MONTHLY, QUARTERLY]
NEW20 = Coupon("NEW20", yuan(20), offered=True, first_renewal=True, once_a_subscriber=True)
TRIP10 = Coupon("TRIP10", Share(1000), offered=True, cycles=frozenset({BillingCycle.DAILY}))


def advice(days: int, trips: int = 1, coupons: list[Coupon] | None = None) -> Advice:
    patron = NEWCOMER if coupons else REGULAR
    found = advise(Covers(SOLD, coupons or [], patron, NOW), Need.of_trips(days, trips))
    assert found is not None
    return found


def goods(cover: Cover | None) -> list[tuple[str, int]]:
    assert cover is not None
    return [(each.plan.code, each.periods) for each in cover.orders]


# ── what is advised ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("days", "bought", "total"),
    [
        (1, [("D1", 1)], 15),
        (13, [("D1", 13)], 195),
        (14, [("M30", 1)], 199),
        (30, [("M30", 1)], 199),
        (33, [("M30", 1), ("D1", 3)], 244),
        (60, [("M30", 1), ("M30", 1)], 398),
        (67, [("Q90", 1)], 499),
        (90, [("Q90", 1)], 499),
        (92, [("Q90", 1), ("D1", 2)], 529),
    ],
)
def test_the_cheapest_plans_are_advised_and_never_a_larger_one(
    days: int, bought: list[tuple[str, int]], total: float
) -> None:
    best = advice(days).best
    assert sorted(goods(best)) == sorted(bought)
    assert best.total == yuan(total)


def test_the_next_best_is_named_with_what_it_costs_more() -> None:
    week = advice(7)
    assert goods(week.runner_up) == [("M30", 1)]
    assert week.saves == yuan(199 - 105)
    fortnight = advice(14)
    assert goods(fortnight.runner_up) == [("D1", 14)]
    assert fortnight.saves == yuan(11)


def test_the_day_from_which_other_plans_are_cheaper_is_named() -> None:
    week = advice(7)
    assert week.longer_from is not None
    assert (week.longer_from[0], goods(week.longer_from[1])) == (14, [("M30", 1)])
    assert week.shorter_until is None
    fortnight = advice(14)
    assert fortnight.shorter_until is not None
    assert (fortnight.shorter_until[0], goods(fortnight.shorter_until[1])) == (13, [("D1", 13)])


def test_a_coupon_moves_the_day() -> None:
    """With it a day costs 13.50."""
    assert goods(advice(14, coupons=[TRIP10]).best) == [("D1", 14)]
    assert goods(advice(15, coupons=[TRIP10]).best) == [("M30", 1)]


def test_two_orders_of_a_plan_are_advised_where_each_takes_a_coupon() -> None:
    best = advice(14, coupons=[NEW20, TRIP10]).best
    assert goods(best) == [("D1", 2), ("D1", 12)]
    assert [each.discount.code for each in best.orders if each.discount] == ["NEW20", "TRIP10"]
    assert best.total == yuan(10 + 162)


def test_a_coupon_for_the_first_renewal_is_taken_off_once() -> None:
    both = advice(60, coupons=[NEW20]).best
    assert [each.discount is not None for each in both.orders] == [True, False]
    assert both.total == yuan(398 - 20)


def test_several_trips_are_covered_one_by_one_where_that_is_cheaper() -> None:
    two = advice(5, trips=2)
    assert (goods(two.best), two.whole_quarter) == ([("D1", 5), ("D1", 5)], False)
    assert goods(two.runner_up) == [("Q90", 1)]


def test_many_trips_are_covered_by_the_whole_quarter() -> None:
    many = advice(14, trips=4)
    assert (goods(many.best), many.whole_quarter) == ([("Q90", 1)], True)
    assert many.runner_up is not None
    assert many.runner_up.total == yuan(4 * 199)


def test_trips_that_fill_more_than_a_quarter_are_the_quarter() -> None:
    full = advice(30, trips=4)
    assert full.whole_quarter
    assert goods(full.best) == [("Q90", 1)]


def test_what_five_orders_cannot_reach_gets_no_advice() -> None:
    assert advise(Covers([DAILY], [], REGULAR, NOW), Need(151)) is None
    assert advise(Covers([], [], REGULAR, NOW), Need(1)) is None


def test_days_that_lie_close_together_are_covered_by_one_plan() -> None:
    """Ten days, a day off, ten days: a month is cheaper than two times ten days."""
    covers = Covers(SOLD, [], REGULAR, NOW)
    assert goods(covers.cheapest(10, Stretch(1, 10))) == [("M30", 1)]
    assert goods(covers.cheapest(3, Stretch(1, 3))) == [("D1", 3), ("D1", 3)]
    assert goods(covers.cheapest(10, Stretch(40, 10))) == [("D1", 10), ("D1", 10)]
    assert goods(covers.cheapest(25, Stretch(2, 6))) == [("M30", 1), ("D1", 3)]


# ── against every combination ─────────────────────────────────────────────────────────────────────

prices = st.integers(1, 40)
cycles = st.sampled_from([BillingCycle.MONTHLY, BillingCycle.QUARTERLY])


@st.composite
def catalogues(draw: st.DrawFn) -> list[Plan]:
    """Up to three small plans, among them at most one that sells several periods at once."""
    plans = [
        plan(f"P{number}", draw(cycles), draw(st.integers(1, 9)), draw(prices))
        for number in range(draw(st.integers(1, 3)))
    ]
    if draw(st.booleans()):
        plans[0] = replace(plans[0], cycle=BillingCycle.DAILY, days=draw(st.integers(1, 2)))
    return plans


coupons = st.lists(
    st.builds(
        Coupon,
        code=st.sampled_from(["A1", "B2", "C3"]),
        off=st.one_of(
            st.builds(yuan, st.integers(1, 30)), st.builds(Share, st.integers(100, 9000))
        ),
        offered=st.just(True),
        cycles=st.sampled_from([frozenset(), frozenset({BillingCycle.DAILY})]),
        first_renewal=st.booleans(),
        once_a_subscriber=st.booleans(),
        minimum=st.one_of(st.none(), st.builds(yuan, st.integers(5, 60))),
        max_uses=st.one_of(st.none(), st.integers(1, 2)),
    ),
    max_size=3,
    unique_by=lambda each: each.code,
)


def quoted(bought: tuple[tuple[Plan, int], ...], held: list[Coupon], patron: Patron) -> Money:
    """What the orders cost, made one after another: each takes the best coupon of its moment."""
    total = yuan(0)
    for each, periods in bought:
        price = each.total(periods)
        taken = best_discount(held, patron, each.cycle, price, NOW)
        total += price if taken is None else price - taken.amount
        code = taken.code if taken is not None else None
        held = [replace(c, used=c.used + 1) if c.code == code else c for c in held]
        patron = Patron(True, patron.used | ({code} if code else set()))
    return total


def cheapest_of_all(plans: list[Plan], held: list[Coupon], patron: Patron, days: int) -> Money:
    orders = [
        (each, periods) for each in plans for periods in range(1, each.cycle.most_periods + 1)
    ]
    return min(
        (
            quoted(bought, held, patron)
            for count in range(1, 4)
            for bought in product(orders, repeat=count)
            if sum(each.days_for(periods) for each, periods in bought) >= days
        ),
        key=lambda each: each.minor,
        default=yuan(0),
    )


@settings(deadline=None, max_examples=60)
@given(catalogues(), coupons, st.sampled_from([NEWCOMER, REGULAR]), st.integers(1, 8))
def test_no_combination_of_orders_covers_the_trip_for_less(
    plans: list[Plan], held: list[Coupon], patron: Patron, days: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        few = property(lambda self: 4 if self is BillingCycle.DAILY else 1)
        patch.setattr(BillingCycle, "most_periods", few)  # what can be tried out one by one
        patch.setattr(subject, "MOST_ORDERS", 3)
        found = Covers(plans, held, patron, NOW).cheapest(days)
        wanted = cheapest_of_all(plans, held, patron, days)
    assert (found.total if found is not None else yuan(0)) == wanted
    if found is not None:
        bought = tuple((each.plan, each.periods) for each in found.orders)
        assert found.days >= days
        assert quoted(bought, held, patron) == found.total


@settings(deadline=None)
@given(catalogues(), coupons, st.sampled_from([NEWCOMER, REGULAR]), st.integers(1, 20))
def test_a_longer_trip_never_costs_less_and_one_more_plan_never_makes_it_dearer(
    plans: list[Plan], held: list[Coupon], patron: Patron, days: int
) -> None:
    covers = Covers(plans, held, patron, NOW)
    shorter, longer = covers.cheapest(days), covers.cheapest(days + 1)
    if longer is not None:
        assert shorter is not None
        assert shorter.total <= longer.total
        wider = Covers([*plans, plan("X", BillingCycle.MONTHLY, 4, 11)], held, patron, NOW)
        cheaper = wider.cheapest(days + 1)
        assert cheaper is not None
        assert cheaper.total <= longer.total


def test_advice_is_found_within_the_time_of_a_decision() -> None:
    held = [NEW20, TRIP10, replace(NEW20, code="ONCE", first_renewal=False)]
    took = []
    for _ in range(3):
        began = time.process_time()
        assert advise(Covers(SOLD, held, NEWCOMER, NOW), Need(45)) is not None
        took.append(time.process_time() - began)
    assert min(took) < 0.1, "about 10 ms on a quiet machine"
