"""Topping up: the amounts, the confirmation, and the word that the money is there."""

from __future__ import annotations

from bot.domain.errors import AmountOutOfRange
from bot.domain.money import Money
from bot.domain.order import Order
from bot.domain.payment import PaymentMethod
from bot.services.read_orders import OrderCard
from bot.services.renew_line import Quote
from bot.services.top_up_wallet import TopUpChoice
from handlers.buttons import Action, Press
from handlers.html import Html, bold, lines
from handlers.screens import format as f
from handlers.screens import goods
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts

_PAID_LATE = "pay_late"


def choose_amount(t: Texts, choice: TopUpChoice, hint: Html | None = None) -> Screen:
    """A key names the amount by its place among those offered."""
    keys = [
        Key(f.money(t, amount), Press(Action.TOP_UP_AMOUNT, number=place))
        for place, amount in enumerate(choice.offered)
    ]
    bounds = choice.bounds
    return Screen(
        lines(
            hint,
            bold(t("💰 Top up the wallet")),
            t("{line} · balance {amount}", line=f.tail(choice.line.msisdn),
              amount=f.money(t, choice.wallet)),
            t("Tap an amount, or send another one from {least} to {most}.",
              least=f.money(t, bounds.least), most=f.money(t, bounds.most)),
        ),
        rows(keys, [Key(t.plain("◀ Back"), Press(Action.HOME))]),
        shows="top-up",
    )  # fmt: skip


def no_amount(t: Texts) -> Html:
    return t("⚠️ Please send an amount, such as 88 or 88.50.")


def out_of_range(t: Texts, refusal: AmountOutOfRange) -> Html:
    return t("⚠️ A top-up is from {least} to {most}.", least=f.money(t, refusal.least),
             most=f.money(t, refusal.most))  # fmt: skip


def quote_lines(t: Texts, quote: Quote) -> list[Html]:
    """What is confirmed: the amount, and what the wallet holds then."""
    after = quote.wallet + quote.order.total
    return [
        bold(t("💰 Confirm your top-up")),
        goods.goods(t, quote.order, None, quote.line),
        t("Total {amount} (no fees)", amount=bold(f.money(t, quote.order.total))),
        t("Balance afterwards {amount}", amount=f.money(t, after)),
    ]


def shortfall(t: Texts, quote: Quote) -> Html | None:
    """What the wallet is short of for a renewal; it holds no Stars."""
    total = quote.order.total
    if quote.plan is None or total.currency != quote.wallet.currency or quote.wallet_enough:
        return None
    missing = total - quote.wallet
    return t("Wallet balance {amount}: {missing} short", amount=f.money(t, quote.wallet),
             missing=f.money(t, missing))  # fmt: skip


def key_for(t: Texts, quote: Quote) -> Key | None:
    """The way from an order that the wallet cannot pay to the top-up after which it can."""
    if quote.top_up is None:
        return None
    return Key(t.plain("💰 Top up the rest"), Press(Action.TOP_UP_FOR, quote.order.id))


def topped_up(t: Texts, card: OrderCard, balance: Money, waiting: Order | None) -> Screen:
    """``waiting``: the order that the wallet was short of money for, which it can pay now."""
    order = card.order
    late = any(step.event == _PAID_LATE for step in card.history)
    back = None
    if waiting is not None:
        back = Key(
            t.plain("🛒 Back to the order"),
            Press(Action.CONFIRM, waiting.id, detail=PaymentMethod.WALLET),
            style="primary",
        )
    return Screen(
        lines(
            bold(t("💰 Topped up: {amount}", amount=f.money(t, order.total))),
            t("The order had already closed; your payment was accepted all the same.")
            if late
            else None,
            t("{line} · balance now {amount}", line=f.tail(card.line.msisdn),
              amount=bold(f.money(t, balance))),
        ),
        rows(
            [back],
            [
                Key(t.plain("🧾 Order"), Press(Action.CARD, order.id)),
                Key(t.plain("🏠 Home"), Press(Action.HOME)),
            ],
        ),
    )  # fmt: skip
