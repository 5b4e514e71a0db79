"""Personal data is kept for a week, and what still waits for as long as it waits."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.line import Line, UsageDay
from bot.domain.personal_data import A_SEASON
from bot.domain.reconciliation import Compared, Heard, Question
from bot.domain.support import CaseReason, Written
from bot.services.events import NewEvent
from storage import retention
from storage.database import Database, open_reader
from storage.instants import to_micros
from storage.retention import CASES_KEPT_FOR, KEPT_FOR, purge
from storage.unit import SqliteStore
from tests.storage.conftest import ANA, NOON, order_of

OLD, YOUNG = NOON - KEPT_FOR - timedelta(seconds=1), NOON - KEPT_FOR + timedelta(seconds=1)


def update(number: int) -> NewEvent:
    return NewEvent("telegram", str(number), "message", "{}")


async def test_only_old_decided_events_go(store: SqliteStore, database: Database) -> None:
    async with store.unit() as unit:
        old, young, waiting = await unit.inbox.add([update(n) for n in (1, 2, 3)], OLD)
        unit.inbox.mark_decided(old.id, OLD)
        unit.inbox.mark_decided(young.id, YOUNG)
    assert await purge(database, NOON) == 1
    async with store.unit() as unit:
        assert await unit.inbox.undecided(10) == [waiting]
        (again,) = await unit.inbox.add([update(1), update(2), update(3)], NOON)
        assert again.source_id == "1"


async def test_only_old_ended_effects_go(
    store: SqliteStore, database: Database, path: Path
) -> None:
    async with store.unit() as unit:
        for _ in range(5):
            unit.outbox.telegram("sendMessage", {}, chat_id=1)
        old, failed, young, _, _ = (effect.id for effect in unit.effects.staged)
        unit.effects.mark_done([old], OLD)
        unit.effects.mark_failed(failed, "403", OLD)
        unit.effects.mark_done([young], YOUNG)
    assert await purge(database, NOON) == 2
    async with open_reader(path) as reader:
        left = await reader.execute("SELECT id FROM outbox ORDER BY id")
    assert left == [(3,), (4,), (5,)]


async def test_an_id_given_out_is_not_given_out_again_after_a_purge(path: Path) -> None:
    async with Database(path) as database:
        async with SqliteStore(database, lambda: OLD).unit() as unit:
            unit.outbox.telegram("sendMessage", {}, chat_id=1)
            unit.outbox.telegram("sendMessage", {}, chat_id=1)
            last = unit.effects.staged[-1].id
            unit.effects.mark_done([effect.id for effect in unit.effects.staged], OLD)
        await purge(database, NOON)
    async with Database(path) as database, SqliteStore(database, lambda: NOON).unit() as unit:
        unit.outbox.telegram("sendMessage", {}, chat_id=1)
        assert unit.effects.staged[0].id > last


async def test_an_old_dead_letter_keeps_its_reference_and_loses_what_was_written(
    store: SqliteStore, database: Database, path: Path
) -> None:
    async with store.unit() as unit:
        unit.inbox.bury(update(1), "K3F9", "ZeroDivisionError", OLD)
        unit.inbox.bury(update(2), "M2PX", "ZeroDivisionError", YOUNG)
    assert await purge(database, NOON) == 1
    assert await purge(database, NOON) == 0
    async with open_reader(path) as reader:
        left = await reader.execute("SELECT reference, payload FROM dead_letters ORDER BY id")
    assert left == [("K3F9", ""), ("M2PX", "{}")]


async def test_many_rows_go_in_small_transactions(
    store: SqliteStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with store.unit() as unit:
        for event in await unit.inbox.add([update(n) for n in range(1234)], OLD):
            unit.inbox.mark_decided(event.id, OLD)
    assert retention._BATCH < 1234
    assert await purge(database, NOON) == 1234


async def test_codes_tried_in_vain_are_forgotten(
    store: SqliteStore, database: Database, line: Line
) -> None:
    async with store.unit() as unit:
        for at in (OLD, YOUNG):
            unit.coupons.count_try(ANA.id, at)
    assert await purge(database, NOON) == 1
    async with store.unit() as unit:
        assert await unit.coupons.tries_since(ANA.id, OLD) == 1


async def test_links_by_which_somebody_else_could_pay_are_forgotten_with_who_followed_them(
    store: SqliteStore, database: Database, line: Line
) -> None:
    order = order_of(line)
    async with store.unit() as unit:
        await unit.orders.add(order)
        for at, token_hash in ((OLD, "old"), (YOUNG, "young")):
            unit.pay_links.add(token_hash, order.id, at)
            unit.pay_links.follow(token_hash, ANA.id, at)
            unit.pay_links.count_try(ANA.id, at)
    assert await purge(database, NOON) == 3
    async with store.unit() as unit:
        assert await unit.pay_links.leads_to("old") is None
        assert await unit.pay_links.leads_to("young") == order.id
        assert await unit.pay_links.has_followed(ANA.id, order.id)
        assert await unit.pay_links.tries_since(ANA.id, OLD) == 1


async def test_numbers_typed_to_link_are_forgotten(
    store: SqliteStore, database: Database, line: Line, path: Path
) -> None:
    life = timedelta(minutes=10)
    async with store.unit() as unit:
        for at in (OLD - life, YOUNG, NOON - life):
            last = await unit.challenges.open(ANA.id, line.msisdn, at, at + life)
    assert await purge(database, NOON) == 1
    async with open_reader(path) as reader:
        left = await reader.execute("SELECT count(*) FROM link_challenges")
    assert left == [(2,)]
    async with store.unit() as unit:
        assert await unit.challenges.get(last) is not None


async def test_the_id_of_a_forgotten_number_is_not_given_to_another(
    store: SqliteStore, database: Database, line: Line
) -> None:
    async with store.unit() as unit:
        for _ in range(2):
            last = await unit.challenges.open(ANA.id, line.msisdn, OLD, OLD)
    assert await purge(database, NOON) == 1
    async with store.unit() as unit:
        assert await unit.challenges.open(ANA.id, line.msisdn, NOON, NOON) > last


async def test_reconciliations_are_kept_for_a_week_with_what_they_asked(
    store: SqliteStore, database: Database
) -> None:
    async with store.unit() as unit:
        for at in (OLD, YOUNG):
            begun = await unit.reconciliations.begin(at)
            unit.reconciliations.put(
                Question(begun.id, Compared.ORDER, "LEB-1", "LEB-1", at, Heard.ANSWER)
            )
            unit.reconciliations.finish(begun.id, at)
    assert await purge(database, NOON) == 2
    async with store.unit() as unit:
        assert await unit.reconciliations.questions(1) == []
        assert len(await unit.reconciliations.questions(2)) == 1


async def test_what_was_written_to_support_is_forgotten_three_months_after_the_case_closed(
    store: SqliteStore, database: Database, line: Line
) -> None:
    old, young = (
        NOON - CASES_KEPT_FOR - timedelta(days=1),
        NOON - CASES_KEPT_FOR + timedelta(days=1),
    )
    cases = []
    async with store.unit() as unit:
        for closed_at in (old, young, None):
            case = await unit.cases.open(ANA.id, None, CaseReason.ASKED, old, at_desk=True)
            await unit.cases.add_message(case.id, Written(1, "text", "words", old))
            cases.append(case.id)
            if closed_at is not None:
                await unit.cases.close(case.id, closed_at)
    assert await purge(database, NOON) == 1
    async with store.unit() as unit:
        assert [len(await unit.cases.messages(each, 5)) for each in cases] == [0, 1, 1]
        assert await unit.cases.get(cases[0]) is not None


async def test_usage_by_day_is_kept_for_a_season(
    store: SqliteStore, database: Database, line: Line
) -> None:
    today = NOON.date()
    last = (NOON - A_SEASON).date()
    old = UsageDay(last - timedelta(days=1), 3, {"JP": 3})
    days = [UsageDay(today, 1), UsageDay(last, 2), old]
    async with store.unit() as unit:
        unit.readings.put_usage(line.id, days)
    assert await purge(database, NOON) == 2
    async with store.unit() as unit:
        left = await unit.readings.usage(line.id, date.min, date.max)
    assert {each.day for each in left} == {today, last}
    assert await purge(database, NOON + timedelta(days=1)) == 1


async def test_who_got_an_announcement_is_kept_for_a_season_and_how_many_for_good(
    store: SqliteStore, database: Database, path: Path
) -> None:
    ended = {"old": NOON - A_SEASON - timedelta(seconds=1), "young": NOON - A_SEASON}
    with closing(sqlite3.connect(path)) as raw, raw:
        for number, at in enumerate(ended.values(), 1):
            raw.execute(
                "INSERT INTO announcements (id, created_by, created_at, status, audience, "
                "audience_value, category, silent, tested, local_time, ended_at, doing, "
                "planned_to) VALUES (?, 9001, 1, 'done', 'all', '', 'news', 0, 1, 0, ?, 'send', 0)",
                (number, to_micros(at)),
            )
            for chat in (ANA.id, ANA.id + 1):
                raw.execute(
                    "INSERT INTO deliveries VALUES (?, ?, 'sent', NULL, 0, 5, NULL, 1)",
                    (number, chat),
                )
                raw.execute(
                    "INSERT INTO announcement_clicks VALUES (?, 0, ?, ?)",
                    (number, chat, to_micros(at)),
                )
    assert await purge(database, NOON) == 4
    assert await purge(database, NOON) == 0
    async with open_reader(path) as reader:
        left = await reader.execute("SELECT DISTINCT announcement_id FROM deliveries")
        pressed = await reader.execute(
            "SELECT announcement_id, count(DISTINCT chat_id), min(chat_id) >= 100000000000000000 "
            "FROM announcement_clicks GROUP BY announcement_id"
        )
    assert left == [(2,)]
    assert pressed == [(1, 2, 1), (2, 2, 0)]
