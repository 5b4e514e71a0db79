"""The currencies that a way to pay takes at the platform; one that is not listed takes any.

Kept apart from the adapter, so that wrong settings are refused before its library is loaded. What
an account may really present depends on its country besides.
Sources: https://docs.stripe.com/payments/alipay ("Presentment currency"),
https://docs.stripe.com/payments/wechat-pay/accept-a-payment ("Supported currencies").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.payment import PaymentMethod

CURRENCIES: Final[Mapping[PaymentMethod, tuple[str, ...]]] = {
    PaymentMethod.ALIPAY: (
        "CNY", "AUD", "CAD", "EUR", "GBP", "HKD", "JPY", "MYR", "NZD", "SGD", "USD",
    ),
    PaymentMethod.WECHAT_PAY: (
        "CNY", "AUD", "CAD", "CHF", "DKK", "EUR", "GBP", "HKD", "JPY", "NOK", "SEK", "SGD", "USD",
    ),
}  # fmt: skip
