"""Roles and the audit in the store: one role each, and nobody rewrites what was done."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.operator import AuditEntry, Deed, Operator, Role
from storage.unit import SqliteStore
from tests.storage.conftest import NOON, later


async def test_a_new_role_takes_the_place_of_the_former(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.roles.grant(Operator(7001, Role.SUPPORT, None, NOON))
        unit.roles.grant(Operator(7001, Role.FINANCE, 9001, later(1)))
        unit.roles.grant(Operator(7002, Role.OWNER, None, later(2)))
        assert await unit.roles.of(7001) == Operator(7001, Role.FINANCE, 9001, later(1))
        assert [each.subscriber_id for each in await unit.roles.holders()] == [7002, 7001]


async def test_a_role_that_ended_is_remembered_and_allows_nothing(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.roles.grant(Operator(7001, Role.SUPPORT, None, NOON))
        unit.roles.revoke(7001, later(1))
        assert await unit.roles.of(7001) is None
        assert await unit.roles.holders() == []
        assert await unit.roles.was_ever_operator(7001)
        assert not await unit.roles.was_ever_operator(7002)


async def test_what_was_audited_comes_back_as_it_was_the_newest_first(store: SqliteStore) -> None:
    first = AuditEntry(None, Deed.KEEP_PLANS, NOON, "M30", None, {"price": "199.00", "zh": "月卡"})
    second = AuditEntry(9001, Deed.KEEP_PLANS, later(1), "M30", {"price": "199.00"}, None)
    async with store.unit() as unit:
        unit.audit.record(first)
        unit.audit.record(second)
        assert await unit.audit.page(10, 0) == [second, first]
        assert await unit.audit.page(1, 1) == [first]
        assert await unit.audit.count() == 2


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 1", "DELETE FROM audit"])
async def test_the_database_refuses_to_change_or_remove_what_was_audited(
    store: SqliteStore, path: Path, statement: str
) -> None:
    async with store.unit() as unit:
        unit.audit.record(AuditEntry(9001, Deed.REFUND, NOON, "LEB-2611-AAAA"))
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement)


async def test_two_roles_at_once_cannot_be_stored(store: SqliteStore, path: Path) -> None:
    async with store.unit() as unit:
        unit.roles.grant(Operator(7001, Role.SUPPORT, None, NOON))
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="UNIQUE"),
    ):
        connection.execute(
            "INSERT INTO operators (subscriber_id, role, granted_at) VALUES (7001, 'owner', 1)"
        )
