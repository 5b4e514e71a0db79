"""What a button says when it is pressed: typed, versioned, at most 64 bytes.

    v1:plan:M30        in place: the message that holds the button is edited
    v1:+home           anew: a fresh panel is sent below; for messages that tell what happened

A button names a thing (a plan, an order, a line), never a price, and the thing is looked up among
the presser's own rows. What does not parse, or is of another version, has expired.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

_VERSION: Final = "v1"
_ANEW: Final = "+"
_MOST_BYTES: Final = 64
"""The Bot API's limit of ``callback_data``."""


class Action(StrEnum):
    HOME = "home"
    REFRESH = "refresh"
    USAGE = "usage"
    CHART = "chart"
    CHART_DAYS = "span"
    CHART_CLOSE = "close"
    ANOTHER_NUMBER = "number"
    BROWSE = "browse"
    LINES = "lines"
    LINE = "line"
    UNLINK = "unlink"
    UNLINK_SURELY = "unlink!"
    RENEW = "renew"
    PLAN = "plan"
    DAYS = "days"
    ADVISE = "advise"
    TRIP_DATES = "dates"
    TRIP_DAYS = "trip"
    TRIPS = "trips"
    HISTORY = "history"
    CONFIRM = "confirm"
    METHODS = "methods"
    PAY = "pay"
    ASK_ANOTHER = "ask"
    END_LINKS = "unask"
    SHARED_ORDER = "shared_order"
    SHARED_ORDER_WAYS = "sharedways"
    SHARED_ORDER_CARD = "sharedcard"
    SHARED_ORDER_PAY = "sharedpay"
    AUTO = "auto"
    AUTO_PLAN = "autoplan"
    AUTO_WAY = "autoway"
    AUTO_ON = "autoon"
    AUTO_OFF = "autooff"
    AUTO_SKIP = "skip"
    RENEW_LINE = "renewline"
    WAYS = "ways"
    WAY = "way"
    KEPT_CARDS = "kept"
    FORGET_CARD = "forget"
    FORGET_CARD_SURELY = "forget!"
    PAGE_CODE = "qr"
    CANCEL = "cancel"
    TOP_UP = "topup"
    TOP_UP_AMOUNT = "amount"
    TOP_UP_FOR = "fill"
    COUPONS = "coupons"
    ORDER_COUPONS = "pick"
    COUPON = "coupon"
    ORDERS = "orders"
    ORDER = "order"
    CARD = "card"
    RECEIPT = "receipt"
    RECEIPT_FILE = "pdf"
    ORDERS_FILE = "csv"
    CANCEL_RENEWAL = "unbuy"
    CANCEL_RENEWAL_SURELY = "unbuy!"
    FAQ = "faq"
    ANSWER = "answer"
    MORE_QUESTIONS = "questions"
    SUPPORT = "support"
    SUPPORT_ABOUT = "supportfor"
    REOPEN_CASE = "reopen"
    SETTINGS = "settings"
    PRIVACY = "privacy"
    TERMS = "terms"
    OWN_DATA = "mydata"
    FORGET_ME = "forgetme"
    FORGET_ME_SURELY = "forgetme!"
    NOTIFICATIONS = "notify"
    PREFER = "prefer"
    ALERTS = "alerts"
    ALERT_LINES = "alertlines"
    ALERT_ON = "alerton"
    ALERT_OFF = "alertoff"
    QUIET_HOURS = "quiethours"
    QUIET = "quiet"
    ZONES = "zones"
    ZONE = "zone"
    NAME_LINE = "name"
    UNNAME_LINE = "unname"
    LANGUAGES = "languages"
    DESK = "desk"
    STATISTICS = "stats"
    STATISTICS_CHART = "statspic"
    STATISTICS_CLOSE = "statsout"
    AUDIT = "audit"
    OPERATORS = "staff"
    OPERATOR = "operator"
    ADD_OPERATOR = "appoint"
    ROLE = "role"
    ROLE_SURELY = "role!"
    DISMISS = "dismiss"
    DISMISS_SURELY = "dismiss!"
    LOOK_UP = "lookup"
    PERSON = "person"
    PERSON_LINE = "theirline"
    MOVEMENTS = "moved"
    DESK_ORDER = "deskorder"
    REFUND = "refund"
    REFUND_SURELY = "refund!"
    RETRY = "retry"
    CREDIT = "credit"
    CREDIT_SURELY = "credit!"
    WRITE_TO = "write"
    WRITE_SURELY = "write!"
    DESK_PLANS = "plans"
    DESK_PREVIEW = "preview"
    DESK_PLAN = "deskplan"
    PLAN_UP = "planup"
    PLAN_CHANGE = "planedit"
    PLAN_COPY = "plancopy"
    PLAN_SELL = "plansell"
    PLAN_WITHDRAW = "planout"
    PLAN_WITHDRAW_SURELY = "planout!"
    MAINTENANCE = "maintain"
    WAITING = "waiting"
    DESK_CASE = "case"
    CASE_MESSAGES = "casesent"
    CASE_CLOSE = "caseclose"
    CASE_REOPEN = "caseopen"
    DESK_COUPONS = "deskcoupons"
    DESK_COUPON = "deskcoupon"
    COUPON_NEW = "couponnew"
    COUPON_ISSUE = "couponissue"
    COUPON_STOP = "couponstop"
    COUPON_STOP_SURELY = "couponstop!"
    PAUSE_PURCHASES = "pause"
    OPEN_PURCHASES = "unpause"
    LANGUAGE = "language"
    OFFER = "offer"
    ANNOUNCE = "announce"
    ANNOUNCE_ANEW = "another"
    ANNOUNCE_WORDS = "words"
    ANNOUNCE_BUTTONS = "offers"
    ANNOUNCE_NO_BUTTONS = "nooffers"
    ANNOUNCE_AUDIENCE = "audience"
    ANNOUNCE_BY_PLAN = "byplan"
    ANNOUNCE_BY_LANGUAGE = "bylanguage"
    ANNOUNCE_BY_COUNTRY = "bycountry"
    ANNOUNCE_BY_NUMBER = "bynumber"
    ANNOUNCE_TO = "to"
    ANNOUNCE_TIME = "when"
    ANNOUNCE_AT_ONCE = "atonce"
    ANNOUNCE_LOCALLY = "locally"
    ANNOUNCE_SILENTLY = "silently"
    ANNOUNCE_CATEGORY = "category"
    ANNOUNCE_TEST = "test"
    ANNOUNCE_SEND = "go"
    ANNOUNCE_SURELY = "go!"
    ANNOUNCEMENTS = "told"
    ANNOUNCEMENTS_PAGE = "toldpage"
    ANNOUNCEMENT = "told1"
    ANNOUNCEMENT_FILE = "toldcsv"
    ANNOUNCEMENT_REST = "toldrest"
    HOLD = "hold"
    CORRECT = "correct"
    RECALL = "recall"
    RECALL_SURELY = "recall!"


_SHAPES: Final[dict[Action, tuple[type[str] | type[int], ...]]] = {
    Action.USAGE: (int,),
    Action.CHART_DAYS: (int,),
    Action.LINE: (int,),
    Action.UNLINK: (int,),
    Action.UNLINK_SURELY: (int,),
    Action.PLAN: (str,),
    Action.DAYS: (str, int),
    Action.TRIP_DAYS: (int,),
    Action.TRIPS: (str, int),
    Action.CONFIRM: (str, str),
    Action.METHODS: (str,),
    Action.PAY: (str, str),
    Action.ASK_ANOTHER: (str,),
    Action.END_LINKS: (str,),
    Action.SHARED_ORDER: (str,),
    Action.SHARED_ORDER_WAYS: (str,),
    Action.SHARED_ORDER_CARD: (str, str),
    Action.SHARED_ORDER_PAY: (str, str),
    Action.AUTO: (int,),
    Action.AUTO_PLAN: (str, int),
    Action.AUTO_WAY: (str, str, int),
    Action.AUTO_ON: (str, str, int),
    Action.AUTO_OFF: (int,),
    Action.AUTO_SKIP: (str, int),
    Action.RENEW_LINE: (int,),
    Action.WAY: (str, int),
    Action.FORGET_CARD: (int,),
    Action.FORGET_CARD_SURELY: (int,),
    Action.PAGE_CODE: (str,),
    Action.CANCEL: (str,),
    Action.TOP_UP_AMOUNT: (int,),
    Action.TOP_UP_FOR: (str,),
    Action.ORDER_COUPONS: (str,),
    Action.COUPON: (str, str),
    Action.ORDERS: (int,),
    Action.ORDER: (str,),
    Action.CARD: (str,),
    Action.RECEIPT: (str,),
    Action.RECEIPT_FILE: (str,),
    Action.CANCEL_RENEWAL: (str,),
    Action.CANCEL_RENEWAL_SURELY: (str,),
    Action.ANSWER: (str,),
    Action.MORE_QUESTIONS: (int,),
    Action.SUPPORT_ABOUT: (str,),
    Action.REOPEN_CASE: (int,),
    Action.PREFER: (str, int),
    Action.ALERTS: (int,),
    Action.ALERT_ON: (str, int),
    Action.ALERT_OFF: (str, int),
    Action.QUIET: (str,),
    Action.ZONE: (str,),
    Action.NAME_LINE: (int,),
    Action.UNNAME_LINE: (int,),
    Action.LANGUAGE: (str,),
    Action.STATISTICS: (int,),
    Action.AUDIT: (int,),
    Action.OPERATORS: (int,),
    Action.OPERATOR: (int,),
    Action.ROLE: (str, int),
    Action.ROLE_SURELY: (str, int),
    Action.DISMISS: (int,),
    Action.DISMISS_SURELY: (int,),
    Action.PERSON: (int,),
    Action.PERSON_LINE: (int,),
    Action.MOVEMENTS: (int,),
    Action.DESK_ORDER: (str,),
    Action.REFUND: (str,),
    Action.REFUND_SURELY: (str,),
    Action.RETRY: (str,),
    Action.CREDIT: (int,),
    Action.CREDIT_SURELY: (str,),
    Action.WRITE_TO: (int,),
    Action.WRITE_SURELY: (str,),
    Action.DESK_PLANS: (int,),
    Action.DESK_PLAN: (str,),
    Action.WAITING: (int,),
    Action.DESK_CASE: (int,),
    Action.CASE_MESSAGES: (int,),
    Action.CASE_CLOSE: (int,),
    Action.CASE_REOPEN: (int,),
    Action.DESK_COUPONS: (int,),
    Action.DESK_COUPON: (str,),
    Action.COUPON_ISSUE: (str,),
    Action.COUPON_STOP: (str,),
    Action.COUPON_STOP_SURELY: (str,),
    Action.PLAN_UP: (str,),
    Action.PLAN_CHANGE: (str,),
    Action.PLAN_COPY: (str,),
    Action.PLAN_SELL: (str,),
    Action.PLAN_WITHDRAW: (str,),
    Action.PLAN_WITHDRAW_SURELY: (str,),
    Action.OFFER: (int, str),
    Action.ANNOUNCE_WORDS: (str,),
    Action.ANNOUNCE_BY_COUNTRY: (int,),
    Action.ANNOUNCE_TO: (str, str),
    Action.ANNOUNCEMENTS_PAGE: (int,),
    Action.ANNOUNCEMENT: (int,),
    Action.ANNOUNCEMENT_FILE: (int,),
    Action.ANNOUNCEMENT_REST: (str, int),
    Action.HOLD: (str, int),
    Action.CORRECT: (str, int),
    Action.RECALL: (int,),
    Action.RECALL_SURELY: (int,),
}
"""What each action names; nothing where it is not listed."""


@dataclass(frozen=True, slots=True)
class Press:
    """``name`` is a code or id, ``number`` a count or a row's id, as the action wants them."""

    action: Action
    name: str = ""
    number: int = 0
    detail: str = ""
    anew: bool = False

    @property
    def data(self) -> str:
        """The button's ``callback_data``. Raises `ValueError` past 64 bytes."""
        texts, fields = iter((self.name, self.detail)), [str(self.action)]
        for kind in _SHAPES.get(self.action, ()):
            fields.append(str(self.number) if kind is int else next(texts))
        data = f"{_VERSION}:{_ANEW if self.anew else ''}{':'.join(fields)}"
        if len(data.encode()) > _MOST_BYTES:
            raise ValueError(f"a button's data has more than {_MOST_BYTES} bytes: {data}")
        return data

    def opening_anew(self) -> Press:
        return replace(self, anew=True)


@lru_cache(maxsize=1024)
def parse(data: str) -> Press | None:
    """The press that the data stands for, or None when it is none of ours (any more)."""
    version, _, rest = data.partition(":")
    if version != _VERSION:
        return None
    word, *fields = rest.removeprefix(_ANEW).split(":")
    try:
        action = Action(word)
    except ValueError:
        return None
    shape = _SHAPES.get(action, ())
    if len(fields) != len(shape):
        return None
    texts: list[str] = []
    number = 0
    for kind, field in zip(shape, fields, strict=True):
        if kind is str:
            texts.append(field)
        elif field.isascii() and field.isdecimal() and len(field) <= 18:
            number = int(field)
        else:
            return None
    name, detail = (*texts, "", "")[:2]
    return Press(action, name, number, detail, anew=rest.startswith(_ANEW))
