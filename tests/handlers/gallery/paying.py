"""The order's card while it moves, and what is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.domain.dispute import DisputeState
from bot.domain.money import STARS, Money
from bot.domain.order import PAYMENT_UNHEARD, OrderStatus, TopUp
from bot.domain.payment import Page as Hosted
from bot.domain.payment import Payment, PaymentMethod, PaymentStatus
from bot.services.read_orders import OrderCard, OrderPage
from handlers.screens import order_events, orders, top_up
from tests.handlers.facts import ENDS_AT, LINE, MONTHLY, NOW, ORDER, card, yuan
from tests.handlers.gallery.own import VISA
from tests.handlers.gallery.page import Page, page

_PAID: Final[dict[str, Any]] = {
    "status": OrderStatus.FULFILLING, "paid_at": NOW, "paid_with": "wallet",
}  # fmt: skip
_READY: Final[dict[str, Any]] = {
    **_PAID, "status": OrderStatus.FULFILLED, "fulfilled_at": NOW + timedelta(minutes=3),
    "starts_at": NOW, "ends_at": ENDS_AT + timedelta(days=30), "receipt_number": 12,
}  # fmt: skip
_BOOKED: Final[dict[str, Any]] = {**_READY, "starts_at": ENDS_AT}
_URL: Final = "https://pay.example.com/c/1"
_OPEN: Final = Payment(
    "p1", ORDER.id, 1001, PaymentMethod.ALIPAY, yuan(199), PaymentStatus.CREATED, NOW,
    page=Hosted("cs_1", _URL),
)  # fmt: skip
_TOP_UP: Final = OrderCard(replace(ORDER, buys=TopUp(), total=yuan(50)), None, LINE, [], NOW)


def _card(when: str, *, listed: bool = False, **order: Any) -> Page:
    return page(orders.order_card, when, card(**order), listed=listed)


def _paying(when: str, **payment: Any) -> Page:
    shown = replace(card(), payment=replace(_OPEN, **payment))
    return page(orders.order_card, when, shown)


def _closed(status: OrderStatus, when: str, **other: Any) -> Page:
    return page(orders.closed, when, replace(ORDER, status=status, **other))


_STATES: Final = [
    (OrderStatus.FULFILLED, MONTHLY), (OrderStatus.AWAITING_PAYMENT, MONTHLY),
    (OrderStatus.REFUNDED, MONTHLY), (OrderStatus.EXPIRED, None),
]  # fmt: skip
_LISTED: Final = OrderPage([(replace(ORDER, status=each), plan) for each, plan in _STATES], 1, 3)

PAGES: Final[list[Page]] = [
    _card("waits for its payment"),
    _paying("with a page to pay on"),
    _paying("whose page is being made", page=None),
    _paying("being paid", status=PaymentStatus.PROCESSING),
    _paying("being closed", status=PaymentStatus.CLOSING),
    _card("paid", **_PAID),
    _card("ready", **_READY),
    _card("booked, opened from the list", listed=True, **_BOOKED),
    page(orders.order_card, "being cancelled",
         replace(card(**_BOOKED), is_cancelling=True)),
    page(orders.order_card, "disputed",
         replace(card(**_READY), dispute=DisputeState.OPEN)),
    _card("in review", **{**_PAID, "status": OrderStatus.REVIEW}),
    _card("money on its way back", **{**_PAID, "status": OrderStatus.REFUNDING}),
    _card("refunded", **{**_PAID, "status": OrderStatus.REFUNDED}),
    _card("cancelled", status=OrderStatus.CANCELLED),
    _card("not paid in time", status=OrderStatus.EXPIRED),
    _card("closed, the payment not heard of", status=OrderStatus.EXPIRED, reason=PAYMENT_UNHEARD),
    page(orders.order_card, "a top-up", _TOP_UP),
    page(orders.order_list, "", _LISTED),
    page(orders.order_list, "none yet", OrderPage([], 0, 1)),
    _closed(OrderStatus.CANCELLED, "cancelled"),
    _closed(OrderStatus.EXPIRED, "the payment not heard of", reason=PAYMENT_UNHEARD),
    _closed(OrderStatus.EXPIRED, "a top-up, the payment not heard of", reason=PAYMENT_UNHEARD,
            buys=TopUp()),
    page(orders.cancel_renewal, "", card(**_BOOKED)),
    page(orders.page_code, "under the QR code", ORDER),
    page(order_events.ready, "", card(**_READY)),
    page(order_events.ready, "booked", card(**_BOOKED)),
    page(order_events.delayed, "", card(**_PAID)),
    *(
        page(order_events.refunding, reason,
             card(**{**_PAID, "status": OrderStatus.REFUNDING, "reason": reason}))
        for reason in ("rejected", "not_their_line", "paid_too_late", "by_subscriber",
                       "by_operator")
    ),
    page(order_events.refunding, "into the wallet",
         card(**{**_PAID, "status": OrderStatus.REFUNDED, "reason": "rejected"})),
    page(order_events.payment_failed, "", card()),
    page(order_events.card_declined, "", card(), VISA),
    page(order_events.card_needs_holder, "", card(), VISA),
    page(order_events.cancel_refused, "", card(**_BOOKED)),
    page(order_events.refund_sent, "", card(**_PAID), yuan(199)),
    page(order_events.refund_sent, "Stars", card(**_PAID), Money(1900, STARS)),
    page(order_events.in_review, "", card(**_PAID)),
    page(order_events.paid_late, "", card(**_PAID)),
    page(order_events.charged_twice, "", card(**_PAID)),
    page(top_up.topped_up, "", _TOP_UP, yuan(286), None),
    page(top_up.topped_up, "an order waits for it", _TOP_UP, yuan(286), ORDER),
]  # fmt: skip
