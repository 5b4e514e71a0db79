"""The questions before an operator's deed, and what the subscriber reads of it."""

from __future__ import annotations

from typing import Final

from bot.domain.errors import AmountOutOfRange
from bot.domain.money import Money
from bot.services.read_desk import DeskLine, Subject
from bot.services.read_orders import OrderCard
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, lines, short_name
from handlers.screens import format as f
from handlers.screens import goods
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts

CREDITING: Final = "crediting"
CREDIT_DRAFT: Final = "credit draft"
WRITING: Final = "writing"
WORDS_DRAFT: Final = "words draft"


def surely_refund(t: Texts, card: OrderCard) -> Screen:
    """The safe key comes first."""
    order = card.order
    return Screen(
        lines(
            bold(t("↩️ Refund {amount}?", amount=f.money(t, order.total))),
            t("🧾 Order {id}", id=code(order.id)),
            goods.goods(t, order, card.plan, card.line),
            t("The carrier is asked to cancel it first; then the money goes back the way it came."),
        ),
        rows(
            [Key(t.plain("◀ Keep it"), Press(Action.DESK_ORDER, order.id))],
            [Key(t.plain("↩️ Refund it"), Press(Action.REFUND_SURELY, order.id), style="danger")],
        ),
        shows="surely refund",
        subject=order.id,
    )


def refund_asked(t: Texts) -> Html:
    return t("✅ The refund is under way.")


def looking(t: Texts) -> Html:
    return t("✅ The carrier is asked; what it has is followed, what it lacks is ordered again.")


def ask_credit(t: Texts, line: DeskLine, draft: str, hint: Html | None) -> Screen:
    example = t("20 no service on Friday")
    return Screen(
        lines(
            hint,
            bold(t("🎁 Credit {number}", number=line.line.msisdn)),
            t("Balance {amount}", amount=f.money(t, line.wallet)),
            t("Send the amount and the reason, such as: {example}",
              example=code(example)),
            t("The subscriber reads the reason."),
        ),
        rows([_back_to_line(t, line)]),
        shows=CREDITING,
        subject=draft,
    )  # fmt: skip


def no_credit(t: Texts) -> Html:
    return t("That is no amount with a reason.")


def credit_out_of_range(t: Texts, refusal: AmountOutOfRange) -> Html:
    return t("One credit is at most {amount}.", amount=f.money(t, refusal.most))


def surely_credit(
    t: Texts, line: DeskLine, amount: Money, reason: str, token: str, draft: str
) -> Screen:
    return Screen(
        lines(
            bold(t("🎁 Credit {number}", number=line.line.msisdn)),
            t("{before} + {amount} = {after}", before=f.money(t, line.wallet),
              amount=bold(f.money(t, amount)), after=f.money(t, line.wallet + amount)),
            t("Reason: {reason}", reason=reason),
        ),
        rows(
            [_back_to_line(t, line)],
            [Key(t.plain("🎁 Credit it"), Press(Action.CREDIT_SURELY, token), style="danger")],
        ),
        shows=CREDIT_DRAFT,
        subject=draft,
    )  # fmt: skip


def credit_done(t: Texts, amount: Money) -> Html:
    return t("✅ {amount} credited; the subscriber was told.", amount=f.money(t, amount))


def ask_words(t: Texts, subject: Subject, draft: str, hint: Html | None) -> Screen:
    return Screen(
        lines(
            hint,
            bold(t("✉️ Write to {name}", name=short_name(subject.person.name))),
            t("Send the words. They are shown to you once more before they leave."),
        ),
        rows([_back_to_person(t, subject)]),
        shows=WRITING,
        subject=draft,
    )


def no_words(t: Texts, most: int) -> Html:
    return t("A message is words, at most {most} characters.", most=most)


def surely_write(t: Texts, subject: Subject, words: str, token: str, draft: str) -> Screen:
    return Screen(
        lines(
            bold(t("✉️ To {name}:", name=short_name(subject.person.name))),
            "",
            t("💬 Support: {words}", words=words),
        ),
        rows(
            [_back_to_person(t, subject)],
            [Key(t.plain("✉️ Send it"), Press(Action.WRITE_SURELY, token), style="primary")],
        ),
        shows=WORDS_DRAFT,
        subject=draft,
    )


def words_sent(t: Texts) -> Html:
    return t("✅ Sent.")


# ── what the subscriber reads ─────────────────────────────────────────────────────────────────────


def credited(t: Texts, amount: Money, reason: str) -> Screen:
    return Screen(
        lines(
            bold(t("🎁 {amount} was added to your wallet", amount=f.money(t, amount))),
            t("💬 Support: {words}", words=reason),
        ),
        rows([Key(t.plain("🏠 Home"), Press(Action.HOME))]),
        shows="credited",
    )


def written(t: Texts, text: str) -> Screen:
    return Screen(
        t("💬 Support: {words}", words=text),
        rows([Key(t.plain("🏠 Home"), Press(Action.HOME))]),
        shows="written",
    )


def _back_to_line(t: Texts, line: DeskLine) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.PERSON_LINE, number=line.line.id))


def _back_to_person(t: Texts, subject: Subject) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.PERSON, number=subject.person.id))
