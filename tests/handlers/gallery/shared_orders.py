"""Somebody else pays: the link for whom it is made, and the order for whom follows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.domain.errors import PayLinkEnded
from bot.domain.order import OrderStatus
from bot.domain.payment import Charge, Payment, PaymentMethod, PaymentStatus, Way
from bot.domain.payment import Page as Hosted
from bot.services.read_shared_order import SharedOrder, Stage
from handlers.screens import order_events, refusals, shared_orders
from tests.handlers.facts import ENDS_AT, LINE, MONTHLY, NOW, ORDER, card, yuan
from tests.handlers.gallery.own import VISA
from tests.handlers.gallery.page import Page, page

_ADDRESS: Final = "https://t.me/LEBcardbot?start=pay_8K3F"
_BY_VISA: Final = Way(PaymentMethod.CARD, VISA.id)
_WAYS: Final = [
    _BY_VISA, Way(PaymentMethod.CARD), Way(PaymentMethod.ALIPAY), Way(PaymentMethod.WECHAT_PAY),
    Way(PaymentMethod.INVOICE),
]  # fmt: skip
_PAID: Final[dict[str, Any]] = {
    "status": OrderStatus.FULFILLING, "paid_at": NOW, "paid_with": "alipay", "paid_by": 1002,
}  # fmt: skip
_READY: Final[dict[str, Any]] = {
    **_PAID, "status": OrderStatus.FULFILLED, "fulfilled_at": NOW + timedelta(minutes=3),
    "starts_at": NOW, "ends_at": ENDS_AT,
}  # fmt: skip
_CHARGE: Final = Charge("ch_1", "p1", 1002, yuan(199), "provider-7", NOW)
_PAYMENT: Final = Payment(
    "p1", ORDER.id, 1002, PaymentMethod.ALIPAY, yuan(199), PaymentStatus.CREATED, NOW,
    page=Hosted("cs_1", "https://pay.example.com/c/1"),
)  # fmt: skip
_INVOICED: Final = replace(_PAYMENT, method=PaymentMethod.INVOICE, page=None)
_OPEN: Final = SharedOrder(ORDER, MONTHLY, LINE, Stage.OPEN, _WAYS, [VISA], None)

PAGES: Final[list[Page]] = [
    page(shared_orders.link, "", card(), MONTHLY, _ADDRESS),
    page(shared_orders.link_ended, "the order still waits", ORDER),
    page(shared_orders.link_ended, "the order is closed",
         replace(ORDER, status=OrderStatus.EXPIRED)),
    page(shared_orders.link_ended, "the order is paid", replace(ORDER, **_PAID)),
    *(page(shared_orders.shared_order, stage, replace(_OPEN, stage=stage)) for stage in Stage),
    page(shared_orders.shared_order, "yours, with a page",
         replace(_OPEN, stage=Stage.YOURS, payment=_PAYMENT)),
    page(shared_orders.shared_order, "yours, with an invoice",
         replace(_OPEN, stage=Stage.YOURS, payment=_INVOICED)),
    page(shared_orders.ways, "", _OPEN),
    page(shared_orders.charge_card, "", _OPEN, _BY_VISA),
    page(shared_orders.thanks, "", card(**_PAID), _CHARGE),
    page(shared_orders.delivered, "", card(**_READY)),
    page(shared_orders.delivered, "booked", card(**{**_READY, "starts_at": ENDS_AT})),
    page(shared_orders.going_back, "", card(**_PAID)),
    page(shared_orders.sent_back, "", card(**_PAID), yuan(199)),
    page(shared_orders.charged_twice, "", card(**_PAID)),
    page(shared_orders.failed, "", card()),
    page(order_events.paid_by_another, "", card(**_PAID)),
    page(order_events.refunding, "somebody else had paid it", card(**_PAID)),
    page(refusals.refused, "PayLinkEnded", PayLinkEnded()),
]  # fmt: skip
