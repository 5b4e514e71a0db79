"""What an operator looks up: a person with a line, an order, a wallet's movements.

Operators read numbers in full: they compare them with what they are told on the phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.calendar import local_day
from bot.domain.forgetting import is_pseudonym
from bot.domain.operator import Deed, Role
from bot.domain.order import Order, OrderStatus, TopUp
from bot.domain.subscriber import Subscriber
from bot.services.desk_view_port import WalletLine
from bot.services.fulfil_order import LOST, UNDER_WAY
from bot.services.read_desk import DeskLine, Found, Subject
from bot.services.read_orders import OrderCard
from bot.services.refund_order import REFUND_FAILED
from bot.services.take_back_order import IN_FORCE
from bot.services.unit import OrderEventRow
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, escape, lines, narrow, short_name
from handlers.screens import format as f
from handlers.screens import goods
from handlers.screens.desk.home import desk_key
from handlers.screens.desk.words import QUOTE, event_name, reason_name, status_name
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.screens.ways import method_name
from handlers.texts import Texts

ASKING: Final = "look up"
"""What the panel shows while something to look for is awaited."""
CHOOSING: Final = "which one"
ORDER: Final = "desk order"


def ask(t: Texts, hint: Html | None) -> Screen:
    return Screen(
        lines(
            hint,
            bold(t("🔎 Look up")),
            t("Send an order's number, a phone number or its last 4 digits or more, a Telegram id, "
              "a part of a name, or a contact."),
        ),
        rows([desk_key(t)]),
        shows=ASKING,
    )  # fmt: skip


def only_words(t: Texts) -> Html:
    return t("I look for what you type.")


def nothing_found(t: Texts) -> Html:
    return t("Nothing was found.")


def choose(t: Texts, found: Found) -> Screen:
    people = [
        Key(f"👤 {narrow(person.name)}", Press(Action.PERSON, number=person.id))
        for person in found.people
    ]
    numbers = [
        Key(f"📱 {line.msisdn}", Press(Action.PERSON_LINE, number=line.id)) for line in found.lines
    ]
    listed = [t("{name} · {id}", name=short_name(each.name), id=code(each.id))
              for each in found.people]  # fmt: skip
    return Screen(
        lines(bold(t("🔎 Which one?")), *listed),
        rows(*abreast([*people, *numbers], 2), [_again(t), desk_key(t)]),
        shows=CHOOSING,
    )


def person(t: Texts, subject: Subject, role: Role, note: Html | None = None) -> Screen:
    who = subject.person
    orders = [Key(f"🧾 {order.id}", Press(Action.DESK_ORDER, order.id)) for order in subject.orders]
    others = [
        Key(f"📱 {f.tail(line.msisdn)}", Press(Action.PERSON_LINE, number=line.id))
        for line in subject.lines
        if subject.line is None or line != subject.line.line
    ]
    return Screen(
        lines(
            note,
            *_who(t, who),
            *(_line(t, subject.line) if subject.line is not None else [t("No line is linked.")]),
            *(_order_line(t, order) for order in subject.orders),
            *_unsent(t, subject),
        ),
        rows(
            *abreast(orders, 2),
            _acts(t, subject, role),
            [*others[:2], _again(t), desk_key(t)],
        ),
        shows="person",
        subject=str(who.id),
    )


def _who(t: Texts, who: Subscriber) -> list[Html | None]:
    if is_pseudonym(who.id):
        return [bold(t("🔏 Somebody who had their data deleted")), code(who.id)]
    return [
        bold(t("👤 {name}", name=short_name(who.name))),
        t("Telegram id {id}", id=code(who.id)),
        t("🚫 Has blocked the bot") if who.blocked else None,
    ]


def line(t: Texts, line: DeskLine, note: Html | None = None) -> Screen:
    """One that nobody holds now."""
    known = line.former if line.former is not None and not is_pseudonym(line.former.id) else None
    former = None
    if known is not None:
        former = Key(f"👤 {narrow(known.name)}", Press(Action.PERSON, number=known.id))
    return Screen(
        lines(
            note,
            *_line(t, line),
            t("Nobody has it linked now."),
            t("It was last linked by {name}.", name=short_name(known.name))
            if known is not None else None,
        ),
        rows(
            [Key(t.plain("📒 Ledger"), Press(Action.MOVEMENTS, number=line.line.id)), former],
            [_again(t), desk_key(t)],
        ),
        shows="line",
        subject=str(line.line.id),
    )  # fmt: skip


def movements(t: Texts, line: DeskLine, zone: ZoneInfo) -> Screen:
    listed = [_movement(t, each, zone) for each in line.movements]
    return Screen(
        lines(
            bold(t("📒 Wallet of {number}", number=line.line.msisdn)),
            t("Balance {amount}", amount=bold(f.money(t, line.wallet))),
            *(listed or [t("Nothing was booked yet.")]),
        ),
        rows([Key(t.plain("◀ Back"), Press(Action.PERSON_LINE, number=line.line.id))]),
        shows="movements",
        subject=str(line.line.id),
    )


def _movement(t: Texts, each: WalletLine, zone: ZoneInfo) -> Html:
    parts = [f.moment(t, each.posted_at, zone), bold(f.money(t, each.amount)), _kind(t, each.kind)]
    if each.order_id is not None:
        parts.append(code(each.order_id))
    return Html(" · ").join(parts)


def order(
    t: Texts, card: OrderCard, role: Role, refund: Deed, zone: ZoneInfo, note: Html | None = None
) -> Screen:
    """``refund``: which deed it is to refund this order; the key is shown to whom it is allowed."""
    order = card.order
    ours = order.status in IN_FORCE and order.reason != REFUND_FAILED and not card.is_cancelling
    can_retry = not isinstance(order.buys, TopUp) and (
        order.status in UNDER_WAY or (order.status is OrderStatus.REVIEW and order.reason in LOST)
    )
    give_back = Key(t.plain("↩️ Refund"), Press(Action.REFUND, order.id), style="danger")
    again = Key(t.plain("🔁 Retry"), Press(Action.RETRY, order.id))
    return Screen(
        lines(
            note,
            bold(t("🧾 Order {id}", id=code(order.id))),
            goods.goods(t, order, card.plan, card.line),
            t("Total {amount}", amount=bold(f.money(t, order.total))),
            _paid(t, order, zone),
            t("State: {state}", state=bold(state_name(t, order))),
            t("Reason: {reason}", reason=reason_name(t, order.reason)) if order.reason else None,
            t("Being cancelled at the carrier") if card.is_cancelling else None,
            *_steps(t, card.history[-8:], zone),
            _above_limit(t) if ours and role.may(Deed.REFUND) and not role.may(refund) else None,
        ),
        rows(
            [
                give_back if ours and role.may(refund) else None,
                again if can_retry and role.may(Deed.RETRY) else None,
            ],
            [
                Key(t.plain("👤 Person"), Press(Action.PERSON, number=order.subscriber_id)),
                _again(t),
                desk_key(t),
            ],
        ),
        shows=ORDER,
        subject=order.id,
    )  # fmt: skip


def _steps(t: Texts, history: Sequence[OrderEventRow], zone: ZoneInfo) -> list[Html]:
    """A day is named once: most orders are done within minutes."""
    told, day = list[Html](), None
    for step in history:
        at = step.happened_at
        is_new, day = local_day(at, zone) != day, local_day(at, zone)
        when = f.moment(t, at, zone) if is_new else f.clock_time(at, zone)
        told.append(_step(t, step, when))
    return told


def _step(t: Texts, step: OrderEventRow, when: Html) -> Html:
    event = event_name(t, step.event)
    if step.event == QUOTE:
        return t("{when} {event}", when=when, event=event)
    return t("{when} {event} → {state}", when=when, event=event,
             state=status_name(t, step.to_status))  # fmt: skip


def _above_limit(t: Texts) -> Html:
    return t("An amount like this is refunded by owners and finance.")


def state_name(t: Texts, order: Order) -> Html:
    if order.delayed and order.status in UNDER_WAY:
        return t("activating, delayed")
    return status_name(t, order.status)


def _paid(t: Texts, order: Order, zone: ZoneInfo) -> Html | None:
    if order.paid_at is None or order.paid_with is None:
        return None
    method = method_name(t, order.paid_with)
    if order.paid_by is not None:
        return t("Paid {when} · {method} · by {payer}, not by the subscriber",
                 when=f.moment(t, order.paid_at, zone), method=method,
                 payer=code(str(order.paid_by)))  # fmt: skip
    return t("Paid {when} · {method}", when=f.moment(t, order.paid_at, zone), method=method)


def _line(t: Texts, line: DeskLine) -> list[Html]:
    reading, own = line.reading, line.line
    plan = line.plan.name(t.language) if line.plan is not None else "–"
    if line.plan is None and reading is not None and reading.plan_code:
        plan = reading.plan_code
    until = reading.valid_until if reading is not None else None
    ends = t(" · ends {date}", date=f.day(t, until, own.reset_zone)) if until else escape("")
    return [
        t("📱 {number} · {plan}{ends}", number=code(own.msisdn), plan=plan, ends=ends),
        t("ICCID {iccid}", iccid=code(own.iccid or "–")),
        t("Balance {amount}", amount=bold(f.money(t, line.wallet))),
    ]


def _order_line(t: Texts, order: Order) -> Html:
    return t("{id} · {amount} · {state}", id=code(order.id), amount=f.money(t, order.total),
             state=state_name(t, order))  # fmt: skip


def _unsent(t: Texts, subject: Subject) -> list[Html]:
    if not subject.unsent:
        return []
    number = sum(each for _, each in subject.unsent)
    why = ", ".join(error.splitlines()[0][:60] for error, _ in subject.unsent[:3] if error)
    return [
        t.count("⚠️ {number} message was not delivered: {why}",
                "⚠️ {number} messages were not delivered: {why}", number, why=why or "?")
    ]  # fmt: skip


def _acts(t: Texts, subject: Subject, role: Role) -> list[Key | None]:
    ledger = credit = write = case = None
    if subject.line is not None:
        line_id = subject.line.line.id
        ledger = Key(t.plain("📒 Ledger"), Press(Action.MOVEMENTS, number=line_id))
        if role.may(Deed.CREDIT):
            credit = Key(t.plain("🎁 Credit"), Press(Action.CREDIT, number=line_id))
    if role.may(Deed.WRITE) and not is_pseudonym(subject.person.id):
        write = Key(t.plain("✉️ Write"), Press(Action.WRITE_TO, number=subject.person.id))
    if subject.case is not None and role.may(Deed.SEE_WAITING):
        case = Key(t.plain("💬 Case"), Press(Action.DESK_CASE, number=subject.case.id))
    return [ledger, credit, write, case]


def _kind(t: Texts, kind: str) -> Html:
    return {
        "opening_balance": t("opening balance"),
        "payment": t("payment"),
        "top_up": t("top-up"),
        "refund": t("refund"),
        "reversal": t("taken back"),
        "goodwill": t("credit"),
    }.get(kind) or escape(kind)


def _again(t: Texts) -> Key:
    return Key(t.plain("🔎 Look up"), Press(Action.LOOK_UP))
