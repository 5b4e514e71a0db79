"""A slot is a message of a chat that we keep up to date: what Telegram says of it, and what then.

The descriptions are those of the Bot API server (tdlib/telegram-bot-api).
"""

from __future__ import annotations

from typing import Any, Final

_UNCHANGED: Final = "message is not modified"
_GONE: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
    "there is no media in the message to edit",
)
_OF_THE_EDIT: Final = frozenset({"message_id", "inline_message_id"})
_OF_THE_MEDIA: Final = frozenset({"type", "media"})


def is_unchanged(description: str) -> bool:
    """The message shows already what it was to show."""
    return _UNCHANGED in description.lower()


def is_gone(description: str) -> bool:
    """The message was deleted, is too old, or is of another kind: it cannot be edited any more."""
    lowered = description.lower()
    return any(reason in lowered for reason in _GONE)


def as_new_message(method: str, parameters: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The method and parameters that send as a new message what the edit would have shown.

    None for edits of only a keyboard or a caption: the rest of the message is not known here.
    """
    kept = {name: value for name, value in parameters.items() if name not in _OF_THE_EDIT}
    if method == "editMessageText":
        return "sendMessage", kept
    if method == "editMessageMedia" and parameters["media"]["type"] == "photo":
        media = kept.pop("media")
        words = {name: value for name, value in media.items() if name not in _OF_THE_MEDIA}
        return "sendPhoto", {**kept, **words, "photo": media["media"]}
    return None
