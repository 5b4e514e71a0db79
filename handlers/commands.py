"""The menu of commands and the bot's own description, in each language."""

from __future__ import annotations

from typing import Any

from bot.domain.language import ENGLISH
from bot.domain.operator import Role
from bot.domain.subscriber import Subscriber
from bot.services.unit import Unit
from handlers.branding import Branding
from handlers.texts import Texts, languages, spoken, texts


def menu_calls(branding: Branding) -> list[tuple[str, dict[str, Any]]]:
    """The Bot API calls, method and parameters, that set the menu and the descriptions."""
    return [call for t, code in _told_apart() for call in _calls(t, code, branding)]


def put_menu(unit: Unit, subscriber: Subscriber, role: Role | None) -> None:
    """The menu in their own chat: an operator's with the desk, and in the language that they read
    where Telegram does not know it by itself; else that of everybody comes back. It only shows the
    commands; what they do is asked of the role each time."""
    t = texts(subscriber.language)
    where: dict[str, Any] = {"scope": {"type": "chat", "chat_id": subscriber.id}}
    if role is None and not has_own_menu(subscriber):
        unit.outbox.telegram("deleteMyCommands", where, chat_id=subscriber.id)
        return
    desk = {} if role is None else {"desk": t.plain("Operator's desk")}
    menu = {"commands": _listed({**desk, **_menu(t)}), **where}
    unit.outbox.telegram("setMyCommands", menu, chat_id=subscriber.id)


def has_own_menu(subscriber: Subscriber) -> bool:
    """Telegram goes by the language of the app, and by its first two letters."""
    return subscriber.language_chosen or not _is_told_apart(texts(subscriber.language))


def _listed(menu: dict[str, str]) -> list[dict[str, str]]:
    return [{"command": name, "description": text} for name, text in menu.items()]


def _told_apart() -> list[tuple[Texts, dict[str, str]]]:
    """The languages that Telegram tells apart, which it does by two letters, each with its
    ``language_code``. English has none: it is what everybody else sees."""
    return [
        (t, {} if t.language == ENGLISH else {"language_code": t.locale.language})
        for t in map(texts, languages())
        if _is_told_apart(t)
    ]


def _is_told_apart(t: Texts) -> bool:
    return spoken(t.locale.language) == t.language


def _calls(t: Texts, code: dict[str, str], branding: Branding) -> list[tuple[str, dict[str, Any]]]:
    about = t.plain("Usage, renewal and orders of your {brand} card.", brand=branding.name)
    return [
        ("setMyCommands", {"commands": _listed(_menu(t)), **code}),
        ("setMyDescription", {"description": about, **code}),
        ("setMyShortDescription", {"short_description": about, **code}),
    ]


def _menu(t: Texts) -> dict[str, str]:
    return {
        "start": t.plain("Home"),
        "usage": t.plain("Balance and usage"),
        "renew": t.plain("Renew your plan"),
        "orders": t.plain("Orders and receipts"),
        "help": t.plain("Help and support"),
    }
