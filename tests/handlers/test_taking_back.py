"""Cancelling a queued renewal, as its card offers it and as it is told."""

import pytest

from bot.domain.order import OrderStatus
from bot.services.read_orders import OrderCard
from handlers.screens import order_events, orders
from handlers.texts import Texts
from tests.handlers.facts import EN, ENDS_AT, LINE, MONTHLY, NOW, ORDER, ZH, card
from tests.handlers.reading import labels, seen

QUEUED = card(status=OrderStatus.FULFILLED, paid_at=NOW, fulfilled_at=NOW, starts_at=ENDS_AT)
RUNNING = card(status=OrderStatus.FULFILLED, paid_at=NOW, fulfilled_at=NOW, starts_at=NOW)
CANCELLING = OrderCard(QUEUED.order, MONTHLY, LINE, [], NOW, is_cancelling=True)


def test_a_queued_renewal_can_be_cancelled_from_its_card_and_a_running_one_cannot() -> None:
    assert "✖ 取消续费" in labels(orders.order_card(ZH, QUEUED))
    assert "✖ Cancel renewal" in labels(orders.order_card(EN, QUEUED, listed=True))
    assert "✖ Cancel renewal" not in labels(orders.order_card(EN, RUNNING))


@pytest.mark.parametrize("status", [OrderStatus.REFUNDING, OrderStatus.REFUNDED])
def test_what_is_taken_back_already_is_not_offered_again(status: OrderStatus) -> None:
    back = card(status=status, paid_at=NOW, starts_at=ENDS_AT)
    assert "✖ Cancel renewal" not in labels(orders.order_card(EN, back))


def test_the_card_stays_and_the_question_opens_below_it() -> None:
    own = orders.order_card(EN, QUEUED)
    listed = orders.order_card(EN, QUEUED, listed=True)
    asks = [
        next(key.press for row in screen.keys for key in row if key.label == "✖ Cancel renewal")
        for screen in (own, listed)
    ]
    assert [press is not None and press.anew for press in asks] == [True, False]


def test_the_question_says_what_comes_back_and_its_safe_key_is_first() -> None:
    question = orders.cancel_renewal(ZH, QUEUED)
    assert "取消这次续费？" in seen(question)
    assert "开始 12月8日" in seen(question)
    assert "¥199.00 原路退回" in seen(question)
    assert labels(question) == ["◀ 保留", "✖ 取消续费"]
    assert question.keys[1][0].style == "danger"


def test_while_the_network_decides_the_card_says_so_and_offers_it_no_more() -> None:
    shown = orders.order_card(EN, CANCELLING)
    assert "⏳ Being cancelled · waiting for the network" in seen(shown)
    assert "✖ Cancel renewal" not in labels(shown)


@pytest.mark.parametrize(
    ("t", "reason", "words"),
    [
        (EN, "by_subscriber", "The renewal is cancelled"),
        (EN, "by_operator", "We have taken this order back"),
        (ZH, "by_subscriber", "续费已取消"),
        (ZH, "by_operator", "我们已撤销此订单"),
    ],
)
def test_a_refund_says_who_wanted_it(t: Texts, reason: str, words: str) -> None:
    back = card(status=OrderStatus.REFUNDING, reason=reason)
    assert words in seen(order_events.refunding(t, back))


def test_a_wallets_refund_is_said_to_be_there_already() -> None:
    there = card(status=OrderStatus.REFUNDED, reason="rejected")
    assert "It is in the line's wallet already." in seen(order_events.refunding(EN, there))
    owed = card(status=OrderStatus.REFUNDING, reason="rejected")
    assert "wallet" not in seen(order_events.refunding(EN, owed))


def test_a_refund_that_was_sent_says_how_much_and_what_to_expect() -> None:
    back = card(status=OrderStatus.REFUNDED)
    told = seen(order_events.refund_sent(EN, back, ORDER.total))
    assert "¥199.00 is on its way to where you paid from" in told
    assert ORDER.id in told


def test_what_could_not_be_cancelled_is_said_to_stay_without_money_moving() -> None:
    told = seen(order_events.cancel_refused(EN, QUEUED))
    assert "could not be cancelled" in told
    assert "no money moved" in told
