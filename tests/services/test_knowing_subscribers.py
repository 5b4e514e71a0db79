"""Knowing who writes, and in which language they read."""

from __future__ import annotations

from bot.domain.subscriber import Subscriber
from tests.services.shop import Shop

LIN = 7001


async def meet(shop: Shop, name: str, language: str) -> Subscriber:
    async with shop.unit() as unit:
        return await shop.know.meet(unit, LIN, name, language)


async def test_somebody_new_is_remembered(shop: Shop) -> None:
    newcomer = await meet(shop, "林", "zh_Hans")
    assert newcomer == Subscriber(LIN, "林", "zh_Hans", language_chosen=False)
    assert await shop.subscriber(LIN) == newcomer


async def test_a_changed_name_or_language_is_kept(shop: Shop) -> None:
    await meet(shop, "林", "zh_Hans")
    changed = await meet(shop, "Lin", "en")
    assert (changed.name, changed.language) == ("Lin", "en")
    assert await shop.subscriber(LIN) == changed


async def test_a_language_chosen_by_hand_outlives_telegrams_own(shop: Shop) -> None:
    subscriber = await meet(shop, "林", "zh_Hans")
    async with shop.unit() as unit:
        shop.know.choose_language(unit, subscriber, "en")
    assert (await meet(shop, "林", "zh_Hans")).language == "en"


async def test_who_blocked_the_bot_and_writes_again_is_back(shop: Shop) -> None:
    await meet(shop, "林", "zh_Hans")
    async with shop.unit() as unit:
        shop.know.mark_blocked(unit, LIN)
    assert (await shop.subscriber(LIN)).blocked
    await meet(shop, "林", "zh_Hans")
    assert not (await shop.subscriber(LIN)).blocked
