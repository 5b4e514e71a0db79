"""An announcement as each recipient gets it: their language, their name, their plan."""

from __future__ import annotations

from typing import Any, Final

from bot.domain.announcement import (
    Announcement,
    Content,
    OfferButton,
    Pass,
    Recipient,
    Version,
    fill,
)
from handlers.buttons import Action, Press
from handlers.html import short_name
from handlers.screens.screen import Key, inline_keyboard

_NOTHING: Final = "–"
"""In the place of a plan or of days, for those who have none."""
_SEND: Final = {
    Content.TEXT: "sendMessage",
    Content.PHOTO: "sendPhoto",
    Content.VIDEO: "sendVideo",
    Content.DOCUMENT: "sendDocument",
}


def call_for(announcement: Announcement, to: Recipient) -> tuple[str, dict[str, Any]]:
    """The Bot API call that does to this recipient what the announcement is doing."""
    if announcement.doing is Pass.RECALL:
        return "deleteMessage", {"chat_id": to.chat_id, "message_id": to.message_id}
    version = announcement.version_for(to.language)
    is_text = version.content is Content.TEXT
    parameters: dict[str, Any] = {
        "chat_id": to.chat_id,
        "text" if is_text else "caption": words_for(version, to),
        "parse_mode": "HTML",
    }
    if version.buttons:
        parameters["reply_markup"] = inline_keyboard(
            tuple((_key(announcement.id, place, each),)
                  for place, each in enumerate(version.buttons))
        )  # fmt: skip
    if announcement.doing is Pass.CORRECT:
        method = "editMessageText" if is_text else "editMessageCaption"
        return method, {**parameters, "message_id": to.message_id}
    if not is_text:
        parameters[version.content] = version.file_id
    if announcement.silent:
        parameters["disable_notification"] = True
    return _SEND[version.content], parameters


def words_for(version: Version, to: Recipient) -> str:
    values = {
        "name": short_name(to.name),
        "plan": to.plan or _NOTHING,
        "days_left": _NOTHING if to.days_left is None else str(to.days_left),
    }
    return fill(version.html, values)


def _key(announcement_id: int, place: int, button: OfferButton) -> Key:
    if button.url is not None:
        return Key(button.label, url=button.url)
    return Key(button.label, Press(Action.OFFER, str(place), announcement_id, anew=True))
