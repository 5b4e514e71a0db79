"""Invoices, pre-checkout answers, Stars."""

from __future__ import annotations

from typing import Any

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.chats import Message
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.invoices import STARS, invoice_from
from bot.sandbox.telegram.methods.placing import place
from bot.sandbox.telegram.methods.table import Method
from bot.sandbox.telegram.payments import Charge, Verdict


async def send_invoice(call: Call) -> Message:
    """An invoice; without a keyboard it gets a pay button."""
    call.chat()
    invoice = invoice_from(call.method, dict(call.values))
    content: dict[str, Any] = {"invoice": invoice.as_field()}
    if not (call.values.get("reply_markup") or {}).get("inline_keyboard"):
        button = {"text": f"Pay {invoice.price}", "pay": True}
        content["reply_markup"] = {"inline_keyboard": [[button]]}
    stored = place(call, content, with_invoice=True)
    stored.invoice = invoice
    return stored.message


async def create_invoice_link(call: Call) -> str:
    """A link to an invoice."""
    return call.bot.payments.link(invoice_from(call.method, dict(call.values)))


async def answer_pre_checkout_query(call: Call) -> bool:
    """Whether the payment may go on; a refusal needs a reason."""
    ok, reason = call.values["ok"], call.values.get("error_message")
    if not ok and not reason:
        raise bad_request("error_message must be non-empty")
    call.bot.payments.answer(call.values["pre_checkout_query_id"], Verdict(ok, reason))
    return True


async def refund_star_payment(call: Call) -> bool:
    """Stars back to who paid, once; the chat shows it."""
    user_id = call.values["user_id"]
    charge = call.bot.payments.refund_stars(user_id, call.values["telegram_payment_charge_id"])
    person = call.telegram.people[user_id]
    chat = call.telegram.chat_with(call.bot, person)
    content = {"refunded_payment": charge.as_refunded_payment()}
    stored = call.telegram.post(call.bot, chat, person.as_user(), content)
    call.telegram.deliver(call.bot, "message", stored.message)
    return True


async def get_star_transactions(call: Call) -> dict[str, Any]:
    """Stars received and given back, in order of time."""
    offset = call.values.get("offset", 0)
    least, most = facts.limits("getStarTransactions", "limit")
    limit = call.values.get("limit", most)
    if offset < 0 or not least <= limit <= most:
        raise bad_request("LIMIT_INVALID")
    moves = []
    for charge in call.bot.payments.charges.values():
        if charge.currency == STARS:
            moves.append(_received(call, charge))
            if charge.refunded_at is not None:
                moves.append(_returned(call, charge, charge.refunded_at))
    moves.sort(key=lambda move: move["date"])
    return {"transactions": moves[offset : offset + limit]}


def _received(call: Call, charge: Charge) -> dict[str, Any]:
    return {
        "id": charge.charge_id,
        "amount": charge.total_amount,
        "date": charge.at,
        "source": _partner(call, charge),
    }


def _returned(call: Call, charge: Charge, at: int) -> dict[str, Any]:
    return {
        "id": charge.charge_id,
        "amount": charge.total_amount,
        "date": at,
        "receiver": _partner(call, charge),
    }


def _partner(call: Call, charge: Charge) -> dict[str, Any]:
    return {
        "type": "user",
        "transaction_type": "invoice_payment",
        "user": call.telegram.people[charge.user_id].as_user(),
        "invoice_payload": charge.payload,
    }


METHODS: dict[str, Method] = {
    "sendInvoice": send_invoice,
    "createInvoiceLink": create_invoice_link,
    "answerPreCheckoutQuery": answer_pre_checkout_query,
    "refundStarPayment": refund_star_payment,
    "getStarTransactions": get_star_transactions,
}
