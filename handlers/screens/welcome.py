"""First contact and linking."""

from __future__ import annotations

from typing import Any

from bot.domain.language import ENGLISH
from bot.domain.line import Line
from handlers.branding import Branding
from handlers.buttons import Action, Press
from handlers.html import Html, bold, lines, short_name
from handlers.screens.format import masked
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts, texts


def greeting(t: Texts, branding: Branding, name: str) -> Html:
    welcome = t(
        "👋 {name}, welcome to the {brand} card assistant",
        name=short_name(name),
        brand=branding.name,
    )
    return lines(bold(welcome), t("Usage, renewal, orders: all in this chat."))


def share_number_keyboard(t: Texts) -> dict[str, Any]:
    """A ReplyKeyboardMarkup with which Telegram vouches for the person's own number."""
    return {
        "keyboard": [[{"text": t.plain("📱 Share my number"), "request_contact": True}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }


def verify_number(t: Texts, *, with_keyboard: bool) -> Screen:
    """What an unlinked chat can do. ``with_keyboard``: the key that shares the own number has just
    been put below the chat."""
    share = (
        t("Tap “📱 Share my number” below the chat.")
        if with_keyboard
        else t("Send /start to share your Telegram number with one tap.")
    )
    return Screen(
        lines(
            bold(t("First, verify your number")),
            t("It only serves to find your line."),
            share,
            t("Has your line another number? Tap “⌨️ Another number”."),
        ),
        rows(
            [_another_number(t), Key(t.plain("👀 Browse plans"), Press(Action.BROWSE))],
            [
                Key(t.plain("💬 Help"), Press(Action.FAQ)),
                Key(t.plain("🌐 Language"), Press(Action.LANGUAGES)),
            ],
        ),
        shows="welcome",
    )


def ask_number(t: Texts, hint: Html | None = None) -> Screen:
    return Screen(
        lines(
            hint,
            bold(t("Which number has your line?")),
            t("Send it with its country code, for example {example}.", example="+86 138 0000 1001"),
            t("/cancel leaves everything as it is."),
        ),
        rows([_back(t)]),
        shows="ask_number",
    )


def ask_code(t: Texts, hint: Html | None = None) -> Screen:
    """The same for a known and an unknown number: nobody learns here whose line it is."""
    return Screen(
        lines(
            hint,
            bold(t("Enter the code")),
            t("If this number is one of our lines, a code is on its way to it by text message."),
            t("Send its 6 digits here within 10 minutes."),
        ),
        rows([_another_number(t), _back(t)]),
        shows="ask_code",
    )


def code_text(brand: str, language: str, code: str) -> str:
    """The text message to the line, in the asker's language and in English: the phone that reads it
    may not be the one that asked."""
    said = dict.fromkeys(texts(each) for each in (language, ENGLISH))
    return " ".join([
        f"{brand}: {code}.",
        *(t.plain("Your code, good for 10 minutes; tell nobody.") for t in said),
    ])  # fmt: skip


def ask_card_digits(t: Texts, hint: Html | None = None) -> Screen:
    return Screen(
        lines(
            hint,
            bold(t("One more check: the card's own number")),
            t("Send the last 4 digits of the ICCID."),
            t("It is printed on the back of the card, or stands in your phone's eSIM settings."),
        ),
        rows([_another_number(t), _back(t)]),
        shows="ask_card_digits",
    )


def code_gone(t: Texts) -> Screen:
    return Screen(
        lines(
            bold(t("This code is no longer valid")),
            t("Codes are good for 10 minutes. Type your number again to get a new one."),
        ),
        rows([_another_number(t), _back(t)]),
        shows="code_gone",
    )


def too_many_tries(t: Texts) -> Screen:
    return Screen(
        lines(
            bold(t("Too many tries")),
            t("Nothing was changed. Please try again in an hour."),
        ),
        rows([_back(t)]),
        shows="too_many_tries",
    )


def looking_up(t: Texts) -> Html:
    return t("🔎 Looking for your line…")


def not_your_contact(t: Texts) -> Html:
    return t(
        "That is not your own contact. Tap “📱 Share my number”, or type the number of the line "
        "and prove it by a code."
    )


def linked(t: Texts, line: Line) -> Html:
    return t("✅ {number} is linked to this chat.", number=masked(line.msisdn))


def go_on(t: Texts, press: Press) -> Screen:
    """``press`` opens what the link named by which the person came."""
    return Screen(
        t("You came by a link: tap to go on where it leads."),
        rows([Key(t.plain("▶ Go on"), press, style="primary")]),
        shows="go_on",
    )


def line_not_found(t: Texts) -> Screen:
    return Screen(
        lines(
            bold(t("No line has your Telegram number")),
            t("A travel line often has a number of its own: tap “⌨️ Another number”."),
        ),
        rows([_another_number(t), Key(t.plain("👀 Browse plans"), Press(Action.BROWSE))]),
        shows="line_not_found",
    )


def lookup_failed(t: Texts) -> Screen:
    return Screen(
        lines(
            bold(t("The network did not answer")),
            t("Nothing is lost and nothing was changed. Please try again in a few minutes."),
        ),
        rows([_another_number(t), _back(t)]),
        shows="lookup_failed",
    )


def link_revoked(t: Texts, line: Line) -> Screen:
    return Screen(
        lines(
            bold(t("{number} was unlinked from this chat", number=masked(line.msisdn))),
            t("Somebody proved to hold this line and linked it elsewhere. If that was not you, "
              "please contact support."),
        ),
        rows([Key(t.plain("💬 Help"), Press(Action.FAQ)), _back(t)]),
        shows="link_revoked",
    )  # fmt: skip


def _another_number(t: Texts) -> Key:
    return Key(t.plain("⌨️ Another number"), Press(Action.ANOTHER_NUMBER))


def _back(t: Texts) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.HOME))
