"""No name of the program is left on an operator's screen, in any language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.announcement import AnnouncementStatus, AudienceKind, Category, Content, Pass
from bot.domain.errors import CarrierError, OutcomeUnknown
from bot.domain.operator import AuditEntry, Deed, Role
from bot.domain.order import PAYMENT_UNHEARD, OrderEvent, OrderStatus
from bot.services.fulfil_order import NOT_THEIR_LINE, REFUSED, SILENT
from bot.services.plan_terms import terms_of
from bot.services.read_audit import AuditPage
from bot.services.unit import OrderEventRow
from handlers.screens.desk import audit, lookup
from handlers.screens.desk.words import (
    event_name,
    field_name,
    reason_name,
    status_name,
    value_name,
)
from handlers.texts import Texts, languages
from tests.handlers.desk.conftest import Appointed
from tests.handlers.desk.test_lookup import renewed, searching
from tests.handlers.facts import EN, LINE, WORDS, ZH, card
from tests.handlers.reading import seen
from tests.handlers.rehearsal import Person, Rehearsal
from tests.services.shop import catalogue

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEYS = [
    *terms_of(catalogue()[0]),
    *("role", "status", "amount", "wallet", "reason", "characters", "purchases", "does"),
    *("recipients", "audience", "which", "category", "starts", "clock", "words", "language"),
    *("content", "position", "on_sale"),
    *("off", "uses", "ends", "minimum", "plans", "first", "once", "offered"),
]
VALUES = [
    *(("role", each) for each in Role),
    *(("status", each) for each in OrderStatus),
    ("status", "refund asked"),
    *(("purchases", each) for each in ("open", "paused")),
    *(("does", each) for each in (*Pass, "pause", "resume", "stop")),
    *(("audience", each) for each in AudienceKind),
    *(("category", each) for each in Category),
    *(("content", each) for each in Content),
    *(("language", each) for each in languages()),
    *(("status", each) for each in AnnouncementStatus),
    ("starts", "at once"),
    ("clock", "readers"),
    *(("cycle", each) for each in ("daily", "monthly", "quarterly")),
    *(("on_sale", each) for each in (True, False)),
    ("offered", "yes"),
]


def is_chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


@pytest.mark.parametrize("event", ["quote", *OrderEvent])
def test_every_event_of_an_order_has_words(event: str) -> None:
    assert is_chinese(str(event_name(ZH, event)))
    assert "_" not in str(event_name(EN, event))


@pytest.mark.parametrize("status", list(OrderStatus))
def test_every_state_of_an_order_has_words(status: OrderStatus) -> None:
    assert is_chinese(str(status_name(ZH, status)))
    assert "_" not in str(status_name(EN, status))


@pytest.mark.parametrize("key", KEYS)
def test_every_field_that_is_audited_has_words(key: str) -> None:
    assert is_chinese(field_name(ZH, key))
    assert "_" not in field_name(EN, key)


@pytest.mark.parametrize(("key", "value"), VALUES)
def test_every_value_that_is_a_name_has_words(key: str, value: Any) -> None:
    assert is_chinese(value_name(ZH, key, value))
    assert not re.search(r"_|True|False", value_name(EN, key, value))


@pytest.mark.parametrize("t", WORDS)
def test_what_is_no_name_is_shown_as_it_is(t: Texts) -> None:
    assert value_name(t, "price", "199.00") == "199.00"
    assert value_name(t, "reason", "open") == "open"
    assert field_name(t, "of_another_version") == "of_another_version"


def test_a_withdrawn_plan_reads_as_words_in_the_audit() -> None:
    entry = AuditEntry(9001, Deed.KEEP_PLANS, NOON, "M30", {"on_sale": True}, {"on_sale": False})
    page = AuditPage([entry], {}, {}, 0, 0, ZoneInfo("Asia/Shanghai"))
    assert "在售 是 → 否" in seen(audit.audit(ZH, page))
    assert "on sale yes → no" in seen(audit.audit(EN, page))


REASONS = [
    *("by_subscriber", "by_operator", "refund_failed", "not_submitted", "rejected"),
    *("paid_too_late", "other_amount", "other_payer"),
    *(NOT_THEIR_LINE, SILENT, REFUSED, PAYMENT_UNHEARD),
    *(each.__name__ for each in CarrierError.__subclasses__() if each is not OutcomeUnknown),
]


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_of_ours_has_words(reason: str) -> None:
    assert is_chinese(str(reason_name(ZH, reason)))
    assert reason not in str(reason_name(ZH, reason)) + str(reason_name(EN, reason))


def test_what_a_carrier_says_of_a_refusal_stands_as_it_was_said() -> None:
    said = str(reason_name(EN, "out of <stock>; held"))
    assert said == "the carrier says: <code>out of &lt;stock&gt;; held</code>"


@pytest.mark.parametrize(
    ("deed", "subject", "chinese", "english"),
    [
        (Deed.CREDIT, "line 1", "线路 •••• 1001", "line •••• 1001"),
        (Deed.CREDIT, "line 9", "line 9", "line 9"),
        (Deed.ANNOUNCE, "announcement 7", "公告：第 7 号", "announcements: no. 7"),
        (Deed.KEEP_COUPONS, "50 codes", "50 个券码", "50 codes"),
        (Deed.KEEP_OPERATORS, "1003", "Omar · 1003", "Omar · 1003"),
        (Deed.WRITE, "1004", "1004", "1004"),
        (Deed.KEEP_PLANS, "M30", "M30", "M30"),
    ],
)
def test_what_it_was_done_to_is_called_as_operators_call_it(
    deed: Deed, subject: str, chinese: str, english: str
) -> None:
    entry = AuditEntry(9001, deed, NOON, subject)
    page = AuditPage([entry], {1003: "Omar"}, {1: LINE}, 0, 0, ZoneInfo("Asia/Shanghai"))
    assert chinese in seen(audit.audit(ZH, page))
    assert english in seen(audit.audit(EN, page))


def test_what_is_new_reads_without_a_before_and_maintenance_is_its_own_subject() -> None:
    after = {"off": "10%", "ends": "2026-12-31", "plans": "daily monthly"}
    issued = AuditEntry(9001, Deed.KEEP_COUPONS, NOON, "SPRING", None, after)
    stopped = AuditEntry(9001, Deed.KEEP_COUPONS, NOON, "SPRING", {"ends": None}, {"ends": "2026"})
    paused = AuditEntry(9001, Deed.MAINTAIN, NOON, "maintenance", {"purchases": "open"}, {})
    page = AuditPage([issued, stopped, paused], {}, {}, 0, 0, ZoneInfo("Asia/Shanghai"))
    shown = seen(audit.audit(EN, page))
    assert "takes off 10% · until 2026-12-31 · plans daily, monthly" in shown
    assert "until – → 2026" in shown
    assert "maintenance\npurchases open → –" in shown


async def test_an_orders_history_is_told_in_words(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    order = await renewed(stage, lin)
    support = await appointed(Role.SUPPORT)
    shown = await searching(support, order.id)
    assert "price shown\n" in shown
    assert "confirmed → waiting for payment" in shown
    assert "payment came → paid, activating" in shown
    assert "quoted" not in shown


def test_an_orders_history_names_a_day_once_by_the_operators_midnight() -> None:
    eve = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)
    history = [
        OrderEventRow("quote", OrderStatus.QUOTED, eve),
        OrderEventRow("confirm", OrderStatus.AWAITING_PAYMENT, eve),
        OrderEventRow("pay", OrderStatus.PAID, eve + timedelta(minutes=1)),
        OrderEventRow("submit", OrderStatus.FULFILLING, eve + timedelta(minutes=2)),
    ]
    shanghai = ZoneInfo("Asia/Shanghai")
    of = replace(card(), history=history)
    shown = seen(lookup.order(EN, of, Role.OWNER, Deed.REFUND, shanghai)).split("\n")[-4:]
    assert [line.partition(" p")[0].partition(" c")[0].partition(" s")[0] for line in shown] == [
        "Nov 22 23:59",
        "23:59",
        "Nov 23 00:00",
        "00:01",
    ]
