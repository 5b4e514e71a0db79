"""Coupons in the chat: at checkout, by typed code, in the list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.coupon import Coupon, Share
from bot.domain.plan import BillingCycle
from tests.handlers.facts import NOW, yuan
from tests.handlers.rehearsal import Person, Rehearsal
from tests.handlers.test_checkout import confirms

NEW20 = Coupon("NEW20", yuan(20), offered=True, first_renewal=True, once_a_subscriber=True)
TRIP10 = Coupon("TRIP10", Share(1_000), offered=True, cycles=frozenset({BillingCycle.DAILY}))
SECRET = Coupon("SECRET50", yuan(50), offered=False, ends_at=NOW + timedelta(days=3))
OLD5 = Coupon("OLD5", yuan(5), offered=True, ends_at=NOW - timedelta(days=1))


@pytest.fixture
async def issued(stage: Rehearsal) -> None:
    async with stage.store.unit() as unit:
        for coupon in (NEW20, TRIP10, SECRET, OLD5):
            unit.coupons.issue(coupon, NOW)


@pytest.mark.usefixtures("issued")
class TestAtCheckout:
    async def test_the_best_coupon_is_taken_off_and_said(self, lin: Person) -> None:
        shown = await lin.presses_data("v1:plan:M30")
        assert "已自动使用最优惠的优惠券" in shown
        assert "价格 ¥199.00" in shown
        assert "优惠券 NEW20 −¥20.00" in shown
        assert "应付 <b>¥179.00</b>" in shown
        assert await lin.presses("支付 ¥179.00")
        assert "优惠券 NEW20 −¥20.00" in lin.text

    async def test_the_invoice_shows_price_and_coupon_and_asks_for_the_total(
        self, lin: Person
    ) -> None:
        order_id = await confirms(lin)
        await lin.presses_data(f"v1:pay:{order_id}:invoice")
        invoice = next(each for each in lin.saw if each.method == "sendInvoice").parameters
        assert invoice["prices"] == [
            {"label": "月卡", "amount": 19900},
            {"label": "NEW20", "amount": -2000},
        ]
        answer = await lin.is_about_to_pay(invoice["payload"], 17900)
        assert answer.parameters["ok"] is True

    async def test_a_coupon_can_be_left_out_and_taken_again(self, lin: Person) -> None:
        await lin.presses_data("v1:plan:M30")
        shown = await lin.presses("优惠码")
        assert "NEW20</b> −¥20.00" in shown
        assert "TRIP10" not in shown
        assert "应付 <b>¥199.00</b>" in await lin.presses("不使用优惠券")
        await lin.presses("优惠码")
        assert "应付 <b>¥179.00</b>" in await lin.presses("NEW20")
        await lin.presses("优惠码")
        assert "应付 <b>¥179.00</b>" in await lin.presses("返回")

    async def test_a_typed_code_is_applied_as_people_type_it(self, lin: Person) -> None:
        await lin.presses_data("v1:plan:M30")
        await lin.presses("优惠码")
        shown = await lin.sends("secret-50")
        assert "优惠券 SECRET50 −¥50.00" in shown
        assert "应付 <b>¥149.00</b>" in shown

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("TRIP10", "TRIP10 仅适用于：日卡"),
            ("OLD5", "OLD5 已于"),
            ("NONESUCH", "没有这个优惠码"),
            ("!", "3–16 位字母和数字"),
        ],
    )
    async def test_a_code_that_is_not_taken_says_why_and_the_order_stays(
        self, lin: Person, typed: str, said: str
    ) -> None:
        await lin.presses_data("v1:plan:M30")
        await lin.presses("优惠码")
        assert said in await lin.sends(typed)
        assert "应付 <b>¥179.00</b>" in await lin.presses("返回")

    async def test_a_sticker_instead_of_a_code_asks_for_a_code(self, lin: Person) -> None:
        await lin.presses_data("v1:plan:M30")
        await lin.presses("优惠码")
        assert "3–16 位字母和数字" in await lin.sends_sticker()

    async def test_typing_goes_on_after_a_restart(self, stage: Rehearsal, lin: Person) -> None:
        await lin.presses_data("v1:plan:M30")
        await lin.presses("优惠码")
        await stage.restarts()
        assert "应付 <b>¥149.00</b>" in await lin.sends("SECRET50")

    async def test_a_coupon_lost_before_the_tap_is_said_with_the_new_amount(
        self, lin: Person
    ) -> None:
        first = await confirms(lin)
        second = await confirms(lin)
        await lin.presses_data(f"v1:pay:{first}:invoice")
        shown = await lin.presses_data(f"v1:pay:{second}:wallet")
        assert "NEW20 已用过，或正被另一张未付款订单占用" in shown
        assert "订单金额现为 ¥199.00；未扣款" in shown
        assert "submit_order" not in lin.methods

    async def test_coupon_buttons_of_somebody_else_read_and_write_nothing(
        self, stage: Rehearsal, lin: Person
    ) -> None:
        order_id = await confirms(lin)
        ana = stage.person(1002, "en", "Ana")
        for data in (
            f"v1:pick:{order_id}",
            f"v1:coupon:{order_id}:",
            f"v1:coupon:{order_id}:NEW20",
        ):
            assert "You have no such order" in await ana.presses_data(data), data

    async def test_an_old_coupon_button_on_a_confirmed_order_is_refused(self, lin: Person) -> None:
        order_id = await confirms(lin)
        await lin.presses_data(f"v1:pay:{order_id}:invoice")
        assert "已关闭或正在支付" in await lin.presses_data(f"v1:coupon:{order_id}:")


@pytest.mark.usefixtures("issued")
class TestTheList:
    async def test_coupons_stand_with_their_conditions(self, lin: Person) -> None:
        shown = await lin.sends("/coupons")
        assert "NEW20</code> <b>−¥20.00</b>\n<i>首次续费 · 限用一次</i>" in shown
        assert "TRIP10</code> <b>−10 %</b>\n<i>日卡</i>" in shown
        assert "OLD5" not in shown
        assert "SECRET50" not in shown

    async def test_a_redeemed_code_joins_the_list_with_its_end(self, lin: Person) -> None:
        await lin.sends("/coupons")
        shown = await lin.sends("ｓｅｃｒｅｔ５０")
        assert "已领取 SECRET50：−¥50.00" in shown
        assert "11月25日 15:00" in shown
        assert "3 张优惠券" in await lin.sends("/start")

    async def test_in_english_too(self, stage: Rehearsal) -> None:
        ana = stage.person(1002, "en", "Ana")
        shown = await ana.sends("/coupons")
        assert "<i>first renewal · once</i>" in shown
        assert "There is no such code" in await ana.sends("guess")
        assert "Send it here" in await ana.sends_sticker()

    async def test_the_sixth_guess_in_an_hour_is_not_looked_at(self, lin: Person) -> None:
        await lin.sends("/coupons")
        for number in range(5):
            assert "没有这个优惠码" in await lin.sends(f"GUESS{number}")
        assert "一小时后" in await lin.sends("SECRET50")


async def test_without_any_coupon_the_list_says_so_and_takes_a_code(lin: Person) -> None:
    shown = await lin.sends("/coupons")
    assert "目前没有可用的优惠券" in shown
    assert "有优惠码？直接发送即可" in shown
    assert "优惠券" not in await lin.sends("/start")
