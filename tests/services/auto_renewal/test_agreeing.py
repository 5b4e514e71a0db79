"""What the holder of a line can agree to."""

from __future__ import annotations

import pytest

from bot.domain.errors import PaymentMethodUnavailable, UnknownLine
from bot.domain.line import Line
from bot.domain.payment import PaymentMethod, Way
from bot.domain.subscriber import Subscriber
from bot.services.platform_requests import ChargeCard
from tests.services.auto_renewal.steps import WALLET, agrees, before, skips, told, until
from tests.services.kept_cards import by, keeps
from tests.services.shop import Shop, yuan


async def test_only_the_wallet_and_kept_cards_are_charged_by_themselves(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    card = await keeps(shop, lin)
    async with shop.unit() as unit:
        assert (await shop.auto.own(unit, lin)).ways == [WALLET, by(card)]
    for method in (PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY, PaymentMethod.CARD):
        with pytest.raises(PaymentMethodUnavailable):
            await agrees(shop, lin, line, Way(method))


async def test_the_plan_bought_last_comes_first_and_single_days_are_not_offered(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    async with shop.unit() as unit:
        assert [plan.code for plan in (await shop.auto.own(unit, lin)).plans] == ["M30", "Q90"]
    await shop.fund_more(line, yuan(500))
    await shop.pay_by_wallet(lin, (await shop.quote(lin, "Q90")).order)
    async with shop.unit() as unit:
        assert [plan.code for plan in (await shop.auto.own(unit, lin)).plans] == ["Q90", "M30"]


async def test_a_price_that_was_not_shown_is_not_agreed_to(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.reprice("M30", yuan(209))
    async with shop.unit() as unit:
        assert await shop.auto.turn_on(unit, lin, line.id, "M30", 1, WALLET) is None
        assert await shop.auto.turn_on(unit, lin, line.id, "D1", 1, WALLET) is None
        assert await unit.auto_renewals.get(line.id) is None


async def test_two_taps_agree_once_and_another_way_is_announced_anew(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    await agrees(shop, lin, line)
    await shop.pass_time(seconds=1)
    assert told(shop) == ["renewal_ahead"]
    await agrees(shop, lin, line, by(await keeps(shop, lin)))
    await shop.pass_time(seconds=1)
    assert told(shop) == ["renewal_ahead"]
    await until(shop, before(days=1))
    assert shop.asked(ChargeCard) == []
    await until(shop, before(hours=23))
    assert len(shop.asked(ChargeCard)) == 1


async def test_a_line_of_somebody_else_is_nobodys_to_agree_for(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    ana = await shop.meet(1002)
    with pytest.raises(UnknownLine):
        await agrees(shop, ana, line)
    await agrees(shop, lin, line)
    with pytest.raises(UnknownLine):
        async with shop.unit() as unit:
            await shop.auto.turn_off(unit, ana, line.id)
    with pytest.raises(UnknownLine):
        await skips(shop, ana, line)
