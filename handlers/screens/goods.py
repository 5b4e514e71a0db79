"""What an order buys, in words: so many days of a plan, or money for the wallet."""

from __future__ import annotations

from bot.domain.line import Line
from bot.domain.order import Order, Renewal
from bot.domain.plan import Plan
from handlers.html import Html
from handlers.screens import format as f
from handlers.texts import Texts, languages, texts


def name(t: Texts, plan: Plan | None) -> str:
    """``plan``: None for a top-up."""
    return t.plain("Wallet top-up") if plan is None else plan.name(t.language)


def top_up_names() -> dict[str, str]:
    """By language."""
    return {each: name(texts(each), None) for each in languages()}


def quantity(t: Texts, order: Order) -> Html | None:
    """How long the plan lasts; a top-up has no length."""
    return f.days(t, order.buys.days) if isinstance(order.buys, Renewal) else None


def goods(t: Texts, order: Order, plan: Plan | None, line: Line) -> Html:
    days, tail = quantity(t, order), f.tail(line.msisdn)
    if days is None:
        return t("{what} · {line}", what=name(t, plan), line=tail)
    return t("{plan}, {days} · {line}", plan=name(t, plan), days=days, line=tail)
