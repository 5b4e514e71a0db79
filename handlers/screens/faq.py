"""Three live answers: each looks at the subscriber's own orders and line before it advises."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from bot.domain.fair_use import ServiceLevel
from bot.domain.line import LineStatus
from bot.domain.order import ACTIVATION_PROMISE, Order, OrderStatus
from bot.services.read_account import Account
from bot.services.read_orders import OrderCard
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, escape, lines
from handlers.own_answers import OwnAnswer
from handlers.screens import format as f
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.texts import Texts


class Topic(StrEnum):
    CANNOT_RENEW = "renew"
    DATA_NOT_ARRIVED = "data"
    CHANGE_PLAN = "change"


_A_PAGE: Final = 6
_ABREAST: Final = 2
_LONGEST_LABEL: Final = 20


def questions(t: Texts, own: Sequence[OwnAnswer] = ()) -> Screen:
    asked = {each.name: each.question for each in own}
    live = [
        Key(_short(asked.get(topic, label)), Press(Action.ANSWER, topic))
        for topic, label in _labels(t).items()
    ]
    more = None
    if _others(own):
        more = Key(t.plain("📖 More questions"), Press(Action.MORE_QUESTIONS, number=0))
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
            *(live[:2], [*live[2:], more]) if more is not None else ([key] for key in live),
            [_support(t), Key(t.plain("◀ Back"), Press(Action.HOME))],
        ),
        shows="faq",
    )


def more_questions(t: Texts, own: Sequence[OwnAnswer], page: int) -> Screen:
    """The operator's own, so many on a page; the nearest page there is."""
    others = _others(own)
    last = max(0, (len(others) - 1) // _A_PAGE)
    page = min(page, last)
    shown = others[page * _A_PAGE : (page + 1) * _A_PAGE]
    further = None
    if last:
        following = 0 if page == last else page + 1
        further = Key(t.plain("▶ More"), Press(Action.MORE_QUESTIONS, number=following))
    keys = [Key(_short(each.question), Press(Action.ANSWER, each.name)) for each in shown]
    asked = [Html(f"• {escape(each.question)}") for each in shown]
    return Screen(
        lines(bold(t("📖 More questions")), *asked),
        rows(*abreast(keys, _ABREAST), [further, _back(t)]),
        shows="faq",
    )


def own_answer(t: Texts, own: OwnAnswer) -> Screen:
    return Screen(
        lines(bold(own.question), own.answer),
        rows([_support(t), Key(t.plain("◀ Back"), Press(Action.MORE_QUESTIONS, number=0))]),
        shows="answer",
    )


def cannot_renew(
    t: Texts, account: Account | None, latest: OrderCard | None, own: OwnAnswer | None = None
) -> Screen:
    order = _open_key(t, latest) if latest is not None and latest.order.is_open else None
    renew = Key(t.plain("🔄 Renew"), Press(Action.RENEW), style="primary")
    advice = [
        t("1. Check that this phone is online, and switch from mobile data to Wi-Fi or back."),
        t("2. Restart Telegram, then the phone."),
        t("3. Try again, or pay another way."),
    ]
    return Screen(
        lines(
            _title(t, Topic.CANNOT_RENEW, own),
            _our_side(t, account, latest),
            *_advice(advice, own),
        ),
        rows([order or renew, _support(t)], [_back(t)]),
        shows="answer",
    )


def data_not_arrived(
    t: Texts, account: Account | None, latest: OrderCard | None, own: OwnAnswer | None = None
) -> Screen:
    under_way = latest is not None and latest.order.status in {
        OrderStatus.PAID, OrderStatus.FULFILLING, OrderStatus.REVIEW,
    }  # fmt: skip
    advice = [] if under_way else _advice(
        [
            t("1. Turn on data roaming for this line in the phone's settings."),
            t("2. Turn airplane mode on and off again, or restart the phone."),
            t("3. Choose the line for mobile data if the phone has two."),
        ],
        own,
    )  # fmt: skip
    refresh = None if account is None else Key(t.plain("🔁 Refresh"), Press(Action.REFRESH))
    return Screen(
        lines(_title(t, Topic.DATA_NOT_ARRIVED, own), _our_side(t, account, latest), *advice),
        rows(
            [_open_key(t, latest) if latest is not None else refresh, _support(t)],
            [_back(t)],
        ),
        shows="answer",
    )


def change_plan(
    t: Texts, account: Account | None, latest: OrderCard | None, own: OwnAnswer | None = None
) -> Screen:
    unpaid = latest if latest is not None and latest.order.is_open else None
    return Screen(
        lines(
            _title(t, Topic.CHANGE_PLAN, own),
            *_advice([t("A plan that was bought cannot be changed.")], own),
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


def _labels(t: Texts) -> dict[Topic, str]:
    return {
        Topic.CANNOT_RENEW: t.plain("🔄 I can't renew"),
        Topic.DATA_NOT_ARRIVED: t.plain("📡 Data not arrived"),
        Topic.CHANGE_PLAN: t.plain("✏️ Change my plan"),
    }


def _short(question: str) -> str:
    """As it may stand on a key; above the keys, or the answer, it stands in full."""
    return question if len(question) <= _LONGEST_LABEL else f"{question[: _LONGEST_LABEL - 1]}…"


def _others(own: Sequence[OwnAnswer]) -> list[OwnAnswer]:
    """Those that are questions of their own, and have an answer."""
    return [each for each in own if each.name not in set(Topic) and each.answer is not None]


def _title(t: Texts, topic: Topic, own: OwnAnswer | None) -> Html:
    return bold(own.question if own is not None else _labels(t)[topic])


def _advice(built_in: list[Html], own: OwnAnswer | None) -> list[Html]:
    return built_in if own is None or own.answer is None else [own.answer]


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
