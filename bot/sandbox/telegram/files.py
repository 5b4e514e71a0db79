"""Files that a bot sent or received; their ids are good for this bot only."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.parameters import Upload

_MEGABYTE = 1024 * 1024
MAX_UPLOAD_BYTES = 50 * _MEGABYTE
MAX_PHOTO_BYTES = 10 * _MEGABYTE
MAX_DOWNLOAD_BYTES = 20 * _MEGABYTE
_MAX_SIDES = 10_000
_MAX_RATIO = 20


@dataclass(frozen=True)
class StoredFile:
    """A file in Telegram; width and height in pixels, 0 for what is no picture; seconds of what
    plays."""

    id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    content: bytes
    width: int = 0
    height: int = 0
    duration: int = 0

    def _identified(self) -> dict[str, Any]:
        return {
            "file_id": self.id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }

    def as_file(self) -> dict[str, Any]:
        """The Bot API's `File`."""
        return self._identified() | {"file_path": self.path}

    def as_photo(self) -> list[dict[str, Any]]:
        """The photo's sizes: the one that was sent."""
        return [self._identified() | {"width": self.width, "height": self.height}]

    def as_document(self) -> dict[str, Any]:
        """The Bot API's `Document`."""
        return self._identified() | {"file_name": self.name, "mime_type": self.mime_type}

    def as_video(self) -> dict[str, Any]:
        """The Bot API's `Video`."""
        size = {"width": self.width, "height": self.height, "duration": self.duration}
        return self.as_document() | size

    def as_voice(self) -> dict[str, Any]:
        """The Bot API's `Voice`."""
        return self._identified() | {"duration": self.duration, "mime_type": self.mime_type}

    def as_sticker(self) -> dict[str, Any]:
        """The Bot API's `Sticker`."""
        return self._identified() | {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "👍",
        }


class Files:
    """One bot's files, by id and by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def photo(self, given: str | Upload) -> StoredFile:
        """The picture that was uploaded or is named by its id.

        Raises ApiError 400 for what is no picture, too big, or unknown.
        """
        if isinstance(given, str):
            return self.known(given)
        if len(given.content) > MAX_PHOTO_BYTES:
            raise bad_request(
                f"file of size {len(given.content)} bytes is too big for a photo; "
                f"the maximum size is {MAX_PHOTO_BYTES} bytes"
            )
        width, height = _picture_size(given.content)
        return self._keep("photos", given, width, height)

    def document(self, given: str | Upload) -> StoredFile:
        """The file that was uploaded or is named by its id; ApiError 413 when it is too big."""
        return self._uploaded("documents", given)

    def video(
        self, given: str | Upload, width: int = 0, height: int = 0, duration: int = 0
    ) -> StoredFile:
        """The clip that was uploaded or is named by its id; ApiError 413 when it is too big."""
        return self._uploaded("videos", given, width, height, duration)

    def voice(self, given: str | Upload, duration: int = 0) -> StoredFile:
        """The voice note that was uploaded or is named by its id; ApiError 413 when too big."""
        return self._uploaded("voice", given, duration=duration)

    def sticker(self) -> StoredFile:
        """A sticker that somebody sends."""
        return self._keep("stickers", Upload("sticker.webp", b"RIFF\0\0\0\0WEBP", "image/webp"))

    def known(self, file_id: str) -> StoredFile:
        """The file with this id. Raises ApiError 400 when this bot has none."""
        if file_id.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        if file_id not in self._by_id:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return self._by_id[file_id]

    def to_download(self, file_id: str) -> StoredFile:
        """The file, when a bot may download it. Raises ApiError 400."""
        if file_id not in self._by_id:
            raise bad_request("invalid file_id")
        file = self._by_id[file_id]
        if len(file.content) > MAX_DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        return file

    def at(self, path: str) -> StoredFile | None:
        """The file at a download path."""
        return self._by_path.get(path)

    def with_id(self, file_id: str) -> StoredFile | None:
        """The file with this id, if there is one."""
        return self._by_id.get(file_id)

    def _uploaded(
        self, folder: str, given: str | Upload, width: int = 0, height: int = 0, duration: int = 0
    ) -> StoredFile:
        if isinstance(given, str):
            return self.known(given)
        if len(given.content) > MAX_UPLOAD_BYTES:
            raise ApiError(413, "Request Entity Too Large")
        return self._keep(folder, given, width, height, duration)

    def _keep(
        self, folder: str, given: Upload, width: int = 0, height: int = 0, duration: int = 0
    ) -> StoredFile:
        number = len(self._by_id)
        extension = given.name.rpartition(".")[2] if "." in given.name else "bin"
        file = StoredFile(
            id=f"{folder}-{secrets.token_urlsafe(24)}",
            unique_id=secrets.token_urlsafe(9),
            path=f"{folder}/file_{number}.{extension}",
            name=given.name,
            mime_type=given.mime_type,
            content=given.content,
            width=width,
            height=height,
            duration=duration,
        )
        self._put(file)
        return file

    def _put(self, file: StoredFile) -> None:
        self._by_id[file.id] = file
        self._by_path[file.path] = file

    def snapshot(self) -> list[dict[str, Any]]:
        """All files as JSON."""
        return [
            vars(file) | {"content": base64.b64encode(file.content).decode()}
            for file in self._by_id.values()
        ]

    def restore(self, saved: list[dict[str, Any]]) -> None:
        """Take over saved files."""
        for kept in saved:
            self._put(StoredFile(**kept | {"content": base64.b64decode(kept["content"])}))


def _picture_size(content: bytes) -> tuple[int, int]:
    try:
        with Image.open(BytesIO(content)) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    is_extreme = max(width, height) > _MAX_RATIO * min(width, height)
    if width + height > _MAX_SIDES or is_extreme:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height
