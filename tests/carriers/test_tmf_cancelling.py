"""Cancelling: what has not begun is taken back, and asking twice does it once."""

import pytest

from bot.carriers.tmf import TmfCarrier
from bot.domain.errors import NotFound, Unavailable
from bot.services.ports import CancelOutcome, CarrierOrderState
from tests.carrier_side import Caller
from tests.carriers.lines import ANA, ANA_CARD, LIN, LIN_CARD
from tests.loopback import SetClock

KEY = "order:1:fulfil"


async def states(caller: Caller, msisdn: str) -> list[str]:
    """Of the orders under the key, in the network's own words."""
    return [order["state"] for order in (await caller.line(msisdn))["orders"][KEY]]


async def test_a_queued_plan_is_cancelled_and_cancelling_it_again_finds_it_so(
    tmf: TmfCarrier, caller: Caller, clock: SetClock
) -> None:
    await tmf.submit(KEY, LIN_CARD, LIN, "M30", 1)
    clock.advance(seconds=5)
    assert await tmf.cancel(KEY) is CancelOutcome.CANCELLED
    assert await tmf.cancel(KEY) is CancelOutcome.CANCELLED
    assert await states(caller, LIN) == ["cancelled"]
    assert (await tmf.order_state(KEY)).state is CarrierOrderState.REJECTED


async def test_an_order_that_is_still_being_activated_is_cancelled(
    tmf: TmfCarrier, caller: Caller, clock: SetClock
) -> None:
    await tmf.submit(KEY, ANA_CARD, ANA, "M30", 1)
    assert await tmf.cancel(KEY) is CancelOutcome.CANCELLED
    clock.advance(seconds=5)
    assert (await caller.line(ANA))["plan"] is None


async def test_a_plan_that_runs_cannot_be_cancelled(
    tmf: TmfCarrier, caller: Caller, clock: SetClock
) -> None:
    await tmf.submit(KEY, ANA_CARD, ANA, "M30", 1)
    clock.advance(seconds=5)
    assert await tmf.cancel(KEY) is CancelOutcome.NOT_CANCELLABLE
    assert await states(caller, ANA) == ["completed"]


async def test_a_rejected_order_is_as_good_as_cancelled(
    tmf: TmfCarrier, caller: Caller, clock: SetClock
) -> None:
    await caller.fault("order", "reject", times=1)
    await tmf.submit(KEY, ANA_CARD, ANA, "M30", 1)
    clock.advance(seconds=5)
    assert await tmf.cancel(KEY) is CancelOutcome.CANCELLED


async def test_an_order_that_the_carrier_does_not_have_is_not_found(tmf: TmfCarrier) -> None:
    with pytest.raises(NotFound):
        await tmf.cancel("order:404")


async def test_without_a_look_nothing_is_cancelled(
    tmf: TmfCarrier, caller: Caller, clock: SetClock
) -> None:
    await tmf.submit(KEY, LIN_CARD, LIN, "M30", 1)
    await caller.fault("order-state", "outage", times=1)
    with pytest.raises(Unavailable):
        await tmf.cancel(KEY)
    clock.advance(seconds=5)
    assert await states(caller, LIN) == ["completed"]
