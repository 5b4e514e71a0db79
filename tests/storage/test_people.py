"""Subscribers, their lines, and how a number is proved."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from bot.domain.line import Line, LineStatus, Msisdn
from storage.unit import SqliteStore
from tests.storage.conftest import ANA, BEN, FOUND, NOON, later

OTHER = replace(FOUND, ref="carrier-2", msisdn=Msisdn("+8613800001002"), iccid=None)


async def test_a_subscriber_comes_back_as_stored(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.subscribers.add(BEN, NOON)
        assert await unit.subscribers.find(BEN.id) == BEN
        assert await unit.subscribers.find(ANA.id) is None


async def test_name_language_and_default_line_can_change(store: SqliteStore, line: Line) -> None:
    changed = replace(
        ANA, name="Ana \u202e", language="zh_Hans", language_chosen=True, default_line_id=line.id
    )
    async with store.unit() as unit:
        unit.subscribers.save(changed)
        assert await unit.subscribers.find(ANA.id) == changed


async def test_a_default_line_must_exist(store: SqliteStore, line: Line) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        async with store.unit() as unit:
            unit.subscribers.save(replace(ANA, default_line_id=line.id + 1))


async def test_who_blocks_the_bot_is_marked_until_they_return(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        unit.subscribers.mark_blocked(ANA.id, NOON)
        assert await unit.subscribers.find(ANA.id) == replace(ANA, blocked=True)
        unit.subscribers.mark_blocked(ANA.id, None)
        assert await unit.subscribers.find(ANA.id) == ANA


async def test_a_line_is_remembered_by_its_number(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        assert await unit.lines.get(line.id) == line
        again = await unit.lines.remember(
            replace(FOUND, status=LineStatus.SUSPENDED, zone="Europe/Paris"), later(1)
        )
        assert again == replace(line, status=LineStatus.SUSPENDED, zone="Europe/Paris")
        assert await unit.lines.get(line.id) == again
        assert await unit.lines.get(line.id + 1) is None


async def test_the_lines_of_a_subscriber_come_the_longest_linked_first(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        other = await unit.lines.remember(OTHER, NOON)
        unit.lines.link(other.id, ANA.id, later(-1))
        assert await unit.lines.of(ANA.id) == [other, line]
        assert await unit.lines.of(BEN.id) == []


async def test_a_new_link_ends_the_former_holders(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        assert await unit.lines.holder(line.id) == ANA.id
        unit.lines.link(line.id, BEN.id, later(1))
        assert await unit.lines.holder(line.id) == BEN.id
        assert await unit.lines.of(ANA.id) == []
        assert await unit.lines.of(BEN.id) == [line]


async def test_linking_again_changes_nothing(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        other = await unit.lines.remember(OTHER, NOON)
        unit.lines.link(other.id, ANA.id, later(1))
        unit.lines.link(line.id, ANA.id, later(2))
        assert await unit.lines.of(ANA.id) == [line, other]


async def test_an_unlinked_line_has_no_holder_and_was_linked_once(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        assert not await unit.lines.was_ever_linked(OTHER.msisdn)
        unit.lines.unlink(line.id, later(1))
        assert await unit.lines.holder(line.id) is None
        assert await unit.lines.was_ever_linked(FOUND.msisdn)
        unit.lines.link(line.id, BEN.id, later(2))
        assert await unit.lines.holder(line.id) == BEN.id


async def test_a_challenge_begins_without_a_code(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        number = await unit.challenges.open(ANA.id, OTHER.msisdn, NOON, later(10))
        challenge = await unit.challenges.current(ANA.id)
        assert challenge == await unit.challenges.get(number)
        assert challenge is not None
        assert (challenge.id, challenge.msisdn) == (number, OTHER.msisdn)
        assert (challenge.code_hash, challenge.found) == (None, None)
        assert (challenge.tries, challenge.code_proved) == (0, False)
        assert challenge.expires_at == later(10)


async def test_a_challenge_knows_what_was_found_and_proved(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        number = await unit.challenges.open(ANA.id, FOUND.msisdn, NOON, later(10))
        unit.challenges.mark_found(number, FOUND, "hash")
        unit.challenges.count_try(number)
        unit.challenges.count_try(number)
        unit.challenges.mark_code_proved(number, later(1))
        challenge = await unit.challenges.get(number)
        assert challenge is not None
        assert (challenge.code_hash, challenge.found) == ("hash", FOUND)
        assert (challenge.tries, challenge.code_proved) == (2, True)


async def test_a_subscriber_has_one_open_challenge(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        first = await unit.challenges.open(ANA.id, FOUND.msisdn, NOON, later(10))
        bens = await unit.challenges.open(BEN.id, FOUND.msisdn, NOON, later(10))
        second = await unit.challenges.open(ANA.id, OTHER.msisdn, later(1), later(11))
        current = await unit.challenges.current(ANA.id)
        assert current is not None
        assert current.id == second
        assert await unit.challenges.get(first) is None
        unit.challenges.close(second, later(2))
        assert await unit.challenges.current(ANA.id) is None
        assert await unit.challenges.get(bens) is not None


async def test_tries_are_counted_over_all_challenges_of_the_hour(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        for minutes in (0, 30, 70):
            number = await unit.challenges.open(ANA.id, FOUND.msisdn, later(minutes), later(99))
            unit.challenges.count_try(number)
        assert await unit.challenges.opened_since(ANA.id, later(10)) == 2
        assert await unit.challenges.tries_since(ANA.id, later(0)) == 3
        assert await unit.challenges.tries_since(BEN.id, later(0)) == 0
