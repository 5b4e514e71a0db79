"""One's own data: as a file, and deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.line import Line
from bot.domain.money import Money
from bot.services.forget_subscriber import Outlook
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, lines
from handlers.screens import format as f
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts


def document(subscriber_id: int, now: datetime) -> dict[str, Any]:
    """What the file is made of just before it leaves: whose it is, and nothing that is in it."""
    name = f"my-data-{now.date().isoformat()}.json"
    return {"kind": "own data", "name": name, "subscriber_id": subscriber_id}


def document_caption(t: Texts) -> Html:
    return t("📦 All that we keep about you, as of now. Times are UTC.")


def ask_to_forget(t: Texts, outlook: Outlook) -> Screen:
    """The safe key comes first."""
    if not outlook.can_be:
        return _not_yet(t, outlook)
    return Screen(
        lines(
            bold(t("🗑 Delete your data?")),
            t("<b>What goes:</b> your name, language and settings, your numbers, readings and "
              "usage, kept cards, auto-renewal, coupons, and the messages stored with us."),
            _books(t, outlook),
            "",
            t("Your lines go on working, and a plan that is paid goes on."),
            *(_wallet(t, line, held) for line, held in outlook.wallets),
            "",
            t("This cannot be undone. What stands in this chat is yours to delete in Telegram."),
        ),
        rows(
            [Key(t.plain("◀ Keep my data"), Press(Action.PRIVACY))],
            [Key(t.plain("📦 Export it first"), Press(Action.OWN_DATA))],
            [Key(t.plain("🗑 Delete my data"), Press(Action.FORGET_ME_SURELY), style="danger")],
        ),
        shows="forget",
    )  # fmt: skip


def forgotten(t: Texts) -> Screen:
    return Screen(
        lines(
            bold(t("✅ Your data is deleted")),
            t("The last traces, this message among them, leave our files within a day. If you "
              "write again, you begin as somebody new: link your number to see your line."),
        ),
        rows([Key(t.plain("👋 Begin anew"), Press(Action.HOME))]),
        shows="forgotten",
    )  # fmt: skip


def _not_yet(t: Texts, outlook: Outlook) -> Screen:
    order = None
    if outlook.under_way:
        order = Key(t.plain("🧾 Order"), Press(Action.ORDER, outlook.under_way[0]))
        why = t("Order {id} has not ended yet. It may still need you: to be delivered, or to be "
                "paid back. Once it has ended, your data can go.",
                id=code(outlook.under_way[0]))  # fmt: skip
    else:
        why = t("You serve at the desk: an owner has to take that role back first.")
    return Screen(
        lines(bold(t("🗑 Your data cannot be deleted yet")), why),
        rows([order, Key(t.plain("◀ Back"), Press(Action.PRIVACY))]),
        shows="forget",
    )


def _books(t: Texts, outlook: Outlook) -> Html:
    if not outlook.orders:
        return t("<b>What stays:</b> nothing that tells of you.")
    return t(
        "<b>What stays:</b> orders, payments and the ledger, because a seller has to keep books. "
        "They stand under a random number that leads nobody back to you."
    )


def _wallet(t: Texts, line: Line, held: Money) -> Html:
    return t(
        "<b>{amount}</b> in the wallet of {number} stays with the line: link the number again and "
        "it is there. To have it paid back, write to support first.",
        amount=f.money(t, held),
        number=f.masked(line.msisdn),
    )
