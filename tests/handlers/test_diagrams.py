"""Every conversation has its diagram, and every step stands in it."""

from enum import StrEnum
from pathlib import Path

import pytest

from handlers import advice, coupons, link, notifications, renew, settings, support, topup
from handlers.desk import announce, announcements, lookup, operators, plans
from handlers.desk import coupons as desk_coupons

DIALOGUES = Path(__file__).parents[2] / "docs" / "dialogues"


@pytest.mark.parametrize(
    ("diagram", "steps"),
    [
        ("link", link.Step),
        ("renew", renew.Step),
        ("coupons", coupons.Step),
        ("advice", advice.Step),
        ("notifications", notifications.Step),
        ("settings", settings.Step),
        ("topup", topup.Step),
        ("support", support.Step),
        ("desk_operators", operators.Step),
        ("desk_lookup", lookup.Step),
        ("desk_plans", plans.Step),
        ("desk_coupons", desk_coupons.Step),
        ("desk_announce", announce.Step),
        ("desk_announcements", announcements.Step),
    ],
)
def test_every_step_stands_in_the_diagram(diagram: str, steps: type[StrEnum]) -> None:
    drawn = (DIALOGUES / f"{diagram}.mmd").read_text()
    assert [step.name for step in steps if f": {step.name}\n" not in drawn] == []


@pytest.mark.parametrize("diagram", sorted(DIALOGUES.glob("*.mmd")), ids=lambda path: path.stem)
def test_a_diagram_names_the_module_that_it_draws(diagram: Path) -> None:
    first = diagram.read_text().splitlines()[0]
    named = [word.strip(",:") for word in first.split() if word.startswith("handlers/")]
    assert named
    assert all((DIALOGUES.parents[1] / module).is_file() for module in named)
