"""Files are staged as what they show and made just before they leave: an outbox of words.

``{"$file": {"kind": "usage", "name": "usage.png", …}}`` stands in the parameters where a file
would; its facts are what a renderer of that kind wants.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from mimetypes import guess_type
from typing import Any, Final

from bot.runtime.http import File

_MARK: Final = "$file"
_ANY: Final = "application/octet-stream"

Renderer = Callable[[dict[str, Any]], bytes]
"""Makes the file's content from its facts, on a thread."""


class Attachments:
    """The renderers by kind of file."""

    def __init__(self, renderers: Mapping[str, Renderer]) -> None:
        self._renderers = renderers

    async def render(self, parameters: dict[str, Any]) -> dict[str, File]:
        """Makes what the parameters ask for and puts references to the files in its place.

        The files by the name of their form field; none when none is asked for. Raises `KeyError`
        for an unknown kind, and whatever the renderer raises.
        """
        files: dict[str, File] = {}
        for holder, field in _places(parameters):
            facts = holder[field][_MARK]
            content = await asyncio.to_thread(self._renderers[facts["kind"]], facts)
            part = f"file{len(files)}"
            files[part] = File(facts["name"], content, guess_type(facts["name"])[0] or _ANY)
            holder[field] = f"attach://{part}"
        return files


def _places(parameters: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Where a file stands: in a parameter itself, or one level down in an ``InputMedia``."""
    holders = [parameters, *(each for each in parameters.values() if isinstance(each, dict))]
    return [
        (holder, field)
        for holder in holders
        for field, value in holder.items()
        if isinstance(value, dict) and _MARK in value
    ]
