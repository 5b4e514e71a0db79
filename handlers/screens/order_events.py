"""What is told when something happened to an order: each is a message of its own."""

from __future__ import annotations

from bot.domain.money import STARS, Money
from bot.domain.order import Order, OrderStatus, TopUp
from bot.domain.payment import PaymentMethod
from bot.services.card_port import KeptCard
from bot.services.read_orders import OrderCard
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, lines
from handlers.screens import format as f
from handlers.screens import goods
from handlers.screens.orders import home_key, methods_key, support_key
from handlers.screens.screen import Key, Screen, rows
from handlers.screens.ways import card_name
from handlers.texts import Texts


def ready(t: Texts, card: OrderCard) -> Screen:
    """A plan that waits for the end of another is booked: nobody is to think that it runs."""
    order, zone = card.order, card.line.reset_zone
    title, begins = t("🎉 Your plan is ready"), None
    if order.starts_at is not None and order.is_queued(card.now):
        title = t("📅 Your plan is booked")
        begins = t("It starts by itself on {date}.", date=f.day(t, order.starts_at, zone))
    ends = t("Ends {date}", date=f.day(t, order.ends_at, zone)) if order.ends_at else None
    return Screen(
        lines(bold(title), goods.goods(t, card.order, card.plan, card.line), begins, ends),
        rows([_open_card(t, order), home_key(t)]),
    )


def delayed(t: Texts, card: OrderCard) -> Screen:
    return _event(
        t, card,
        t("⏳ Your order is taking longer than it should"),
        t("We are sorry. Your payment has arrived and is safe; the network has not confirmed the "
          "activation yet. We keep asking it and tell you here at once."),
    )  # fmt: skip


def paid_by_another(t: Texts, card: OrderCard) -> Screen:
    return _event(
        t, card,
        t("💚 Somebody else has paid your renewal"),
        t("It is being activated; we tell you here when it is ready. Who it was is theirs to "
          "tell."),
    )  # fmt: skip


def refunding(t: Texts, card: OrderCard) -> Screen:
    if card.order.paid_by is not None:
        return _event(
            t, card,
            t("↩️ The renewal that somebody else paid is taken back"),
            t("It is not on your line, and the money goes back to who paid, in full."),
        )  # fmt: skip
    match card.order.reason:
        case "not_their_line":
            why = _not_your_line(t)
        case "paid_too_late" if isinstance(card.order.buys, TopUp):
            why = _not_your_line(t)
        case "paid_too_late":
            why = t("Your payment came after the order had closed, and the plan's price has "
                    "changed since. It goes back to you in full.")  # fmt: skip
        case "by_subscriber":
            why = t("The renewal is cancelled. Your money goes back to you in full.")
        case "by_operator":
            why = t("We have taken this order back. Your money goes back to you in full.")
        case _:
            why = t("The network could not deliver this plan. Your money goes back to you in full.")
    if card.order.status is OrderStatus.REFUNDED:
        why = lines(why, t("It is in the line's wallet already."))
        return _event(t, card, t("↩️ Your money is back"), why)
    return _event(t, card, t("↩️ Your money is coming back"), why)


def payment_failed(t: Texts, card: OrderCard) -> Screen:
    order = card.order
    return Screen(
        lines(
            bold(t("⚠️ The payment did not go through")),
            t("You were not charged. You can pay in another way, or try again."),
            t("Order {id}", id=code(order.id)),
        ),
        rows([methods_key(t, order), _open_card(t, order)], [support_key(t, order)]),
    )


def card_declined(t: Texts, card: OrderCard, kept: KeptCard) -> Screen:
    order = card.order
    return Screen(
        lines(
            bold(t("⚠️ {card} was declined", card=card_name(t, kept))),
            t("Your bank did not let it be charged. You were not charged; you can pay in another "
              "way, or with another card."),
            t("Order {id}", id=code(order.id)),
        ),
        rows([methods_key(t, order), _pay_on_page(t, order)], [_open_card(t, order)]),
    )  # fmt: skip


def card_needs_holder(t: Texts, card: OrderCard, kept: KeptCard) -> Screen:
    order = card.order
    return Screen(
        lines(
            bold(t("🔐 Your bank wants you to confirm this payment")),
            t("{card} can only be charged with you there. You were not charged. On the payment "
              "page your bank can ask you.", card=card_name(t, kept)),
            t("Order {id}", id=code(order.id)),
        ),
        rows([_pay_on_page(t, order)], [methods_key(t, order), _open_card(t, order)]),
    )  # fmt: skip


def cancel_refused(t: Texts, card: OrderCard) -> Screen:
    return _event(
        t, card,
        t("The renewal could not be cancelled"),
        t("The network did not take it back: it may have begun. The order stays as it is, and no "
          "money moved."),
    )  # fmt: skip


def refund_sent(t: Texts, card: OrderCard, amount: Money) -> Screen:
    return _event(t, card, *sent_back(t, amount))


def sent_back(t: Texts, amount: Money) -> tuple[Html, Html]:
    """Title and body, for whoever paid."""
    if amount.currency == STARS:
        return t("↩️ Your Stars are back"), t("{amount} went back to you in Telegram.",
                                              amount=f.money(t, amount))  # fmt: skip
    return (
        t("↩️ Your money was sent back"),
        t("{amount} is on its way to where you paid from. It may take your bank some days to show "
          "it.", amount=f.money(t, amount)),
    )  # fmt: skip


def in_review(t: Texts, card: OrderCard) -> Screen:
    return _event(
        t, card,
        t("🔍 A person is looking at your order"),
        t("Something about it needs a closer look. Your payment is safe; we tell you here."),
    )  # fmt: skip


def paid_late(t: Texts, card: OrderCard) -> Screen:
    return _event(
        t, card,
        t("✅ Your payment arrived after all"),
        t("The order had already closed; it is open again and being activated."),
    )  # fmt: skip


def charged_twice(t: Texts, card: OrderCard) -> Screen:
    return _event(
        t, card,
        t("↩️ You were charged twice"),
        t("This order was already paid. The second payment goes back to you in full by itself."),
    )  # fmt: skip


def _event(t: Texts, card: OrderCard, title: Html, body: Html) -> Screen:
    order = card.order
    return Screen(
        lines(bold(title), body, t("Order {id}", id=code(order.id))),
        rows([_open_card(t, order), support_key(t, order)]),
    )


def _not_your_line(t: Texts) -> Html:
    return t("The line was unlinked from your chat, so nothing was put into its wallet. Your money "
             "goes back to you in full.")  # fmt: skip


def _pay_on_page(t: Texts, order: Order) -> Key:
    press = Press(Action.PAY, order.id, detail=PaymentMethod.CARD)
    return Key(t.plain("💳 Payment page"), press)


def _open_card(t: Texts, order: Order) -> Key:
    return Key(t.plain("🧾 Order"), Press(Action.CARD, order.id))
