"""How many deliveries are in hand: few ahead of their turn, and enough for the lane to go on."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

from bot.runtime.announcement_room import Bounds, Place, Room, bounds_for


async def has_room(room: Room) -> bool:
    try:
        async with asyncio.timeout(0):
            await room.for_a_page()
    except TimeoutError:
        return False
    return True


def take(room: Room, stack: ExitStack, count: int) -> list[Place]:
    for _ in range(count):
        room.taken()
    return [stack.enter_context(room.place()) for _ in range(count)]


async def test_no_more_than_two_pages_wait_for_their_turn() -> None:
    room = Room(Bounds(in_hand=32, page=4))
    with ExitStack() as stack:
        places = take(room, stack, 4)
        assert await has_room(room)
        places += take(room, stack, 4)
        assert not await has_room(room)
        for place in places[:4]:
            place.has_its_turn()
            place.has_its_turn()
        assert await has_room(room)


async def test_what_is_on_the_wire_is_in_hand_until_it_has_ended() -> None:
    room = Room(Bounds(in_hand=8, page=4))
    with ExitStack() as rest, ExitStack() as one:
        for place in take(room, rest, 4) + take(room, one, 4):
            place.has_its_turn()
        assert not await has_room(room)
        one.close()
        assert await has_room(room)


async def test_who_waits_for_room_is_woken() -> None:
    room = Room(Bounds(in_hand=8, page=4))
    with ExitStack() as stack:
        places = take(room, stack, 8)
        waiting = asyncio.create_task(room.for_a_page())
        await asyncio.sleep(0)
        assert not waiting.done()
        for place in places:
            place.has_its_turn()
        stack.close()
        await waiting


@pytest.mark.parametrize(
    ("per_s", "in_hand", "page"),
    [(1.0, 32, 2), (30.0, 32, 4), (100.0, 96, 12), (300.0, 96, 36), (10_000.0, 96, 36)],
)
def test_a_lane_has_a_quarter_of_a_second_ahead(per_s: float, in_hand: int, page: int) -> None:
    assert bounds_for(per_s) == Bounds(in_hand, page)
