"""Pictures are staged as what they show and drawn just before they leave: an outbox of words.

``{"$picture": {"kind": "usage", …}}`` stands in the parameters where a file would.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

_MARK: Final = "$picture"

Painter = Callable[[dict[str, Any]], bytes]
"""Draws a PNG from the picture's facts, on a thread."""


class Pictures:
    """The painters by kind of picture."""

    def __init__(self, painters: Mapping[str, Painter]) -> None:
        self._painters = painters

    async def draw(self, parameters: dict[str, Any]) -> dict[str, bytes]:
        """Draws what the parameters ask for and puts references to the files in its place.

        The files by the name of their form field; none when no picture is asked for. Raises
        `KeyError` for an unknown kind, and whatever the painter raises.
        """
        files: dict[str, bytes] = {}
        for holder, field in _places(parameters):
            facts = holder[field][_MARK]
            name = f"picture{len(files)}"
            files[name] = await asyncio.to_thread(self._painters[facts["kind"]], facts)
            holder[field] = f"attach://{name}"
        return files


def _places(parameters: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Where a picture stands: in a parameter itself, or one level down in an ``InputMedia``."""
    holders = [parameters, *(each for each in parameters.values() if isinstance(each, dict))]
    return [
        (holder, field)
        for holder in holders
        for field, value in holder.items()
        if isinstance(value, dict) and _MARK in value
    ]
