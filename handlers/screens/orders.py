"""The order's card, the list of orders, and the questions about one."""

from __future__ import annotations

from datetime import datetime

from bot.domain.order import (
    PAID_FOR,
    PAYMENT_UNHEARD,
    PAYMENT_WINDOW,
    Order,
    OrderStatus,
    Renewal,
    TopUp,
)
from bot.domain.payment import PaymentStatus
from bot.services.read_orders import OrderCard, OrderPage
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, lines
from handlers.screens import disputes, goods
from handlers.screens import format as f
from handlers.screens.coupons import price_lines
from handlers.screens.screen import Key, Rows, Screen, abreast, rows
from handlers.screens.ways import method_name
from handlers.texts import Texts

_CLOSED = frozenset({OrderStatus.CANCELLED, OrderStatus.EXPIRED})


def order_card(t: Texts, card: OrderCard, *, listed: bool = False) -> Screen:
    """``listed``: opened from the list of orders, to which its back key leads."""
    order = card.order
    return Screen(
        lines(
            bold(t("🧾 Order {id}", id=code(order.id))),
            _what(t, card),
            *price_lines(t, order),
            t("Total {amount}", amount=bold(f.money(t, order.total))),
            "",
            *_steps(t, card),
            _outlook(t, card),
        ),
        _card_keys(t, card, listed=listed),
        shows="listed order" if listed else "order",
        subject=order.id,
    )


def order_list(t: Texts, page: OrderPage) -> Screen:
    if not page.orders:
        return Screen(
            lines(bold(t("🧾 No orders yet")), t("Your orders and receipts will stand here.")),
            rows([Key(t.plain("🔄 Renew"), Press(Action.RENEW), style="primary")], [home_key(t)]),
            shows="orders",
        )
    keys = [
        Key(f"{_sign(order.status)} {order.id}", Press(Action.ORDER, order.id))
        for order, _ in page.orders
    ]
    listed = [
        t("{sign} {id} · {plan} · {amount}", sign=_sign(order.status), id=code(order.id),
          plan=goods.name(t, plan), amount=f.money(t, order.total))
        for order, plan in page.orders
    ]  # fmt: skip
    title = t("🧾 Orders, page {page} of {pages}", page=page.page + 1, pages=page.pages)
    export = [Key(t.plain("📥 All as CSV"), Press(Action.ORDERS_FILE))]
    return Screen(
        lines(bold(title), *listed),
        rows(*abreast(keys, 2), export, _paging(t, page)),
        shows="orders",
    )


def closed(t: Texts, order: Order) -> Screen:
    """Cancelled or expired: no money has moved, unless a payment was on its way."""
    money = t("You were not charged.")
    if order.reason == PAYMENT_UNHEARD and isinstance(order.buys, TopUp):
        money = t(
            "Your payment has not reached us. If you were charged, the money is put into the "
            "wallet or goes back to you as soon as we hear of it: see /paysupport."
        )
    elif order.reason == PAYMENT_UNHEARD:
        money = t(
            "Your payment has not reached us. If you were charged, the plan is delivered or your "
            "money goes back to you as soon as we hear of it: see /paysupport."
        )
    return Screen(
        lines(
            bold(t("Order {id} is closed", id=code(order.id))),
            money,
        ),
        rows([_again(t, order)], [home_key(t)]),
        shows="closed order",
        subject=order.id,
    )


def cancel_renewal(t: Texts, card: OrderCard) -> Screen:
    """The safe key comes first."""
    order, zone = card.order, card.line.reset_zone
    starts = t("Starts {date}", date=f.day(t, order.starts_at, zone)) if order.starts_at else None
    return Screen(
        lines(
            bold(t("Cancel this renewal?")),
            _what(t, card),
            starts,
            t("It has not begun, so cancelling is free: {amount} goes back to where it came from. "
              "The plan that runs now is not touched.", amount=f.money(t, order.total)),
        ),
        rows(
            [Key(t.plain("◀ Keep it"), Press(Action.ORDER, order.id))],
            [
                Key(t.plain("✖ Cancel renewal"), Press(Action.CANCEL_RENEWAL_SURELY, order.id),
                    style="danger")
            ],
        ),
        shows="cancel renewal",
        subject=order.id,
    )  # fmt: skip


def page_code(t: Texts, order: Order) -> Html:
    return t("Scan it with your phone to pay order {id}.", id=code(order.id))


def _what(t: Texts, card: OrderCard) -> Html:
    return goods.goods(t, card.order, card.plan, card.line)


def _steps(t: Texts, card: OrderCard) -> list[Html | None]:
    order = card.order
    steps: list[Html | None] = [_step(card, "✅", t("Ordered"), order.created_at)]
    if order.paid_at is not None:
        paid = _step(card, "✅", t("Paid"), order.paid_at)
        by = t(" · by somebody else") if order.paid_by is not None else ""
        steps.append(Html(f"{paid} · {method_name(t, order.paid_with or '')}{by}"))
    match order.status:
        case OrderStatus.QUOTED | OrderStatus.AWAITING_PAYMENT:
            steps.append(_awaited(t, card))
            steps.append(t("▫️ In the wallet") if card.plan is None else t("▫️ Activation"))
        case OrderStatus.PAID | OrderStatus.FULFILLING:
            steps.append(t("⏳ Activating · usually a few minutes"))
            steps.append(Html(f"▫️ {_last_step(t, card)}"))
        case OrderStatus.FULFILLED:
            steps.append(_step(card, "✅", _last_step(t, card), order.fulfilled_at))
        case OrderStatus.REVIEW:
            steps.append(t("🔍 A person is looking at it"))
        case OrderStatus.REFUNDING | OrderStatus.REFUNDED if order.paid_by is not None:
            steps.append(t("↩️ The money goes back to who paid"))
        case OrderStatus.REFUNDING:
            steps.append(t("↩️ Your money is on its way back"))
        case OrderStatus.REFUNDED:
            steps.append(t("↩️ Your money was returned"))
        case OrderStatus.CANCELLED | OrderStatus.EXPIRED if order.reason == PAYMENT_UNHEARD:
            steps.append(t("✖ Closed: your payment has not reached us"))
        case OrderStatus.CANCELLED:
            steps.append(t("✖ Cancelled: you were not charged"))
        case OrderStatus.EXPIRED:
            steps.append(t("✖ Closed without payment: you were not charged"))
    steps.append(disputes.step(t, card.dispute))
    if card.is_cancelling:
        steps.append(t("⏳ Being cancelled · waiting for the network"))
    return steps


def _awaited(t: Texts, card: OrderCard) -> Html:
    payment = card.payment
    match payment.status if payment is not None else None:
        case PaymentStatus.CREATED | PaymentStatus.PROCESSING if card.own_payment is None:
            return t("⏳ Somebody else is paying")
        case PaymentStatus.PROCESSING:
            return t("⏳ Your payment is going through")
        case PaymentStatus.CLOSING:
            return t("⏳ Being closed · asking whether you have paid")
        case _:
            return t("⏳ Waiting for your payment")


def _last_step(t: Texts, card: OrderCard) -> Html:
    if card.plan is None:
        return t("In the wallet")
    return t("Booked") if card.order.is_queued(card.now) else t("Ready")


def _step(card: OrderCard, sign: str, what: Html, at: datetime | None) -> Html:
    when = f.clock_time(at, card.line.reset_zone) if at is not None else ""
    return Html(f"{sign} {what} {when}".rstrip())


def _outlook(t: Texts, card: OrderCard) -> Html | None:
    """What comes next: until when to pay, or the dates of the plan."""
    order, zone = card.order, card.line.reset_zone
    if order.is_open:
        return t("Please pay by {time}", time=_pay_by(t, card))
    if order.status is not OrderStatus.FULFILLED or order.ends_at is None:
        return None
    ends = f.day(t, order.ends_at, zone)
    if order.starts_at is None:
        return t("Ends {date}", date=ends)
    return t("Valid {start} – {end}", start=f.day(t, order.starts_at, zone), end=ends)


def _pay_by(t: Texts, card: OrderCard) -> Html:
    """With the day where it may be another one."""
    expires_at, zone = card.order.expires_at, card.line.reset_zone
    is_soon = expires_at - card.now <= PAYMENT_WINDOW
    return f.clock_time(expires_at, zone) if is_soon else f.moment(t, expires_at, zone)


def _card_keys(t: Texts, card: OrderCard, *, listed: bool) -> Rows:
    order = card.order
    home = Press(Action.HOME) if listed else Press(Action.HOME).opening_anew()
    refresh = Action.ORDER if listed else Action.CARD
    return rows(
        _pay_keys(t, card),
        [
            Key(t.plain("🔁 Refresh"), Press(refresh, order.id)),
            _ask_another(t, order) or Key(t.plain("📋 Copy number"), copies=order.id),
        ],
        [
            _next_key(t, card, listed=listed),
            _other_way(t, card),
            _support(t, order, listed=listed),
        ],
        [_receipt(t, order, listed=listed), _auto_renewal(t, order, listed=listed)],
        [
            Key(t.plain("◀ Orders"), Press(Action.ORDERS, number=0)) if listed else None,
            Key(t.plain("🏠 Home"), home),
        ],
    )


def _pay_keys(t: Texts, card: OrderCard) -> list[Key]:
    """The way to the hosted page, while it waits for its payer."""
    payment = card.own_payment
    if payment is None or not payment.has_page:
        return []
    if payment.status is not PaymentStatus.CREATED:
        return []
    if payment.page is None:
        return [Key(t.plain("⏳ Creating…"), disabled=True)]
    return [
        Key(t.plain("➡️ Pay now"), url=payment.page.url, style="success"),
        Key(t.plain("🔳 QR code"), Press(Action.PAGE_CODE, card.order.id)),
    ]


def _other_way(t: Texts, card: OrderCard) -> Key | None:
    payment = card.payment
    if card.order.status is not OrderStatus.AWAITING_PAYMENT:
        return None
    on_page = payment is not None and payment.has_page
    is_waiting = payment is not None and payment.status is PaymentStatus.CREATED
    if payment is None or (is_waiting and (on_page or card.own_payment is None)):
        return methods_key(t, card.order).opening_anew()
    return None


def _ask_another(t: Texts, order: Order) -> Key | None:
    is_waiting = order.status is OrderStatus.AWAITING_PAYMENT
    return ask_key(t, order) if is_waiting and isinstance(order.buys, Renewal) else None


def ask_key(t: Texts, order: Order) -> Key:
    return Key(t.plain("🔗 Somebody else pays"), Press(Action.ASK_ANOTHER, order.id))


def methods_key(t: Texts, order: Order) -> Key:
    return Key(t.plain("💳 Pay another way"), Press(Action.METHODS, order.id))


def _next_key(t: Texts, card: OrderCard, *, listed: bool) -> Key | None:
    order = card.order
    if order.status is OrderStatus.AWAITING_PAYMENT:
        is_waiting = card.payment is None or card.payment.status is PaymentStatus.CREATED
        return Key(t.plain("✖ Cancel"), Press(Action.CANCEL, order.id)) if is_waiting else None
    if card.can_be_cancelled:
        ask = Key(t.plain("✖ Cancel renewal"), Press(Action.CANCEL_RENEWAL, order.id))
        return ask if listed else ask.opening_anew()
    if order.status not in _CLOSED:
        return None
    return _again(t, order) if listed else _again(t, order).opening_anew()


def _auto_renewal(t: Texts, order: Order, *, listed: bool) -> Key | None:
    """A delivered renewal may be the one that goes on by itself."""
    if order.status is not OrderStatus.FULFILLED or isinstance(order.buys, TopUp):
        return None
    opened = Key(t.plain("♻️ Auto-renewal"), Press(Action.AUTO, number=order.line_id))
    return opened if listed else opened.opening_anew()


def _receipt(t: Texts, order: Order, *, listed: bool) -> Key | None:
    if order.receipt_number is None:
        return None
    opened = Key(t.plain("🧾 Receipt"), Press(Action.RECEIPT, order.id))
    return opened if listed else opened.opening_anew()


def _again(t: Texts, order: Order) -> Key:
    if isinstance(order.buys, TopUp):
        return Key(t.plain("↻ Top up again"), Press(Action.TOP_UP), style="primary")
    press = Press(Action.DAYS, order.buys.plan_code, order.buys.periods)
    return Key(t.plain("↻ Order again"), press, style="primary")


def support_key(t: Texts, order: Order) -> Key:
    """Support, with the order attached."""
    return Key(t.plain("💬 Support"), Press(Action.SUPPORT_ABOUT, order.id))


def _support(t: Texts, order: Order, *, listed: bool) -> Key:
    opened = support_key(t, order)
    return opened if listed else opened.opening_anew()


def home_key(t: Texts) -> Key:
    return Key(t.plain("🏠 Home"), Press(Action.HOME))


def _paging(t: Texts, page: OrderPage) -> list[Key | None]:
    newer, older = page.page > 0, page.page + 1 < page.pages
    return [
        Key(t.plain("‹ Newer"), Press(Action.ORDERS, number=page.page - 1)) if newer else None,
        Key(t.plain("Older ›"), Press(Action.ORDERS, number=page.page + 1)) if older else None,
        home_key(t),
    ]


def _sign(status: OrderStatus) -> str:
    if status is OrderStatus.FULFILLED:
        return "✅"
    if status in _CLOSED:
        return "✖"
    if status in {OrderStatus.REFUNDING, OrderStatus.REFUNDED}:
        return "↩️"
    return "⏳" if status in PAID_FOR else "▫️"
