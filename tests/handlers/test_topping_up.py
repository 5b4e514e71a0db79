"""Putting money into the wallet: choosing, confirming, paying, and what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.money import Money
from bot.domain.order import PAYMENT_UNHEARD, OrderStatus, TopUp
from bot.services.read_orders import OrderCard, OrderPage
from bot.services.unit import OrderEventRow
from handlers.screens import order_events, orders, top_up
from handlers.texts import Texts
from handlers.typed import as_amount
from tests.handlers.facts import EN, LINE, NOW, ORDER, ZH, yuan
from tests.handlers.reading import labels, seen
from tests.handlers.rehearsal import Person, Rehearsal, Staged

TOP_UP = replace(ORDER, buys=TopUp(), total=yuan(50))
CREDITED = {
    "status": OrderStatus.FULFILLED,
    "paid_at": NOW + timedelta(minutes=1),
    "paid_with": "alipay",
    "fulfilled_at": NOW + timedelta(minutes=1),
    "receipt_number": 12,
}


def card(**order: object) -> OrderCard:
    return OrderCard(replace(TOP_UP, **order), None, LINE, [], NOW)  # type: ignore[arg-type]


def shown(t: Texts, **order: object) -> str:
    return seen(orders.order_card(t, card(**order)))


async def confirms(person: Person, amount: str = "50") -> str:
    """Types an amount; the order's id."""
    await person.sends("/topup")
    await person.sends(amount)
    return person.data("支付").split(":")[2]


async def opens_invoice(person: Person, order_id: str) -> Staged:
    await person.presses_data(f"v1:pay:{order_id}:invoice")
    return next(each for each in person.saw if each.method == "sendInvoice")


async def tops_up(person: Person, amount: str = "50") -> None:
    invoice = (await opens_invoice(person, await confirms(person, amount))).parameters
    await person.pays(invoice["payload"], invoice["prices"][0]["amount"])


def told(person: Person) -> str:
    """The new message, not what was redrawn."""
    return next(each.text for each in person.saw if each.method == "sendMessage")


# ── choosing ──────────────────────────────────────────────────────────────────────────────────────


async def test_the_amounts_stand_beside_the_balance_with_their_bounds(lin: Person) -> None:
    shown = await lin.presses_data("v1:topup")
    assert "•••• 1001 · 当前余额 ¥236.00" in shown
    assert "¥10.00 至 ¥2,000.00" in shown
    assert lin.data("¥100.00") == "v1:amount:1"
    assert shown == await lin.sends("/topup")


async def test_home_and_the_settings_lead_to_it(lin: Person) -> None:
    await lin.sends("/start")
    assert "余额充值" in await lin.presses("充值")
    await lin.sends("/settings")
    assert "余额充值" in await lin.presses("充值")


async def test_a_tapped_amount_is_confirmed_with_the_balance_afterwards(lin: Person) -> None:
    await lin.sends("/topup")
    shown = await lin.presses("¥100.00")
    assert "应付 <b>¥100.00</b>（无手续费）" in shown
    assert "充值后余额 ¥336.00" in shown
    assert "支付方式：" in shown
    assert lin.data("支付").endswith(":invoice")
    with pytest.raises(AssertionError, match="no key"):
        lin.data("优惠码")


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("88", 8800), ("¥88.5", 8850), ("88元", 8800), ("８８．５０", 8850), ("￥88", 8800),
        ("88 块", 8800), ("88块钱", 8800), ("88塊", 8800), ("1,000 CNY", 100_000), ("CNY 20", 2000),
        ("100 yuan", 10_000), ("人民币 66", 6600), ("0.01", 1), ("1，000", 100_000),
    ],
)  # fmt: skip
def test_an_amount_is_understood_as_it_is_meant(typed: str, minor: int) -> None:
    assert as_amount(typed, "CNY") == Money(minor, "CNY")


@pytest.mark.parametrize(
    "typed",
    ["", "many", "-50", "+50", "88.555", "8 8", "50 or 60", "1,00", "1e3", "50%", "$50", "五十",
     "=50", ".5", "9" * 13, "9" * 41, "0.00001"],
)  # fmt: skip
def test_what_is_no_amount_is_none(typed: str) -> None:
    assert as_amount(typed, "CNY") is None


def test_an_amount_has_the_currencys_digits_and_sign() -> None:
    assert as_amount("¥1000", "JPY") == Money(1000, "JPY")
    assert as_amount("10.5", "JPY") is None
    assert as_amount("$10.50", "USD") == Money(1050, "USD")


async def test_what_cannot_be_topped_up_is_asked_again_with_the_bounds(lin: Person) -> None:
    await lin.sends("/topup")
    assert "例如 88 或 88.50" in await lin.sends("lots")
    assert "例如 88 或 88.50" in await lin.sends_sticker()
    for amount in ("9.99", "2000.01", "9" * 12):
        assert "每次可充值 ¥10.00 至 ¥2,000.00" in await lin.sends(amount)
    assert "应付 <b>¥88.50</b>" in await lin.sends("88.5元")


async def test_typing_the_amount_goes_on_after_a_restart(stage: Rehearsal, lin: Person) -> None:
    await lin.sends("/topup")
    await stage.restarts()
    assert "应付 <b>¥88.00</b>" in await lin.sends("88")


async def test_a_place_that_is_offered_no_longer_shows_the_amounts(lin: Person) -> None:
    assert "余额充值" in await lin.presses_data("v1:amount:9")


async def test_the_way_to_pay_can_be_changed_and_the_order_cancelled(lin: Person) -> None:
    order_id = await confirms(lin)
    await lin.presses_data(f"v1:methods:{order_id}")
    with pytest.raises(AssertionError, match="no key"):
        lin.data("余额")
    assert "请点下面的按钮" in await lin.sends("?")
    assert "未扣款" in await lin.presses("取消")
    assert lin.data("再次充值") == "v1:topup"


async def test_the_wallet_cannot_be_forced_to_fill_itself(lin: Person) -> None:
    order_id = await confirms(lin)
    assert "暂不支持" in await lin.presses_data(f"v1:pay:{order_id}:wallet")


async def test_without_a_line_topping_up_leads_to_linking(omar: Person) -> None:
    assert "verify your number" in await omar.sends("/topup")


async def test_a_top_up_of_somebody_else_is_not_seen(stage: Rehearsal, lin: Person) -> None:
    order_id = await confirms(lin)
    ana = stage.person(1002, "en", "Ana")
    for data in ("confirm:{}:invoice", "methods:{}", "pay:{}:invoice", "cancel:{}", "fill:{}"):
        shown = await ana.presses_data(f"v1:{data.format(order_id)}")
        assert "You have no such order" in shown, data


# ── paying ────────────────────────────────────────────────────────────────────────────────────────


async def test_the_invoice_names_the_top_up(lin: Person) -> None:
    invoice = (await opens_invoice(lin, await confirms(lin))).parameters
    assert invoice["title"] == "LEB 余额充值"
    assert invoice["prices"] == [{"label": "余额充值", "amount": 5000}]
    assert "天" not in invoice["description"]


async def test_a_paid_top_up_is_told_with_the_balance_and_home_is_fresh(lin: Person) -> None:
    await tops_up(lin)
    assert "充值成功：¥50.00" in told(lin)
    assert "现余额 <b>¥286.00</b>" in told(lin)
    assert "submit_order" not in lin.methods
    assert "余额 ¥286.00" in await lin.sends("/start")


async def test_a_home_that_stands_open_shows_the_new_balance(lin: Person) -> None:
    invoice = await opens_invoice(lin, await confirms(lin))
    await lin.sends("/start")
    await lin.pays(invoice.parameters["payload"], 5000)
    home = next(each for each in lin.saw if "今日高速" in each.text)
    assert "余额 ¥286.00" in home.text
    assert home.method == "editMessageText"


async def test_a_home_that_stands_open_shows_what_is_left_after_a_refund(
    stage: Rehearsal, lin: Person
) -> None:
    order_id = await confirms(lin)
    await lin.pays((await opens_invoice(lin, order_id)).parameters["payload"], 5000)
    await lin.sends("/start")
    back = stage.use.of_dialogues.take_back
    told = await stage.happens(lambda unit: back.by_operator(unit, order_id, None))
    home = next(each for each in told if "今日高速" in each.text)
    assert "余额 ¥236.00" in home.text


async def test_a_late_payment_is_told_to_be_accepted(stage: Rehearsal, lin: Person) -> None:
    order_id = await confirms(lin)
    payload = (await opens_invoice(lin, order_id)).parameters["payload"]
    stage.clock.advance(timedelta(minutes=40))
    timer, pay = {"order_id": order_id}, stage.use.of_dialogues.pay
    await stage.happens(lambda unit: pay.on_expiry_due(unit, timer))
    await lin.pays(payload, 5000)
    assert "充值成功" in told(lin)
    assert "付款已照常入账" in told(lin)


async def test_a_wallet_that_is_short_offers_the_missing_part_and_the_way_back(
    lin: Person,
) -> None:
    shown = await lin.presses_data("v1:plan:Q90")
    renewal = lin.data("支付").split(":")[2]
    assert "余额不足：现有 ¥236.00，差 ¥263.00" in shown
    shown = await lin.presses("补足差额")
    assert "应付 <b>¥263.00</b>" in shown
    assert "充值后余额 ¥499.00" in shown
    top_up = lin.data("支付").split(":")[2]
    await lin.pays((await opens_invoice(lin, top_up)).parameters["payload"], 26300)
    assert lin.data("返回订单") == f"v1:+confirm:{renewal}:wallet"
    shown = await lin.presses("返回订单")
    assert "季卡" in shown
    assert "支付方式：余额（¥499.00）" in shown
    assert "激活中" in await lin.presses("支付")


async def test_an_order_that_was_paid_meanwhile_is_not_gone_back_to(lin: Person) -> None:
    await lin.presses_data("v1:plan:Q90")
    renewal = lin.data("支付").split(":")[2]
    await lin.presses("补足差额")
    top_up = lin.data("支付").split(":")[2]
    payload = (await opens_invoice(lin, top_up)).parameters["payload"]
    await lin.presses_data(f"v1:cancel:{renewal}")
    await lin.pays(payload, 26300)
    assert "充值成功" in told(lin)
    with pytest.raises(AssertionError, match="no key"):
        lin.data("返回订单")


async def test_paying_from_a_wallet_that_is_short_leads_to_topping_up(lin: Person) -> None:
    await lin.presses_data("v1:plan:Q90")
    renewal = lin.data("支付").split(":")[2]
    shown = await lin.presses_data(f"v1:pay:{renewal}:wallet")
    assert "未扣款" in shown
    assert lin.data("补足差额") == f"v1:fill:{renewal}"


async def test_help_about_a_plan_does_not_speak_of_a_top_up(lin: Person) -> None:
    order_id = await confirms(lin)
    await opens_invoice(lin, order_id)
    for topic in ("renew", "data", "change"):
        assert order_id not in await lin.presses_data(f"v1:answer:{topic}")


async def test_its_receipt_and_the_orders_name_the_top_up(lin: Person) -> None:
    await tops_up(lin)
    listed = await lin.sends("/orders")
    assert "余额充值 · ¥50.00" in listed
    await lin.presses("✅")
    shown = await lin.presses("收据")
    assert "项目：余额充值\n" in shown
    assert "合计：<b>¥50.00</b>" in shown
    await lin.presses("PDF")
    assert "sendDocument" in lin.methods


# ── the order's card, and events ──────────────────────────────────────────────────────────────────


def test_an_unpaid_top_up_waits_for_its_payment_and_no_activation() -> None:
    assert shown(ZH).split("\n")[1:] == [
        "余额充值 · •••• 1001",
        "合计 ¥50.00",
        "",
        "✅ 下单 15:00",
        "⏳ 等待支付",
        "▫️ 到账",
        "请在 15:30 前支付",
    ]


def test_a_paid_top_up_is_in_the_wallet() -> None:
    assert shown(EN, **CREDITED).split("\n")[4:] == [
        "✅ Ordered 15:00",
        "✅ Paid 15:01 · Alipay",
        "✅ In the wallet 15:01",
    ]
    keys = labels(orders.order_card(EN, card(**CREDITED)))
    assert "🧾 Receipt" in keys
    assert "✖ Cancel renewal" not in keys


def test_a_closed_top_up_can_be_made_again() -> None:
    screen = orders.closed(EN, card(status=OrderStatus.EXPIRED).order)
    assert labels(screen)[0] == "↻ Top up again"
    unheard = card(status=OrderStatus.EXPIRED, reason=PAYMENT_UNHEARD).order
    assert "put into the wallet or goes back to you" in seen(orders.closed(EN, unheard))


@pytest.mark.parametrize("reason", ["not_their_line", "paid_too_late"])
def test_money_for_an_unlinked_line_is_said_to_come_back_and_why(reason: str) -> None:
    told = order_events.refunding(EN, card(status=OrderStatus.REFUNDING, reason=reason))
    assert "was unlinked from your chat" in seen(told)
    assert "plan" not in seen(told)


def test_a_top_up_is_recognised_among_the_orders() -> None:
    page = OrderPage([(replace(TOP_UP, status=OrderStatus.FULFILLED), None)], 0, 1)
    assert "✅ LEB-2611-8K3F · Wallet top-up · ¥50.00" in seen(orders.order_list(EN, page))


def test_only_a_late_one_says_that_the_order_had_closed() -> None:
    paid = card(**CREDITED)
    late = replace(paid, history=[OrderEventRow("pay_late", OrderStatus.PAID, NOW)])
    assert "had already closed" not in seen(top_up.topped_up(EN, paid, yuan(86), None))
    assert "had already closed" in seen(top_up.topped_up(EN, late, yuan(86), None))
