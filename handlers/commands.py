"""The menu of commands and the bot's own description, in each language."""

from __future__ import annotations

from typing import Any

from bot.domain.language import ENGLISH
from bot.domain.operator import Role
from handlers.branding import Branding
from handlers.texts import Texts, languages, spoken, texts


def menu_calls(branding: Branding) -> list[tuple[str, dict[str, Any]]]:
    """The Bot API calls, method and parameters, that set the menu and the descriptions."""
    return [call for t, code in _told_apart() for call in _calls(t, code, branding)]


def operator_menu_calls(chat_id: int, role: Role | None) -> list[tuple[str, dict[str, Any]]]:
    """The same for one operator's own chat; None: the menu of everybody comes back. The scope only
    shows commands; what they do is asked of the role each time."""
    scope = {"scope": {"type": "chat", "chat_id": chat_id}}
    calls: list[tuple[str, dict[str, Any]]] = []
    for t, code in _told_apart():
        where = {**scope, **code}
        if role is None:
            calls.append(("deleteMyCommands", where))
        else:
            menu = {"desk": t.plain("Operator's desk"), **_menu(t)}
            calls.append(("setMyCommands", {"commands": _listed(menu), **where}))
    return calls


def _listed(menu: dict[str, str]) -> list[dict[str, str]]:
    return [{"command": name, "description": text} for name, text in menu.items()]


def _told_apart() -> list[tuple[Texts, dict[str, str]]]:
    """The languages that Telegram tells apart, which it does by two letters, each with its
    ``language_code``. English has none: it is what everybody else sees."""
    codes = {language: texts(language).locale.language for language in languages()}
    return [
        (texts(language), {} if language == ENGLISH else {"language_code": code})
        for language, code in codes.items()
        if spoken(code) == language
    ]


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
