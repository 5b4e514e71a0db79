"""Bills: the receipt and what stands under the files."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.domain.coupon import Discount
from bot.domain.order import OrderStatus
from bot.domain.payment import Charge, PaymentMethod, Refund, RefundStatus
from bot.services.read_bills import Bill, Receipt
from handlers.screens import bills
from tests.handlers.facts import BRANDING, LINE, MONTHLY, NOW, ORDER, yuan
from tests.handlers.gallery.page import Page, page

_PAID: Final = replace(
    ORDER, total=yuan(179), discount=Discount("NEW20", yuan(20)), status=OrderStatus.FULFILLED,
    paid_at=NOW + timedelta(minutes=1), paid_with="invoice", receipt_number=12,
)  # fmt: skip
_CHARGE: Final = Charge("tg-charge-1", "payment-1", 1001, yuan(179), "provider-7", NOW)
_REFUND: Final = Refund(
    key=f"order:{ORDER.id}", order_id=ORDER.id, charge_id=None, method=PaymentMethod.INVOICE,
    amount=yuan(179), status=RefundStatus.DUE, reason="rejected",
    created_at=NOW + timedelta(hours=2), credit_note_number=3,
)  # fmt: skip
_BILL: Final = Bill(_PAID, MONTHLY, LINE, [])
_RECEIPT: Final = Receipt(12, _BILL, [_CHARGE])

PAGES: Final[list[Page]] = [
    page(bills.receipt, "", _RECEIPT, BRANDING),
    page(bills.receipt, "money went back",
         replace(_RECEIPT, bill=Bill(_PAID, MONTHLY, LINE, [_REFUND])), BRANDING),
    page(bills.receipt_caption, "", _RECEIPT),
    page(bills.table_caption, "", [_BILL]),
]  # fmt: skip
