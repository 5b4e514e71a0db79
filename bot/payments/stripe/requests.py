"""What Stripe is asked: a page, a charge of a saved card, a refund."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.domain.errors import PlatformRefused
from bot.domain.money import Money
from bot.domain.payment import PaymentMethod
from bot.payments.stripe.amounts import to_stripe
from bot.services.platform import CheckoutTerms, SavedCard

if TYPE_CHECKING:
    from stripe.params import PaymentIntentCreateParams, RefundCreateParams
    from stripe.params.checkout import SessionCreateParams

#: Our ids in the platform's metadata: by them a thing is found whose answer was lost.
PAYMENT_ID: Final = "payment_id"
REFUND_KEY: Final = "refund_key"
#: Set on an intent that a page makes: what became of the payment is told by the page.
MADE_BY_PAGE: Final = "made_by_page"

#: A page lives at least 30 minutes; a minute more for two clocks that differ.
SHORTEST_LIFE: Final = timedelta(minutes=31)

_TYPES: Final[Mapping[PaymentMethod, str]] = {
    PaymentMethod.CARD: "card",
    PaymentMethod.ALIPAY: "alipay",
    PaymentMethod.WECHAT_PAY: "wechat_pay",
}
#: The languages of its pages, and how it calls a script.
_LANGUAGES: Final = frozenset({
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fil", "fr", "hr", "hu", "id", "it", "ja",
    "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr",
    "vi", "zh",
})  # fmt: skip
_SCRIPTS: Final[Mapping[str, str]] = {"zh_Hant": "zh-TW"}


def _locale(language: str) -> str:
    alone = language.partition("_")[0]
    return _SCRIPTS.get(language) or (alone if alone in _LANGUAGES else "auto")


def ask_for_page(terms: CheckoutTerms, return_url: str) -> SessionCreateParams:
    """The same terms always give the same request: only then its key may be used again.

    So the page is given its shortest life from the end of the terms on, wherever the present
    stands between; whoever wants it closed at their end expires it.
    Raises `PlatformRefused` for a method that is not the platform's.
    """
    method = _TYPES.get(terms.method)
    if method is None:
        raise PlatformRefused("payment_method_not_offered")
    params: SessionCreateParams = {
        "mode": "payment",
        "allowed_payment_method_types": [method],
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": terms.amount.currency.lower(),
                    "unit_amount": to_stripe(terms.amount),
                    "product_data": {"name": terms.title},
                },
            }
        ],
        "client_reference_id": terms.payment_id,
        "metadata": {PAYMENT_ID: terms.payment_id},
        "payment_intent_data": {
            "description": terms.title,
            "metadata": {PAYMENT_ID: terms.payment_id, MADE_BY_PAGE: "yes"},
        },
        "expires_at": int((terms.expires_at + SHORTEST_LIFE).timestamp()),
        "success_url": return_url,
        "cancel_url": return_url,
        "locale": _locale(terms.language),
    }
    if terms.method is PaymentMethod.WECHAT_PAY:
        params["payment_method_options"] = {"wechat_pay": {"client": "web"}}
    if terms.customer_ref is not None:
        params["customer"] = terms.customer_ref
    if terms.keep_card and terms.method is PaymentMethod.CARD:
        params["payment_intent_data"]["setup_future_usage"] = "off_session"
        if terms.customer_ref is None:
            params["customer_creation"] = "always"
    return params


def ask_for_charge(
    payment_id: str, card: SavedCard, amount: Money, title: str
) -> PaymentIntentCreateParams:
    """Charged at once, its holder away."""
    return {
        "amount": to_stripe(amount),
        "currency": amount.currency.lower(),
        "customer": card.customer_ref,
        "payment_method": card.ref,
        "allowed_payment_method_types": ["card"],
        "confirm": True,
        "off_session": True,
        "description": title,
        "metadata": {PAYMENT_ID: payment_id},
        "expand": ["latest_charge"],
    }


def ask_for_refund(key: str, charge_id: str, amount: Money) -> RefundCreateParams:
    return {
        "charge": charge_id,
        "amount": to_stripe(amount),
        "metadata": {REFUND_KEY: key},
    }
