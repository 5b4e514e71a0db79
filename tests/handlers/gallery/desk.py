"""The desk: today, looking up, serving a subscriber, what waits, operators, the audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.errors import AmountOutOfRange
from bot.domain.forgetting import FIRST_PSEUDONYM
from bot.domain.money import STARS, Money
from bot.domain.operator import AuditEntry, Deed, Operator, Role
from bot.domain.order import OrderEvent, OrderStatus
from bot.domain.subscriber import Subscriber
from bot.services.desk_view_port import Waiting, WalletLine
from bot.services.read_audit import AuditPage
from bot.services.read_desk import DeskLine, Found, Subject, Today
from bot.services.relay_support import CASE_WAITS, GROUP_UNREACHABLE, TOPIC_NOT_REMOVED
from bot.services.unit import OrderEventRow
from handlers.screens.desk import audit, home, lookup, operators, serving, waiting, words
from tests.handlers.facts import LINE, MONTHLY, NOW, ORDER, READING, card, yuan
from tests.handlers.gallery.page import Page, page, said

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_TODAY: Final = Today([yuan(4386), Money(1900, STARS)], 22, 2, 1, 0, 3)
_LIN: Final = Subscriber(1001, "林晓", "zh_Hans", language_chosen=False)
_PAID: Final[dict[str, Any]] = {
    "status": OrderStatus.FULFILLING, "paid_at": NOW, "paid_with": "wallet",
}  # fmt: skip
_HISTORY: Final = [
    OrderEventRow("quote", OrderStatus.QUOTED, NOW),
    OrderEventRow(OrderEvent.CONFIRM, OrderStatus.AWAITING_PAYMENT, NOW),
    OrderEventRow(OrderEvent.PAY, OrderStatus.PAID, NOW + timedelta(minutes=1)),
    OrderEventRow(OrderEvent.SUBMIT, OrderStatus.FULFILLING, NOW + timedelta(minutes=1)),
]
_LINE: Final = DeskLine(
    LINE, READING, MONTHLY, yuan(236),
    [
        WalletLine("top_up", ORDER.id, yuan(50), NOW),
        WalletLine("payment", ORDER.id, -yuan(199), NOW),
        WalletLine("goodwill", None, yuan(20), NOW),
    ],
    _LIN, None,
)  # fmt: skip
_SUBJECT: Final = Subject(
    _LIN, _LINE, [LINE], [replace(ORDER, **_PAID)],
    [("Forbidden: bot was blocked by the user", 2)], None, NOW,
)  # fmt: skip
_UNDER_WAY: Final = replace(card(**_PAID), history=_HISTORY)
_LOST: Final = card(**{**_PAID, "status": OrderStatus.REVIEW, "reason": "rejected"})
_OWNER: Final = Operator(9001, Role.OWNER, None, NOW)
_SUPPORT: Final = Operator(9002, Role.SUPPORT, 9001, NOW)
_ENTRIES: Final = [
    AuditEntry(9001, Deed.KEEP_OPERATORS, NOW, "1003", {"role": "support"}, {"role": "finance"}),
    AuditEntry(9001, Deed.KEEP_PLANS, NOW, "M30", {"price": "199.00"}, {"price": "209.00"}),
    AuditEntry(None, Deed.REFUND, NOW, ORDER.id, {"status": "fulfilled"},
               {"status": "refund asked"}),
    AuditEntry(9001, Deed.CREDIT, NOW, "line 1", {"wallet": "57.00"},
               {"wallet": "77.00", "reason": "周五无信号"}),
    AuditEntry(9001, Deed.ANNOUNCE, NOW, "announcement 7", {"status": "running"},
               {"status": "paused", "does": "pause"}),
    AuditEntry(9001, Deed.MAINTAIN, NOW, "maintenance", {"purchases": "open"},
               {"purchases": "paused"}),
    AuditEntry(9001, Deed.KEEP_COUPONS, NOW, "50 codes", None,
               {"off": "10%", "ends": "2026-12-31", "plans": "daily monthly"}),
]  # fmt: skip
_REASONS: Final = (
    "by_operator", "by_subscriber", "not_their_line", "carrier_silent", "carrier_refuses_operator",
    "refund_failed", "payment_unheard", "not_submitted", "rejected", "paid_too_late",
    "other_amount", "other_payer", "InvalidRequest", "NotFound", "AuthFailed", "OutOfFunds",
    "OutOfStock", "PriceChanged", "WrongState", "RateLimited", "Unavailable", "no such offer; held",
)  # fmt: skip
_RAISED: Final = (
    "order_in_review", "order_delayed", "refund_failed", "charged_not_delivered",
    "refund_came_back", "refund_refused", "refund_fits_nothing", "dispute_open",
    "dispute_of_unknown_charge", "charge_fits_no_order", CASE_WAITS, "card_not_forgotten",
    TOPIC_NOT_REMOVED,
)  # fmt: skip

PAGES: Final[list[Page]] = [
    *(page(home.desk, role, role, _TODAY) for role in Role),
    page(lookup.ask, "", None),
    page(lookup.ask, "nothing found", said(lookup.nothing_found)),
    page(lookup.ask, "a picture was sent", said(lookup.only_words)),
    page(lookup.choose, "", Found(people=[_LIN], lines=[LINE])),
    page(lookup.person, "for finance", _SUBJECT, Role.FINANCE),
    page(lookup.person, "for support, without a line",
         replace(_SUBJECT, line=None, lines=[], orders=[], unsent=[],
                 person=replace(_LIN, blocked=True)), Role.SUPPORT),
    page(lookup.person, "who had their data deleted",
         replace(_SUBJECT, line=None, lines=[], unsent=[],
                 person=replace(_LIN, id=FIRST_PSEUDONYM + 5, name="", blocked=True)),
         Role.FINANCE),
    page(lookup.line, "nobody holds it now", replace(_LINE, holder=None, former=_LIN)),
    page(lookup.line, "nobody ever held it",
         replace(_LINE, holder=None, reading=None, plan=None)),
    page(lookup.movements, "", _LINE, _ZONE),
    *(page(words.reason_name, each, each) for each in _REASONS),
    page(lookup.order, "above what support may refund", _UNDER_WAY, Role.SUPPORT,
         Deed.REFUND_ABOVE_LIMIT, _ZONE),
    page(lookup.order, "", _UNDER_WAY, Role.FINANCE, Deed.REFUND, _ZONE),
    page(lookup.order, "in review", _LOST, Role.SUPPORT, Deed.REFUND_ABOVE_LIMIT, _ZONE),
    page(serving.surely_refund, "", _UNDER_WAY),
    page(serving.refund_asked, ""),
    page(serving.looking, ""),
    page(serving.ask_credit, "", _LINE, "draft", None),
    page(serving.ask_credit, "not readable", _LINE, "draft", said(serving.no_credit)),
    page(serving.ask_credit, "too much", _LINE, "draft",
         said(serving.credit_out_of_range, AmountOutOfRange(yuan(10), yuan(2000)))),
    page(serving.surely_credit, "", _LINE, yuan(20), "周五无信号", "token", "draft"),
    page(serving.credit_done, "", yuan(20)),
    page(serving.ask_words, "", _SUBJECT, "draft", None),
    page(serving.ask_words, "too long", _SUBJECT, "draft", said(serving.no_words, 1000)),
    page(serving.surely_write, "", _SUBJECT, "已为您补偿。", "token", "draft"),
    page(serving.words_sent, ""),
    page(serving.credited, "to the subscriber", yuan(20), "周五无信号"),
    page(serving.written, "to the subscriber", "已为您补偿。"),
    page(waiting.waiting, "",
         [Waiting(kind, ORDER.id, NOW - timedelta(hours=2))
          for kind in ("review", "delayed", "refund", "dispute")]
         + [Waiting("support", None, NOW, 3, "林晓")], 0, NOW),
    page(waiting.waiting, "nothing", [], 0, NOW),
    page(waiting.page, "", [(what, {"order": ORDER.id}) for what in _RAISED]),
    page(waiting.page, "the group", [(GROUP_UNREACHABLE, {"group": "-1001000009000"})]),
    page(operators.operators, "", [_OWNER, _SUPPORT], {9001: "Operator", 9002: None}, 0),
    page(operators.who, "", None),
    page(operators.who, "nobody", said(operators.nobody_named)),
    page(operators.person, "", 9002, "Support", _SUPPORT),
    page(operators.person, "somebody unknown", 1003, None, None),
    *(page(operators.surely, role, 9002, "Support", role) for role in Role),
    page(operators.surely, "take it away", 9002, "Support", None),
    page(operators.appointed, "", 9002, Role.FINANCE),
    page(operators.appointed, "taken away", 9002, None),
    page(operators.left, ""),
    page(operators.told, "", Role.FINANCE),
    page(audit.audit, "",
         AuditPage(_ENTRIES, {9001: "Operator", 1003: "Omar"}, {1: LINE}, 0, 2, _ZONE)),
    page(audit.audit, "nothing yet", AuditPage([], {}, {}, 0, 0, _ZONE)),
]  # fmt: skip
