"""Paying an invoice: ask the bot, take the money, tell the bot."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.telegram.invoices import Invoice
from bot.sandbox.telegram.payments import Charge, Checkout, Verdict
from bot.sandbox.telegram.person.side import CannotDo, Side

OUTCOMES = ("paid", "cancel", "decline", "lost-notice", "double-notice")


async def pay(
    side: Side, message_id: int | None = None, outcome: str = "paid", link: str | None = None
) -> dict[str, Any]:
    """Pay an invoice: of a message (the newest, without an id) or of a link.

    Answers `outcome`: paid, refused (with `error_message`), timeout, cancelled or declined (the
    provider takes no money). A notice may be lost or doubled on the way to the bot; the charge is
    one. Raises CannotDo when there is no such invoice.
    """
    paid_message_id, invoice = _invoice(side, message_id, link)
    result = await _checked_out(side, invoice, outcome)
    side.telegram.publish(
        "invoice",
        {
            "user_id": side.person.id,
            "message_id": paid_message_id,
            "outcome": result["outcome"],
        },
    )
    return result


def _invoice(side: Side, message_id: int | None, link: str | None) -> tuple[int | None, Invoice]:
    if link is not None:
        if link not in side.bot.payments.links:
            raise CannotDo(f"no invoice behind {link}")
        return None, side.bot.payments.links[link]
    for stored in side.chat.newest_first():
        if stored.invoice is not None and message_id in (None, stored.id):
            return stored.id, stored.invoice
    raise CannotDo("no such invoice")


async def _checked_out(side: Side, invoice: Invoice, outcome: str) -> dict[str, Any]:
    if outcome == "cancel":
        return {"outcome": "cancelled"}
    checkout = side.bot.payments.ask(side.person.id, invoice)
    side.tell_bot(
        "pre_checkout_query",
        {
            "id": checkout.id,
            "from": side.person.as_user(),
            "currency": invoice.currency,
            "total_amount": invoice.total_amount,
            "invoice_payload": invoice.payload,
        },
    )
    verdict = await _verdict(side, checkout)
    if verdict is None:
        return {"outcome": "timeout"}
    if not verdict.ok:
        return {"outcome": "refused", "error_message": verdict.error_message}
    if outcome == "decline":
        return {"outcome": "declined"}
    charge = side.bot.payments.charge(side.person.id, invoice)
    _tell_of_charge(side, charge, outcome)
    return {"outcome": "paid", "charge_id": charge.charge_id}


async def _verdict(side: Side, checkout: Checkout) -> Verdict | None:
    """The bot's answer, or None when the sandbox's clock says that it is too late."""
    deadline = datetime.fromtimestamp(checkout.expires, UTC)
    expiry = asyncio.create_task(side.clock.sleep_until(deadline))
    either: set[asyncio.Future[Any]] = {checkout.verdict, expiry}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        expiry.cancel()
        side.bot.payments.give_up(checkout)
    return checkout.verdict.result() if checkout.verdict.done() else None


def _tell_of_charge(side: Side, charge: Charge, outcome: str) -> None:
    if outcome == "lost-notice":
        return
    content = {"successful_payment": charge.as_successful_payment()}
    stored = side.telegram.post(side.bot, side.chat, side.person.as_user(), content)
    for _ in range(2 if outcome == "double-notice" else 1):
        side.tell_bot("message", stored.message)
