"""Methods that change or remove what was sent."""

from __future__ import annotations

from typing import Any

from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.chats import CAPTIONED, Chat, Message, Stored
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.keyboards import check_markup
from bot.sandbox.telegram.methods.placing import admit
from bot.sandbox.telegram.methods.table import Method

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
_DELETABLE_FOR_S = 48 * 3600
_TEXT = ("text", "entities", "link_preview_options")
_CAPTION = ("caption", "caption_entities", "show_caption_above_media")
_MEDIA = (*CAPTIONED, *_CAPTION)


async def edit_message_text(call: Call) -> Message:
    """Other words."""
    chat, stored = _own_message(call)
    if "text" not in stored.message:
        raise bad_request("there is no text in the message to edit")
    content = call.text().as_fields()
    if preview := call.values.get("link_preview_options"):
        content["link_preview_options"] = preview
    return _change(call, chat, stored, _TEXT, content)


async def edit_message_caption(call: Call) -> Message:
    """Other words under a picture or file."""
    chat, stored = _own_message(call)
    if not stored.message.keys() & set(CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    content = call.caption().as_fields("caption", "caption_entities")
    if call.values.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return _change(call, chat, stored, _CAPTION, content)


async def edit_message_media(call: Call) -> Message:
    """Another picture or file, with its words."""
    chat, stored = _own_message(call)
    media = call.values["media"]
    caption = call.caption(media).as_fields("caption", "caption_entities")
    reference = call.attached(media["media"])
    if media["type"] == "photo":
        content: dict[str, Any] = {"photo": call.bot.files.photo(reference).as_photo()}
    elif media["type"] == "document":
        content = {"document": call.bot.files.document(reference).as_document()}
    elif media["type"] == "video":
        content = {"video": call.bot.files.video(reference).as_video()}
    else:
        raise bad_request("the sandbox knows pictures, videos and documents only")
    return _change(call, chat, stored, (*_TEXT, *_MEDIA), content | caption)


async def edit_message_reply_markup(call: Call) -> Message:
    """Another inline keyboard, or none."""
    chat, stored = _own_message(call)
    return _change(call, chat, stored, (), {})


async def delete_message(call: Call) -> bool:
    """Gone for everyone; possible for 48 hours."""
    chat = call.chat()
    stored = call.message(chat, "delete")
    if call.telegram.clock.timestamp() - stored.message["date"] > _DELETABLE_FOR_S:
        raise bad_request("message can't be deleted")
    del chat.messages[stored.id]
    call.telegram.publish("deleted", {"chat_id": chat.id, "message_id": stored.id})
    return True


def _own_message(call: Call) -> tuple[Chat, Stored]:
    """The bot's own message that is to be edited. Raises ApiError 400."""
    if "inline_message_id" in call.values:
        raise bad_request("MESSAGE_ID_INVALID")
    chat = call.chat()
    stored = call.message(chat, "edit")
    if stored.message["from"]["id"] != call.bot.id or stored.is_fixed:
        raise bad_request("message can't be edited")
    return chat, stored


def _change(
    call: Call, chat: Chat, stored: Stored, replaced: tuple[str, ...], content: dict[str, Any]
) -> Message:
    """Put `content` in place of the fields `replaced`; without a keyboard the old one goes."""
    markup = call.values.get("reply_markup")
    check_markup(markup, in_private=chat.is_private, with_invoice=stored.invoice is not None)
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    before = stored.message
    gone = {*replaced, "reply_markup", "edit_date"}
    after = {name: value for name, value in before.items() if name not in gone} | content
    if markup and markup["inline_keyboard"]:
        after["reply_markup"] = markup
    if after == {name: value for name, value in before.items() if name != "edit_date"}:
        raise bad_request(_NOT_MODIFIED)
    admit(call, chat)
    stored.message = after | {"edit_date": int(call.telegram.clock.timestamp())}
    stored.edits += 1
    call.telegram.publish("edited", {"chat_id": chat.id, "message": stored.seen()})
    return stored.message


METHODS: dict[str, Method] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
}
