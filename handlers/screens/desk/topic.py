"""What stands in a subscriber's topic of the operators' group. Account data is masked there: the
group may have other members than the desk has operators."""

from __future__ import annotations

from bot.domain.support import CaseReason, SupportCase
from bot.services.read_support import CaseCard
from bot.services.support_requests import Failure
from handlers.buttons import Action, Press
from handlers.html import Html, bold, folded, lines, short_name
from handlers.screens.desk.support import facts
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts


def card(t: Texts, shown: CaseCard) -> Screen:
    """The head of a case, anew each time that it opens."""
    case = shown.case
    why = t("⏳ Their order takes too long. Nobody has asked yet.")
    if case.why is CaseReason.ASKED or not case.is_silent:
        why = t("They wrote to support.")
    return Screen(
        lines(
            bold(t("💬 Case of {name}", name=short_name(shown.person.name))),
            why,
            *facts(t, shown),
            "",
            t("What is written here goes to them, without your name; 👀 once they have it."),
        ),
        rows(
            [
                Key(t.plain("☑️ Close case"), Press(Action.CASE_CLOSE, number=case.id)),
                Key(t.plain("👤 Person"), Press(Action.PERSON, number=case.subscriber_id)),
            ]
        ),
    )


def closed(t: Texts, case: SupportCase) -> Screen:
    return Screen(
        t("☑️ The case is closed. /reopen, or whatever is written here, opens it again."),
        rows([Key(t.plain("🔓 Reopen"), Press(Action.CASE_REOPEN, number=case.id))]),
    )


def answered_at_desk(t: Texts, words: str) -> Html:
    return lines(t("✉️ Answered at the desk:"), folded(words))


def not_copied(t: Texts) -> Html:
    return t("⚠️ They sent something that Telegram does not let me show here.")


def not_delivered(t: Texts, why: Failure) -> Html:
    match why:
        case Failure.BLOCKED:
            return t("🚫 Not delivered: they have blocked the bot.")
        case Failure.NOT_COPIED:
            return t("⚠️ Not delivered: Telegram does not copy messages of this kind.")
        case _:
            return t("⚠️ Not delivered: Telegram did not take it. Please send it again.")


def edits_stay(t: Texts) -> Html:
    return t("✏️ They keep the message as it was. Please send what you corrected as a new one.")


def commands(t: Texts) -> Html:
    return t("Commands stay here. /close closes the case, /reopen opens it again.")


def nothing_open(t: Texts) -> str:
    return t.plain("This case is closed already.")


def nothing_closed(t: Texts) -> str:
    return t.plain("This case is open already.")


def done(t: Texts) -> str:
    return t.plain("Done.")


def in_private(t: Texts) -> str:
    return t.plain("You have it in your private chat with me.")


def not_in_private(t: Texts) -> str:
    return t.plain("Only operators of the desk see that. Ask an owner, and write to me in private.")
