"""The operator's catalogue file: read whole, or refused with the place of the mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.catalogue import CatalogueUnreadable, read_catalogue
from bot.domain.money import Money
from bot.domain.plan import BillingCycle
from bot.settings import Settings

SHIPPED = Settings.model_fields["catalogue"].default


def test_the_shipped_catalogue_has_the_three_plans() -> None:
    plans = read_catalogue(SHIPPED, "CNY")
    assert [(plan.code, plan.cycle, plan.days, plan.price) for plan in plans] == [
        ("D1", BillingCycle.DAILY, 1, Money(1500, "CNY")),
        ("M30", BillingCycle.MONTHLY, 30, Money(19900, "CNY")),
        ("Q90", BillingCycle.QUARTERLY, 90, Money(49900, "CNY")),
    ]
    assert all(plan.fair_use.high_speed_cap_bytes == 20 * 10**9 for plan in plans)
    assert all(plan.names.keys() == {"zh_Hans", "en"} for plan in plans)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('price = "15.00"', 'price = "-1"'), "price"),
        (('cycle = "daily"', 'cycle = "weekly"'), "cycle"),
        (("days = 1", "days = 0"), "days"),
        (('code = "D1"', 'code = "d 1"'), "code"),
        (("[fair_use]", "[fairuse]"), "fair_use"),
        (("days = 1", "days = 1\ncolour = 3"), "colour"),
        (("[fair_use]", "[fair_use"), "line"),
    ],
)
def test_a_mistake_is_refused_with_its_place(
    tmp_path: Path, change: tuple[str, str], place: str
) -> None:
    file = tmp_path / "plans.toml"
    file.write_text(Path(SHIPPED).read_text("utf-8").replace(*change, 1), "utf-8")
    with pytest.raises(CatalogueUnreadable, match=place):
        read_catalogue(file, "CNY")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueUnreadable, match="nowhere"):
        read_catalogue(tmp_path / "nowhere.toml", "CNY")
