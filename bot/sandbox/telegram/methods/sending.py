"""Methods that send."""

from __future__ import annotations

from typing import Any

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.chats import Message
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.methods.placing import place
from bot.sandbox.telegram.methods.table import Method

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_CONTENT = ("text", "entities", "link_preview_options", "photo", "document", "sticker", "contact")
_WORDS = ("caption", "caption_entities")
_TOPIC_COLOUR = 0x6FB9F0


async def send_message(call: Call) -> Message:
    """Words."""
    content = call.text().as_fields()
    if preview := call.values.get("link_preview_options"):
        content["link_preview_options"] = preview
    return place(call, content).message


async def send_photo(call: Call) -> Message:
    """A picture with words under it."""
    caption = call.caption().as_fields("caption", "caption_entities")
    call.chat()
    photo = call.bot.files.photo(call.file("photo"))
    content = {"photo": photo.as_photo(), **caption}
    for name in ("show_caption_above_media", "has_spoiler"):
        if call.values.get(name):
            content["has_media_spoiler" if name == "has_spoiler" else name] = True
    return place(call, content).message


async def send_document(call: Call) -> Message:
    """A file with words under it."""
    caption = call.caption().as_fields("caption", "caption_entities")
    call.chat()
    document = call.bot.files.document(call.file("document"))
    return place(call, {"document": document.as_document(), **caption}).message


async def send_chat_action(call: Call) -> bool:
    """ "typing…" and the like."""
    chat = call.chat()
    if call.values["action"] not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.telegram.publish("action", {"chat_id": chat.id, "action": call.values["action"]})
    return True


async def copy_message(call: Call) -> dict[str, Any]:
    """The same content as a message of the bot's own."""
    original = call.message(call.chat("from_chat_id"), "copy")
    content = {name: original.message[name] for name in _CONTENT if name in original.message}
    if not content:
        raise bad_request("message can't be copied")
    if "caption" in call.values:
        content |= call.caption().as_fields(*_WORDS)
    else:
        content |= {name: original.message[name] for name in _WORDS if name in original.message}
    return {"message_id": place(call, content).id}


async def forward_message(call: Call) -> Message:
    """A message with the name of who wrote it."""
    original = call.message(call.chat("from_chat_id"), "forward").message
    kept = (*_CONTENT, *_WORDS, "invoice")
    content = {name: original[name] for name in kept if name in original}
    if not content:
        raise bad_request("message can't be forwarded")
    content["forward_origin"] = {
        "type": "user",
        "date": original["date"],
        "sender_user": original["from"],
    }
    return place(call, content).message


async def create_forum_topic(call: Call) -> dict[str, Any]:
    """A topic in a forum."""
    chat = call.chat()
    name = call.values["name"]
    if not chat.value.get("is_forum"):
        raise bad_request("the chat is not a forum")
    if not facts.fits("createForumTopic", "name", name):
        raise bad_request("TOPIC_TITLE_INVALID")
    topic = {"name": name, "icon_color": call.values.get("icon_color", _TOPIC_COLOUR)}
    stored = call.telegram.post(call.bot, chat, call.bot.as_user(), {"forum_topic_created": topic})
    chat.topics[stored.id] = name
    return {"message_thread_id": stored.id, **topic}


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendChatAction": send_chat_action,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
    "createForumTopic": create_forum_topic,
}
