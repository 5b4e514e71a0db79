"""Orders: whatever the carrier does, the tmf adapter has a key delivered at most once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.carriers.tmf import TmfCarrier, TmfSettings
from bot.domain.errors import (
    NotFound,
    OutcomeUnknown,
    OutOfFunds,
    RateLimited,
    Unavailable,
)
from bot.services.ports import CarrierOrderState
from tests.carrier_side import Caller
from tests.carriers.lines import ANA, ANA_CARD, LIN, LIN_CARD
from tests.loopback import SetClock


async def submit(tmf: TmfCarrier, key: str = "order:1:fulfil") -> CarrierOrderState:
    """Order a month for Ana."""
    return (await tmf.submit(key, ANA_CARD, ANA, "M30", 1)).state


async def deliveries(caller: Caller, key: str = "order:1:fulfil") -> int:
    """How many orders the network has under a key."""
    return len((await caller.line(ANA))["orders"].get(key, []))


async def test_an_order_is_pending_first_then_done_with_its_dates(
    tmf: TmfCarrier, clock: SetClock
) -> None:
    assert await submit(tmf) is CarrierOrderState.PENDING
    clock.advance(seconds=5)
    done = await tmf.order_state("order:1:fulfil")
    assert done.state is CarrierOrderState.DONE
    assert done.starts_at == clock.now()
    assert done.valid_until == clock.now() + timedelta(days=30)


async def test_a_renewal_of_a_running_plan_says_when_it_starts(
    tmf: TmfCarrier, clock: SetClock
) -> None:
    await tmf.submit("order:2", LIN_CARD, LIN, "D1", 5)
    clock.advance(seconds=5)
    order = await tmf.order_state("order:2")
    assert order.starts_at == datetime(2026, 12, 7, 16, tzinfo=UTC)
    assert order.valid_until == datetime(2026, 12, 12, 16, tzinfo=UTC)


async def test_the_same_key_is_never_ordered_twice(tmf: TmfCarrier, caller: Caller) -> None:
    first = await tmf.submit("order:1:fulfil", ANA_CARD, ANA, "M30", 1)
    second = await tmf.submit("order:1:fulfil", ANA_CARD, ANA, "M30", 1)
    assert first.ref == second.ref
    assert await deliveries(caller) == 1


@pytest.mark.parametrize("hold_s", [0, 5])
async def test_a_timeout_after_accepting_is_unknown_and_the_order_is_found_again(
    settings: TmfSettings, clock: SetClock, caller: Caller, hold_s: float
) -> None:
    await caller.fault("order", "timeout-after-accept", times=1, hold_s=hold_s)
    async with TmfCarrier(replace(settings, timeout_s=0.5), clock) as tmf:
        with pytest.raises(OutcomeUnknown):
            await submit(tmf)
        assert (await tmf.order_state("order:1:fulfil")).state is CarrierOrderState.PENDING
        assert await submit(tmf) is CarrierOrderState.PENDING
    assert await deliveries(caller) == 1


@pytest.mark.parametrize("kind", ["outage", "nonsense"])
async def test_a_5xx_or_nonsense_after_sending_is_unknown(
    tmf: TmfCarrier, caller: Caller, kind: str
) -> None:
    await caller.fault("order", kind, times=1)
    with pytest.raises(OutcomeUnknown):
        await submit(tmf)
    await submit(tmf)
    assert await deliveries(caller) == 1


@pytest.mark.parametrize("kind", ["outage", "nonsense"])
async def test_without_a_look_nothing_is_sent(tmf: TmfCarrier, caller: Caller, kind: str) -> None:
    await caller.fault("order-state", kind, times=1)
    with pytest.raises(Unavailable):
        await submit(tmf)
    assert await deliveries(caller) == 0


async def test_an_order_that_the_carrier_does_not_have_is_not_found(tmf: TmfCarrier) -> None:
    assert (await tmf.order_state("order:404")).state is CarrierOrderState.NOT_FOUND


async def test_an_order_that_never_activates_stays_pending(
    tmf: TmfCarrier, caller: Caller, clock: SetClock
) -> None:
    await caller.fault("order", "never-activates", times=1)
    await submit(tmf)
    clock.advance(minutes=30)
    assert (await tmf.order_state("order:1:fulfil")).state is CarrierOrderState.PENDING


async def test_a_rejected_order_says_why(tmf: TmfCarrier, caller: Caller, clock: SetClock) -> None:
    await caller.fault("order", "reject", times=1)
    await submit(tmf)
    clock.advance(seconds=5)
    order = await tmf.order_state("order:1:fulfil")
    assert order.state is CarrierOrderState.REJECTED
    assert order.reason == "the line does not accept this offering; rejected"


async def test_an_empty_account_at_the_carrier_is_out_of_funds(
    tmf: TmfCarrier, caller: Caller
) -> None:
    await caller.fault("order", "out-of-funds", times=1)
    with pytest.raises(OutOfFunds):
        await submit(tmf)


async def test_a_rate_limit_says_when_to_come_back_and_nothing_was_done(
    tmf: TmfCarrier, caller: Caller
) -> None:
    await caller.fault("order", "rate-limit", times=1, retry_after=7)
    with pytest.raises(RateLimited) as limited:
        await submit(tmf)
    assert limited.value.retry_after_s == 7
    assert await deliveries(caller) == 0


async def test_nothing_is_delivered_to_a_number_that_moved_to_another_card(
    tmf: TmfCarrier, caller: Caller
) -> None:
    with pytest.raises(NotFound):
        await tmf.submit("order:1:fulfil", "8985200000000009999", ANA, "M30", 1)
    assert await deliveries(caller) == 0


async def test_a_carrier_that_is_not_there_was_sent_nothing(
    settings: TmfSettings, clock: SetClock
) -> None:
    async with TmfCarrier(replace(settings, base_url="http://127.0.0.1:9"), clock) as tmf:
        with pytest.raises(Unavailable):
            await submit(tmf)
