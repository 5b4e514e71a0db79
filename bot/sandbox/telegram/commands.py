"""The menu of commands, by scope and language."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.errors import bad_request

_MOST = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_DEFAULT = {"type": "default"}


class Commands:
    """One bot's commands; nothing falls back to another scope or language."""

    def __init__(self) -> None:
        self._lists: dict[str, list[dict[str, Any]]] = {}

    def set(
        self, commands: list[dict[str, Any]], scope: dict[str, Any] | None, language: str
    ) -> None:
        """Replace a list. Raises ApiError 400 for a malformed command or more than 100."""
        if len(commands) > _MOST:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            is_named = _COMMAND.fullmatch(command["command"])
            if not is_named or not facts.fits("BotCommand", "description", command["description"]):
                raise bad_request("BOT_COMMAND_INVALID")
        self._lists[_key(scope, language)] = commands

    def get(self, scope: dict[str, Any] | None, language: str) -> list[dict[str, Any]]:
        """Exactly the list of this scope and language."""
        return self._lists.get(_key(scope, language), [])

    def delete(self, scope: dict[str, Any] | None, language: str) -> None:
        """Forget a list."""
        self._lists.pop(_key(scope, language), None)

    def seen_by(self, user_id: int, language: str) -> list[dict[str, Any]]:
        """What a person sees in the private chat: the nearest scope, their language first."""
        scopes = ({"type": "chat", "chat_id": user_id}, {"type": "all_private_chats"}, _DEFAULT)
        for scope in scopes:
            for code in (language.partition("-")[0], ""):
                if commands := self.get(scope, code):
                    return commands
        return []

    def snapshot(self) -> dict[str, Any]:
        """All lists as JSON."""
        return self._lists

    def restore(self, saved: dict[str, Any]) -> None:
        """Take over saved lists."""
        self._lists = dict(saved)


def _key(scope: dict[str, Any] | None, language: str) -> str:
    chosen = scope or _DEFAULT
    return f"{chosen['type']}/{chosen.get('chat_id', '')}/{chosen.get('user_id', '')}/{language}"
