"""Sending what is no text: a picture, a clip, a voice note, a file, a sticker.

What is sent is always the same small thing; only its words are the person's own.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.chats import Stored
from bot.sandbox.telegram.parameters import Upload
from bot.sandbox.telegram.person.side import CannotDo, Side
from bot.sandbox.telegram.person.writing import typed

_FOLDER = Path(__file__).parent / "attachments"
_LONGEST = facts.limits("sendPhoto", "caption")[1]


def attach(
    side: Side, kind: str, caption: str = "", markup: str | None = None, album: str | None = None
) -> Stored:
    """Send one of `KINDS`, with words under it, formatted as the markup (a parse mode) says.

    What is sent with the same ``album`` belongs together. Raises CannotDo for words that are too
    many, and for words under a sticker, which has none.
    """
    words = typed(caption, markup)
    if len(words.text) > _LONGEST or (caption and kind == "sticker"):
        raise CannotDo(f"no such words can stand under a {kind}")
    together = {} if album is None else {"media_group_id": album}
    fields = words.as_fields("caption", "caption_entities")
    return side.send(KINDS[kind](side) | fields | together)


def _photo(side: Side) -> dict[str, Any]:
    content = BytesIO()
    Image.new("RGB", (160, 120), "skyblue").save(content, "PNG")
    upload = Upload("photo.png", content.getvalue(), "image/png")
    return {"photo": side.bot.files.photo(upload).as_photo()}


def _video(side: Side) -> dict[str, Any]:
    upload = Upload("clip.mp4", (_FOLDER / "clip.mp4").read_bytes(), "video/mp4")
    return {"video": side.bot.files.video(upload, 160, 120, 1).as_video()}


def _voice(side: Side) -> dict[str, Any]:
    upload = Upload("voice.ogg", (_FOLDER / "voice.ogg").read_bytes(), "audio/ogg")
    return {"voice": side.bot.files.voice(upload, 1).as_voice()}


def _document(side: Side) -> dict[str, Any]:
    upload = Upload("note.txt", b"A note.\n", "text/plain")
    return {"document": side.bot.files.document(upload).as_document()}


def _sticker(side: Side) -> dict[str, Any]:
    return {"sticker": side.bot.files.sticker().as_sticker()}


KINDS: dict[str, Callable[[Side], dict[str, Any]]] = {
    "photo": _photo,
    "video": _video,
    "voice": _voice,
    "document": _document,
    "sticker": _sticker,
}
