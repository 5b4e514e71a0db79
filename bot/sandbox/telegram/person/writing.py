"""Writing, sending, sharing, blocking."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.chats import Stored
from bot.sandbox.telegram.formatting import plain
from bot.sandbox.telegram.keyboards import buttons
from bot.sandbox.telegram.parameters import Upload
from bot.sandbox.telegram.person.side import CannotDo, Side

_LONGEST = facts.limits("sendMessage", "text")[1]


def write(side: Side, text: str, thread_id: int | None = None) -> Stored:
    """Type a text, into a topic where there is one; the last message of it.

    A text that is too long goes out as several messages, as Telegram's apps do it. Raises CannotDo
    for an empty one.
    """
    topic: dict[str, Any] = {}
    if thread_id is not None:
        if thread_id not in side.chat.topics:
            raise CannotDo(f"no topic {thread_id}")
        topic = {"message_thread_id": thread_id, "is_topic_message": True}
    parts = [plain(text[start : start + _LONGEST]) for start in range(0, len(text), _LONGEST)]
    sent = [side.send(part.as_fields() | topic) for part in parts if part.text]
    if not sent:
        raise CannotDo("there is nothing to send")
    return sent[-1]


def send_photo(side: Side) -> Stored:
    """Send a small picture."""
    content = BytesIO()
    Image.new("RGB", (160, 120), "skyblue").save(content, "PNG")
    photo = side.bot.files.photo(Upload("photo.png", content.getvalue(), "image/png"))
    return side.send({"photo": photo.as_photo()})


def send_sticker(side: Side) -> Stored:
    """Send a sticker."""
    return side.send({"sticker": side.bot.files.sticker().as_sticker()})


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
    side.tell_bot("edited_message", stored.message)
    return stored


def block(side: Side, *, blocked: bool) -> None:
    """Block the bot, or let it write again; it is told by my_chat_member."""
    if side.chat.is_blocked == blocked:
        return
    side.chat.is_blocked = blocked
    statuses = ("member", "kicked") if blocked else ("kicked", "member")
    before, after = (_bot_as_member(side, status) for status in statuses)
    side.tell_bot(
        "my_chat_member",
        {
            "chat": side.chat.value,
            "from": side.person.as_user(),
            "date": int(side.clock.timestamp()),
            "old_chat_member": before,
            "new_chat_member": after,
        },
    )
    side.telegram.publish("blocked", {"user_id": side.person.id, "blocked": blocked})


def _bot_as_member(side: Side, status: str) -> dict[str, Any]:
    member = {"status": status, "user": side.bot.as_user()}
    return member | {"until_date": 0} if status == "kicked" else member
