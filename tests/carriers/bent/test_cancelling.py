"""Cancelling: every answer has a meaning, and one that has none is asked for again."""

import json
from typing import Any

import pytest

from bot.carriers.tmf import TmfCarrier
from bot.domain.errors import OutcomeUnknown, Unavailable
from bot.services.ports import CancelOutcome
from tests.carriers.bent.operator import CANCEL, ORDER, Operator


def known(operator: Operator, *states: str) -> None:
    """The orders under the key."""
    orders = [{"id": s, "externalId": "order:1", "state": s} for s in states]
    operator.answers(f"GET {ORDER}", orders)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("done", CancelOutcome.CANCELLED),
        ("terminatedWithError", CancelOutcome.NOT_CANCELLABLE),
    ],
)
async def test_the_end_of_the_task_is_the_outcome(
    tmf: TmfCarrier, operator: Operator, state: str, expected: CancelOutcome
) -> None:
    known(operator, "completed")
    operator.answers(f"POST {CANCEL}", {"id": "c", "state": state}, 201)
    assert await tmf.cancel("order:1") is expected


@pytest.mark.parametrize("state", ["acknowledged", "inProgress", "teleported", None])
async def test_a_task_without_an_end_is_asked_about_again(
    tmf: TmfCarrier, operator: Operator, state: Any
) -> None:
    known(operator, "completed")
    operator.answers(f"POST {CANCEL}", {"id": "c", "state": state}, 201)
    with pytest.raises(Unavailable):
        await tmf.cancel("order:1")


@pytest.mark.parametrize("status", [400, 404, 405, 409])
async def test_a_carrier_that_refuses_to_cancel_cannot(
    tmf: TmfCarrier, operator: Operator, status: int
) -> None:
    known(operator, "completed")
    operator.answers(f"POST {CANCEL}", {"code": "no", "reason": "no"}, status)
    assert await tmf.cancel("order:1") is CancelOutcome.NOT_CANCELLABLE


async def test_after_a_5xx_the_next_try_looks_first_and_finds_it_cancelled(
    tmf: TmfCarrier, operator: Operator
) -> None:
    known(operator, "completed")
    known(operator, "cancelled")
    operator.answers(f"POST {CANCEL}", {}, 500)
    with pytest.raises(OutcomeUnknown):
        await tmf.cancel("order:1")
    assert await tmf.cancel("order:1") is CancelOutcome.CANCELLED
    assert len(operator.calls(f"POST {CANCEL}")) == 1


async def test_of_several_orders_under_one_key_only_those_in_force_are_cancelled(
    tmf: TmfCarrier, operator: Operator
) -> None:
    known(operator, "cancelled", "inProgress", "completed")
    operator.answers(f"POST {CANCEL}", {"id": "c", "state": "done"}, 201)
    assert await tmf.cancel("order:1") is CancelOutcome.CANCELLED
    asked = [json.loads(call.raw) for call in operator.calls(f"POST {CANCEL}")]
    assert [body["productOrder"]["id"] for body in asked] == ["inProgress", "completed"]
