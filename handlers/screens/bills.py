"""The receipt, as a message and on paper, and all orders as a table.

A receipt says the same in both forms; what differs is how an instant is written and how a line
looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from bot.domain.money import Money
from bot.domain.order import OrderStatus, Renewal
from bot.domain.payment import Charge, Refund, RefundStatus
from bot.services.read_bills import Bill, Receipt
from handlers.branding import Branding
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, lines
from handlers.screens import disputes, goods
from handlers.screens import format as f
from handlers.screens.screen import Key, Screen, rows
from handlers.screens.ways import card_name, method_name
from handlers.texts import Texts

_NOTHING: Final = ""
"""The cell of what has not happened."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of a receipt; its parts stand side by side."""

    label: str
    parts: Sequence[str]
    is_total: bool = False


_Instant = Callable[[datetime], str]
"""How an instant is written."""
_Number = Callable[[str], str]
"""How a number that people copy is written."""


def receipt(t: Texts, shown: Receipt, branding: Branding) -> Screen:
    order, zone = shown.bill.order, shown.bill.line.reset_zone
    body: list[object] = []
    for section in _sections(t, shown, lambda at: f.moment(t, at, zone), code):
        body += ["", *(_line(t, entry) for entry in section)]
    return Screen(
        lines(bold(_title(t, shown)), branding.name, *body),
        rows(
            [Key(t.plain("📄 PDF"), Press(Action.RECEIPT_FILE, order.id), style="primary")],
            [
                Key(t.plain("◀ Order"), Press(Action.ORDER, order.id)),
                Key(t.plain("🏠 Home"), Press(Action.HOME)),
            ],
        ),
        shows="receipt",
        subject=order.id,
    )


def receipt_paper(t: Texts, shown: Receipt, branding: Branding) -> dict[str, Any]:
    """The facts of the receipt's PDF, as `handlers.screens.paper.typeset` takes them."""
    order, zone = shown.bill.order, shown.bill.line.reset_zone

    def instant(at: datetime) -> str:
        return at.astimezone(zone).isoformat(" ", "minutes")

    return {
        "kind": "paper",
        "name": f"{order.id}.pdf",
        "issuer": branding.name,
        "title": _title(t, shown),
        "sections": [
            [[entry.label, " · ".join(entry.parts), entry.is_total] for entry in section]
            for section in _sections(t, shown, instant, str)
        ],
        "foot": t.plain("Support: {url}", url=branding.support_url),
    }


def receipt_caption(t: Texts, shown: Receipt) -> Html:
    return t("{title} · order {id}", title=_title(t, shown), id=code(shown.bill.order.id))


def orders_table(t: Texts, bills: Sequence[Bill], today: date) -> dict[str, Any]:
    """The facts of the export, as `handlers.screens.table.write` takes them: amounts as decimals
    beside their currency, instants in UTC (ISO 8601)."""
    heads = [
        t.plain("Order number"), t.plain("Status"), t.plain("Plan"), t.plain("Days"),
        t.plain("Line"), t.plain("Currency"), t.plain("Price"), t.plain("Coupon"),
        t.plain("Discount"), t.plain("Total"), t.plain("Sent back"), t.plain("Paid with"),
        t.plain("Receipt"), t.plain("Credit notes"), t.plain("Ordered"), t.plain("Paid"),
        t.plain("Ready"), t.plain("Valid from"), t.plain("Valid until"),
    ]  # fmt: skip
    return {
        "kind": "table",
        "name": f"orders-{today.isoformat()}.csv",
        "rows": [heads, *(_row(t, bill) for bill in bills)],
    }


def table_caption(t: Texts, bills: Sequence[Bill]) -> Html:
    return t.count("{number} order", "{number} orders", len(bills))


def _title(t: Texts, shown: Receipt) -> str:
    return t.plain("Receipt {number}", number=shown.number)


def _line(t: Texts, entry: _Entry) -> Html:
    value = Html(" · ").join(entry.parts)
    return t("{label}: {value}", label=entry.label, value=bold(value) if entry.is_total else value)


# ── what a receipt says ───────────────────────────────────────────────────────────────────────────


def _sections(
    t: Texts, shown: Receipt, instant: _Instant, number: _Number
) -> list[list[_Entry]]:  # fmt: skip
    sections = [
        _what_was_bought(t, shown.bill, instant, number),
        _amounts(t, shown.bill),
        _payment(t, shown, instant, number),
        [_credit_note(t, refund, instant) for refund in shown.bill.refunds],
    ]
    return [section for section in sections if section]


def _what_was_bought(t: Texts, bill: Bill, instant: _Instant, number: _Number) -> list[_Entry]:
    order = bill.order
    bought = [goods.name(t, bill.plan), goods.quantity(t, order)]
    return [
        _Entry(t.plain("Order number"), [number(order.id)]),
        _Entry(
            t.plain("Item") if bill.plan is None else t.plain("Plan"),
            [each for each in bought if each is not None],
        ),
        _Entry(t.plain("Line"), [f.masked(bill.line.msisdn)]),
        _Entry(t.plain("Ordered"), [instant(order.created_at)]),
    ]


def _amounts(t: Texts, bill: Bill) -> list[_Entry]:
    order = bill.order
    amounts = [_Entry(t.plain("Total"), [f.money_in_words(t, order.total)], is_total=True)]
    if bill.plan is not None:
        amounts.append(_Entry(t.plain("Taxes"), [t.plain("included in the total")]))
    if order.discount is None:
        return amounts
    coupon = t.plain("Coupon {code}", code=order.discount.code)
    return [
        _Entry(t.plain("Price"), [f.money_in_words(t, order.price)]),
        _Entry(coupon, [f.money_in_words(t, -order.discount.amount)]),
        *amounts,
    ]


def _payment(t: Texts, shown: Receipt, instant: _Instant, number: _Number) -> list[_Entry]:
    order = shown.bill.order
    method = method_name(t, order.paid_with or "")
    masked = [] if shown.card is None else [card_name(t, shown.card)]
    by = [] if order.paid_by is None else [t.plain("by somebody else")]
    entries = [_Entry(t.plain("Paid with"), [method, *masked, *by])]
    if order.paid_at is not None:
        entries.append(_Entry(t.plain("Paid"), [instant(order.paid_at)]))
    dispute = disputes.in_words(t, shown.bill.dispute)
    if dispute is not None:
        entries.append(_Entry(t.plain("Payment"), [dispute]))
    entries += [
        _Entry(t.plain("Platform's reference"), [number(each) for each in _references(charge)])
        for charge in shown.charges
    ]
    return entries


def _references(charge: Charge) -> list[str]:
    """The platform may have one number for the charge, or a second one of its provider."""
    return list(dict.fromkeys(each for each in (charge.id, charge.platform_ref) if each))


def _credit_note(t: Texts, refund: Refund, instant: _Instant) -> _Entry:
    sent = refund.status is RefundStatus.DONE
    return _Entry(
        t.plain("Credit note {number}", number=refund.credit_note_number),
        [
            f.money_in_words(t, -refund.amount),
            instant(refund.created_at),
            t.plain("sent back") if sent else t.plain("on its way back"),
        ],
    )


# ── what the export says ──────────────────────────────────────────────────────────────────────────


def _row(t: Texts, bill: Bill) -> list[str]:
    order = bill.order
    returned = sum((each.amount.minor for each in bill.refunds), 0)
    discount = order.discount
    return [
        order.id,
        " · ".join(filter(None, [_status(t, order.status), disputes.in_words(t, bill.dispute)])),
        goods.name(t, bill.plan),
        str(order.buys.days) if isinstance(order.buys, Renewal) else _NOTHING,
        f.tail(bill.line.msisdn),
        order.total.currency,
        _decimal(order.price),
        _NOTHING if discount is None else discount.code,
        _NOTHING if discount is None else _decimal(discount.amount),
        _decimal(order.total),
        _decimal(Money(returned, order.total.currency)) if returned else _NOTHING,
        _NOTHING if order.paid_with is None else method_name(t, order.paid_with),
        _NOTHING if order.receipt_number is None else str(order.receipt_number),
        " ".join(str(each.credit_note_number) for each in bill.refunds),
        *(
            _NOTHING if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"
            for at in (
                order.created_at, order.paid_at, order.fulfilled_at, order.starts_at,
                order.ends_at,
            )
        ),
    ]  # fmt: skip


def _decimal(amount: Money) -> str:
    return format(amount.decimal, "f")


def _status(t: Texts, status: OrderStatus) -> str:
    return {
        OrderStatus.QUOTED: t.plain("offered"),
        OrderStatus.AWAITING_PAYMENT: t.plain("waiting for payment"),
        OrderStatus.PAID: t.plain("being activated"),
        OrderStatus.FULFILLING: t.plain("being activated"),
        OrderStatus.FULFILLED: t.plain("ready"),
        OrderStatus.REVIEW: t.plain("in review"),
        OrderStatus.REFUNDING: t.plain("on its way back"),
        OrderStatus.REFUNDED: t.plain("sent back"),
        OrderStatus.CANCELLED: t.plain("cancelled"),
        OrderStatus.EXPIRED: t.plain("closed without payment"),
    }[status]
