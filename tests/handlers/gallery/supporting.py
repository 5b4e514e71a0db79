"""Support, on both sides of the counter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.operator import Role
from bot.domain.subscriber import Subscriber
from bot.domain.support import CaseReason, CaseStatus, SupportCase, Written
from bot.domain.support_hours import SupportHours
from bot.services.read_support import Attendance, CaseCard
from bot.services.support_requests import Failure
from handlers.screens import support
from handlers.screens.desk import support as desk
from handlers.screens.desk import topic
from tests.handlers.facts import LINE, NOW, ORDER, card
from tests.handlers.gallery.page import Page, page, said

_HOURS: Final = SupportHours.parse("mon-fri 09:00-18:00, sat 10:00-14:00")
_WAIT: Final = timedelta(minutes=20)
_ZONE: Final = ZoneInfo("Asia/Shanghai")
_OPEN: Final = Attendance(_HOURS, _ZONE, None, _WAIT)
_SHUT: Final = Attendance(_HOURS, _ZONE, NOW + timedelta(hours=18), _WAIT)
_ALWAYS: Final = Attendance(SupportHours(), _ZONE, None, _WAIT)
_CASE: Final = SupportCase(
    3, 1001, ORDER.id, CaseReason.ASKED, CaseStatus.OPEN, NOW - timedelta(hours=1), asked_at=NOW
)
_LIN: Final = Subscriber(1001, "林晓", "zh_Hans", language_chosen=False)
_MESSAGES: Final = [
    Written(8, "text", "上不了网。", NOW - timedelta(minutes=9)),
    *(Written(9, kind, None, NOW) for kind in ("photo", "voice", "document", "video", "sticker")),
]
_CARD: Final = CaseCard(_CASE, _LIN, LINE, "M30", card(), _MESSAGES, NOW)
_SILENT: Final = replace(_CARD, messages=[], order=None, line=None)

PAGES: Final[list[Page]] = [
    page(support.ask, "", _OPEN, None, None),
    page(support.ask, "about an order, nobody is here", _SHUT, ORDER.id, None),
    page(support.ask, "a case is open, no hours are told", _ALWAYS, None, _CASE),
    page(support.received, "", _OPEN),
    page(support.received, "nobody is here", _SHUT),
    page(support.closed, "", _CASE),
    page(support.reopened, "", _OPEN),
    page(support.edits_change_nothing, ""),
    page(desk.case, "", _CARD, Role.SUPPORT),
    page(desk.case, "nobody has written yet", _SILENT, Role.SUPPORT),
    page(desk.case, "closed", replace(_CARD, case=replace(_CASE, status=CaseStatus.CLOSED)),
         Role.SUPPORT, said(desk.closed)),
    page(topic.card, "", _CARD),
    page(topic.card, "an order takes too long", replace(
        _CARD, case=replace(_CASE, why=CaseReason.DELAYED, asked_at=None), messages=[]
    )),
    page(topic.closed, "", _CASE),
    page(topic.answered_at_desk, "", "Please restart the phone."),
    *(page(topic.not_delivered, why, why) for why in Failure if why is not Failure.GONE),
    *(page(each, "") for each in (
        topic.not_copied, topic.edits_stay, topic.commands, topic.nothing_open,
        topic.nothing_closed, topic.done, topic.in_private, topic.not_in_private,
    )),
]  # fmt: skip
