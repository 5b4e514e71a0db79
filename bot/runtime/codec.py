"""What is asked of the carrier, of the payment platform, of Telegram about Stars, of the operators'
group and of the books, and their answers, as JSON.

The kind of each is its class's name in snake case.
"""

from __future__ import annotations

from typing import Any, Final, get_args

from pydantic import TypeAdapter

from bot.services.events import kind_of
from bot.services.platform_requests import PlatformAnswer, PlatformRequest
from bot.services.requests import CarrierAnswer, CarrierRequest
from bot.services.stars_requests import StarsAnswer, StarsRequest
from bot.services.statistics_requests import CountStatistics, StatisticsAnswer
from bot.services.support_requests import SupportAnswer, SupportRequest

Answer = CarrierAnswer | PlatformAnswer | StarsAnswer | SupportAnswer | StatisticsAnswer


class _ByKind(dict[str, TypeAdapter[Any]]):
    """Each is built at its first use: building all of them would take a good part of a start."""

    def __init__(self, *classes: type) -> None:
        self._classes = {kind_of(each): each for each in classes}

    def __missing__(self, kind: str) -> TypeAdapter[Any]:
        adapter = self[kind] = TypeAdapter(self._classes[kind])
        return adapter


_REQUESTS: Final = _ByKind(*get_args(CarrierRequest))
_PLATFORM_REQUESTS: Final = _ByKind(*get_args(PlatformRequest))
_STARS_REQUESTS: Final = _ByKind(*get_args(StarsRequest))
_SUPPORT_REQUESTS: Final = _ByKind(*get_args(SupportRequest))
_STATISTICS_REQUESTS: Final = _ByKind(CountStatistics)
_ANSWERS: Final = _ByKind(*get_args(Answer))


def request_from_json(kind: str, payload: str) -> CarrierRequest:
    """Raises `KeyError` for an unknown kind, `pydantic.ValidationError` for what does not fit."""
    request: CarrierRequest = _REQUESTS[kind].validate_json(payload)
    return request


def platform_request_from_json(kind: str, payload: str) -> PlatformRequest:
    """Raises `KeyError` for an unknown kind, `pydantic.ValidationError` for what does not fit."""
    request: PlatformRequest = _PLATFORM_REQUESTS[kind].validate_json(payload)
    return request


def stars_request_from_json(kind: str, payload: str) -> StarsRequest:
    """Raises `KeyError` for an unknown kind, `pydantic.ValidationError` for what does not fit."""
    request: StarsRequest = _STARS_REQUESTS[kind].validate_json(payload)
    return request


def support_request_from_json(kind: str, payload: str) -> SupportRequest:
    """Raises `KeyError` for an unknown kind, `pydantic.ValidationError` for what does not fit."""
    request: SupportRequest = _SUPPORT_REQUESTS[kind].validate_json(payload)
    return request


def statistics_request_from_json(kind: str, payload: str) -> CountStatistics:
    """Raises `KeyError` for an unknown kind, `pydantic.ValidationError` for what does not fit."""
    request: CountStatistics = _STATISTICS_REQUESTS[kind].validate_json(payload)
    return request


def answer_from_json(kind: str, payload: str) -> Answer:
    """Raises `KeyError` for an unknown kind, `pydantic.ValidationError` for what does not fit."""
    answer: Answer = _ANSWERS[kind].validate_json(payload)
    return answer


def answer_to_json(answer: Answer) -> tuple[str, str]:
    """The answer's kind and payload."""
    kind = kind_of(type(answer))
    return kind, _ANSWERS[kind].dump_json(answer).decode()
