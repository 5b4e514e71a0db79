"""What the platform is asked, held against the types that its SDK publishes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from pydantic import ConfigDict, TypeAdapter, ValidationError
from stripe import StripeContext
from stripe.params import _payment_intent_create_params as of_intents
from stripe.params import _refund_create_params as of_refunds
from stripe.params.checkout import _session_create_params as of_sessions

from bot.domain.errors import PlatformRefused
from bot.domain.money import Money
from bot.domain.payment import PaymentMethod
from bot.payments.stripe import StripePlatform
from bot.payments.stripe.requests import ask_for_charge, ask_for_page, ask_for_refund
from tests.payments.scripted import (
    CARD,
    CNY_199,
    INTENTS,
    NOW,
    PAGES,
    REFUNDS,
    Scripted,
    intent,
    listing,
    page,
    refund,
    terms,
)


def sdk_type(shape: Any, module: ModuleType) -> TypeAdapter[Any]:
    """Lists of one of the SDK's TypedDicts, closed against names that it does not know."""
    strict = ConfigDict(extra="forbid", arbitrary_types_allowed=True, defer_build=True)
    adapter: TypeAdapter[Any] = TypeAdapter(list[shape], config=strict)
    names = {"StripeContext": StripeContext, "Mapping": Mapping}
    adapter.rebuild(_types_namespace={**vars(module), **names})
    return adapter


SESSION = sdk_type(of_sessions.SessionCreateParams, of_sessions)
INTENT = sdk_type(of_intents.PaymentIntentCreateParams, of_intents)
REFUND = sdk_type(of_refunds.RefundCreateParams, of_refunds)

EXTERNAL = [PaymentMethod.CARD, PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY]


def asked(**changes: Any) -> dict[str, Any]:
    return dict(ask_for_page(terms(**changes), "https://t.me/leb"))


@pytest.mark.parametrize("method", EXTERNAL)
@pytest.mark.parametrize("keep_card", [True, False])
@pytest.mark.parametrize("customer_ref", [None, "cus_1"])
def test_a_page_is_asked_for_in_the_sdks_own_words(
    method: PaymentMethod, keep_card: bool, customer_ref: str | None
) -> None:
    body = asked(method=method, keep_card=keep_card, customer_ref=customer_ref)
    SESSION.validate_python([body], strict=True)


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        *(("zh_Hans", "zh"), ("zh_Hant", "zh-TW"), ("en", "en"), ("pt_BR", "pt")),
        ("eo", "auto"),
    ],
)
def test_a_page_is_in_the_payers_language_where_the_platform_speaks_it(
    language: str, locale: str
) -> None:
    assert asked(language=language)["locale"] == locale


def test_a_charge_and_a_refund_are_asked_for_in_the_sdks_own_words() -> None:
    INTENT.validate_python([ask_for_charge("p1", CARD, CNY_199, "月卡")], strict=True)
    REFUND.validate_python([ask_for_refund("refund:1", "ch_1", CNY_199)], strict=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"payment_method_types": ["card"]},
        {"expires_at": "soon"},
        {"mode": 1},
        {"payment_intent_data": {"payment_method_types": ["card"]}},
        {"payment_method_options": {"wechat_pay": {}}},
    ],
)
def test_the_sdks_own_words_refuse_what_is_wrong(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SESSION.validate_python([asked() | wrong], strict=True)


@pytest.mark.parametrize("method", EXTERNAL)
def test_the_page_offers_the_chosen_method_and_no_other(method: PaymentMethod) -> None:
    body = asked(method=method)
    assert body["allowed_payment_method_types"] == [method.value]
    assert "payment_method_types" not in body


def test_wechat_pay_is_asked_for_as_paid_in_a_browser() -> None:
    body = asked(method=PaymentMethod.WECHAT_PAY)
    assert body["payment_method_options"] == {"wechat_pay": {"client": "web"}}
    assert "payment_method_options" not in asked(method=PaymentMethod.ALIPAY)


def test_a_card_is_kept_with_consent_only() -> None:
    kept = asked(keep_card=True)
    assert kept["payment_intent_data"]["setup_future_usage"] == "off_session"
    assert kept["customer_creation"] == "always"
    for other in (asked(), asked(method=PaymentMethod.ALIPAY, keep_card=True)):
        assert "setup_future_usage" not in other["payment_intent_data"]
        assert "customer_creation" not in other


def test_a_known_customer_is_named_not_made_again() -> None:
    body = asked(keep_card=True, customer_ref="cus_1")
    assert body["customer"] == "cus_1"
    assert "customer_creation" not in body


@pytest.mark.parametrize("method", [PaymentMethod.WALLET, PaymentMethod.INVOICE])
def test_a_method_that_is_not_the_platforms_is_refused(method: PaymentMethod) -> None:
    with pytest.raises(PlatformRefused):
        asked(method=method)


@pytest.mark.parametrize("life", [timedelta(seconds=1), timedelta(minutes=30)])
def test_a_page_lives_at_least_half_an_hour_and_the_same_terms_ask_the_same(
    life: timedelta,
) -> None:
    body = asked(expires_at=NOW + life)
    closes_at = datetime.fromtimestamp(body["expires_at"], NOW.tzinfo)
    assert timedelta(minutes=30) < closes_at - NOW < timedelta(hours=24)
    assert body == asked(expires_at=NOW + life)


@pytest.mark.parametrize(
    ("money", "amount"),
    [
        (Money(19900, "CNY"), 19900),
        (Money(500, "JPY"), 500),
        (Money(5, "ISK"), 500),
        (Money(5, "UGX"), 500),
        (Money(500, "MGA"), 5),
        (Money(5120, "KWD"), 5120),
    ],
)
async def test_an_amount_goes_out_and_comes_back_as_the_platform_counts_it(
    api: Scripted, stripe: StripePlatform, money: Money, amount: int
) -> None:
    currency = money.currency.lower()
    (item,) = asked(amount=money)["line_items"]
    assert item["price_data"]["unit_amount"] == amount
    assert item["price_data"]["currency"] == currency
    api.answers(f"GET {INTENTS}/pi_1", intent(amount_received=amount, currency=currency))
    assert (await stripe.payment("pi_1")).amount == money


def test_an_amount_that_the_platform_cannot_count_is_refused() -> None:
    with pytest.raises(PlatformRefused):
        asked(amount=Money(501, "MGA"))


async def test_what_goes_over_the_wire_carries_our_ids_and_keys(
    api: Scripted, stripe: StripePlatform
) -> None:
    api.answers(f"POST {PAGES}", page())
    api.answers(f"GET {INTENTS}", listing(url=INTENTS))
    api.answers(f"POST {INTENTS}", intent())
    api.answers(f"GET {REFUNDS}", listing(url=REFUNDS))
    api.answers(f"POST {REFUNDS}", refund())
    await stripe.open_checkout(terms())
    await stripe.charge_saved("p2", CARD, CNY_199, "月卡")
    await stripe.refund("refund:1", "ch_1", CNY_199)
    opened, charged, refunded = (asked for asked in api.asked if asked.method == "POST")
    assert opened.key == "payment:p1:open"
    assert opened.form["metadata[payment_id]"] == "p1"
    assert opened.form["payment_intent_data[metadata][payment_id]"] == "p1"
    assert opened.form["client_reference_id"] == "p1"
    assert charged.key == "payment:p2:charge"
    assert charged.form["metadata[payment_id]"] == "p2"
    assert (charged.form["off_session"], charged.form["confirm"]) == ("true", "true")
    assert refunded.key == "refund:1"
    assert refunded.form["metadata[refund_key]"] == "refund:1"
    assert {asked.headers["authorization"] for asked in api.asked} == {"Bearer sk_test_SANDBOX"}
    assert {asked.headers["stripe-version"] for asked in api.asked} == {"2026-10-28.endive"}
