"""The words for what stands in an order's history and in the audit under a name of the program.

A name without a word here, such as a plan's own field of an older version, is shown as it is.
"""

from __future__ import annotations

from typing import Any

from bot.domain.operator import Role
from bot.domain.order import OrderEvent, OrderStatus
from handlers.html import Html
from handlers.screens.desk.roles import role_name
from handlers.texts import Texts, languages


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
        "quote": t("price shown"),
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
    match key:
        case "role" if said in set(Role):
            return role_name(t, Role(said))
        case "status" if said in set(OrderStatus):
            return str(status_name(t, OrderStatus(said)))
        case "status" | "purchases" | "does" | "audience" | "cycle" | "on_sale" | "category":
            return _values(t).get(said, said)
        case "language":
            return t.name_of(said)
        case "case" | "first" | "once" | "offered" | "starts" | "clock" | "content":
            return _values(t).get(said, said)
        case _:
            return said


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
        "never": t.plain("never renewed"),
        "number": t.plain("one number"),
        "daily": t.plain("daily"),
        "monthly": t.plain("monthly"),
        "quarterly": t.plain("quarterly"),
    }
