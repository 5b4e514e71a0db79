"""The address of a pay page as a picture, for a phone that is held before a desktop."""

from __future__ import annotations

import io
from typing import Any, Final

import segno

_PIXELS_A_MODULE: Final = 8
_QUIET_MODULES: Final = 4
"""The margin without which readers do not find the code (ISO/IEC 18004)."""


def draw(facts: dict[str, Any]) -> bytes:
    """A PNG of the code that holds ``facts["url"]``."""
    drawn = io.BytesIO()
    code = segno.make_qr(facts["url"], error="m")
    code.save(drawn, kind="png", scale=_PIXELS_A_MODULE, border=_QUIET_MODULES)
    return drawn.getvalue()
