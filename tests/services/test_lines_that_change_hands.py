"""A line that is somebody else's by the time the money comes: nobody pays for a stranger's line."""

from __future__ import annotations

import pytest

from bot.domain.errors import UnknownPlan
from bot.domain.line import Line
from bot.domain.order import OrderStatus
from bot.domain.payment import PaymentMethod, Settlement, Way
from bot.domain.subscriber import Subscriber
from bot.services.platform_requests import RefundCharge
from bot.services.requests import SubmitOrder
from bot.services.stars_requests import RefundStars
from tests.services.shop import Shop, found_line

SENT_BACK_BY = {PaymentMethod.ALIPAY: RefundCharge, PaymentMethod.STARS: RefundStars}


@pytest.mark.parametrize(
    "method", [PaymentMethod.INVOICE, PaymentMethod.ALIPAY, PaymentMethod.STARS]
)
async def test_money_for_a_line_that_has_another_holder_by_then_goes_back(
    shop: Shop, lin: Subscriber, line: Line, method: PaymentMethod
) -> None:
    order = (await shop.quote(lin)).order
    async with shop.unit() as unit:
        await shop.renew.requote(unit, lin, order.id, Way(method))
    payment = (await shop.pay(lin, order, method)).payment
    assert payment is not None
    await shop.link_contact(7009, found_line(line.msisdn[-4:]))
    assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID
    assert shop.asked(SubmitOrder) == []
    held = await shop.order(order)
    assert (held.status, held.reason) == (OrderStatus.REFUNDING, "not_their_line")
    for kind in SENT_BACK_BY.values():
        assert len(shop.asked(kind)) == (kind is SENT_BACK_BY.get(method))


async def test_money_for_a_line_that_was_unlinked_goes_back(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    await shop.unlink(lin, line)
    await shop.charged(shop.charge_of(payment))
    assert (await shop.order(order)).status is OrderStatus.REFUNDING
    assert shop.asked(SubmitOrder) == []


async def test_a_withdrawn_plan_gets_no_other_price(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = (await shop.quote(lin)).order
    await shop.withdraw("M30")
    async with shop.unit() as unit:
        with pytest.raises(UnknownPlan):
            await shop.renew.requote(unit, lin, order.id, Way(PaymentMethod.STARS))
