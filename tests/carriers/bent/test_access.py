"""Paths, names, headers and credentials that differ from operator to operator."""

from dataclasses import replace
from typing import Any

import pytest

from bot.carriers.tmf import ApiKey, ClientCredentials, TmfCarrier, TmfFields, TmfSettings
from bot.domain.errors import (
    AuthFailed,
    CarrierError,
    Unavailable,
)
from bot.domain.money import Money
from tests.carriers.bent.operator import CARD, NUMBER, PRODUCT, Operator, bucket, product, read
from tests.loopback import SetClock


async def test_an_operator_may_have_its_own_paths_names_and_headers(
    operator: Operator, settings: TmfSettings, clock: SetClock
) -> None:
    bent = replace(
        settings,
        auth=ApiKey("secret", header="x-api-key"),
        transaction_header="transactionId",
        fields=TmfFields(line_filter="realizingResource.id", bucket_amount="remainedAmount"),
    )
    async with TmfCarrier(bent, clock) as tmf:
        money = [bucket(12.5, "ZAR", "remainedAmount")]
        assert (await read(tmf, operator, money=money)).wallet == Money(1250, "ZAR")
    (asked,) = operator.calls(f"GET {PRODUCT}")
    assert asked.query["realizingResource.id"] == NUMBER
    assert asked.headers["x-api-key"] == "secret"
    transactions = {asked.headers["transactionid"] for asked in operator.asked}
    assert len(transactions) == len(operator.asked)


@pytest.fixture
def by_token(operator: Operator, settings: TmfSettings) -> TmfSettings:
    operator.answers("POST /token", {"access_token": "first", "expires_in": 3600})
    operator.answers("POST /token", {"access_token": "second", "expires_in": 3600})
    auth = ClientCredentials(f"{operator.url}/token", "leb", "s3cret", scope="tmf")
    return replace(settings, auth=auth)


async def test_client_credentials_fetch_one_token_for_many_calls(
    operator: Operator, by_token: TmfSettings, clock: SetClock
) -> None:
    operator.answers(f"GET {PRODUCT}", [product()])
    async with TmfCarrier(by_token, clock) as tmf:
        await tmf.find_line(NUMBER)
        await tmf.find_line(NUMBER)
    (fetch,) = operator.calls("POST /token")
    assert fetch.raw == b"grant_type=client_credentials&scope=tmf"
    assert fetch.headers["authorization"] == "Basic bGViOnMzY3JldA=="
    calls = operator.calls(f"GET {PRODUCT}")
    assert [asked.headers["authorization"] for asked in calls] == ["Bearer first"] * 2


async def test_a_token_that_was_revoked_is_fetched_anew_once(
    operator: Operator, by_token: TmfSettings, clock: SetClock
) -> None:
    operator.answers(f"GET {PRODUCT}", {"code": "expired"}, 401)
    operator.answers(f"GET {PRODUCT}", [product()])
    async with TmfCarrier(by_token, clock) as tmf:
        await tmf.find_line(NUMBER)
    calls = operator.calls(f"GET {PRODUCT}")
    assert [c.headers["authorization"] for c in calls] == ["Bearer first", "Bearer second"]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, {"error": "invalid_client"}, AuthFailed),
        (500, {}, Unavailable),
        (200, {"token": "x"}, Unavailable),
        (200, b"<html>", Unavailable),
    ],
)
async def test_without_a_token_nothing_is_sent(
    operator: Operator,
    settings: TmfSettings,
    clock: SetClock,
    status: int,
    body: Any,
    expected: type[CarrierError],
) -> None:
    operator.answers("POST /token", body, status)
    auth = ClientCredentials(f"{operator.url}/token", "leb", "s3cret")
    async with TmfCarrier(replace(settings, auth=auth), clock) as tmf:
        with pytest.raises(expected):
            await tmf.submit("order:1", CARD, NUMBER, "M30", 1)
    assert [asked.path for asked in operator.asked] == ["/token"]
