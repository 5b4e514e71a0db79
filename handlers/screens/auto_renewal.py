"""Auto-renewal: what is agreed to, what is announced, and what did not happen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.auto_renewal import CHARGED_BEFORE, AutoRenewal, Missed
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.payment import PaymentMethod, Way
from bot.domain.plan import Plan
from bot.services.auto_renew import OwnRenewal
from bot.services.card_port import KeptCard
from bot.services.read_orders import OrderCard
from handlers.buttons import Action, Press
from handlers.html import Html, bold, lines
from handlers.screens import format as f
from handlers.screens import goods
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.screens.ways import method_name, way_label, way_name
from handlers.texts import Texts

REMINDER: Final = "remind"
"""Names the way by which nothing is charged."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def auto_renewal(t: Texts, own: OwnRenewal, note: Html | None = None) -> Screen:
    """As it is for the line: off with the plans to choose from, or on with what comes next."""
    if own.renewal is None:
        return _off(t, own, note)
    renewal, line_id = own.renewal, own.line.id
    turn_off = Key(t.plain("⏹ Turn off"), Press(Action.AUTO_OFF, number=line_id))
    return Screen(
        lines(
            note,
            bold(t("♻️ Auto-renewal is on · {line}", line=f.tail(own.line.msisdn))),
            _agreed(t, own, renewal),
            _next(t, own, renewal) if own.plan is not None else None,
            t("To change the plan or the way to pay, tap a plan.") if own.plans else None,
        ),
        rows(_plan_keys(t, own), [turn_off], [_back(t, Press(Action.SETTINGS))]),
        shows="auto-renewal",
        subject=str(line_id),
    )


def _off(t: Texts, own: OwnRenewal, note: Html | None) -> Screen:
    hint = t("Choose the plan:") if own.plans else t("No plan can be renewed by itself right now.")
    return Screen(
        lines(
            note,
            bold(t("♻️ Auto-renewal is off · {line}", line=f.tail(own.line.msisdn))),
            t("Turned on, your next plan is paid one day before all that the line has ends. Three "
              "days before you are told: you can skip it, or turn it off."),
            hint,
        ),
        rows(_plan_keys(t, own), [_back(t, Press(Action.SETTINGS))]),
        shows="auto-renewal",
        subject=str(own.line.id),
    )  # fmt: skip


def choose_way(t: Texts, own: OwnRenewal, plan: Plan) -> Screen:
    named, line_id = _named(plan), own.line.id
    keys = [
        Key(way_label(t, way, own.cards), Press(Action.AUTO_WAY, named, line_id, way.name))
        for way in own.ways
    ]
    remind = Press(Action.AUTO_WAY, named, line_id, REMINDER)
    keys.append(Key(t.plain("🔔 Remind me only"), remind))
    return Screen(
        lines(
            bold(t("How is {plan} to be paid each time?", plan=plan.name(t.language))),
            t("From the wallet or with a kept card. Alipay, WeChat Pay and a card that is not kept "
              "cannot be charged by themselves: for them you can have a reminder."),
        ),
        rows(*abreast(keys, 2), [_back(t, Press(Action.AUTO, number=line_id))]),
        shows="auto-renewal way",
        subject=str(line_id),
    )  # fmt: skip


def ask(t: Texts, own: OwnRenewal, plan: Plan, way: Way | None, hint: Html | None = None) -> Screen:
    """What is agreed to: the plan and its price, when, from which, how to stop."""
    named, line_id = _named(plan), own.line.id
    stop = t("Stop any time: here, or in the message that comes three days before.")
    if way is None:
        terms = [t("Three days before all that the line has ends, you get a reminder with the way "
                   "to renew. Nothing is charged.")]  # fmt: skip
        title = t("Have a reminder?")
    else:
        title = t("Turn on auto-renewal?")
        terms = [
            _when(t, own),
            t("Pay with: {method}", method=way_name(t, way, own.cards)),
            t("Your best coupon is taken off by itself. Should the price change, you are told "
              "before."),
        ]  # fmt: skip
    detail = REMINDER if way is None else way.name
    on = Key(t.plain("♻️ Turn on"), Press(Action.AUTO_ON, named, line_id, detail), style="success")
    return Screen(
        lines(hint, bold(title), _offer(t, plan, own.line), *terms, stop),
        rows([on], [_back(t, Press(Action.AUTO_PLAN, named, line_id))]),
        shows="auto-renewal terms",
        subject=str(line_id),
    )


# ── what is told ──────────────────────────────────────────────────────────────────────────────────


def ahead(
    t: Texts,
    renewal: AutoRenewal,
    plan: Plan,
    line: Line,
    cards: list[KeptCard],
    wallet: Money,
) -> Screen:
    """Three days before, or as soon as it could be told."""
    charge_at, end_at = renewal.charge_at or _EPOCH, renewal.end_at or _EPOCH
    changed = None
    if renewal.announced_price not in {None, renewal.price}:
        changed = t("⚠️ The price has changed since you agreed: it was {old}, it is now {new}.",
                    old=f.money(t, renewal.price), new=f.money(t, plan.price))  # fmt: skip
    method = way_name(t, renewal.way, cards) if renewal.way is not None else ""
    short = None
    if renewal.way == Way(PaymentMethod.WALLET) and wallet < plan.price:
        short = t("⚠️ The wallet holds {amount} now: please top it up before.",
                  amount=f.money(t, wallet))  # fmt: skip
    return Screen(
        lines(
            bold(t("♻️ Your line renews by itself soon")),
            _offer(t, plan, line),
            changed,
            t("It is paid on {date} with: {method}.",
              date=f.moment(t, charge_at, line.reset_zone), method=method),
            short or t("Nothing to do, unless you would rather not."),
        ),
        rows(
            [
                Key(t.plain("⏭ Skip once"), Press(Action.AUTO_SKIP, _end_named(end_at), line.id)),
                Key(t.plain("⏹ Turn off"), Press(Action.AUTO_OFF, number=line.id)),
            ],
        ),
    )  # fmt: skip


def renewed(t: Texts, card: OrderCard) -> Screen:
    order = card.order
    return Screen(
        lines(
            bold(t("♻️ Renewed by itself")),
            goods.goods(t, order, card.plan, card.line),
            t("Paid {amount} with: {method}", amount=f.money(t, order.total),
              method=method_name(t, order.paid_with or "")),
            t("The network activates it now; you are told once it has."),
        ),
        rows(
            [
                Key(t.plain("🧾 Order"), Press(Action.CARD, order.id)),
                auto_key(t, order.line_id),
            ]
        ),
    )  # fmt: skip


def missed(t: Texts, renewal: AutoRenewal, plan: Plan | None, line: Line, why: Missed) -> Screen:
    """The one reminder: it is not tried again for this period."""
    end_at = renewal.end_at or _EPOCH
    is_missed = why is not Missed.ONLY_REMINDED
    title = t("🔔 Not renewed by itself") if is_missed else t("🔔 Time to renew")
    once = t("It is not tried again this time.") if is_missed else None
    ends = t("Line {line}: all that it has ends {date}.", line=f.tail(line.msisdn),
             date=f.day(t, end_at, line.reset_zone))  # fmt: skip
    return Screen(
        lines(bold(title), _why(t, renewal, plan, why), once, ends),
        rows(
            [
                Key(t.plain("🔄 Renew"), Press(Action.RENEW_LINE, number=line.id),
                    style="primary"),
                auto_key(t, line.id),
            ]
        ),
    )  # fmt: skip


def auto_key(t: Texts, line_id: int) -> Key:
    """The way to the auto-renewal of that line."""
    return Key(t.plain("♻️ Auto-renewal"), Press(Action.AUTO, number=line_id))


def _why(  # noqa: PLR0911 - a sentence each
    t: Texts, renewal: AutoRenewal, plan: Plan | None, why: Missed
) -> Html | None:
    match why:
        case Missed.ONLY_REMINDED:
            return None
        case Missed.TOO_LATE:
            return t("There was no time left to announce the charge a day before. Nothing was "
                     "charged.")  # fmt: skip
        case Missed.WITHDRAWN:
            return t("The plan is no longer sold. Nothing was charged.")
        case Missed.PRICE_CHANGED:
            old, new = renewal.announced_price or renewal.price, plan.price if plan else None
            return t("The price has changed since it was announced: it was {old}, it is now {new}. "
                     "Nothing was charged.", old=f.money(t, old),
                     new=f.money(t, new or old))  # fmt: skip
        case Missed.SHORT_WALLET:
            return t("Your wallet holds less than the plan costs. Nothing was charged.")
        case Missed.CARD_GONE:
            return t("The card has expired or was removed. Nothing was charged.")
        case Missed.CARD_DECLINED:
            return t("Your bank declined the card. Nothing was charged.")
        case Missed.NEEDS_HOLDER:
            return t("Your bank lets the card be charged only with you there. Nothing was charged.")
        case Missed.NOT_CHARGED:
            return t("The card could not be charged. Nothing was charged.")


# ── parts ─────────────────────────────────────────────────────────────────────────────────────────


def _plan_keys(t: Texts, own: OwnRenewal) -> list[Key]:
    return [
        Key(f"♻️ {plan.name(t.language)}", Press(Action.AUTO_PLAN, _named(plan), own.line.id))
        for plan in own.plans
    ]


def _agreed(t: Texts, own: OwnRenewal, renewal: AutoRenewal) -> Html:
    if own.plan is None:
        return t("⚠️ The plan is no longer sold: please choose another one.")
    if renewal.way is None:
        return t("{plan}: only a reminder, nothing is charged", plan=own.plan.name(t.language))
    return t(
        "{plan}, {price}, paid with: {method}",
        plan=own.plan.name(t.language),
        price=f.money(t, own.plan.price),
        method=way_name(t, renewal.way, own.cards),
    )


def _next(t: Texts, own: OwnRenewal, renewal: AutoRenewal) -> Html:
    zone = own.line.reset_zone
    renewal = renewal.until(own.covered_until, own.now)
    if renewal.end_at is None or renewal.end_at <= own.now:
        return t("Nothing runs now: renew by hand, and the next time it goes by itself.")
    if renewal.is_done:
        return t("Nothing more is charged before {date}, when what you have now ends. After that "
                 "it goes by itself again.", date=f.day(t, renewal.end_at, zone))  # fmt: skip
    if renewal.way is None:
        remind_at = renewal.end_at - timedelta(days=3)
        return t("You are reminded on {date}.", date=f.day(t, remind_at, zone))
    charge_at = renewal.charge_at or renewal.end_at
    return t("It is paid on {date} next; you are told three days before what you have ends.",
             date=f.day(t, charge_at, zone))  # fmt: skip


def _when(t: Texts, own: OwnRenewal) -> Html:
    end_at = own.covered_until
    if end_at is None or end_at - CHARGED_BEFORE <= own.now:
        return t("It is paid one day before all that the line has by then ends.")
    charge_at = end_at - CHARGED_BEFORE
    return t("It is paid on {date} for the first time: one day before all that the line has ends.",
             date=f.day(t, charge_at, own.line.reset_zone))  # fmt: skip


def _offer(t: Texts, plan: Plan, line: Line) -> Html:
    return t("{plan}, {days} · {line}: {price}", plan=plan.name(t.language),
             days=f.days(t, plan.days), line=f.tail(line.msisdn),
             price=bold(f.money(t, plan.price)))  # fmt: skip


def _named(plan: Plan) -> str:
    """The plan in its version: what is agreed to is what was shown."""
    return f"{plan.code}@{plan.version}"


def plan_named(name: str) -> tuple[str, int]:
    """The plan's code and version; version 0 for what names none."""
    code, _, version = name.rpartition("@")
    known = version.isascii() and version.isdecimal() and len(version) <= 9
    return code, int(version) if known else 0


def _end_named(end_at: datetime) -> str:
    return str(int((end_at - _EPOCH).total_seconds()))


def end_named(name: str) -> datetime:
    """The instant that a button names; long ago for what names none."""
    known = name.isascii() and name.isdecimal() and len(name) <= 10
    return _EPOCH + timedelta(seconds=int(name) if known else 0)


def _back(t: Texts, press: Press) -> Key:
    return Key(t.plain("◀ Back"), press)
