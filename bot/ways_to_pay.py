"""The settings that say which ways to pay are offered, and what is wrong with them.

PAYMENT_METHODS=card, invoice                              of the catalogue's currency
PAYMENT_METHODS=CNY: card, alipay; EUR: card; XTR: stars   by currency
PAYMENT_POLICY=external | stars | both                     has the last word
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

from bot.domain.money import STARS
from bot.domain.offer import Offer
from bot.domain.payment import PaymentMethod
from bot.payments.currencies import CURRENCIES

CATALOGUES: Final = ""
"""Stands for the catalogue's currency, where no currency is named."""

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
PaymentPolicy = Literal["external", "stars", "both"]
Named = Mapping[str, Sequence[PaymentMethod]]


def _by_currency(value: object) -> object:
    if not isinstance(value, str):
        return value
    if ":" not in value:
        return {CATALOGUES: words(value)}
    found: dict[str, list[str]] = {}
    for group in filter(str.strip, value.split(";")):
        name, colon, methods = group.partition(":")
        currency = name.strip().upper()
        if not colon:
            raise ValueError("each group names its currency: CNY: card, alipay; EUR: card")
        if currency in found:
            raise ValueError("a currency is named twice")
        found[currency] = words(methods)
    return found


def words(value: str) -> list[str]:
    """What is listed with commas, spaces or both."""
    return value.replace(",", " ").split()


Methods = Annotated[
    dict[Currency | Literal[""], list[PaymentMethod]], NoDecode, BeforeValidator(_by_currency)
]


def check_named(named: Named, currency: str, policy: PaymentPolicy) -> None:
    """Raises `ValueError`, which says what to write instead."""
    if currency == STARS:
        raise ValueError("CURRENCY is the money of prices and wallets: Stars (XTR) come beside it")
    for named_currency, methods in named.items():
        if PaymentMethod.WALLET in methods:
            raise ValueError("PAYMENT_METHODS holds what is offered beside the wallet")
        takes_stars = named_currency == STARS
        if any((method is PaymentMethod.STARS) is not takes_stars for method in methods):
            raise ValueError("PAYMENT_METHODS: stars are paid in XTR, and only they: XTR: stars")
    if STARS in named and policy == "external":
        raise ValueError("PAYMENT_METHODS names XTR, and PAYMENT_POLICY=external offers no Stars")
    if not named.keys() & {CATALOGUES, currency} and policy != "stars":
        raise ValueError(f"PAYMENT_METHODS does not say how {currency}, the CURRENCY, is paid")


def offer_of(
    named: Named, currency: str, policy: PaymentPolicy, *, hosted: bool, invoiced: bool
) -> Offer:
    """``hosted`` and ``invoiced``: there is a key for the platform's pages, or for a provider's
    invoices; ways that have none are not offered. Stars need no key."""
    offered: dict[str, list[PaymentMethod]] = {}
    if policy != "stars":
        for name, methods in named.items():
            offered[name or currency] = [
                method for method in methods if (hosted if method.is_hosted else invoiced)
            ]
    if policy == "external":
        offered.pop(STARS, None)
    else:
        offered[STARS] = [PaymentMethod.STARS]
    return Offer(offered)


def check_offer(offer: Offer) -> None:
    """Raises `ValueError` for what the platform cannot do."""
    for currency, methods in offer.by_currency.items():
        for method in methods:
            known = CURRENCIES.get(method, (currency,))
            if currency not in known:
                raise ValueError(
                    f"Stripe takes no {currency} by {method}, only {', '.join(known)}: "
                    "leave it out of PAYMENT_METHODS"
                )


def default_methods() -> dict[Any, list[PaymentMethod]]:
    return {
        CATALOGUES: [
            PaymentMethod.CARD,
            PaymentMethod.ALIPAY,
            PaymentMethod.WECHAT_PAY,
            PaymentMethod.INVOICE,
        ]
    }
