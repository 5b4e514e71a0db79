"""What is no update of the Bot API is put aside before any dialogue meets it."""

from __future__ import annotations

import copy
import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.runtime import reading
from bot.runtime.reading import Unreadable
from bot.sandbox.world import World
from bot.services.events import NewEvent
from storage.database import Database
from storage.unit import SqliteStore
from tests.runtime.harness import People, at_noon, running_bot

PERSON = {"id": 1001, "is_bot": False, "first_name": "Lin"}
WRITTEN: dict[str, Any] = {
    "update_id": 7,
    "message": {
        "message_id": 1,
        "date": 1_795_000_000,
        "chat": {"id": 1001, "type": "private"},
        "from": PERSON,
        "text": "/usage",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    },
}
PAID: dict[str, Any] = {
    "currency": "CNY",
    "total_amount": 19_900,
    "invoice_payload": "p",
    "telegram_payment_charge_id": "t",
    "provider_payment_charge_id": "c",
}


def written(**changes: Any) -> dict[str, Any]:
    update = copy.deepcopy(WRITTEN)
    update["message"].update(changes)
    return update


@pytest.mark.parametrize(
    "update",
    [
        WRITTEN,
        written(an_invention_of_next_year={"id": "x"}),
        written(successful_payment=PAID),
        written(reply_to_message=WRITTEN["message"]),
        {
            "update_id": 8,
            "callback_query": {
                "id": "1",
                "from": PERSON,
                "chat_instance": "1",
                "data": "v1:home",
                "message": {"message_id": 1, "date": 0, "chat": WRITTEN["message"]["chat"]},
            },
        },
    ],
    ids=["a message", "an unknown field", "a payment", "a reply", "an inaccessible message"],
)
def test_what_telegram_sends_is_read(update: dict[str, Any]) -> None:
    reading.check(update)


@pytest.mark.parametrize(
    ("update", "why"),
    [
        ([], "update is no object"),
        ({"update_id": 7}, "update is of no kind that was asked for"),
        ({"update_id": 7, "unheard_of": {}}, "update is of no kind that was asked for"),
        ({**WRITTEN, "my_chat_member": {}}, "update.my_chat_member.chat is missing"),
        ({**WRITTEN, "edited_message": WRITTEN["message"]}, "update tells of more than one thing"),
        (written(text=5), "update.message.text is not str"),
        (written(date=True), "update.message.date is not int"),
        (written(message_id=2**63), "update.message.message_id is out of range"),
        (written(photo={}), "update.message.photo is no list"),
        (written(entities=[{"type": "url"}]), "update.message.entities.offset is missing"),
        (written(chat={"id": 1}), "update.message.chat.type is missing"),
        (
            written(successful_payment={**PAID, "total_amount": 0}),
            "update.message.successful_payment.total_amount is no amount",
        ),
        (
            written(successful_payment={**PAID, "currency": "yuan"}),
            "update.message.successful_payment.currency is no currency",
        ),
        (
            written(successful_payment={**PAID, "telegram_payment_charge_id": ""}),
            "update.message.successful_payment.telegram_payment_charge_id is no key",
        ),
        (
            {"update_id": 7, "callback_query": {"id": "", "from": PERSON, "chat_instance": "1"}},
            "update.callback_query.id is no key",
        ),
    ],
)
def test_what_it_never_sends_is_not_and_the_field_is_named(update: Any, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        reading.check(update)
    assert str(refused.value) == why


def test_a_field_is_named_and_what_it_holds_is_not() -> None:
    with pytest.raises(Unreadable) as refused:
        reading.check(written(text=["+8613800001001"]))
    assert "1001" not in str(refused.value)


@pytest.mark.parametrize(
    ("update", "level"),
    [(written(text=5), logging.WARNING), (written(successful_payment={}), logging.ERROR)],
    ids=["a message", "a payment"],
)
async def test_it_is_put_aside_without_a_word_to_anybody_but_a_payment_is_told_to_operators(
    update: dict[str, Any],
    level: int,
    path: Path,
    url: str,
    world: World,
    people: People,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with Database(path) as database, SqliteStore(database, at_noon).unit() as unit:
        await unit.inbox.add([NewEvent("telegram", "7", "message", json.dumps(update))], at_noon())
    async with running_bot(path, url) as bot:
        await bot.settles(world)
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM dead_letters").fetchone() == (1,)
        assert raw.execute("SELECT count(*) FROM inbox WHERE decided_at IS NULL").fetchone() == (0,)
    assert people.sees(1001) == []
    told = [each for each in caplog.records if "update_unreadable" in each.getMessage()]
    assert [each.levelno for each in told] == [level]
