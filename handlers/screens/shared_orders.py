"""Somebody else pays: the link for whom it is made, and the order as whoever follows it sees it.

The payer reads what is paid for and how it stands; the line is the end of its number.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from bot.domain.money import Money
from bot.domain.order import PAYMENT_UNHEARD, Order, OrderStatus
from bot.domain.payment import Charge, Way
from bot.domain.plan import Plan
from bot.services.read_orders import OrderCard
from bot.services.read_shared_order import PAYABLE, SharedOrder, Stage
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, escape, lines
from handlers.screens import format as f
from handlers.screens import goods, order_events
from handlers.screens.screen import Key, Rows, Screen, abreast, rows
from handlers.screens.ways import method_name, way_label, way_name
from handlers.texts import Texts

LINK: Final = "pay link"
SHARED_ORDER: Final = "shared_order"
"""What the messages show, so that they are found when the order moves."""
_SHARE: Final = "https://t.me/share/url"


# ── for who asks ──────────────────────────────────────────────────────────────────────────────────


def link(t: Texts, card: OrderCard, plan: Plan, address: str) -> Screen:
    order, zone = card.order, card.line.reset_zone
    share = f"{_SHARE}?{urlencode({'url': address, 'text': _request(t, order, plan)})}"
    return Screen(
        lines(
            bold(t("🔗 Send this link to whoever is to pay")),
            goods.goods(t, order, plan, card.line),
            t("Total {amount}", amount=bold(f.money(t, order.total))),
            "",
            escape(address),
            "",
            t("It shows the plan, the price and the end of your number, and nothing else of you. "
              "It works until {moment}, for one payment.",
              moment=f.moment(t, order.expires_at, zone)),
            t("You read that it was paid, not by whom. What is refunded goes back to who paid."),
        ),
        rows(
            [Key(t.plain("📤 Send it"), url=share, style="primary"),
             Key(t.plain("📋 Copy link"), copies=address)],
            [Key(t.plain("✖ End the link"), Press(Action.END_LINKS, order.id)),
             _order_key(t, order)],
        ),
        shows=LINK,
        subject=order.id,
    )  # fmt: skip


def link_ended(t: Texts, order: Order) -> Screen:
    """Taken back while the order waits, or of no use any more."""
    if order.is_open:
        what = t("Whoever opens it reads that it is not valid. The order itself goes on waiting.")
    elif order.status in {OrderStatus.CANCELLED, OrderStatus.EXPIRED}:
        what = t("Order {id} is closed.", id=code(order.id))
    else:
        what = t("Order {id} is paid.", id=code(order.id))
    return Screen(
        lines(bold(t("🔗 The payment link has ended")), what),
        rows([_order_key(t, order)]),
        shows="ended pay link",
        subject=order.id,
    )


def _request(t: Texts, order: Order, plan: Plan) -> str:
    return t.plain(
        "Would you renew my line for me? {plan}, {days}, {total}: the link leads to the payment.",
        plan=plan.name(t.language),
        days=f.days(t, order.renewal.days),
        total=f.money(t, order.total),
    )


def _order_key(t: Texts, order: Order) -> Key:
    return Key(t.plain("🧾 Order"), Press(Action.CARD, order.id)).opening_anew()


# ── for who pays ──────────────────────────────────────────────────────────────────────────────────


def shared_order(t: Texts, seen: SharedOrder) -> Screen:
    return Screen(
        lines(*_told(t, seen)),
        _keys(t, seen),
        shows=SHARED_ORDER,
        subject=seen.order.id,
    )


def ways(t: Texts, seen: SharedOrder) -> Screen:
    """The ways again, for who has chosen one already."""
    if seen.stage not in PAYABLE:
        return shared_order(t, seen)
    back = Key(t.plain("◀ Back"), Press(Action.SHARED_ORDER, seen.order.id))
    return Screen(
        lines(bold(t("How would you like to pay?")), *_what(t, seen)),
        rows(*_way_keys(t, seen), [back]),
        shows="shared_order ways",
        subject=seen.order.id,
    )


def charge_card(t: Texts, seen: SharedOrder, way: Way) -> Screen:
    """A kept card is charged by the next tap: nobody is to be surprised by that."""
    if seen.stage not in PAYABLE or way not in seen.ways:
        return shared_order(t, seen)
    order = seen.order
    label = t.plain("✅ Pay {amount}", amount=f.money(t, order.total))
    pay = Key(label, Press(Action.SHARED_ORDER_PAY, order.id, detail=way.name), style="success")
    return Screen(
        lines(
            bold(t("Pay with {card}?", card=way_name(t, way, seen.cards))),
            *_what(t, seen),
        ),
        rows([pay], [Key(t.plain("◀ Back"), Press(Action.SHARED_ORDER, order.id))]),
        shows="shared_order card",
        subject=order.id,
    )


def _told(t: Texts, seen: SharedOrder) -> list[Html | str]:  # noqa: PLR0911 - a screen each
    order = seen.order
    match seen.stage:
        case Stage.OPEN:
            return [bold(t("🎁 You are asked to pay for somebody")), *_what(t, seen),
                    _until(t, seen), "", _promise(t)]  # fmt: skip
        case Stage.YOURS:
            return [bold(t("🎁 You are asked to pay for somebody")), *_what(t, seen),
                    _until(t, seen), "", _awaited(t, seen)]  # fmt: skip
        case Stage.GOING_THROUGH:
            return [bold(t("⏳ Your payment is going through")), *_what(t, seen)]
        case Stage.TAKEN:
            return [bold(t("⏳ Being paid or closed just now")), *_what(t, seen),
                    t("Please look again in a minute. Nothing was charged.")]  # fmt: skip
        case Stage.PAID_BY_YOU:
            return [bold(t("✅ Paid by you, thank you")), *_what(t, seen),
                    t("⏳ Activating · usually a few minutes")]  # fmt: skip
        case Stage.DELIVERED:
            return [bold(t("✅ Paid by you, thank you")), *_what(t, seen),
                    t("✅ It is on the line.")]  # fmt: skip
        case Stage.GOING_BACK:
            is_back = order.status is OrderStatus.REFUNDED
            back = t("↩️ Your money was returned") if is_back else t(
                "↩️ Your money is on its way back"
            )  # fmt: skip
            return [bold(back), *_what(t, seen)]
        case Stage.PAID:
            return [bold(t("✅ This is paid already")), *_what(t, seen),
                    t("There is nothing left to pay.")]  # fmt: skip
        case Stage.CHANGED:
            return [bold(t("⚠️ The price has changed since you were asked")),
                    t("Nothing was charged. Ask whoever sent the link for a new one.")]  # fmt: skip
        case Stage.CLOSED:
            return [bold(t("✖ This order is closed")), _closed(t, order)]


def _what(t: Texts, seen: SharedOrder) -> list[Html]:
    order = seen.order
    return [
        goods.goods(t, order, seen.plan, seen.line),
        t("Total {amount} (all taxes included)", amount=bold(f.money(t, order.total))),
    ]


def _until(t: Texts, seen: SharedOrder) -> Html:
    until = f.moment(t, seen.order.expires_at, seen.line.reset_zone)
    return t("Please pay by {time}", time=until)


def _promise(t: Texts) -> Html:
    return t("You need no line of your own. If it cannot be delivered, your money goes back to "
             "where you paid from. The line's holder does not read who paid.")  # fmt: skip


def _awaited(t: Texts, seen: SharedOrder) -> Html:
    payment = seen.payment
    if payment is not None and payment.method.is_invoiced:
        return t("👇 Your invoice stands below.")
    return t("⏳ Waiting for your payment")


def _closed(t: Texts, order: Order) -> Html:
    if order.reason == PAYMENT_UNHEARD:
        return t(
            "Your payment has not reached us. If you were charged, the plan is delivered or your "
            "money goes back to you as soon as we hear of it: see /paysupport."
        )
    return t("Nothing was charged. Ask whoever sent the link for a new one.")


def _keys(t: Texts, seen: SharedOrder) -> Rows:
    order = seen.order
    home = Key(t.plain("🏠 Home"), Press(Action.HOME)).opening_anew()
    refresh = Key(t.plain("🔁 Refresh"), Press(Action.SHARED_ORDER, order.id))
    match seen.stage:
        case Stage.OPEN:
            return rows(*_way_keys(t, seen), [refresh, home])
        case Stage.YOURS:
            another = Key(t.plain("💳 Pay another way"), Press(Action.SHARED_ORDER_WAYS, order.id))
            return rows([_page_key(t, seen)], [another], [refresh, home])
        case Stage.CHANGED | Stage.CLOSED | Stage.PAID:
            return rows([_support(t), home])
        case _:
            return rows([refresh, _support(t)], [home])


def _support(t: Texts) -> Key:
    """Not about the order, which is somebody else's."""
    return Key(t.plain("💬 Support"), Press(Action.SUPPORT)).opening_anew()


def _page_key(t: Texts, seen: SharedOrder) -> Key | None:
    payment = seen.payment
    if payment is None or not payment.has_page:
        return None
    if payment.page is None:
        return Key(t.plain("⏳ Creating…"), disabled=True)
    return Key(t.plain("➡️ Pay now"), url=payment.page.url, style="success")


def _way_keys(t: Texts, seen: SharedOrder) -> list[list[Key]]:
    keys = [_way_key(t, seen, way) for way in seen.ways]
    return [list(row) for row in abreast(keys, max(2, -(-len(keys) // 3)))]


def _way_key(t: Texts, seen: SharedOrder, way: Way) -> Key:
    action = Action.SHARED_ORDER_PAY if way.card_id is None else Action.SHARED_ORDER_CARD
    return Key(way_label(t, way, seen.cards), Press(action, seen.order.id, detail=way.name))


# ── what happened to the payer's money ────────────────────────────────────────────────────────────


def thanks(t: Texts, card: OrderCard, charge: Charge | None) -> Screen:
    """What a payer needs to know their payment by; the receipt is the order's own."""
    order, zone = card.order, card.line.reset_zone
    paid = f.moment(t, order.paid_at, zone) if order.paid_at is not None else None
    return _event(
        t, card,
        t("💚 Thank you: your payment has arrived"),
        t("{amount} · {method}", amount=bold(f.money(t, order.total)),
          method=method_name(t, order.paid_with or "")),
        t("Paid {time}", time=paid) if paid is not None else None,
        t("Platform's reference: {id}", id=code(charge.id)) if charge is not None else None,
        t("We tell you here when it is on the line."),
    )  # fmt: skip


def delivered(t: Texts, card: OrderCard) -> Screen:
    title = t("🎉 What you paid for is on the line")
    if card.order.is_queued(card.now):
        title = t("🎉 What you paid for is booked")
    begins = None
    if card.order.starts_at is not None and card.order.is_queued(card.now):
        day = f.day(t, card.order.starts_at, card.line.reset_zone)
        begins = t("It starts by itself on {date}.", date=day)
    return _event(t, card, title, begins)


def going_back(t: Texts, card: OrderCard) -> Screen:
    return _event(
        t, card,
        t("↩️ Your money is coming back"),
        t("What you paid for somebody is not on their line. The money goes back to where you paid "
          "from, in full."),
    )  # fmt: skip


def sent_back(t: Texts, card: OrderCard, amount: Money) -> Screen:
    return _event(t, card, *order_events.sent_back(t, amount))


def charged_twice(t: Texts, card: OrderCard) -> Screen:
    return _event(
        t, card,
        t("↩️ It was paid already"),
        t("What you paid for somebody had been paid before. Your payment goes back to you in full "
          "by itself."),
    )  # fmt: skip


def failed(t: Texts, card: OrderCard) -> Screen:
    order = card.order
    again = Key(t.plain("💳 Pay another way"), Press(Action.SHARED_ORDER_WAYS, order.id))
    return Screen(
        lines(
            bold(t("⚠️ The payment did not go through")),
            goods.goods(t, order, card.plan, card.line),
            t("You were not charged. You can pay in another way, or try again."),
        ),
        rows([again], [_support(t)]),
    )


def _event(t: Texts, card: OrderCard, title: Html, *body: Html | None) -> Screen:
    order = card.order
    return Screen(
        lines(
            bold(title),
            goods.goods(t, order, card.plan, card.line),
            *body,
            t("Order {id}", id=code(order.id)),
        ),
        rows([_support(t)]),
    )
