"""Three live answers: each looks at the subscriber's own orders and line before it advises."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.fair_use import ServiceLevel
from bot.domain.line import LineStatus
from bot.domain.order import ACTIVATION_PROMISE, Order, OrderStatus
from bot.services.read_account import Account
from bot.services.read_orders import OrderCard
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, lines
from handlers.screens import format as f
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts


class Topic(StrEnum):
    CANNOT_RENEW = "renew"
    DATA_NOT_ARRIVED = "data"
    CHANGE_PLAN = "change"


def questions(t: Texts) -> Screen:
    return Screen(
        lines(
            bold(t("💬 Help")),
            t("What is it about? Each answer looks at your own orders first."),
            t(
                "/usage, /renew, /topup and /orders work at any time; /cancel leaves what is "
                "under way."
            ),
        ),
        rows(
            [Key(t.plain("🔄 I can't renew"), Press(Action.ANSWER, Topic.CANNOT_RENEW))],
            [Key(t.plain("📡 Data not arrived"), Press(Action.ANSWER, Topic.DATA_NOT_ARRIVED))],
            [Key(t.plain("✏️ Change my plan"), Press(Action.ANSWER, Topic.CHANGE_PLAN))],
            [_support(t), Key(t.plain("◀ Back"), Press(Action.HOME))],
        ),
        shows="faq",
    )


def cannot_renew(t: Texts, account: Account | None, latest: OrderCard | None) -> Screen:
    order = _open_key(t, latest) if latest is not None and latest.order.is_open else None
    renew = Key(t.plain("🔄 Renew"), Press(Action.RENEW), style="primary")
    return Screen(
        lines(
            bold(t("🔄 I can't renew")),
            _our_side(t, account, latest),
            t("1. Check that this phone is online, and switch from mobile data to Wi-Fi or back."),
            t("2. Restart Telegram, then the phone."),
            t("3. Try again, or pay another way."),
        ),
        rows([order or renew, _support(t)], [_back(t)]),
        shows="answer",
    )


def data_not_arrived(t: Texts, account: Account | None, latest: OrderCard | None) -> Screen:
    under_way = latest is not None and latest.order.status in {
        OrderStatus.PAID, OrderStatus.FULFILLING, OrderStatus.REVIEW,
    }  # fmt: skip
    advice = [] if under_way else [
        t("1. Turn on data roaming for this line in the phone's settings."),
        t("2. Turn airplane mode on and off again, or restart the phone."),
        t("3. Choose the line for mobile data if the phone has two."),
    ]  # fmt: skip
    refresh = None if account is None else Key(t.plain("🔁 Refresh"), Press(Action.REFRESH))
    return Screen(
        lines(bold(t("📡 Data not arrived")), _our_side(t, account, latest), *advice),
        rows(
            [_open_key(t, latest) if latest is not None else refresh, _support(t)],
            [_back(t)],
        ),
        shows="answer",
    )


def change_plan(t: Texts, account: Account | None, latest: OrderCard | None) -> Screen:
    unpaid = latest if latest is not None and latest.order.is_open else None
    return Screen(
        lines(
            bold(t("✏️ Change my plan")),
            t("A plan that was bought cannot be changed."),
            _unpaid_order(t, unpaid),
            _next_plan(t, account),
        ),
        rows(
            [
                _open_key(t, unpaid),
                Key(t.plain("🔄 Choose a plan"), Press(Action.RENEW), style="primary"),
            ],
            [_support(t), _back(t)],
        ),
        shows="answer",
    )


def _unpaid_order(t: Texts, unpaid: OrderCard | None) -> Html | None:
    if unpaid is None:
        return None
    return t(
        "Your last order {id} is not paid yet: cancel it and choose another plan.",
        id=code(unpaid.order.id),
    )


def _next_plan(t: Texts, account: Account | None) -> Html:
    """What can be done instead, and from when: after all that runs or waits already."""
    ends = [each.ends_at for each in account.queued] if account is not None else []
    if account is not None and account.ends_at is not None and account.ends_at > account.now:
        ends.append(account.ends_at)
    if account is None or not ends:
        return t("You can buy another plan now; it starts as soon as it is active.")
    starts = f.day(t, max(ends), account.line.reset_zone)
    return t("You can buy the next plan now; it starts by itself on {date}.", date=starts)


def _our_side(t: Texts, account: Account | None, latest: OrderCard | None) -> Html:
    """What we hold of the last order and the line: order first, since it explains the line."""
    if latest is not None and latest.order.status is not OrderStatus.FULFILLED:
        seen = _order_state(t, latest)
        if seen is not None:
            return seen
    if account is None:
        return t("What we see: no line is linked to this chat yet.")
    return t("What we see: {state}", state=_line_state(t, account))


def _order_state(t: Texts, card: OrderCard) -> Html | None:
    order = card.order
    name = code(order.id)
    match order.status:
        case OrderStatus.QUOTED | OrderStatus.AWAITING_PAYMENT:
            return t("What we see: order {id} waits for your payment.", id=name)
        case OrderStatus.PAID | OrderStatus.FULFILLING if _overdue(order, card):
            return t("What we see: order {id} is paid and takes longer than it should. Sorry! "
                     "Please write to support.", id=name)  # fmt: skip
        case OrderStatus.PAID | OrderStatus.FULFILLING:
            return t("What we see: order {id} is paid and being activated, usually within minutes. "
                     "You get a message here.", id=name)  # fmt: skip
        case OrderStatus.REVIEW:
            return t("What we see: a person is looking at order {id}; your payment is safe.",
                     id=name)  # fmt: skip
        case OrderStatus.REFUNDING | OrderStatus.REFUNDED:
            return t("What we see: order {id} could not be delivered; your money goes back.",
                     id=name)  # fmt: skip
        case _:
            return None


def _overdue(order: Order, card: OrderCard) -> bool:
    return order.paid_at is not None and card.now - order.paid_at >= ACTIVATION_PROMISE


def _line_state(t: Texts, account: Account) -> Html:
    if account.line.status is LineStatus.SUSPENDED:
        return t("the line is suspended at the network.")
    reading = account.reading
    if reading is None:
        return t("the network has not answered for this line yet.")
    age = f.ago(t, reading.as_of, account.now)
    match account.level:
        case ServiceLevel.HIGH_SPEED:
            return t("the line is active at high speed ({age}).", age=age)
        case ServiceLevel.THROTTLED:
            return t("the line is online at reduced speed; today's high speed is used up ({age}).",
                     age=age)  # fmt: skip
        case ServiceLevel.ENDED:
            return t("the plan has ended; renew to go online.")
        case ServiceLevel.UNKNOWN:
            return t("the network's last word is from {age}.", age=age)


def _open_key(t: Texts, card: OrderCard | None) -> Key | None:
    if card is None:
        return None
    return Key(t.plain("🧾 Order"), Press(Action.ORDER, card.order.id))


def _support(t: Texts) -> Key:
    return Key(t.plain("💬 Support"), Press(Action.SUPPORT))


def _back(t: Texts) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.FAQ))
