"""Somebody else pays: the link for whom it is made, and the order for whom follows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.domain.errors import PayLinkEnded
from bot.domain.order import OrderStatus
from bot.domain.payment import Charge, Payment, PaymentMethod, PaymentStatus, Way
from bot.domain.payment import Page as Hosted
from bot.services.read_favour import Favour, Stage
from handlers.screens import favours, order_events, refusals
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
_OPEN: Final = Favour(ORDER, MONTHLY, LINE, Stage.OPEN, _WAYS, [VISA], None)

PAGES: Final[list[Page]] = [
    page(favours.link, "", card(), MONTHLY, _ADDRESS),
    page(favours.link_ended, "the order still waits", ORDER),
    page(favours.link_ended, "the order is closed", replace(ORDER, status=OrderStatus.EXPIRED)),
    page(favours.link_ended, "the order is paid", replace(ORDER, **_PAID)),
    *(page(favours.favour, stage, replace(_OPEN, stage=stage)) for stage in Stage),
    page(favours.favour, "yours, with a page", replace(_OPEN, stage=Stage.YOURS, payment=_PAYMENT)),
    page(favours.favour, "yours, with an invoice",
         replace(_OPEN, stage=Stage.YOURS, payment=_INVOICED)),
    page(favours.ways, "", _OPEN),
    page(favours.charge_card, "", _OPEN, _BY_VISA),
    page(favours.thanks, "", card(**_PAID), _CHARGE),
    page(favours.delivered, "", card(**_READY)),
    page(favours.delivered, "booked", card(**{**_READY, "starts_at": ENDS_AT})),
    page(favours.going_back, "", card(**_PAID)),
    page(favours.sent_back, "", card(**_PAID), yuan(199)),
    page(favours.charged_twice, "", card(**_PAID)),
    page(favours.failed, "", card()),
    page(order_events.paid_by_another, "", card(**_PAID)),
    page(order_events.refunding, "somebody else had paid it", card(**_PAID)),
    page(refusals.refused, "PayLinkEnded", PayLinkEnded()),
]  # fmt: skip
