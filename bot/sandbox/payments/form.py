"""Form bodies and queries with brackets: `a[b]=1&c[0][d]=2` reads as {"a": {"b": "1"}, "c": […]}.

Every leaf is a text. A list is written with indexes (`c[0]`, `c[1]`) or with empty brackets.
"""

import re
from collections.abc import Iterable
from typing import Any

from bot.sandbox.payments.errors import misused

Fields = dict[str, Any]

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_DEEPEST = 8
_MOST_FIELDS = 1_000


def nested(pairs: Iterable[tuple[str, str]]) -> Fields:
    """The fields as objects and lists. Raises ApiError 400 for names that cannot be read."""
    root: Fields = {}
    for count, (name, value) in enumerate(pairs):
        if count >= _MOST_FIELDS:
            raise misused("Too many parameters", name)
        _put(root, name, value)
    return {name: _with_lists(value) for name, value in root.items()}


def _put(root: Fields, name: str, value: str) -> None:
    parts = _parts(name)
    place = root
    for part in parts[:-1]:
        place = place.setdefault(_key(part, place), {})
        if not isinstance(place, dict):
            raise _unreadable(name)
    last = _key(parts[-1], place)
    if last in place:
        raise _unreadable(name)
    place[last] = value


def _parts(name: str) -> list[str]:
    read = _NAME.fullmatch(name)
    if read is None:
        raise _unreadable(name)
    parts = [read[1], *_BRACKET.findall(read[2])]
    if len(parts) > _DEEPEST:
        raise _unreadable(name)
    return parts


def _key(part: str, place: Fields) -> str:
    """The part itself; empty brackets take the next index."""
    return part or str(len(place))


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if list(value) == [str(index) for index in range(len(value))]:
        return [_with_lists(element) for element in value.values()]
    return {name: _with_lists(element) for name, element in value.items()}


def _unreadable(name: str) -> Exception:
    return misused(f"Invalid parameter name: {name}", name)
