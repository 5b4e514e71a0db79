"""What must leave is stored with the decision, and known to it without a read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.domain.line import Msisdn
from bot.services.requests import (
    CarrierRequest,
    FindLine,
    Look,
    LookUpOrder,
    ReadLine,
    ReadUsage,
    SendText,
    SubmitOrder,
)
from bot.services.unit import Lane
from storage.database import Database, open_reader
from storage.unit import SqliteStore
from tests.storage.conftest import ANA, NOON, later

NUMBER = Msisdn("+8613800001001")
HOSTILE = "月卡 \u202e\u200b👩\u200d👩\u200d👧 \"'; DROP TABLE outbox;-- \x00"


async def test_a_call_is_staged_as_it_will_leave(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.outbox.telegram(
            "sendMessage", {"chat_id": ANA.id, "text": HOSTILE}, chat_id=ANA.id, slot="panel"
        )
        unit.outbox.telegram("answerCallbackQuery", {"id": "1"}, chat_id=None, lane=Lane.ANSWER)
        staged = list(unit.effects.staged)
    assert [(e.kind, e.lane, e.chat_id, e.slot) for e in staged] == [
        ("sendMessage", Lane.INTERACTIVE, ANA.id, "panel"),
        ("answerCallbackQuery", Lane.ANSWER, None, None),
    ]
    assert json.loads(staged[0].payload) == {"chat_id": ANA.id, "text": HOSTILE}
    assert "月卡" in staged[0].payload
    assert (staged[0].attempts, staged[0].not_before, staged[0].created_at) == (0, None, NOON)
    async with store.unit() as unit:
        assert await unit.effects.pending("telegram", 0, 10) == staged
        assert list(unit.effects.staged) == []


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (FindLine(ANA.id, NUMBER, None), "find_line"),
        (SendText(NUMBER, "123456 是验证码"), "send_text"),
        (ReadLine(1, "ref", NUMBER), "read_line"),
        (
            ReadUsage(1, "ref", NUMBER, date(2026, 2, 28), date(2026, 3, 1), ANA.id),
            "read_usage",
        ),
        (SubmitOrder("LEB-1", "order:LEB-1:fulfil", "ref", NUMBER, "month", 1), "submit_order"),
        (LookUpOrder("LEB-1", "order:LEB-1:fulfil", Look(3, 2, 1)), "look_up_order"),
    ],
)
async def test_a_carriers_request_can_be_read_back_by_its_kind(
    store: SqliteStore, request_: CarrierRequest, kind: str
) -> None:
    async with store.unit() as unit:
        unit.outbox.carrier(request_)
    async with store.unit() as unit:
        (effect,) = await unit.effects.pending("carrier", 0, 10)
    assert (effect.kind, effect.chat_id, effect.lane) == (kind, None, Lane.INTERACTIVE)
    adapter: TypeAdapter[Any] = TypeAdapter(type(request_))
    assert adapter.validate_json(effect.payload) == request_


async def test_an_effect_of_a_refused_decision_never_leaves(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.outbox.telegram("sendMessage", {}, chat_id=1)
        await unit.effects.pending("telegram", 0, 10)
        await unit.rollback()
    async with store.unit() as unit:
        assert await unit.effects.pending("telegram", 0, 10) == []


async def test_ids_never_repeat_whatever_was_rolled_back(store: SqliteStore) -> None:
    seen: list[int] = []
    for refused in (False, True, False):
        async with store.unit() as unit:
            unit.outbox.telegram("sendMessage", {}, chat_id=1)
            seen += [effect.id for effect in unit.effects.staged]
            if refused:
                await unit.rollback()
    assert seen == sorted(set(seen))


async def test_ids_go_on_after_a_restart(path: Path) -> None:
    seen: list[int] = []
    for _ in range(3):
        async with Database(path) as file, SqliteStore(file, lambda: NOON).unit() as unit:
            unit.outbox.telegram("sendMessage", {}, chat_id=1)
            unit.outbox.telegram("sendMessage", {}, chat_id=1)
            seen += [effect.id for effect in unit.effects.staged]
    assert seen == sorted(set(seen))
    assert len(seen) == 6


async def test_pending_effects_are_read_in_pages_by_courier(store: SqliteStore) -> None:
    async with store.unit() as unit:
        for number in range(5):
            unit.outbox.telegram("sendMessage", {"text": number}, chat_id=1)
            unit.outbox.carrier(LookUpOrder("LEB-1", "key", Look(number)))
        first = await unit.effects.pending("telegram", 0, 3)
        rest = await unit.effects.pending("telegram", first[-1].id, 3)
    assert [json.loads(e.payload)["text"] for e in first + rest] == [0, 1, 2, 3, 4]


async def test_what_has_come_to_an_end_is_no_longer_pending(store: SqliteStore) -> None:
    async with store.unit() as unit:
        for _ in range(4):
            unit.outbox.telegram("sendMessage", {}, chat_id=1)
        one, two, three, four = (effect.id for effect in unit.effects.staged)
        unit.effects.mark_done([one, three], later(1))
        unit.effects.mark_failed(two, "403 blocked", later(1))
        assert [e.id for e in await unit.effects.pending("telegram", 0, 10)] == [four]


async def test_an_end_is_final(store: SqliteStore, path: Path) -> None:
    async with store.unit() as unit:
        unit.outbox.telegram("sendMessage", {}, chat_id=1)
        (effect,) = unit.effects.staged
        unit.effects.mark_failed(effect.id, "too late", later(1))
        unit.effects.mark_done([effect.id], later(2))
        unit.effects.mark_attempt(effect.id, None)
    async with open_reader(path) as reader:
        ended = await reader.execute("SELECT status, error, attempts FROM outbox")
    assert ended == [("failed", "too late", 0)]


async def test_attempts_are_counted_and_the_next_one_planned(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.outbox.carrier(LookUpOrder("LEB-1", "key", Look()))
        (effect,) = unit.effects.staged
        unit.effects.mark_attempt(effect.id, None)
        unit.effects.mark_attempt(effect.id, later(1))
    async with store.unit() as unit:
        (waiting,) = await unit.effects.pending("carrier", 0, 10)
    assert (waiting.attempts, waiting.not_before) == (2, later(1))


async def test_a_slot_says_what_it_shows_and_is_filled_by_the_courier(
    store: SqliteStore,
) -> None:
    async with store.unit() as unit:
        unit.chat_messages.put(ANA.id, "panel", None, "home", "line:1", NOON)
        assert await unit.effects.slot_message(ANA.id, "panel") is None
        unit.effects.fill_slot(ANA.id, "panel", 55)
        assert await unit.effects.slot_message(ANA.id, "panel") == 55
        message = await unit.chat_messages.get(ANA.id, "panel")
        assert message is not None
        assert (message.message_id, message.shows, message.subject) == (55, "home", "line:1")


async def test_what_is_shown_about_a_subject_is_found_in_every_chat(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.chat_messages.put(1, "panel", 11, "home", "line:1", NOON)
        unit.chat_messages.put(2, "panel", 22, "home", "line:1", NOON)
        unit.chat_messages.put(3, "panel", 33, "home", "line:2", NOON)
        unit.chat_messages.put(2, "panel", 22, "renew", "line:1", later(1))
        found = await unit.chat_messages.showing("home", "line:1")
    assert [(chat, message.message_id) for chat, message in found] == [(1, 11)]


async def test_a_slot_that_nobody_described_can_be_filled_and_shows_nothing(
    store: SqliteStore,
) -> None:
    async with store.unit() as unit:
        unit.effects.fill_slot(ANA.id, "chart", 9)
        assert await unit.effects.slot_message(ANA.id, "chart") == 9
        message = await unit.chat_messages.get(ANA.id, "chart")
        assert message is not None
        assert (message.shows, message.subject) == ("", None)
        assert await unit.chat_messages.get(ANA.id, "panel") is None
        assert await unit.effects.slot_message(ANA.id, "panel") is None
