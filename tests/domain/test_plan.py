"""Plans, what of them one order may buy, and the right to service that it gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.entitlement import Entitlement, EntitlementState, starts_after
from bot.domain.errors import PeriodsOutOfRange
from bot.domain.money import Money
from bot.domain.plan import BillingCycle, FairUsePolicy, Plan

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def plan(cycle: BillingCycle, days: int, price_minor: int) -> Plan:
    return Plan(
        code="P",
        version=1,
        cycle=cycle,
        days=days,
        price=Money(price_minor, "CNY"),
        fair_use=FairUsePolicy(20 * 10**9, 1000, "Asia/Shanghai"),
        countries=45,
        names={"zh_Hans": "月卡", "en": "Monthly"},
    )


DAILY = plan(BillingCycle.DAILY, 1, 1_500)
MONTHLY = plan(BillingCycle.MONTHLY, 30, 19_900)
QUARTERLY = plan(BillingCycle.QUARTERLY, 90, 49_900)


@pytest.mark.parametrize(
    ("sold", "periods", "days", "total_minor"),
    [(DAILY, 1, 1, 1_500), (DAILY, 30, 30, 45_000), (MONTHLY, 1, 30, 19_900)],
)
def test_an_order_costs_and_lasts_its_periods(
    sold: Plan, periods: int, days: int, total_minor: int
) -> None:
    sold.check_periods(periods)
    assert (sold.days_for(periods), sold.total(periods)) == (days, Money(total_minor, "CNY"))


@pytest.mark.parametrize(
    ("sold", "periods", "most"),
    [(DAILY, 0, 30), (DAILY, 31, 30), (MONTHLY, 0, 1), (MONTHLY, 2, 1), (QUARTERLY, 2, 1)],
)
def test_other_numbers_of_periods_are_refused_with_what_is_sold(
    sold: Plan, periods: int, most: int
) -> None:
    with pytest.raises(PeriodsOutOfRange) as refused:
        sold.check_periods(periods)
    assert (refused.value.lowest, refused.value.highest) == (1, most)


@pytest.mark.parametrize(("sold", "per_day"), [(DAILY, 1_500), (MONTHLY, 663), (QUARTERLY, 554)])
def test_the_price_per_day_is_rounded_for_showing(sold: Plan, per_day: int) -> None:
    assert sold.price_per_day == Money(per_day, "CNY")


@pytest.mark.parametrize(
    ("language", "name"), [("zh_Hans", "月卡"), ("en", "Monthly"), ("de", "Monthly")]
)
def test_a_plan_has_a_name_in_every_language_english_where_none_is_given(
    language: str, name: str
) -> None:
    assert MONTHLY.name(language) == name


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (NOW - timedelta(microseconds=1), EntitlementState.QUEUED),
        (NOW, EntitlementState.ACTIVE),
        (NOW + 30 * DAY - timedelta(microseconds=1), EntitlementState.ACTIVE),
        (NOW + 30 * DAY, EntitlementState.ENDED),
    ],
)
def test_an_entitlement_runs_from_its_start_up_to_its_end(
    now: datetime, state: EntitlementState
) -> None:
    assert Entitlement("LEB-1", 7, "M30", NOW, NOW + 30 * DAY).state(now) is state


@pytest.mark.parametrize(
    ("covered_until", "starts_at"),
    [(None, NOW), (NOW - DAY, NOW), (NOW, NOW), (NOW + DAY, NOW + DAY)],
)
def test_a_plan_starts_now_or_at_the_end_of_what_runs(
    covered_until: datetime | None, starts_at: datetime
) -> None:
    assert starts_after(NOW, covered_until) == starts_at
