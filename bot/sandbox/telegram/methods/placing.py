"""Putting a bot's message into a chat: what all sending methods share."""

from __future__ import annotations

from typing import Any

from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.chats import Chat, Stored
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.keyboards import check_markup, is_inline
from bot.sandbox.telegram.topics import as_replied


def place(call: Call, content: dict[str, Any], *, with_invoice: bool = False) -> Stored:
    """Send `content` into the call's chat, with its keyboard, reply and topic.

    Raises ApiError 400 or 403 for a chat, keyboard, reply or topic that can't be; 429 for a flood.
    """
    chat = call.chat()
    markup = call.values.get("reply_markup")
    check_markup(markup, in_private=chat.is_private, with_invoice=with_invoice)
    topic = call.topic(chat)
    within = chat.within(topic) if topic is not None else {}
    fields = within | _reply(call, chat) | content
    if call.values.get("protect_content"):
        fields["has_protected_content"] = True
    if is_inline(markup) and markup["inline_keyboard"]:
        fields["reply_markup"] = markup
    admit(call, chat)
    stored = call.telegram.post(call.bot, chat, call.bot.as_user(), fields)
    if markup is not None and not is_inline(markup):
        stored.is_fixed = True
        _change_keyboard(call, chat, markup)
    return stored


def admit(call: Call, chat: Chat) -> None:
    """Count a message or edit. Raises ApiError 429 when there are too many."""
    if call.telegram.has_flood_control:
        call.bot.flood.admit(chat.id, is_group=not chat.is_private)


def _reply(call: Call, chat: Chat) -> dict[str, Any]:
    wanted = call.values.get("reply_parameters") or {}
    if "message_id" not in wanted:
        return {}
    replied = chat.messages.get(wanted["message_id"])
    if replied is not None:
        return {"reply_to_message": as_replied(replied.message)}
    if wanted.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _change_keyboard(call: Call, chat: Chat, markup: dict[str, Any]) -> None:
    """A reply keyboard stands until another, or its removal, comes; force_reply is no keyboard."""
    if "force_reply" in markup and "keyboard" not in markup:
        return
    chat.keyboard = markup if "keyboard" in markup else None
    call.telegram.publish("keyboard", {"chat_id": chat.id, "keyboard": chat.keyboard})
