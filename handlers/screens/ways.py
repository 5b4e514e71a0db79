"""Ways to pay by their names: methods, and kept cards by brand and last four digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.domain.payment import PaymentMethod, Way
from bot.services.card_port import KeptCard
from handlers.texts import Texts

_SIGNS: Final = {
    PaymentMethod.WALLET: "💰",
    PaymentMethod.CARD: "💳",
    PaymentMethod.ALIPAY: "🔵",
    PaymentMethod.WECHAT_PAY: "🟢",
    PaymentMethod.INVOICE: "✈️",
    PaymentMethod.STARS: "⭐",
}
_BRANDS: Final = {
    "amex": "Amex",
    "diners": "Diners",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "visa": "Visa",
}


def method_name(t: Texts, method: str) -> str:  # noqa: PLR0911 - a name each
    match method:
        case PaymentMethod.WALLET:
            return t.plain("wallet balance")
        case PaymentMethod.INVOICE:
            return t.plain("card, in Telegram")
        case PaymentMethod.CARD:
            return t.plain("bank card")
        case PaymentMethod.ALIPAY:
            return t.plain("Alipay")
        case PaymentMethod.WECHAT_PAY:
            return t.plain("WeChat Pay")
        case PaymentMethod.STARS:
            return t.plain("Telegram Stars")
        case _:
            return method


def way_name(t: Texts, way: Way, cards: Sequence[KeptCard]) -> str:
    """``cards``: the subscriber's, among which that of the way is looked for."""
    card = next((each for each in cards if each.id == way.card_id), None)
    return method_name(t, way.method) if card is None else card_name(t, card)


def way_label(t: Texts, way: Way, cards: Sequence[KeptCard], *, is_chosen: bool = False) -> str:
    """``is_chosen``: the mark takes the place of the method's sign."""
    name = way_name(t, way, cards)
    sign = "●" if is_chosen else _SIGNS[way.method]
    return f"{sign} {name[0].upper()}{name[1:]}"


def card_name(t: Texts, card: KeptCard) -> str:
    """``Visa •• 4242``."""
    return f"{_brand(t, card.card.brand)} •• {card.card.last_four}"


def _brand(t: Texts, brand: str) -> str:
    if brand == "unionpay":
        return t.plain("UnionPay")
    return _BRANDS.get(brand) or t.plain("Card")
