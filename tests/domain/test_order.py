"""The order machine: exactly the edges of the trade's table."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ForbiddenTransition
from bot.domain.money import Money
from bot.domain.order import (
    OPEN,
    PAID_FOR,
    TRANSITIONS,
    Order,
    OrderEvent,
    OrderStatus,
    Renewal,
    new_order_id,
    next_status,
)

EDGES = """
    quoted            confirm         awaiting_payment
    quoted            cancel          cancelled
    quoted            expire          expired
    awaiting_payment  cancel          cancelled
    awaiting_payment  expire          expired
    awaiting_payment  pay             paid
    awaiting_payment  pay_mismatched  review
    expired           pay_late        paid
    expired           pay_too_late    refunding
    cancelled         pay_late        paid
    cancelled         pay_too_late    refunding
    paid              submit          fulfilling
    paid              reject          refunding
    paid              refund          refunding
    fulfilling        activate        fulfilled
    fulfilling        reject          refunding
    fulfilling        lose_track      review
    fulfilling        refund          refunding
    fulfilled         refund          refunding
    review            activate        fulfilled
    review            refund          refunding
    review            retry           fulfilling
    refunding         refund_done     refunded
    refunding         refund_failed   review
    refunded          refund_failed   review
"""
"""Every edge there is: from, event, to. Whatever is not here must not happen."""

TABLE = {
    (OrderStatus(source), OrderEvent(event)): OrderStatus(target)
    for source, event, target in (line.split() for line in EDGES.strip().splitlines())
}


@pytest.mark.parametrize("status", OrderStatus)
@pytest.mark.parametrize("event", OrderEvent)
def test_an_event_leads_where_the_table_says_or_nowhere(
    status: OrderStatus, event: OrderEvent
) -> None:
    if (status, event) in TABLE:
        assert next_status(status, event) is TABLE[status, event]
    else:
        with pytest.raises(ForbiddenTransition):
            next_status(status, event)


def test_there_is_no_edge_beside_the_table() -> None:
    assert TRANSITIONS == TABLE


histories = st.lists(st.sampled_from(OrderEvent), max_size=40)


@given(histories)
def test_money_that_moved_is_never_forgotten(events: list[OrderEvent]) -> None:
    """Once paid for, an order is never again a quote, unpaid, cancelled or expired."""
    status, paid_for = OrderStatus.QUOTED, False
    for event in events:
        status = TABLE.get((status, event), status)
        paid_for = paid_for or status in PAID_FOR
        assert (status in PAID_FOR) == paid_for


@pytest.mark.parametrize("status", OrderStatus)
def test_every_status_can_be_reached_and_money_that_came_back_alone_ends_the_last(
    status: OrderStatus,
) -> None:
    reached = {OrderStatus.QUOTED}
    for _ in OrderStatus:
        reached |= {to for (source, _), to in TRANSITIONS.items() if source in reached}
    assert status in reached
    leads_on = {event for source, event in TRANSITIONS if source is status}
    assert leads_on
    if status is OrderStatus.REFUNDED:
        assert leads_on == {OrderEvent.REFUND_FAILED}


def test_an_order_is_open_paid_for_or_closed_without_payment() -> None:
    closed = {OrderStatus.CANCELLED, OrderStatus.EXPIRED}
    assert {*OPEN, *PAID_FOR, *closed} == set(OrderStatus)
    assert not OPEN & PAID_FOR


def test_an_order_is_delivered_only_out_of_the_carriers_or_an_operators_hands() -> None:
    ways = {source for (source, _), to in TRANSITIONS.items() if to is OrderStatus.FULFILLED}
    assert ways == {OrderStatus.FULFILLING, OrderStatus.REVIEW}


@pytest.mark.parametrize(
    ("status", "hours_to_start", "is_queued"),
    [
        ("paid", 1, True),
        ("fulfilling", 1, True),
        ("fulfilled", 1, True),
        ("fulfilled", 0, False),
        ("fulfilled", -1, False),
        ("fulfilled", None, False),
        ("awaiting_payment", 1, False),
        ("review", 1, False),
        ("refunding", 1, False),
        ("refunded", 1, False),
    ],
)
def test_a_renewal_is_queued_from_its_payment_to_its_start(
    status: str, hours_to_start: int | None, is_queued: bool
) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    starts_at = None if hours_to_start is None else now + timedelta(hours=hours_to_start)
    order = Order(
        id="LEB-1", subscriber_id=1, line_id=1, buys=Renewal("M30", 1, periods=1, days=30),
        total=Money(19_900, "CNY"), status=OrderStatus(status), created_at=now,
        expires_at=now, starts_at=starts_at,
    )  # fmt: skip
    assert order.is_queued(now) == is_queued


def test_a_reference_names_brand_and_month_and_avoids_what_is_misread() -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    for _ in range(500):
        assert re.fullmatch(r"LEB-2611-[2-9A-HJKMNP-TV-Z]{4}", new_order_id("LEB", at))
