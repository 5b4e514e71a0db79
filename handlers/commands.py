"""The menu of commands and the bot's own description, in each language."""

from __future__ import annotations

from typing import Any, Final

from bot.domain.operator import Role
from handlers.branding import Branding
from handlers.texts import LANGUAGES, Texts, texts

_LANGUAGE_CODES: Final = {"zh_Hans": "zh", "en": ""}
"""Telegram's code by ours; English is what everybody else sees."""


def menu_calls(branding: Branding) -> list[tuple[str, dict[str, Any]]]:
    """The Bot API calls, method and parameters, that set the menu and the descriptions."""
    return [call for language in LANGUAGES for call in _calls(texts(language), branding)]


def operator_menu_calls(chat_id: int, role: Role | None) -> list[tuple[str, dict[str, Any]]]:
    """The same for one operator's own chat; None: the menu of everybody comes back. The scope only
    shows commands; what they do is asked of the role each time."""
    scope = {"scope": {"type": "chat", "chat_id": chat_id}}
    calls: list[tuple[str, dict[str, Any]]] = []
    for language in LANGUAGES:
        t, code = texts(language), _LANGUAGE_CODES[language]
        where = {**scope, "language_code": code} if code else scope
        if role is None:
            calls.append(("deleteMyCommands", where))
        else:
            menu = {"desk": t.plain("Operator's desk"), **_menu(t)}
            calls.append(("setMyCommands", {"commands": _listed(menu), **where}))
    return calls


def _listed(menu: dict[str, str]) -> list[dict[str, str]]:
    return [{"command": name, "description": text} for name, text in menu.items()]


def _calls(t: Texts, branding: Branding) -> list[tuple[str, dict[str, Any]]]:
    code = _LANGUAGE_CODES[t.language]
    spoken = {"language_code": code} if code else {}
    about = t.plain("Usage, renewal and orders of your {brand} card.", brand=branding.name)
    return [
        ("setMyCommands", {"commands": _listed(_menu(t)), **spoken}),
        ("setMyDescription", {"description": about, **spoken}),
        ("setMyShortDescription", {"short_description": about, **spoken}),
    ]


def _menu(t: Texts) -> dict[str, str]:
    return {
        "start": t.plain("Home"),
        "usage": t.plain("Balance and usage"),
        "renew": t.plain("Renew your plan"),
        "orders": t.plain("Orders and receipts"),
        "help": t.plain("Help and support"),
    }
