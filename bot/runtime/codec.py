"""What is asked of the carrier, of the payment platform, of Telegram about Stars, of the operators'
group and of the books, and their answers, as JSON.

The kind of each is its class's name in snake case.
"""

from __future__ import annotations

from typing import Any, Final, Generic, TypeVar, get_args

from pydantic import TypeAdapter

from bot.services.events import kind_of
from bot.services.platform_requests import PlatformAnswer, PlatformRequest
from bot.services.requests import CarrierAnswer, CarrierRequest
from bot.services.stars_requests import StarsAnswer, StarsRequest
from bot.services.statistics_requests import CountStatistics, StatisticsAnswer
from bot.services.support_requests import SupportAnswer, SupportRequest

Answer = CarrierAnswer | PlatformAnswer | StarsAnswer | SupportAnswer | StatisticsAnswer


Read = TypeVar("Read")


class _ByKind(dict[str, TypeAdapter[Any]], Generic[Read]):
    """Each is built at its first use: building all of them would take a good part of a start."""

    def __init__(self, *classes: type) -> None:
        self._classes = {kind_of(each): each for each in classes}

    def __missing__(self, kind: str) -> TypeAdapter[Any]:
        adapter = self[kind] = TypeAdapter(self._classes[kind])
        return adapter

    def read(self, kind: str, payload: str) -> Read:
        """Raises `KeyError` for an unknown kind, `pydantic.ValidationError` for what does not
        fit."""
        read: Read = self[kind].validate_json(payload)
        return read


_ANSWERS: Final = _ByKind[Answer](*get_args(Answer))

request_from_json: Final = _ByKind[CarrierRequest](*get_args(CarrierRequest)).read
platform_request_from_json: Final = _ByKind[PlatformRequest](*get_args(PlatformRequest)).read
stars_request_from_json: Final = _ByKind[StarsRequest](*get_args(StarsRequest)).read
support_request_from_json: Final = _ByKind[SupportRequest](*get_args(SupportRequest)).read
statistics_request_from_json: Final = _ByKind[CountStatistics](CountStatistics).read
answer_from_json: Final = _ANSWERS.read


def answer_to_json(answer: Answer) -> tuple[str, str]:
    """The answer's kind and payload."""
    kind = kind_of(type(answer))
    return kind, _ANSWERS[kind].dump_json(answer).decode()
