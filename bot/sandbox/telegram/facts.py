"""The Bot API's facts (facts.json) as ready checkers: built once, used for every request.

A checker takes a value and its path and returns what is wrong, or None. Types of which facts.json
holds no shape (rich messages, suggested posts …) are known by name only and accepted as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

Checker = Callable[[Any, str], str | None]

_FACTS: dict[str, Any] = json.loads((Path(__file__).parent / "facts.json").read_text("utf-8"))
METHOD_NAMES = frozenset(_FACTS["method_names"])
METHODS: dict[str, Any] = _FACTS["methods"]
_SHAPES: dict[str, Any] = _FACTS["types"]
_ARRAY = "Array of "
_FORMATTING = frozenset({"text", "icon_custom_emoji_id", "style"})


def limits(owner: str, field: str) -> tuple[int, int]:
    """The least and greatest size (or value) of a method's parameter or a shape's field."""
    fact = METHODS[owner]["parameters"][field] if owner in METHODS else _fields(owner)[field]
    return fact["min"], fact["max"]


def size(text: str, unit: str = "characters") -> int:
    """Length as the Bot API counts it: code points, or bytes of UTF-8."""
    return len(text.encode()) if unit == "bytes" else len(text)


def fits(owner: str, field: str, text: str) -> bool:
    """Whether a text keeps to the limits of that parameter or field."""
    fact = METHODS[owner]["parameters"][field] if owner in METHODS else _fields(owner)[field]
    return bool(fact["min"] <= size(text, fact.get("of", "characters")) <= fact["max"])


def button_actions(button: Mapping[str, Any]) -> list[str]:
    """The fields of an inline button that say what it does; exactly one is right."""
    return [name for name in button if name not in _FORMATTING]


def what_is_wrong_with_result(method: str, result: Any) -> str | None:
    """Check an answer of ours against what the method returns."""
    return _any_of(tuple(METHODS[method]["returns"]))(result, "result")


def what_is_wrong_with(shape: str, value: Any) -> str | None:
    """Check an object against a named shape, such as `Update`."""
    return _of_type(shape)(value, shape)


@cache
def parameter_checker(method: str, parameter: str) -> Checker:
    """The checker of one parameter of one method."""
    return _any_of(tuple(METHODS[method]["parameters"][parameter]["types"]))


def _fields(shape: str) -> dict[str, Any]:
    fields: dict[str, Any] = _SHAPES[shape]["fields"]
    return fields


@cache
def required_parameters(method: str) -> tuple[str, ...]:
    """The parameters that must be there."""
    parameters = METHODS[method]["parameters"]
    return tuple(name for name, fact in parameters.items() if fact.get("required"))


@cache
def _any_of(types: tuple[str, ...]) -> Checker:
    if len(types) == 1:
        return _of_type(types[0])
    checkers = [_of_type(name) for name in types]

    def check(value: Any, path: str) -> str | None:
        complaints = []
        for checker in checkers:
            complaint = checker(value, path)
            if complaint is None:
                return None
            complaints.append(complaint)
        return max(complaints, key=len)

    return check


def is_unknown(name: str) -> bool:
    """Whether a type is known by its name only, so that its values can't be checked."""
    element = name.removeprefix(_ARRAY)
    return element not in _SCALARS and element not in _SHAPES


@cache
def _of_type(name: str) -> Checker:
    if name.startswith(_ARRAY):
        return _array(_of_type(name.removeprefix(_ARRAY)))
    if name in _SCALARS:
        return _SCALARS[name]
    if is_unknown(name):
        return _accept
    if "one_of" in _SHAPES[name]:
        return _one_of(name)
    return _object(name)


def _array(item: Checker) -> Checker:
    def check(value: Any, path: str) -> str | None:
        if not isinstance(value, list):
            return f"{path} must be an array"
        for position, element in enumerate(value):
            if complaint := item(element, f"{path}[{position}]"):
                return complaint
        return None

    return check


def _one_of(name: str) -> Checker:
    """Subtypes are built on first use: shapes may refer to each other in circles."""

    def check(value: Any, path: str) -> str | None:
        return _any_of(tuple(_SHAPES[name]["one_of"]))(value, path)

    return check


def _object(name: str) -> Checker:
    fields = _fields(name)
    required = [field for field, fact in fields.items() if fact.get("required")]
    fixed = {field: fact["value"] for field, fact in fields.items() if "value" in fact}
    checkers: dict[str, Checker] = {}

    def check(value: Any, path: str) -> str | None:
        if not isinstance(value, dict):
            return f"{path} must be an object"
        for field in required:
            if field not in value:
                return f"{path}.{field} is missing"
        for field, content in value.items():
            if field not in fields:
                return f"{path}.{field} is not a field of {name}"
            checker = checkers.get(field)
            if checker is None:
                checker = checkers[field] = _any_of(tuple(fields[field]["types"]))
            if complaint := checker(content, f"{path}.{field}"):
                return complaint
            if field in fixed and content != fixed[field]:
                return f"{path}.{field} must be {fixed[field]!r}"
        return None

    return check


def _integer(value: Any, path: str) -> str | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return None if whole else f"{path} must be an integer"


def _float(value: Any, path: str) -> str | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if number else f"{path} must be a number"


def _string(value: Any, path: str) -> str | None:
    return None if isinstance(value, str) else f"{path} must be a string"


def _boolean(value: Any, path: str) -> str | None:
    return None if isinstance(value, bool) else f"{path} must be a boolean"


def _accept(_value: Any, _path: str) -> str | None:
    return None


_SCALARS: dict[str, Checker] = {
    "Integer": _integer,
    "Float": _float,
    "String": _string,
    "Boolean": _boolean,
    "True": _boolean,
}
