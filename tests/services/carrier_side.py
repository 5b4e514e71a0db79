"""The carrier's side of an order, played by the test: a shop answers what it was asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from bot.services.fulfil_order import FulfilOrder
from bot.services.ports import CancelOutcome, CarrierOrder, CarrierOrderState
from bot.services.requests import (
    CancelAnswered,
    CancelOrder,
    Look,
    LookUpOrder,
    OrderAnswered,
    OrderOutcomeUnknown,
    SubmitOrder,
)
from bot.services.take_back_order import TakeBackOrder
from storage.unit import SqliteUnit

Asked = TypeVar("Asked")


class CarrierSide(ABC):
    fulfil: FulfilOrder
    take_back: TakeBackOrder

    @abstractmethod
    def unit(self) -> AbstractAsyncContextManager[SqliteUnit]: ...

    @abstractmethod
    def asked(self, kind: type[Asked]) -> list[Asked]: ...

    async def carrier_answers(self, state: CarrierOrderState, **order: object) -> None:
        """Answers the one question about an order that is open."""
        question = self._question()
        look = question.look if isinstance(question, LookUpOrder) else Look()
        answer = CarrierOrder(state, **order)  # type: ignore[arg-type]
        async with self.unit() as unit:
            await self.fulfil.on_answered(unit, OrderAnswered(question.order_id, look, answer))

    async def carrier_is_silent(self) -> None:
        """The one question about an order that is open gets no answer."""
        question = self._question()
        look = question.look if isinstance(question, LookUpOrder) else Look()
        async with self.unit() as unit:
            await self.fulfil.on_outcome_unknown(unit, OrderOutcomeUnknown(question.order_id, look))

    def _question(self) -> SubmitOrder | LookUpOrder:
        questions: list[SubmitOrder | LookUpOrder] = []
        questions += self.asked(SubmitOrder)
        questions += self.asked(LookUpOrder)
        (question,) = questions
        return question

    async def cancel_answered(self, outcome: CancelOutcome, times: int = 1) -> int:
        """Answers what the carrier was asked to cancel, each request so many times; how many
        there were."""
        requests = self.asked(CancelOrder)
        for request in requests * times:
            async with self.unit() as unit:
                answer = CancelAnswered(request.order_id, outcome)
                await self.take_back.on_answered(unit, answer)
        return len(requests)

    async def cancel_failed(self, error: str) -> None:
        for request in self.asked(CancelOrder):
            async with self.unit() as unit:
                await self.take_back.on_failed(unit, request, error)
