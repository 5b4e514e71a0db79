"""JSON from outside, with nothing in it that could not be written out again."""

from __future__ import annotations

import json
from typing import Any, NoReturn


def parse(raw: bytes | str) -> Any:
    """The value; ValueError for broken JSON, NaN, infinities, lone surrogates, endless nesting."""
    try:
        value = json.loads(raw, parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
