"""Writing, sharing, editing, blocking."""

from __future__ import annotations

from typing import Any

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.chats import Stored
from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.formatting import Formatted, formatted, plain
from bot.sandbox.telegram.keyboards import buttons
from bot.sandbox.telegram.person.side import CannotDo, Side

_LONGEST = facts.limits("sendMessage", "text")[1]


def typed(text: str, markup: str | None = None) -> Formatted:
    """The words with what the person formatted, which they mark up as a bot would.

    Raises CannotDo for markup that cannot be read.
    """
    try:
        return formatted(text, markup)
    except ApiError as error:
        raise CannotDo(error.description) from None


def write(side: Side, text: str, markup: str | None = None) -> Stored:
    """Type a text; the last message of it.

    A text that is too long goes out as several messages, as Telegram's apps do it. Raises CannotDo
    for an empty one.
    """
    parts = [
        typed(text[start : start + _LONGEST], markup) for start in range(0, len(text), _LONGEST)
    ]
    sent = [side.send(part.as_fields()) for part in parts if part.text]
    if not sent:
        raise CannotDo("there is nothing to send")
    return sent[-1]


def share_contact(side: Side) -> Stored:
    """Press the request_contact button: shares the own number.

    Raises CannotDo when no button asks for it, or Telegram knows no number.
    """
    offered = list(buttons(side.chat.keyboard))
    if not any(button.get("request_contact") for button in offered):
        raise CannotDo("no button asks for the contact", [b["text"] for b in offered])
    if not side.person.phone:
        raise CannotDo("Telegram knows no phone number of this person")
    return side.send({"contact": side.person.as_contact()})


def forward_contact(side: Side, phone: str, user_id: int | None = None) -> Stored:
    """Forward a contact that another chat held: whatever it says, it proves nothing."""
    contact: dict[str, Any] = {"phone_number": phone, "first_name": "Contact"}
    if user_id is not None:
        contact["user_id"] = user_id
    origin = {
        "type": "hidden_user",
        "date": int(side.clock.timestamp()),
        "sender_user_name": "Somebody",
    }
    return side.send({"contact": contact, "forward_origin": origin})


def edit(side: Side, message_id: int, text: str) -> Stored:
    """Change an own text. Raises CannotDo when there is none with this id."""
    stored = side.chat.messages.get(message_id)
    is_own = stored is not None and stored.message["from"]["id"] == side.person.id
    words = plain(text)
    if stored is None or not is_own or "text" not in stored.message or not words.text:
        raise CannotDo(f"no text of their own with message_id {message_id}")
    kept = {k: v for k, v in stored.message.items() if k not in ("text", "entities")}
    stored.message = kept | words.as_fields() | {"edit_date": int(side.clock.timestamp())}
    stored.edits += 1
    side.telegram.publish("edited", {"chat_id": side.chat.id, "message": stored.seen()})
    side.show_bot("edited_message", stored.message)
    return stored


def block(side: Side, *, blocked: bool) -> None:
    """Block the bot, or let it write again; it is told by my_chat_member.

    Raises CannotDo in a group, which throws bots out instead.
    """
    if not side.chat.is_private:
        raise CannotDo("a bot is blocked in its private chat")
    if side.chat.is_blocked == blocked:
        return
    before = side.telegram.standing(side.bot, side.chat)
    side.chat.is_blocked = blocked
    side.tell_bot(
        "my_chat_member",
        {
            "chat": side.chat.value,
            "from": side.person.as_user(),
            "date": int(side.clock.timestamp()),
            "old_chat_member": before,
            "new_chat_member": side.telegram.standing(side.bot, side.chat),
        },
    )
    side.telegram.publish("blocked", {"user_id": side.person.id, "blocked": blocked})
