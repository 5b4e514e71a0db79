"""The words for what stands in an order's history and in the audit under a name of the program.

A name without a word here, such as a plan's own field of an older version, is shown as it is.
"""

from __future__ import annotations

from typing import Any, Final

from bot.domain.errors import (
    AuthFailed,
    InvalidRequest,
    NotFound,
    OutOfFunds,
    OutOfStock,
    PriceChanged,
    RateLimited,
    Unavailable,
    WrongState,
)
from bot.domain.operator import Role
from bot.domain.order import PAYMENT_UNHEARD, OrderEvent, OrderStatus
from bot.services.fulfil_order import NOT_THEIR_LINE, REFUSED, SILENT
from bot.services.refund_order import REFUND_FAILED
from handlers.html import Html, code
from handlers.screens.desk.roles import role_name
from handlers.texts import Texts, languages

QUOTE: Final = "quote"
"""The first event of every order."""
_NAMED: Final = frozenset(
    {
        *("status", "purchases", "does", "audience", "cycle", "on_sale", "category", "case"),
        *("first", "once", "offered", "starts", "clock", "content"),
    }
)
"""The fields whose values are names of the program."""


def status_name(t: Texts, status: OrderStatus) -> Html:
    return {
        OrderStatus.QUOTED: t("a quote"),
        OrderStatus.AWAITING_PAYMENT: t("waiting for payment"),
        OrderStatus.PAID: t("paid, activating"),
        OrderStatus.FULFILLING: t("activating"),
        OrderStatus.FULFILLED: t("delivered"),
        OrderStatus.REVIEW: t("in review"),
        OrderStatus.REFUNDING: t("being refunded"),
        OrderStatus.REFUNDED: t("refunded"),
        OrderStatus.CANCELLED: t("cancelled"),
        OrderStatus.EXPIRED: t("expired"),
    }[status]


def event_name(t: Texts, event: str) -> Html | str:
    """What happened to an order; ``event`` as the store keeps it."""
    return {
        QUOTE: t("price shown"),
        OrderEvent.CONFIRM: t("confirmed"),
        OrderEvent.CANCEL: t("cancelled by the subscriber"),
        OrderEvent.EXPIRE: t("not paid in time"),
        OrderEvent.PAY: t("payment came"),
        OrderEvent.PAY_MISMATCHED: t("another amount came"),
        OrderEvent.PAY_LATE: t("payment came late"),
        OrderEvent.PAY_TOO_LATE: t("payment came too late"),
        OrderEvent.SUBMIT: t("sent to the carrier"),
        OrderEvent.ACTIVATE: t("carrier has activated"),
        OrderEvent.REJECT: t("carrier has refused"),
        OrderEvent.LOSE_TRACK: t("carrier does not answer"),
        OrderEvent.REFUND: t("refund begun"),
        OrderEvent.REFUND_DONE: t("money went back"),
        OrderEvent.REFUND_FAILED: t("refund failed"),
        OrderEvent.RETRY: t("tried again"),
    }.get(event, event)


def reason_name(t: Texts, reason: str) -> Html:
    """Why an order is where it is; what a carrier says of it stands as it was said."""
    known = {
        "by_subscriber": t("the subscriber wanted it back"),
        "by_operator": t("taken back by an operator"),
        NOT_THEIR_LINE: t("the line is somebody else's by now"),
        SILENT: t("the carrier did not answer"),
        REFUSED: t("the carrier refuses the operator's account"),
        REFUND_FAILED: t("the money could not be sent back"),
        PAYMENT_UNHEARD: t("nothing more was heard of its payment"),
        "not_submitted": t("the carrier never had it"),
        "rejected": t("the carrier has refused it"),
        "paid_too_late": t("paid after it had closed"),
        "other_amount": t("another amount came than was asked for"),
        "other_payer": t("somebody else has paid"),
        InvalidRequest.__name__: t("the carrier cannot read the request"),
        NotFound.__name__: t("the carrier does not know the line or the plan"),
        AuthFailed.__name__: t("the carrier refuses our credentials"),
        OutOfFunds.__name__: t("our account at the carrier is empty"),
        OutOfStock.__name__: t("sold out at the carrier"),
        PriceChanged.__name__: t("the carrier has changed its price"),
        WrongState.__name__: t("the line cannot take it at the carrier"),
        RateLimited.__name__: t("the carrier had too much to do"),
        Unavailable.__name__: t("the carrier was out of reach"),
    }.get(reason)
    return known or t("the carrier says: {words}", words=code(reason))


def field_name(t: Texts, key: str) -> str:
    """What a deed changed."""
    return {
        "role": t.plain("role"),
        "case": t.plain("case"),
        "status": t.plain("state"),
        "amount": t.plain("amount"),
        "wallet": t.plain("wallet"),
        "reason": t.plain("reason"),
        "characters": t.plain("characters"),
        "purchases": t.plain("purchases"),
        "does": t.plain("action"),
        "recipients": t.plain("recipients"),
        "audience": t.plain("audience"),
        "which": t.plain("which"),
        "category": t.plain("sort"),
        "starts": t.plain("starts"),
        "clock": t.plain("clock"),
        "words": t.plain("words"),
        "language": t.plain("language"),
        "content": t.plain("form"),
        "position": t.plain("place"),
        "on_sale": t.plain("on sale"),
        "code": t.plain("code"),
        "cycle": t.plain("cycle"),
        "days": t.plain("days"),
        "price": t.plain("price"),
        "stars": t.plain("price in Stars"),
        **{each: t.plain("name in {language}", language=t.name_of(each)) for each in languages()},
        "cap": t.plain("high speed, GB"),
        "rate": t.plain("slowed to, kbit/s"),
        "zone": t.plain("resets in"),
        "countries": t.plain("countries"),
        "off": t.plain("takes off"),
        "uses": t.plain("uses"),
        "ends": t.plain("until"),
        "minimum": t.plain("minimum"),
        "plans": t.plain("plans"),
        "first": t.plain("first renewal only"),
        "once": t.plain("once a subscriber"),
        "offered": t.plain("shown to everybody"),
    }.get(key, key)


def value_name(t: Texts, key: str, value: Any) -> str:
    """What it was or is, in words where the field's values are names."""
    said = str(value)
    if key == "role" and said in set(Role):
        return role_name(t, Role(said))
    if key == "status" and said in set(OrderStatus):
        return str(status_name(t, OrderStatus(said)))
    if key == "language":
        return t.name_of(said)
    if key == "plans":
        return t.plain(", ").join(_values(t).get(each, each) for each in said.split())
    return _values(t).get(said, said) if key in _NAMED else said


def term(t: Texts, key: str, value: str) -> Html:
    """A term as it is written, with what it means where its name does not say so."""
    written, meaning = code(f"{key} {value}"), field_name(t, key)
    if meaning == key:
        return written
    return t("{written} · {meaning}", written=written, meaning=meaning)


def _values(t: Texts) -> dict[str, str]:
    return {
        "True": t.plain("yes"),
        "False": t.plain("no"),
        "yes": t.plain("yes"),
        "refund asked": t.plain("refund asked for"),
        "open": t.plain("open"),
        "closed": t.plain("closed"),
        "paused": t.plain("paused"),
        "draft": t.plain("draft"),
        "scheduled": t.plain("scheduled"),
        "planning": t.plain("getting ready"),
        "running": t.plain("being sent"),
        "done": t.plain("done"),
        "stopped": t.plain("stopped"),
        "news": t.plain("news"),
        "promotion": t.plain("promotion"),
        "at once": t.plain("at once"),
        "readers": t.plain("the readers'"),
        "text": t.plain("text"),
        "photo": t.plain("photo"),
        "video": t.plain("video"),
        "document": t.plain("file"),
        "send": t.plain("send"),
        "correct": t.plain("correct"),
        "recall": t.plain("recall"),
        "pause": t.plain("pause"),
        "resume": t.plain("go on"),
        "stop": t.plain("stop"),
        "all": t.plain("everybody"),
        "plan": t.plain("by plan"),
        "ending": t.plain("plan ends soon"),
        "lapsed": t.plain("plan has ended"),
        "language": t.plain("by language"),
        "country": t.plain("by country"),
        "never": t.plain("never renewed"),
        "number": t.plain("one number"),
        "daily": t.plain("daily"),
        "monthly": t.plain("monthly"),
        "quarterly": t.plain("quarterly"),
    }
