"""The catalogue commands: what is exported imports as no change; a mistake changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import read_catalogue, read_plans, written
from bot.cataloguing import Import
from bot.domain.money import STARS, Money
from bot.domain.plan import BillingCycle, FairUsePolicy, Plan
from bot.services.differing_plans import differing
from bot.services.stock_catalogue import StockCatalogue
from bot.settings import Settings
from storage import migrate
from storage.database import Database
from storage.unit import SqliteStore
from tests.clocks import StoppedClock
from tests.command.test_command_line import Ended, command

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SHIPPED: Path = Settings.model_fields["catalogue"].default
PLANS = read_catalogue(SHIPPED, "CNY")
DAILY, MONTHLY, QUARTERLY = PLANS

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
FAIR_USE = st.builds(
    FairUsePolicy,
    st.integers(1, 10**13),
    st.integers(1, 10**7),
    st.sampled_from(["Asia/Shanghai", "Europe/Paris", "UTC"]),
)


def plans_in(currency: str) -> st.SearchStrategy[list[Plan]]:
    one = st.builds(
        Plan,
        code=st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True),
        version=st.just(1),
        cycle=st.sampled_from(BillingCycle),
        days=st.integers(1, 366),
        price=st.builds(Money, st.integers(1, 10**9), st.just(currency)),
        fair_use=FAIR_USE,
        countries=st.integers(1, 300),
        names=st.dictionaries(WORDS, WORDS, max_size=3).flatmap(
            lambda names: WORDS.map(lambda english: {**names, "en": english})
        ),
        stars=st.none() | st.builds(Money, st.integers(1, 10**5), st.just(STARS)),
    )
    return st.lists(one, min_size=1, max_size=5, unique_by=lambda plan: plan.code)


@given(st.sampled_from(["CNY", "JPY", "KWD"]).flatmap(plans_in))
def test_any_catalogue_reads_as_it_was_written(plans: list[Plan]) -> None:
    read = read_plans(written(plans), plans[0].price.currency, "plans.toml")
    assert read == plans
    assert not differing(plans, read)


@given(plans_in("CNY"), plans_in("CNY"))
def test_what_differs_is_all_that_differs(on_sale: list[Plan], wanted: list[Plan]) -> None:
    found = differing(on_sale, wanted)
    after = {plan.code: plan for plan in on_sale}
    for plan in found.withdrawn:
        del after[plan.code]
    for plan in (*found.added, *(to for _, to in found.changed)):
        after[plan.code] = plan
    assert after == {plan.code: plan for plan in wanted}
    assert bool(found) == (on_sale != wanted)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Three plans are on sale; the bot is stopped."""
    path = tmp_path / "bot.db"
    migrate.upgrade(path)

    async def stock() -> None:
        clock = StoppedClock(NOON)
        async with Database(path) as database, SqliteStore(database, clock.now).unit() as unit:
            await StockCatalogue(clock).first_time(unit, PLANS)

    asyncio.run(stock())
    return path


def run(path: Path, *arguments: str) -> Ended:
    return command("catalogue", *arguments, "--database", str(path), cwd=path.parent)


def file_of(path: Path, text: str) -> str:
    file = path.with_name("plans.toml")
    file.write_text(text, "utf-8")
    return str(file)


def nothing_was_left(path: Path) -> bool:
    return not list(path.parent.glob("*.commands/*"))


def test_what_is_exported_imports_as_no_change(database: Path) -> None:
    exported = run(database, "export")
    assert exported.returncode == 0
    ended = run(database, "import", file_of(database, exported.stdout), "--yes")
    assert (ended.returncode, ended.stdout) == (
        0,
        "Nothing differs: the file is what is on sale.\n",
    )
    assert nothing_was_left(database)


def test_the_shipped_file_is_what_the_first_start_put_on_sale(database: Path) -> None:
    assert "Nothing differs" in run(database, "import", str(SHIPPED)).stdout


def test_where_nothing_is_on_sale_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    migrate.upgrade(path)
    ended = run(path, "export")
    assert ended.returncode == 2
    assert "Nothing is on sale" in ended.stderr


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('price = "15.00"', 'price = "-1"'), "plan 1, price: "),
        (('price = "15.00"', 'price = "15.005"'), "D1: CNY has no price of 15.005"),
        (('code = "M30"', 'code = "D1"'), "D1 more than once"),
        (
            ('reset_zone = "Asia/Shanghai"', 'reset_zone = "Beijing"'),
            "fair_use, reset_zone: 'Beijing' is not",
        ),
        ((', en = "Daily"', ""), "plan 1, names: a name in English"),
        (('code = "D1"', 'code = "D1'), "line 15"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_nothing_is_left_for_the_bot(
    database: Path, change: tuple[str, str], place: str
) -> None:
    text = SHIPPED.read_text("utf-8")
    assert change[0] in text
    ended = run(database, "import", file_of(database, text.replace(*change, 1)), "--yes")
    assert ended.returncode == 1
    assert "plans.toml:" in ended.stderr
    assert place in ended.stderr
    assert nothing_was_left(database)


def test_without_a_running_bot_the_difference_is_shown_and_what_to_do(database: Path) -> None:
    dearer = replace(MONTHLY, price=Money(20_900, "CNY"))
    ended = run(database, "import", file_of(database, written([DAILY, dearer])), "--yes")
    assert ended.returncode == 2
    assert "price: 199.00 → 209.00" in ended.stdout
    assert "Start it, then import again. Nothing changed." in ended.stderr
    assert nothing_was_left(database)


ONE_COUPON = '[[coupon]]\ncode = "A10"\namount = "10.00"\n'


@pytest.mark.parametrize(
    ("coupons", "says"),
    [
        (ONE_COUPON, "The coupon in the file stays as it is"),
        (
            ONE_COUPON + ONE_COUPON.replace("A10", "B10"),
            "The 2 coupons in the file stay as they are",
        ),
    ],
    ids=["one", "two"],
)
def test_coupons_in_the_file_are_said_to_be_left_alone(
    database: Path, coupons: str, says: str
) -> None:
    ended = run(database, "import", file_of(database, f"{written(PLANS)}\n{coupons}"), "--yes")
    assert f"{says}: coupons are kept at the desk.\n" in ended.stdout
    assert "Nothing differs" in ended.stdout


def test_without_a_yes_nothing_is_left_for_the_bot(database: Path) -> None:
    ended = run(database, "import", file_of(database, written([DAILY])))
    assert "- M30: withdrawn" in ended.stdout
    assert "Sell this?" in ended.stdout
    assert ended.returncode != 0
    assert nothing_was_left(database)


def shown(on_sale: Sequence[Plan], wanted: Sequence[Plan]) -> list[str]:
    return list(Import("", "CNY", list(on_sale), list(wanted), 0).lines())


def test_every_kind_of_difference_is_shown() -> None:
    two_months = replace(MONTHLY, code="M60", days=60)
    no_stars = replace(DAILY, stars=None, names={**DAILY.names, "de": "Tag"})
    lines = shown(PLANS, [QUARTERLY, no_stars, two_months])
    assert lines[0].startswith("+ M60: added (code M60, cycle monthly, days 60, price 199.00")
    assert lines[1:] == [
        "~ D1: version 1 is followed by a new one",
        "    stars: 100 → -",
        "    de: – → Tag",
        "- M30: withdrawn; what was bought goes on",
        "  order: D1 M30 Q90 → Q90 D1 M60",
    ]
