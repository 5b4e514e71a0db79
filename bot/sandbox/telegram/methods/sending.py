"""Methods that send."""

from __future__ import annotations

from typing import Any

from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.chats import CAPTIONED, CONTENT, Message
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.methods.placing import place
from bot.sandbox.telegram.methods.table import Method
from bot.sandbox.telegram.parameters import Upload

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
_WORDS = ("caption", "caption_entities")
_LOOKS = {
    "show_caption_above_media": "show_caption_above_media",
    "has_spoiler": "has_media_spoiler",
}


async def send_message(call: Call) -> Message:
    """Words."""
    content = call.text().as_fields()
    if preview := call.values.get("link_preview_options"):
        content["link_preview_options"] = preview
    return place(call, content).message


async def send_photo(call: Call) -> Message:
    """A picture with words under it."""
    caption = call.caption().as_fields(*_WORDS)
    call.chat()
    photo = call.bot.files.photo(call.file("photo"))
    return place(call, {"photo": photo.as_photo(), **caption, **_looks(call)}).message


async def send_document(call: Call) -> Message:
    """A file with words under it."""
    caption = call.caption().as_fields(*_WORDS)
    call.chat()
    document = call.bot.files.document(call.file("document"))
    return place(call, {"document": document.as_document(), **caption}).message


async def send_video(call: Call) -> Message:
    """A clip with words under it. What is no MPEG-4 goes out as a file (Bot API, `sendVideo`)."""
    caption = call.caption().as_fields(*_WORDS)
    call.chat()
    given = call.file("video")
    if isinstance(given, Upload) and not _is_mpeg4(given.content):
        document = call.bot.files.document(given)
        return place(call, {"document": document.as_document(), **caption}).message
    size = (call.values.get(name, 0) for name in ("width", "height", "duration"))
    video = call.bot.files.video(given, *size)
    return place(call, {"video": video.as_video(), **caption, **_looks(call)}).message


async def send_voice(call: Call) -> Message:
    """A voice note with words under it."""
    caption = call.caption().as_fields(*_WORDS)
    call.chat()
    voice = call.bot.files.voice(call.file("voice"), call.values.get("duration", 0))
    return place(call, {"voice": voice.as_voice(), **caption}).message


def _is_mpeg4(content: bytes) -> bool:
    return content[4:8] == b"ftyp"


def _looks(call: Call) -> dict[str, bool]:
    return {field: True for name, field in _LOOKS.items() if call.values.get(name)}


async def send_chat_action(call: Call) -> bool:
    """ "typing…" and the like."""
    chat = call.chat()
    if call.values["action"] not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.topic(chat)
    call.telegram.publish("action", {"chat_id": chat.id, "action": call.values["action"]})
    return True


async def copy_message(call: Call) -> dict[str, Any]:
    """The same content as a message of the bot's own; a caption only where one can be."""
    original = call.message(call.chat("from_chat_id"), "copy").message
    content = {name: original[name] for name in CONTENT if name in original}
    if not content:
        raise bad_request("message can't be copied")
    if "caption" in call.values and any(name in content for name in CAPTIONED):
        content |= call.caption().as_fields(*_WORDS)
    else:
        content |= {name: original[name] for name in _WORDS if name in original}
    return {"message_id": place(call, content).id}


async def forward_message(call: Call) -> Message:
    """A message with the name of who wrote it first."""
    original = call.message(call.chat("from_chat_id"), "forward").message
    kept = (*CONTENT, *_WORDS, "invoice")
    content = {name: original[name] for name in kept if name in original}
    if not content:
        raise bad_request("message can't be forwarded")
    content["forward_origin"] = original.get("forward_origin") or {
        "type": "user",
        "date": original["date"],
        "sender_user": original["from"],
    }
    return place(call, content).message


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendVideo": send_video,
    "sendVoice": send_voice,
    "sendChatAction": send_chat_action,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
}
