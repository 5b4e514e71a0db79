"""Requests and answers survive the way through the store."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter

from bot.domain.line import Iccid, LineStatus, Msisdn, Reading, UsageDay
from bot.domain.money import Money
from bot.runtime.codec import answer_from_json, answer_to_json, request_from_json
from bot.services.events import kind_of
from bot.services.ports import CancelOutcome, CarrierOrder, CarrierOrderState, FoundLine
from bot.services.requests import (
    CancelAnswered,
    CancelOrder,
    CarrierAnswer,
    CarrierRequest,
    FindLine,
    LineFound,
    LineMissing,
    Look,
    LookUpOrder,
    OrderAnswered,
    OrderOutcomeUnknown,
    ReadingTaken,
    ReadLine,
    ReadUsage,
    RequestFailed,
    SendText,
    SubmitOrder,
    UsageRead,
)

NUMBER = Msisdn("+8613800001001")
NOON = datetime(2026, 11, 22, 12, 0, 0, 123_456, tzinfo=UTC)
REQUESTS: list[CarrierRequest] = [
    FindLine(1001, NUMBER, None),
    FindLine(1001, NUMBER, 7),
    SendText(NUMBER, "密码 1234"),
    ReadLine(1, "ref", NUMBER),
    ReadUsage(1, "ref", NUMBER, date(2026, 11, 1), date(2026, 11, 22), 1001),
    SubmitOrder("LEB-1", "key", "ref", NUMBER, "M30", 1),
    LookUpOrder("LEB-1", "key", Look(3, 2, 1)),
    CancelOrder("LEB-1", "key"),
]
READING = Reading(
    1, NOON, "tmf", "M30", NOON, 12_400_000_000, 20_000_000_000, False, 1000, None,
    Money(23600, "CNY"),
)  # fmt: skip
ANSWERS: list[CarrierAnswer] = [
    LineFound(
        FindLine(1001, NUMBER, 7),
        FoundLine("ref", NUMBER, Iccid("8985200000000001001"), "UTC", LineStatus.ACTIVE),
    ),
    LineMissing(FindLine(1001, NUMBER, None)),
    ReadingTaken(READING),
    UsageRead(1, 1001, [UsageDay(date(2026, 11, 22), 5)]),
    OrderAnswered("LEB-1", Look(), CarrierOrder(CarrierOrderState.DONE, "o", None, NOON, NOON)),
    OrderOutcomeUnknown("LEB-1", Look(1)),
    CancelAnswered("LEB-1", CancelOutcome.NOT_CANCELLABLE),
    *(RequestFailed(request, "Unavailable") for request in REQUESTS),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
def test_an_answer_comes_back_as_it_was(answer: CarrierAnswer) -> None:
    assert answer_from_json(*answer_to_json(answer)) == answer


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: type(request).__name__)
def test_a_staged_request_is_read_as_it_was(request_: CarrierRequest) -> None:
    payload = TypeAdapter(type(request_)).dump_json(request_).decode()
    assert request_from_json(kind_of(type(request_)), payload) == request_


def test_a_kind_is_the_name_in_snake_case() -> None:
    assert answer_to_json(OrderOutcomeUnknown("x", Look()))[0] == "order_outcome_unknown"


def test_an_unknown_kind_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        request_from_json("cancel", json.dumps({}))
