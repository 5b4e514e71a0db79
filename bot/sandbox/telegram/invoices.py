"""Invoices, and the rules that Telegram keeps for them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.errors import bad_request

STARS = "XTR"
_MAX_TOTAL = 99_999_999  # minor units; Telegram's own ceiling differs by currency
_WITHOUT_MINOR_UNITS = frozenset({STARS, "JPY", "KRW", "VND", "CLP"})


@dataclass(frozen=True)
class Invoice:
    """What is to be paid; `total_amount` in the currency's minor units (Stars have none)."""

    title: str
    description: str
    payload: str
    currency: str
    total_amount: int
    start_parameter: str = ""

    def as_field(self) -> dict[str, Any]:
        """The Bot API's `Invoice`."""
        return {
            "title": self.title,
            "description": self.description,
            "start_parameter": self.start_parameter,
            "currency": self.currency,
            "total_amount": self.total_amount,
        }

    def as_dict(self) -> dict[str, Any]:
        """Every field, for the state file."""
        return asdict(self)

    @property
    def price(self) -> str:
        """The total as the pay button shows it."""
        if self.currency in _WITHOUT_MINOR_UNITS:
            return f"{self.total_amount} {self.currency}"
        return f"{self.total_amount // 100}.{self.total_amount % 100:02} {self.currency}"


def invoice_from(method: str, values: dict[str, Any]) -> Invoice:
    """The invoice that sendInvoice or createInvoiceLink describes.

    Raises ApiError 400 for each rule that it breaks.
    """
    _check_words(method, values)
    prices = values["prices"]
    total = sum(price["amount"] for price in prices)
    if values["currency"] == STARS:
        _check_stars(values)
    else:
        _check_money(values)
    if not prices or not 0 < total <= _MAX_TOTAL:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    return Invoice(
        title=values["title"],
        description=values["description"],
        payload=values["payload"],
        currency=values["currency"],
        total_amount=total,
        start_parameter=values.get("start_parameter", ""),
    )


def _check_words(method: str, values: dict[str, Any]) -> None:
    for name in ("title", "description", "payload"):
        if not facts.fits(method, name, values[name]):
            raise bad_request(f"INVOICE_{name.upper()}_INVALID")
    if any(not price["label"].strip() for price in values["prices"]):
        raise bad_request("PRICE_LABEL_INVALID")


def _check_stars(values: dict[str, Any]) -> None:
    if values.get("provider_token"):
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    if len(values["prices"]) != 1 or values.get("max_tip_amount"):
        raise bad_request("STARS_INVOICE_INVALID")


def _check_money(values: dict[str, Any]) -> None:
    if not values.get("provider_token", "").strip():
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    currency = values["currency"]
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise bad_request("CURRENCY_INVALID")
    tips = values.get("suggested_tip_amounts", [])
    most = values.get("max_tip_amount", 0)
    if len(tips) > 4 or tips != sorted(set(tips)) or any(not 0 < tip <= most for tip in tips):
        raise bad_request("SUGGESTED_TIP_AMOUNTS_INVALID")
