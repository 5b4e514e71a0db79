"""The order's card as it moves, the list, and what is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.dispute import DisputeState
from bot.domain.order import PAYMENT_UNHEARD, OrderStatus
from bot.services.read_orders import PAGE_SIZE, OrderPage
from handlers.buttons import Action, Press
from handlers.screens import order_events, orders
from handlers.texts import Texts
from tests.handlers.facts import EN, ENDS_AT, MONTHLY, NOW, ORDER, WORDS, ZH, card
from tests.handlers.reading import labels, seen

PAID = {"status": OrderStatus.FULFILLING, "paid_at": NOW, "paid_with": "wallet"}
READY = {
    **PAID,
    "status": OrderStatus.FULFILLED,
    "fulfilled_at": NOW + timedelta(minutes=3),
    "starts_at": NOW,
    "ends_at": ENDS_AT + timedelta(days=30),
}
BOOKED = {**READY, "starts_at": ENDS_AT}
"""It waits for the end of the plan that runs."""


def shown(t: Texts, **order: object) -> str:
    return seen(orders.order_card(t, card(**order)))


@pytest.mark.parametrize(
    ("dispute", "said"),
    [
        (DisputeState.INQUIRY, "⚖️ 此笔付款在银行争议处理中，以银行裁定为准"),
        (DisputeState.OPEN, "⚖️ 此笔付款在银行争议处理中，以银行裁定为准"),
        (DisputeState.LOST, "⚖️ 此笔付款已由银行退回"),
    ],
)
def test_a_disputed_payment_is_told_on_the_card_until_it_stands(
    dispute: DisputeState, said: str
) -> None:
    disputed = replace(card(**READY), dispute=dispute)
    assert said in seen(orders.order_card(ZH, disputed))
    won = replace(disputed, dispute=DisputeState.WON)
    assert "⚖️" not in seen(orders.order_card(ZH, won))


def test_an_unpaid_order_says_until_when_to_pay_and_can_be_cancelled() -> None:
    screen = orders.order_card(ZH, card())
    assert seen(screen).split("\n")[4:] == [
        "✅ 下单 15:00",
        "⏳ 等待支付",
        "▫️ 激活",
        "请在 15:30 前支付",
    ]
    assert "✖ 取消" in labels(screen)


def test_a_paid_order_is_being_activated() -> None:
    assert shown(ZH, **PAID).split("\n")[4:] == [
        "✅ 下单 15:00",
        "✅ 已支付 15:00 · 余额",
        "⏳ 激活中 · 通常几分钟",
        "▫️ 可用",
    ]


def test_a_ready_order_shows_its_dates() -> None:
    assert "✅ Ready 15:03" in shown(EN, **READY)
    assert "Valid Nov 22 – Jan 7" in shown(EN, **READY)


def test_an_order_that_waits_for_the_end_of_another_plan_is_booked() -> None:
    assert shown(ZH, **PAID, starts_at=ENDS_AT).split("\n")[-1] == "▫️ 已排期"
    assert "✅ Booked 15:03" in shown(EN, **BOOKED)
    assert "Valid Dec 8 – Jan 7" in shown(EN, **BOOKED)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (OrderStatus.REVIEW, "A person is looking at it"),
        (OrderStatus.REFUNDING, "Your money is on its way back"),
        (OrderStatus.REFUNDED, "Your money was returned"),
        (OrderStatus.CANCELLED, "Cancelled: you were not charged"),
        (OrderStatus.EXPIRED, "Closed without payment: you were not charged"),
    ],
)
def test_every_other_end_is_said(status: OrderStatus, words: str) -> None:
    assert words in shown(EN, status=status)


@pytest.mark.parametrize("status", list(OrderStatus))
@pytest.mark.parametrize("t", WORDS)
def test_every_status_has_a_card_with_support_and_the_number_to_copy_or_a_link_to_ask_for(
    t: Texts, status: OrderStatus
) -> None:
    screen = orders.order_card(t, card(status=status))
    keys = [key for row in screen.keys for key in row]
    asks = [key.press for key in keys if key.press and key.press.action is Action.ASK_ANOTHER]
    if status is OrderStatus.AWAITING_PAYMENT:
        assert [press.name for press in asks] == [ORDER.id]
    else:
        assert asks == []
        assert [key.copies for key in keys if key.copies] == [ORDER.id]
    assert Press(Action.SUPPORT_ABOUT, ORDER.id, anew=True) in [key.press for key in keys]


def test_a_closed_order_can_be_ordered_again() -> None:
    screen = orders.closed(ZH, replace(ORDER, status=OrderStatus.EXPIRED))
    assert "未扣款" in seen(screen)
    again = screen.keys[0][0]
    assert again.press is not None
    assert again.press.data == "v1:days:M30:1"


def test_the_cards_home_key_opens_a_fresh_panel_and_leaves_the_card() -> None:
    own = orders.order_card(EN, card())
    home = own.keys[-1][-1]
    assert home.press is not None
    assert home.press.anew
    listed = orders.order_card(EN, card(), listed=True)
    assert [key.label for key in listed.keys[-1]] == ["◀ Orders", "🏠 Home"]
    assert not any(key.press and key.press.anew for key in listed.keys[-1])


def test_the_list_pages() -> None:
    page = OrderPage([(ORDER, MONTHLY)], page=1, pages=3)
    screen = orders.order_list(ZH, page)
    assert "🧾 订单（第 2/3 页）" in seen(screen)
    assert "LEB-2611-8K3F · 月卡 · ¥199.00" in seen(screen)
    assert labels(screen)[-3:] == ["‹ 较新", "较早 ›", "🏠 首页"]


def test_a_full_page_has_two_orders_a_row() -> None:
    page = OrderPage([(ORDER, MONTHLY)] * PAGE_SIZE, page=1, pages=3)
    assert [len(row) for row in orders.order_list(EN, page).keys] == [2, 2, 1, 3]


def test_no_orders_yet_says_so() -> None:
    assert "还没有订单" in seen(orders.order_list(ZH, OrderPage([], 0, 1)))


def test_ready_is_told_with_the_new_dates() -> None:
    told = seen(order_events.ready(ZH, card(**READY)))
    assert told == "🎉 套餐已生效\n月卡 30 天 · •••• 1001\n到期 1月7日"


def test_a_plan_that_waits_for_another_is_told_as_booked_with_its_start() -> None:
    told = seen(order_events.ready(ZH, card(**BOOKED)))
    assert told == (
        "📅 套餐已排期\n月卡 30 天 · •••• 1001\n12月8日 自动开始，无需操作\n到期 1月7日"
    )
    assert "It starts by itself on Dec 8." in seen(order_events.ready(EN, card(**BOOKED)))


def test_a_delay_apologises_says_that_the_money_is_safe_and_offers_support() -> None:
    screen = order_events.delayed(EN, card(**PAID))
    assert "We are sorry. Your payment has arrived and is safe" in seen(screen)
    assert ORDER.id in seen(screen)
    assert "💬 Support" in labels(screen)


@pytest.mark.parametrize(
    ("reason", "words"),
    [("paid_too_late", "after the order had closed"), ("rejected", "could not deliver")],
)
def test_a_refund_says_why(reason: str, words: str) -> None:
    order = card(status=OrderStatus.REFUNDING, reason=reason)
    assert words in seen(order_events.refunding(EN, order))


@pytest.mark.parametrize("status", [OrderStatus.EXPIRED, OrderStatus.CANCELLED])
def test_an_order_closed_while_its_payment_was_on_its_way_does_not_claim_that_nothing_was_charged(
    status: OrderStatus,
) -> None:
    doubt = {"status": status, "reason": PAYMENT_UNHEARD}
    closed = seen(orders.closed(EN, replace(ORDER, **doubt)))  # type: ignore[arg-type]
    for text in (closed, shown(EN, **doubt)):
        assert "not charged" not in text
        assert "has not reached us" in text
