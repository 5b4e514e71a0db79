"""Privacy, terms, and help with a payment."""

from __future__ import annotations

from bot.domain.personal_data import A_SEASON, A_WEEK, About
from handlers.branding import Branding
from handlers.buttons import Action, Press
from handlers.html import Html, bold, folded, lines
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts


def privacy(t: Texts, branding: Branding) -> Screen:
    return Screen(
        lines(
            bold(t("Privacy")),
            t("We keep what your line needs, and nothing else."),
            folded(lines(*kept(t).values(), t("Card numbers never pass through this chat."))),
        ),
        rows(
            _own_data(t), [Key(t.plain("Read it in full"), url=branding.privacy_url), _settings(t)]
        ),
        shows="privacy",
    )


def kept(t: Texts) -> dict[About, Html]:
    """What is kept about somebody, and for how long, as the register has it."""
    week, season = A_WEEK.days, A_SEASON.days
    return {
        About.PROFILE: t("• Your Telegram id, name and language, to answer you."),
        About.LINES: t("• The numbers that you link, to find your lines."),
        About.USAGE: t("• What the network says of your line; usage by day for {days} days.",
                       days=season),
        About.SETTINGS: t("• What you set: alerts, hours, auto-renewal, ways to pay, coupons."),
        About.CARDS: t("• Of a card that you let us keep: its brand, last four digits and expiry."),
        About.MESSAGES: t("• What comes in and goes out, for {days} days, so that none is lost.",
                          days=week),
        About.SUPPORT: t("• What you write to support, for {days} days after it is settled.",
                         days=season),
        About.ANNOUNCEMENTS: t("• Which announcements you got, for {days} days.", days=season),
        About.BOOKS: t("• Orders, payments and the ledger, as long as the law asks of a seller: "
                       "without you, once you delete your data."),
        About.DESK: t("• What our staff did for you, so that they answer for it."),
    }  # fmt: skip


def terms(t: Texts, branding: Branding) -> Screen:
    return Screen(
        lines(
            bold(t("Terms")),
            t("“Unlimited” means a daily high-speed allowance, then a reduced rate until the "
              "next day."),
            t("A plan that was bought cannot be changed. What is not delivered is refunded."),
            t("Money in a wallet pays for plans of its line. A top-up can go back while the wallet "
              "holds all of it."),
        ),
        rows([Key(t.plain("Read it in full"), url=branding.terms_url)], [_settings(t)]),
        shows="terms",
    )  # fmt: skip


def own_words(t: Texts, words: Html, name: str) -> Screen:
    """The end of a text that the operator wrote."""
    own_data = _own_data(t) if name == "privacy" else []
    return Screen(words, rows(own_data, [_settings(t)]), shows=name)


def payment_help(t: Texts) -> Screen:
    return Screen(
        lines(
            bold(t("Help with a payment")),
            t("Every order shows what was paid and what became of it: see /orders."),
            t("Charged twice, too late, or for nothing? It goes back to you in full. Write to us "
              "with the order's number and a person looks at it. Telegram's own support cannot "
              "help with purchases made in this bot."),
        ),
        rows(
            [
                Key(t.plain("🧾 Orders"), Press(Action.ORDERS, number=0)),
                Key(t.plain("💬 Support"), Press(Action.SUPPORT)),
            ],
            [_home(t)],
        ),
        shows="payment help",
    )  # fmt: skip


def _home(t: Texts) -> Key:
    return Key(t.plain("🏠 Home"), Press(Action.HOME))


def _settings(t: Texts) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.SETTINGS))


def _own_data(t: Texts) -> list[Key | None]:
    return [
        Key(t.plain("📦 Export my data"), Press(Action.OWN_DATA)),
        Key(t.plain("🗑 Delete my data"), Press(Action.FORGET_ME)),
    ]
