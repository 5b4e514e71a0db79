"""A support case as operators see it at the desk."""

from __future__ import annotations

from typing import Final

from bot.domain.operator import Deed, Role
from bot.domain.support import Written
from bot.services.read_support import CaseCard
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, folded, lines, neutral, short_name
from handlers.screens import format as f
from handlers.screens.desk.lookup import state_name
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts

_SHOWN: Final = 300
"""Characters of a message; all of it is a tap away."""


def case(t: Texts, card: CaseCard, role: Role, note: Html | None = None) -> Screen:
    person, about = card.person, card.case
    write = close = read = None
    if role.may(Deed.WRITE):
        write = Key(t.plain("✉️ Answer"), Press(Action.WRITE_TO, number=person.id), style="primary")
    if about.is_open and role.may(Deed.CLOSE_CASE):
        close = Key(t.plain("☑️ Close case"), Press(Action.CASE_CLOSE, number=about.id))
    if card.messages:
        read = Key(t.plain("📨 As sent"), Press(Action.CASE_MESSAGES, number=about.id))
    return Screen(
        lines(
            note,
            bold(t("💬 Case of {name}", name=short_name(person.name))),
            t("Opened {age}", age=f.ago(t, about.opened_at, card.now))
            if about.is_open
            else t("Closed"),
            *facts(t, card),
            "",
            *(_message(t, card, each) for each in card.messages),
            None if card.messages else t("Nobody has written yet."),
        ),
        rows(
            [write, read],
            [close, Key(t.plain("👤 Person"), Press(Action.PERSON, number=person.id))],
            [Key(t.plain("◀ Back"), Press(Action.WAITING, number=0))],
        ),
        shows="desk case",
        subject=str(about.id),
    )


def facts(t: Texts, card: CaseCard) -> list[Html]:
    """Who it is, in a few lines, with the number masked: others may look over a shoulder."""
    line = card.line
    told = [
        t("Telegram id {id} · {language}", id=code(card.person.id),
          language=t.name_of(card.person.language)),
        t("📱 {number} · {plan}", number=f.masked(line.msisdn), plan=card.plan or "–")
        if line is not None else t("No line is linked."),
    ]  # fmt: skip
    if card.order is not None:
        order = card.order.order
        told.append(
            t("🧾 {id} · {amount} · {state}", id=code(order.id), amount=f.money(t, order.total),
              state=state_name(t, order))
        )  # fmt: skip
    if card.person.blocked:
        told.append(t("🚫 Has blocked the bot"))
    return told


def kind_name(t: Texts, kind: str) -> str:
    return {
        "photo": t.plain("🖼 Photo"),
        "voice": t.plain("🎙 Voice message"),
        "document": t.plain("📎 File"),
        "video": t.plain("🎬 Video"),
        "sticker": t.plain("🙂 Sticker"),
    }.get(kind) or t.plain("✉️ Message")


def closed(t: Texts) -> Html:
    return t("☑️ Closed; the subscriber was told.")


def _message(t: Texts, card: CaseCard, written: Written) -> Html:
    words = neutral(written.words or "")
    shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
    kind = None if written.kind == "text" else kind_name(t, written.kind)
    age = f.ago(t, written.sent_at, card.now)
    return lines(
        t("{age} · {kind}", age=age, kind=kind) if kind else age,
        folded(shown) if shown else None,
    )
