"""The subscriber's own: settings, lines, notifications, ways to pay, auto-renewal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.domain.auto_renewal import AutoRenewal, Missed
from bot.domain.line import Msisdn
from bot.domain.order import OrderStatus
from bot.domain.payment import PaymentMethod, Way
from bot.domain.preferences import AlertKind, Preferences
from bot.services.auto_renew import OwnRenewal
from bot.services.card_port import KeptCard
from bot.services.choose_method import OwnWays, ways_by
from bot.services.forget_subscriber import Outlook
from bot.services.platform import SavedCard
from handlers.screens import auto_renewal, methods, notifications, own_data, settings
from tests.handlers.facts import (
    ENDS_AT,
    LINE,
    MONTHLY,
    NOW,
    QUARTERLY,
    card,
    yuan,
)
from tests.handlers.gallery.page import Page, page

VISA: Final = KeptCard(7, 1001, SavedCard("pm_1", "cus_1", "visa", "4242", 12, 2030), NOW)
_OLD: Final = KeptCard(8, 1001, SavedCard("pm_2", "cus_1", "unionpay", "0005", 10, 2026), NOW)
_HOSTED: Final = [PaymentMethod.CARD, PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY]
_WALLET, _BY_VISA = Way(PaymentMethod.WALLET), Way(PaymentMethod.CARD, VISA.id)
_AGREED: Final = AutoRenewal(LINE.id, 1001, "M30", yuan(199), _WALLET, NOW, ENDS_AT)
_SECOND: Final = replace(LINE, id=2, msisdn=Msisdn("+85261001003"), name="妈妈")
_QUIET: Final = Preferences(1001)
_LESS: Final = Preferences(
    1001, promotions=True, quiet=None, time_zone="Europe/Paris",
    muted=frozenset({AlertKind.MOST_USED}),
)  # fmt: skip
_DEARER: Final = replace(MONTHLY, price=yuan(209))
_GOES: Final = Outlook([], is_operator=False, wallets=[(LINE, yuan(236))], cards=1, orders=2)
_DUE: Final = replace(_AGREED, announced_price=yuan(199))


def _ways(default: Way | None, *cards: KeptCard) -> OwnWays:
    ways = ways_by([PaymentMethod.WALLET, *_HOSTED], cards, NOW)
    return OwnWays(LINE, ways, list(cards), default, NOW)


def _own(renewal: AutoRenewal | None = None, **other: Any) -> OwnRenewal:
    plan = MONTHLY if renewal is not None else None
    plans, ways = [MONTHLY, QUARTERLY], [_WALLET, _BY_VISA]
    return replace(OwnRenewal(LINE, renewal, plan, plans, ways, [VISA], ENDS_AT, NOW), **other)


PAGES: Final[list[Page]] = [
    page(settings.settings, ""),
    page(settings.languages, ""),
    page(settings.line_list, "", [LINE, _SECOND], LINE),
    page(settings.line_list, "none", [], None),
    page(settings.unlink, "", LINE),
    page(own_data.ask_to_forget, "", _GOES),
    page(own_data.ask_to_forget, "nothing was ever bought", replace(_GOES, wallets=[], orders=0)),
    page(own_data.ask_to_forget, "an order is under way",
         replace(_GOES, under_way=["LEB-2611-8K3F"])),
    page(own_data.ask_to_forget, "an operator", replace(_GOES, is_operator=True)),
    page(own_data.forgotten, ""),
    page(own_data.document_caption, ""),
    page(notifications.notifications, "", _QUIET, LINE),
    page(notifications.notifications, "changed", _LESS, LINE),
    page(notifications.alerts, "", _LESS, None, several=False),
    page(notifications.alerts, "of one of several lines", _QUIET, _SECOND, several=True),
    page(notifications.alert_lines, "", [LINE, _SECOND]),
    page(notifications.quiet_hours, "", _QUIET, LINE),
    page(notifications.zones, "", _LESS, LINE),
    page(notifications.name_line, "", LINE),
    page(notifications.name_line, "it has a name", _SECOND),
    page(methods.methods, "", _ways(_BY_VISA, VISA)),
    page(methods.methods, "an expired card", _ways(None, _OLD)),
    page(methods.cards, "", _ways(None, VISA, _OLD)),
    page(methods.forget_card, "", VISA),
    page(auto_renewal.auto_renewal, "off", _own()),
    page(auto_renewal.auto_renewal, "off, no plan can be renewed so", _own(plans=[])),
    page(auto_renewal.auto_renewal, "on", _own(_AGREED)),
    page(auto_renewal.auto_renewal, "only a reminder", _own(replace(_AGREED, way=None))),
    page(auto_renewal.auto_renewal, "its plan is withdrawn", _own(_AGREED, plan=None)),
    page(auto_renewal.auto_renewal, "nothing runs",
         _own(replace(_AGREED, end_at=None), covered_until=None)),
    page(auto_renewal.auto_renewal, "this time is done",
         _own(replace(_AGREED, done_end_at=ENDS_AT))),
    page(auto_renewal.choose_way, "", _own(), MONTHLY),
    page(auto_renewal.ask, "", _own(), MONTHLY, _BY_VISA),
    page(auto_renewal.ask, "a reminder", _own(), MONTHLY, None),
    page(auto_renewal.ahead, "", _DUE, MONTHLY, LINE, [VISA], yuan(236)),
    page(auto_renewal.ahead, "a wallet that is short, another price",
         replace(_DUE, announced_price=yuan(209)), _DEARER, LINE, [VISA],
         yuan(36)),
    page(auto_renewal.renewed, "",
         card(status=OrderStatus.FULFILLING, paid_at=NOW + timedelta(minutes=1),
              paid_with="wallet")),
    *(page(auto_renewal.missed, why, _DUE, _DEARER, LINE, why) for why in Missed),
]  # fmt: skip
