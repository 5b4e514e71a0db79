"""Choosing and confirming: every price, the terms, when it starts."""

from dataclasses import replace

from bot.domain.order import Renewal
from bot.domain.payment import PaymentMethod, Way
from handlers.buttons import parse
from handlers.screens.renew import (
    browse_plans,
    choose_days,
    choose_method,
    choose_plan,
    confirm,
    price_changed,
)
from tests.handlers.facts import CATALOGUE, DAILY, EN, ORDER, ZH, quote, yuan
from tests.handlers.reading import labels, seen

INVOICE = Way(PaymentMethod.INVOICE)


def test_the_plans_stand_with_price_and_price_per_day() -> None:
    assert seen(choose_plan(ZH, CATALOGUE)) == (
        "选择套餐（不限量*）\n"
        "📅 日卡 ¥15.00 = ¥15.00/天\n"
        "🗓 月卡 ¥199.00 = ¥6.63/天\n"
        "📆 季卡 ¥499.00 = ¥5.54/天\n"
        "\n"
        "*每日 20 GB 高速，之后 1 Mbps，次日恢复；45 国可用；无隐藏费用。\n"
        "已购套餐不可修改；可在下个计费周期前另购，到期自动接续。"
    )


def test_the_plans_stand_in_english_too() -> None:
    shown = seen(choose_plan(EN, CATALOGUE))
    assert "🗓 Monthly ¥199.00 = ¥6.63 a day" in shown
    assert "*20 GB of high speed a day, then 1 Mbps until the next day; 45 countries" in shown


def test_an_empty_catalogue_says_so() -> None:
    assert "目前没有在售套餐" in seen(choose_plan(ZH, []))
    assert labels(browse_plans(ZH, []))


def test_days_are_offered_and_may_be_typed() -> None:
    screen = choose_days(EN, DAILY)
    assert "Tap, or send a number from 1 to 30." in seen(screen)
    assert labels(screen)[:8] == ["1 d", "2 d", "3 d", "5 d", "7 d", "10 d", "14 d", "30 d"]
    assert screen.subject == "D1"


def test_confirming_shows_total_start_and_the_way_to_pay() -> None:
    shown = seen(confirm(ZH, quote(), None)).split("\n")
    assert shown[:6] == [
        "🛒 确认订单",
        "月卡 30 天 · •••• 1001",
        "应付 ¥199.00（含税）",
        "折合每天 ¥6.63",
        "开始 12月8日，当前套餐到期后",
        "支付方式：余额（¥236.00）",
    ]


def test_a_plan_that_starts_now_says_so() -> None:
    assert "Starts as soon as it is active" in seen(confirm(EN, quote(starts_at=None), None))


def test_the_wallet_is_proposed_and_another_way_can_be_chosen() -> None:
    screen = confirm(ZH, quote(), None)
    assert labels(screen) == ["✅ 支付 ¥199.00", "🔗 请人代付", "💳 换方式", "🎟 优惠码", "✖ 取消"]
    pay = screen.keys[0][0]
    assert pay.style == "success"
    assert pay.press is not None
    assert pay.press.detail == "wallet"
    chosen = confirm(ZH, quote(), INVOICE)
    assert chosen.keys[0][0].press is not None
    assert chosen.keys[0][0].press.detail == "invoice"


def test_a_short_wallet_with_no_other_way_offers_no_pay_key() -> None:
    screen = confirm(EN, quote(ways=[], wallet=yuan(3)), None)
    assert "Wallet balance ¥3.00: ¥196.00 short" in seen(screen)
    assert labels(screen) == ["🎟 Coupon", "✖ Cancel"]


def test_with_no_way_to_pay_left_there_is_none_to_choose() -> None:
    screen = choose_method(EN, quote(ways=[], wallet=yuan(3)))
    assert "Wallet balance ¥3.00: ¥196.00 short" in seen(screen)


def test_a_method_that_cannot_pay_now_is_not_taken() -> None:
    screen = confirm(EN, quote(ways=[INVOICE]), Way(PaymentMethod.WALLET))
    assert screen.keys[0][0].press is not None
    assert screen.keys[0][0].press.detail == "invoice"


def test_no_key_carries_an_amount() -> None:
    screens = [
        choose_plan(EN, CATALOGUE),
        choose_days(EN, DAILY),
        confirm(EN, quote(), None),
        choose_method(EN, quote()),
    ]
    for key in (key for screen in screens for row in screen.keys for key in row):
        assert key.press is not None
        assert parse(key.press.data) == key.press
        assert "199" not in key.press.data
        assert "19900" not in key.press.data


def test_a_total_of_several_days_is_shown_per_day_too() -> None:
    order = replace(ORDER, buys=Renewal("D1", 1, periods=7, days=7), total=yuan(105))
    shown = seen(confirm(EN, quote(order=order, plan=DAILY), None))
    assert "Daily, 7 days · •••• 1001" in shown
    assert "Total ¥105.00" in shown
    assert "That is ¥15.00 a day" in shown


def test_a_changed_price_says_that_nothing_was_charged() -> None:
    assert price_changed(ZH, yuan(209)) == "价格有变动，现为 ¥209.00；未扣款。"
