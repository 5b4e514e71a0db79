"""The SDK's own types, as a check of what is sent and of what is answered."""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

import stripe
from pydantic import ConfigDict, TypeAdapter
from stripe._stripe_object import UntypedStripeObject
from stripe.params.checkout import _session_create_params

Json = dict[str, Any]


@cache
def _session_request() -> TypeAdapter[Any]:
    """The SDK's TypedDict of a session's creation, closed against unknown names."""
    for shape in vars(_session_create_params).values():
        if isinstance(shape, type) and hasattr(shape, "__total__"):
            shape.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)  # type: ignore[attr-defined]
    adapter: TypeAdapter[Any] = TypeAdapter(_session_create_params.SessionCreateParams)
    # Names that the SDK imports for type checkers only.
    unseen = (Mapping, UntypedStripeObject, stripe.StripeContext)
    adapter.rebuild(_types_namespace={name.__name__: name for name in unseen})
    return adapter


def check_session_request(asked: Json) -> None:
    """Raises ValidationError unless the SDK's type allows these parameters."""
    _session_request().validate_python(asked)


def what_is_wrong(body: Json, shape: type[Any]) -> list[str]:
    """Where an answer is not what the SDK's class says: unknown, missing or of another type."""
    hints = _hints(shape)
    wrong = [f"{name} is unknown" for name in body if name not in hints]
    for name, hint in hints.items():
        if name not in body:
            if not _may_be_none(hint):
                wrong.append(f"{name} is missing")
            continue
        wrong += [f"{name}: {problem}" for problem in _compared(body[name], hint)]
    return wrong


def _hints(shape: type[Any]) -> dict[str, Any]:
    return {
        name: hint
        for name, hint in inspect.get_annotations(shape).items()
        if not name.startswith("OBJECT_")
    }


def _may_be_none(hint: Any) -> bool:
    return type(None) in get_args(hint)


def _compared(value: Any, hint: Any) -> list[str]:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        options = [_compared(value, option) for option in get_args(hint)]
        return min(options, key=len)
    if hint is type(None):
        return [] if value is None else [f"{value!r} is not null"]
    if origin is Literal:
        return [] if value in get_args(hint) else [f"{value!r} is none of the known"]
    if origin is list:
        if not isinstance(value, list):
            return [f"{value!r} is not a list"]
        return [problem for element in value for problem in _compared(element, get_args(hint)[0])]
    if isinstance(hint, type) and hint in (int, str, bool):
        return [] if type(value) is hint else [f"{value!r} is not {hint.__name__}"]
    if isinstance(hint, type) and issubclass(hint, stripe.StripeObject):
        if not isinstance(value, dict):
            return [f"{value!r} is not an object"]
        return what_is_wrong(value, hint) if _hints(hint) else []
    return []
