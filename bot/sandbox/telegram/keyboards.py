"""Keyboards: what Telegram lets through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.errors import bad_request

Markup = dict[str, Any]
_SCHEMES = frozenset({"http", "https", "tg", "ton"})


def is_inline(markup: Markup | None) -> TypeGuard[Markup]:
    """Whether the keyboard belongs to its message."""
    return markup is not None and "inline_keyboard" in markup


def buttons(markup: Markup | None) -> Iterator[dict[str, Any]]:
    """All buttons of an inline or reply keyboard, row by row."""
    standing = markup or {}
    for row in standing.get("inline_keyboard") or standing.get("keyboard") or []:
        yield from row


def check_markup(markup: Markup | None, *, in_private: bool, with_invoice: bool = False) -> None:
    """Raises ApiError 400 for the first rule that the keyboard breaks."""
    if markup is None:
        return
    if not is_inline(markup):
        _check_reply(markup, in_private=in_private)
        return
    inline = list(buttons(markup))
    if with_invoice and inline and not inline[0].get("pay"):
        raise bad_request("REPLY_MARKUP_BUY_EMPTY")
    for position, button in enumerate(inline):
        _check_inline(button, may_pay=with_invoice and position == 0)


def _check_reply(markup: Markup, *, in_private: bool) -> None:
    for button in buttons(markup):
        if not button["text"].strip():
            raise bad_request("text buttons must have a text")
        if button.get("request_contact") and not in_private:
            raise bad_request("phone number can be requested in private chats only")
        if button.get("request_location") and not in_private:
            raise bad_request("location can be requested in private chats only")


def _check_inline(button: dict[str, Any], *, may_pay: bool) -> None:
    actions = facts.button_actions(button)
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: text is empty")
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: it has more than one action")
    if "callback_data" in button:
        if not facts.fits("InlineKeyboardButton", "callback_data", button["callback_data"]):
            raise bad_request("BUTTON_DATA_INVALID")
    elif "url" in button:
        _check_url(button["url"])
    elif "copy_text" in button:
        if not facts.fits("CopyTextButton", "text", button["copy_text"]["text"]):
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif "pay" in button and not may_pay:
        raise bad_request("BUTTON_TYPE_INVALID")


def _check_url(url: str) -> None:
    complete = url if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url) else f"http://{url}"
    try:
        parts = urlsplit(complete)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    is_web = parts.scheme in ("http", "https")
    is_whole = bool(host) and ("." in host.strip(".") or not is_web)
    if parts.scheme not in _SCHEMES or not is_whole or re.search(r"\s", url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
