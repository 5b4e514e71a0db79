"""Every setting is documented, and a wrong one is told plainly."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import SecretStr, ValidationError

from bot.carriers.tmf.settings import TmfFields
from bot.domain.money import Money
from bot.settings import CarrierField, Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def documented() -> dict[str, str]:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)


def test_the_example_names_every_setting_and_no_other() -> None:
    assert set(documented()) == {name.upper() for name in Settings.model_fields}


def test_every_setting_of_the_example_says_what_it_is_for() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    undocumented = [
        line
        for before, line in pairwise(lines)
        if "=" in line and not line.startswith("#") and not before.strip()
    ]
    assert undocumented == []


def test_the_example_can_be_used_as_it_is_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in documented():
        monkeypatch.delenv(name, raising=False)
    example = Settings(_env_file=EXAMPLE)
    paths = {"database", "catalogue"}
    assert example.model_dump(exclude=paths) == settings().model_dump(exclude=paths)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"telegram_api_url": "api.telegram.org"}, "http"),
        ({"time_zone": "Beijing"}, "Asia/Shanghai"),
        ({"currency": "yuan"}, "pattern"),
        ({"send_rate_per_s": 0}, "greater"),
        ({"order_prefix": "leb card"}, "pattern"),
        ({"payment_methods": "card, cheque"}, "alipay"),
        ({"payment_methods": "wallet"}, "beside the wallet"),
        (
            {"web_port": "8443", "stripe_secret_key": "sk_test_1"},
            "STRIPE_WEBHOOK_SECRET",
        ),
        ({"top_up_least": 0}, "greater"),
        ({"top_up_least": 20, "top_up_most": 10}, "TOP_UP_LEAST is more than TOP_UP_MOST"),
        ({"top_up_least": "0.005"}, "multiples of 0.01"),
        ({"top_up_least": "10.5", "currency": "JPY"}, "multiples of 1"),
        ({"carrier_url": "https://carrier.example"}, "CARRIER_API_KEY"),
        ({"carrier_api_key": "short"}, "at least 6 characters"),
        (
            {
                "carrier_url": "https://carrier.example",
                "carrier_api_key": "api-key",
                "carrier_token_url": "https://carrier.example/token",
                "carrier_client_secret": "secret",
            },
            "either",
        ),
    ],
)
def test_a_wrong_setting_is_refused_with_what_it_should_be(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        settings(**wrong)


def test_top_ups_are_bounded_in_the_wallets_currency() -> None:
    bounds = settings(top_up_least="1000", top_up_most="50000", currency="JPY").top_up_bounds
    assert (bounds.least, bounds.most) == (Money(1000, "JPY"), Money(50_000, "JPY"))


def test_every_name_that_an_operator_bends_can_be_set() -> None:
    assert set(get_args(CarrierField)) == {field.name for field in fields(TmfFields)}


def test_secrets_show_themselves_nowhere() -> None:
    secret = "123456:" + "A" * 35
    shown = settings(bot_token=SecretStr(secret), payment_provider_token=SecretStr(secret))
    assert secret not in repr(shown) + str(shown) + shown.model_dump_json()


def test_a_refused_secret_is_not_repeated_by_the_refusal() -> None:
    secret = "123456:" + "A" * 35
    with pytest.raises(ValidationError) as refused:
        settings(bot_token=SecretStr(secret), currency=secret)
    assert secret not in str(refused.value)


@pytest.mark.parametrize(
    ("keys", "offered"),
    [
        ({}, []),
        ({"payment_provider_token": "1:PROVIDER"}, ["invoice"]),
        ({"stripe_secret_key": "sk_test_1"}, ["alipay", "card"]),
        (
            {"payment_provider_token": "1:PROVIDER", "stripe_secret_key": "sk_test_1"},
            ["alipay", "invoice", "card"],
        ),
    ],
)
def test_a_way_to_pay_is_offered_in_its_place_when_its_key_is_there(
    keys: dict[str, str], offered: list[str]
) -> None:
    chosen = settings(payment_methods="alipay, invoice, card", **keys)
    assert chosen.offer.methods("CNY") == offered


def test_ways_to_pay_are_offered_by_currency_and_by_policy() -> None:
    keys = {"payment_provider_token": "1:PROVIDER", "stripe_secret_key": "sk_test_1"}
    named = "CNY: card, alipay; EUR: card, invoice; XTR: stars"
    both = settings(payment_methods=named, payment_policy="both", **keys).offer
    assert both.methods("CNY") == ["card", "alipay"]
    assert both.methods("EUR") == ["card", "invoice"]
    assert both.methods("XTR") == ["stars"]
    only = settings(payment_methods=named, payment_policy="stars", **keys).offer
    assert (only.methods("CNY"), only.methods("XTR")) == ([], ["stars"])
    assert settings(payment_methods="card", **keys).offer.methods("XTR") == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"payment_methods": "card, stars"}, "XTR: stars"),
        ({"payment_methods": "CNY: card; XTR: stars"}, "PAYMENT_POLICY=external"),
        ({"payment_methods": "CNY: card; XTR: card", "payment_policy": "both"}, "XTR: stars"),
        ({"payment_methods": "CNY: card; CNY: alipay"}, "named twice"),
        ({"payment_methods": "CNY: card; alipay"}, "names its currency"),
        ({"payment_methods": "EUR: card"}, "does not say how CNY"),
        ({"payment_methods": "CNY: wallet"}, "beside the wallet"),
        ({"currency": "XTR"}, "beside it"),
        ({"currency": "THB", "stripe_secret_key": "sk_test_1"}, "Stripe takes no THB by alipay"),
        ({"payment_policy": "some"}, "external"),
    ],
)
def test_ways_to_pay_that_do_not_go_together_are_refused(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        settings(**wrong)
