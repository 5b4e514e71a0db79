"""Renewing: the plans, the number of days, the quote to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.domain.money import STARS, Money
from bot.domain.order import OrderStatus
from bot.domain.payment import PaymentMethod, Way
from bot.domain.plan import BillingCycle, Plan
from bot.services.renew_line import Quote
from handlers.buttons import Action, Press
from handlers.html import Html, bold, lines
from handlers.screens import coupons, goods, top_up
from handlers.screens import format as f
from handlers.screens.orders import ask_key
from handlers.screens.screen import Key, Rows, Screen, abreast, rows
from handlers.screens.ways import way_label, way_name
from handlers.texts import Texts

_OFFERED_DAYS: Final = (1, 2, 3, 5, 7, 10, 14, 30)
_SIGNS: Final = {
    BillingCycle.DAILY: "📅",
    BillingCycle.MONTHLY: "🗓",
    BillingCycle.QUARTERLY: "📆",
}


def choose_plan(t: Texts, plans: Sequence[Plan], hint: Html | None = None) -> Screen:
    if not plans:
        text = lines(bold(t("No plan is on sale right now")), t("Please come back later."))
        return Screen(text, rows([_back(t)]), shows="plans")
    return Screen(
        lines(hint, *_price_list(t, plans), "", *_terms(t, plans[0])),
        rows(
            [
                Key(plan_label(t, plan), Press(Action.PLAN, plan.code))
                for plan in plans
            ],
            [Key(t.plain("🧭 Help me choose"), Press(Action.ADVISE))],
            [_back(t)],
        ),
        shows="plans",
    )  # fmt: skip


def browse_plans(t: Texts, plans: Sequence[Plan]) -> Screen:
    """The same prices for somebody who has no line here yet."""
    return Screen(
        lines(*_price_list(t, plans), "", *(_terms(t, plans[0]) if plans else [])),
        rows(
            [Key(t.plain("⌨️ Another number"), Press(Action.ANOTHER_NUMBER)), _back(t)],
        ),
        shows="browse",
    )


def choose_days(t: Texts, plan: Plan, hint: Html | None = None) -> Screen:
    most = plan.cycle.most_periods
    offered = [days for days in _OFFERED_DAYS if days <= most]
    keys = [
        Key(t.plain("{days} d", days=days), Press(Action.DAYS, plan.code, days)) for days in offered
    ]
    return Screen(
        lines(
            hint,
            bold(t("{plan}: how many days?", plan=plan.name(t.language))),
            t("{price} a day. Tap, or send a number from 1 to {most}.",
              price=f.money(t, plan.price), most=most),
        ),
        rows(keys[:4], keys[4:], [Key(t.plain("◀ Back"), Press(Action.RENEW))]),
        shows="days",
        subject=plan.code,
    )  # fmt: skip


def confirm(t: Texts, quote: Quote, way: Way | None, hint: Html | None = None) -> Screen:
    """``way``: the way to pay that was chosen, None for the proposed one."""
    chosen = quote.chosen(way)
    plan = quote.plan
    what = top_up.quote_lines(t, quote) if plan is None else _renewal_lines(t, quote, plan)
    return Screen(
        lines(
            hint,
            *what,
            _pays_with(t, quote, chosen),
            top_up.shortfall(t, quote),
            *_keeping(t, quote, chosen),
            *([] if plan is None else ["", *_terms(t, plan)]),
        ),
        _confirm_keys(t, quote, chosen),
        shows="confirm",
        subject=quote.order.id,
    )


def choose_method(t: Texts, quote: Quote) -> Screen:
    """The order again, which says that it cannot be paid, when no method is left since."""
    if not quote.ways:
        return confirm(t, quote, None)
    order = quote.order
    keys = [
        Key(way_label(t, each, quote.cards), Press(Action.CONFIRM, order.id, detail=each.name))
        for each in quote.ways
    ]
    default = Key(t.plain("📌 Default"), Press(Action.WAYS).opening_anew())
    proposed = quote.chosen(None) or quote.ways[0]
    back = Key(t.plain("◀ Back"), Press(Action.CONFIRM, order.id, detail=proposed.name))
    return Screen(
        lines(
            bold(t("How would you like to pay?")),
            t("Wallet balance {amount}", amount=f.money(t, quote.wallet)),
            _stars_hint(t, quote),
        ),
        rows(*abreast(keys, max(2, -(-len(keys) // 3))), [default, back]),
        shows="methods",
        subject=order.id,
    )


def _stars_hint(t: Texts, quote: Quote) -> Html | None:
    """Stars have a price of their own: nobody is to be surprised by it."""
    if quote.plan is None or Way(PaymentMethod.STARS) not in quote.ways:
        return None
    price = quote.plan.total_in(STARS, quote.order.renewal.periods)
    return None if price is None else t("In Telegram Stars: {amount}", amount=f.money(t, price))


def price_changed(t: Texts, amount: Money) -> Html:
    return t("The price has changed; it is now {amount}. Nothing was charged.",
             amount=f.money(t, amount))  # fmt: skip


def _price_list(t: Texts, plans: Sequence[Plan]) -> list[Html]:
    return [bold(t("Choose a plan (unlimited*)")), *(_priced(t, plan) for plan in plans)]


def _priced(t: Texts, plan: Plan) -> Html:
    in_money = t(
        "{sign} {plan} {price} = {daily} a day",
        sign=_SIGNS[plan.cycle],
        plan=bold(plan.name(t.language)),
        price=f.money(t, plan.price),
        daily=f.money(t, plan.price_per_day),
    )
    return in_money if plan.stars is None else Html(f"{in_money} · {f.money(t, plan.stars)}")


def _terms(t: Texts, plan: Plan) -> list[Html]:
    policy = plan.fair_use
    return [
        t(
            "*{cap} of high speed a day, then {rate} until the next day; {countries} countries; "
            "no hidden fees.",
            cap=f.gigabytes(t, policy.high_speed_cap_bytes),
            rate=f.rate(policy.base_rate_kbps),
            countries=plan.countries,
        ),
        t("A plan you bought cannot be changed; buy the next one any time, it follows by itself."),
    ]


def plan_label(t: Texts, plan: Plan) -> str:
    return f"{_SIGNS[plan.cycle]} {plan.name(t.language)}"


def _renewal_lines(t: Texts, quote: Quote, plan: Plan) -> list[Html]:
    order = quote.order
    daily = order.total.divided_by(order.renewal.days)
    return [
        bold(t("🛒 Confirm your order")),
        goods.goods(t, order, plan, quote.line),
        *coupons.price_lines(t, order),
        t("Total {amount} (all taxes included)", amount=bold(f.money(t, order.total))),
        t("That is {amount} a day", amount=f.money(t, daily)),
        _starts(t, quote),
    ]


def _starts(t: Texts, quote: Quote) -> Html:
    if quote.starts_at is None:
        return t("Starts as soon as it is active")
    day = f.day(t, quote.starts_at, quote.line.reset_zone)
    return t("Starts {date}, when what you have now ends", date=day)


def _pays_with(t: Texts, quote: Quote, chosen: Way | None) -> Html:
    if chosen is None:
        return t("⚠️ There is no way to pay this order right now.")
    if chosen.method is PaymentMethod.WALLET:
        return t("Pay with: wallet balance ({amount})", amount=f.money(t, quote.wallet))
    return t("Pay with: {method}", method=way_name(t, chosen, quote.cards))


def _keeping(t: Texts, quote: Quote, chosen: Way | None) -> list[Html]:
    """What is agreed to by having the card kept, before it is."""
    if chosen is None or not quote.offers(_other_choice(chosen)):
        return []
    if not chosen.keeps_card:
        return [t("The card is used this once and not kept.")]
    return [
        t("✔️ The card is kept for next time: its brand, last four digits and expiry here, the card "
          "itself at the payment platform. Remove it any time: /methods.")
    ]  # fmt: skip


def _keep_key(t: Texts, quote: Quote, chosen: Way | None) -> Key | None:
    """Only a page asks for a card that could be kept."""
    if chosen is None or not quote.offers(_other_choice(chosen)):
        return None
    label = t.plain("☑ Keep the card") if chosen.keeps_card else t.plain("☐ Keep the card")
    press = Press(Action.CONFIRM, quote.order.id, detail=_other_choice(chosen).name)
    return Key(label, press)


def _other_choice(chosen: Way) -> Way:
    return replace(chosen, keeps_card=not chosen.keeps_card)


def _confirm_keys(t: Texts, quote: Quote, chosen: Way | None) -> Rows:
    order = quote.order
    pay = other = None
    if chosen is not None:
        label = t.plain("✅ Pay {amount}", amount=f.money(t, order.total))
        pay = Key(label, Press(Action.PAY, order.id, detail=chosen.name), style="success")
    if len(quote.ways) > 1:
        other = Key(t.plain("💳 Pay another way"), Press(Action.METHODS, order.id))
    coupon = None
    if order.status is OrderStatus.QUOTED and quote.plan is not None:
        coupon = Key(t.plain("🎟 Coupon"), Press(Action.ORDER_COUPONS, order.id))
    cancel = Key(t.plain("✖ Cancel"), Press(Action.CANCEL, order.id))
    fill = top_up.key_for(t, quote)
    others_can = any(each.method is not PaymentMethod.WALLET for each in quote.ways)
    another = ask_key(t, order) if quote.plan is not None and others_can else None
    return rows([pay], [_keep_key(t, quote, chosen), another], [other, coupon], [fill, cancel])


def _back(t: Texts) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.HOME))
