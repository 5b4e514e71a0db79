"""Telegram's invoice, and the key that stands while it is created."""

from __future__ import annotations

from typing import Any, Final

from bot.domain.money import STARS
from bot.domain.order import Order
from bot.domain.payment import Payment
from bot.domain.plan import Plan
from handlers.branding import Branding
from handlers.screens import goods
from handlers.screens.screen import Key, inline_keyboard
from handlers.texts import Texts

_LONGEST_TITLE: Final = 32
_LONGEST_DESCRIPTION: Final = 255


def invoice(
    t: Texts, order: Order, plan: Plan | None, payment: Payment, branding: Branding
) -> dict[str, Any]:
    """The parameters of ``sendInvoice`` but for the chat and the provider: Stars have none.

    The payload is the payment's id and nothing else. A start parameter keeps forwarded copies from
    carrying a pay button of their own.
    """
    name = goods.name(t, plan)
    provider = {"provider_token": ""} if payment.amount.currency == STARS else {}
    return {
        "title": f"{branding.name} {name}"[:_LONGEST_TITLE],
        "description": _description(t, order, name)[:_LONGEST_DESCRIPTION],
        "payload": payment.id,
        "currency": payment.amount.currency,
        "prices": _prices(name, order),
        "start_parameter": "order",
        **provider,
    }


def _description(t: Texts, order: Order, name: str) -> str:
    days = goods.quantity(t, order)
    if days is None:
        return t.plain("{what}, order {id}", what=name, id=order.id)
    return t.plain("{plan}, {days}, order {id}", plan=name, days=days, id=order.id)


def _prices(name: str, order: Order) -> list[dict[str, Any]]:
    """Their sum is the total; a coupon is a price below zero. In Stars there is one price."""
    if order.total.currency == STARS:
        return [{"label": name, "amount": order.total.minor}]
    price = {"label": name, "amount": order.price.minor}
    if order.discount is None:
        return [price]
    return [price, {"label": order.discount.code, "amount": -order.discount.amount.minor}]


def creating(t: Texts) -> dict[str, Any]:
    """The keyboard between the tap on pay and the invoice: nothing to tap a second time."""
    return inline_keyboard(((Key(t.plain("⏳ Creating…"), disabled=True),),))
