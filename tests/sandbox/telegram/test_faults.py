"""Troubles on order."""

from __future__ import annotations

import aiohttp
import pytest

from tests.sandbox.telegram.sides import BotSide, Control, Phone, Refused


async def test_a_fault_strikes_as_often_as_told_and_only_where_told(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await control.post("faults", method="sendMessage", chat_id=1001, times=2, status=502)
    await bot.call("getMe")
    for _ in range(2):
        with pytest.raises(Refused, match="Bad Gateway") as refused:
            await bot.says()
        assert refused.value.status == 502
    await bot.says()


async def test_a_429_tells_how_long(control: Control, bot: BotSide, lin: Phone) -> None:
    await control.post("faults", method="*", times=1, status=429, retry_after=7)
    with pytest.raises(Refused, match=r"^Too Many Requests: retry after 7$") as refused:
        await bot.says()
    assert refused.value.body["parameters"] == {"retry_after": 7}


async def test_a_refusal_may_be_worded(control: Control, bot: BotSide, lin: Phone) -> None:
    words = "Forbidden: user is deactivated"
    await control.post("faults", method="sendMessage", status=403, description=words)
    with pytest.raises(Refused, match=f"^{words}$"):
        await bot.says()


async def test_a_connection_dropped_before_leaves_no_trace(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await control.post("faults", method="sendMessage", times=1, drop="before")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await bot.says("never")
    assert "never" not in [message["text"] for message in await lin.sees()]


async def test_a_connection_dropped_after_has_taken_effect(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await control.post("faults", method="sendMessage", times=1, drop="after")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await bot.says("sent after all")
    assert (await lin.sees())[-1]["text"] == "sent after all"


async def test_faults_may_strike_by_chance_the_same_for_the_same_seed(
    control: Control, bot: BotSide
) -> None:
    async def strikes() -> list[int]:
        await control.delete("faults")
        await control.post("faults", method="getMe", probability=0.3, seed=7, status=500)
        struck = []
        for number in range(40):
            try:
                await bot.call("getMe")
            except Refused:
                struck.append(number)
        return struck

    first = await strikes()
    assert 4 < len(first) < 22
    assert await strikes() == first


async def test_an_answer_may_be_late(control: Control, bot: BotSide) -> None:
    await control.post("faults", method="getMe", times=1, delay_ms=60)
    with pytest.raises(TimeoutError):
        await bot.session.get(bot.address("getMe"), timeout=aiohttp.ClientTimeout(total=0.03))


async def test_an_update_may_come_twice(control: Control, bot: BotSide, lin: Phone) -> None:
    await bot.forgets_updates()
    await control.post("faults", kind="duplicate-update", times=1)
    await lin.send("once")
    first, second = await bot.updates()
    assert first == second


async def test_updates_may_come_out_of_order(control: Control, bot: BotSide, lin: Phone) -> None:
    await bot.forgets_updates()
    await control.post("faults", kind="reorder", times=1)
    for text in ("one", "two", "three"):
        await lin.send(text)
    updates = await bot.updates()
    assert [update["message"]["text"] for update in updates] == ["two", "one", "three"]
    assert updates[0]["update_id"] > updates[1]["update_id"]


async def test_faults_can_be_cleared(control: Control, bot: BotSide) -> None:
    await control.post("faults", method="*", times=5, status=500)
    await control.delete("faults")
    await bot.call("getMe")


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"method": "getMe", "kind": "reorder"},
        {"kind": "boredom"},
        {"method": "getMe", "drop": "sometimes"},
        {"method": "getMe", "status": 200},
        {"method": "getMe", "times": "many"},
        {"method": "getMe", "colour": "red"},
    ],
)
async def test_a_fault_that_makes_no_sense_is_refused(
    control: Control, fault: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        await control.post("faults", **fault)
    assert refused.value.status == 400
