"""The menu of commands and the bot's own description, in each language."""

from __future__ import annotations

from typing import Any, Final

from handlers.branding import Branding
from handlers.texts import LANGUAGES, Texts, texts

_LANGUAGE_CODES: Final = {"zh_Hans": "zh", "en": ""}
"""Telegram's code by ours; English is what everybody else sees."""


def menu_calls(branding: Branding) -> list[tuple[str, dict[str, Any]]]:
    """The Bot API calls, method and parameters, that set the menu and the descriptions."""
    return [call for language in LANGUAGES for call in _calls(texts(language), branding)]


def _calls(t: Texts, branding: Branding) -> list[tuple[str, dict[str, Any]]]:
    code = _LANGUAGE_CODES[t.language]
    spoken = {"language_code": code} if code else {}
    commands = [{"command": name, "description": text} for name, text in _menu(t).items()]
    about = t.plain("Usage, renewal and orders of your {brand} card.", brand=branding.name)
    return [
        ("setMyCommands", {"commands": commands, **spoken}),
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
