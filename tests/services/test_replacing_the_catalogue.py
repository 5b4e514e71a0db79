"""An imported catalogue: what is on sale becomes what it says, in one step, or nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.plan import Plan
from bot.services.authority import Authority
from bot.services.keep_plans import KeepPlans
from tests.services.shop import Shop, catalogue, yuan

DAILY, MONTHLY, QUARTERLY = catalogue()
NEW = replace(MONTHLY, code="M60", days=60, price=yuan(359))
DEARER = replace(MONTHLY, price=yuan(209))


async def on_sale(shop: Shop) -> list[Plan]:
    async with shop.unit() as unit:
        return await unit.catalogue.on_sale()


async def replaces(shop: Shop, wanted: Sequence[Plan], seen: Sequence[Plan]) -> None:
    async with shop.unit() as unit:
        await KeepPlans(shop.clock, Authority()).replace_all_at_terminal(
            unit, [(each.code, each.version) for each in seen], wanted
        )


async def audited(shop: Shop) -> list[tuple[int | None, str]]:
    async with shop.unit() as unit:
        return [(each.who, each.subject) for each in await unit.audit.page(20, 0)]


async def test_plans_are_added_changed_withdrawn_and_put_in_order(shop: Shop) -> None:
    await replaces(shop, [NEW, DEARER, DAILY], await on_sale(shop))
    assert await on_sale(shop) == [NEW, replace(DEARER, version=2), DAILY]
    assert sorted(set(await audited(shop)), key=str) == [
        (None, "D1"),
        (None, "M30"),
        (None, "M60"),
        (None, "Q90"),
    ]


async def test_what_stays_as_it_is_keeps_its_version_and_leaves_no_trace(shop: Shop) -> None:
    await replaces(shop, catalogue(), await on_sale(shop))
    assert await on_sale(shop) == catalogue()
    assert await audited(shop) == []


async def test_a_plan_that_comes_back_is_a_version_of_its_own(shop: Shop) -> None:
    await replaces(shop, [DAILY], await on_sale(shop))
    await replaces(shop, [DAILY, MONTHLY], await on_sale(shop))
    assert await on_sale(shop) == [DAILY, replace(MONTHLY, version=2)]


async def test_what_the_desk_changed_meanwhile_is_not_written_over(shop: Shop) -> None:
    seen = await on_sale(shop)
    await replaces(shop, [DAILY, DEARER, QUARTERLY], seen)
    now = await on_sale(shop)
    await replaces(shop, [DAILY], seen)
    assert await on_sale(shop) == now


async def test_the_same_import_twice_makes_one_version(shop: Shop) -> None:
    seen = await on_sale(shop)
    for _ in range(2):
        await replaces(shop, [DEARER], seen)
    assert await on_sale(shop) == [replace(DEARER, version=2)]
