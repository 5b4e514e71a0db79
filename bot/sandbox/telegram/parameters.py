"""Reading a request's parameters: by query, form, JSON or multipart, into checked values.

Text that arrives by a form becomes what the specification says: numbers, booleans, objects.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.sandbox import strict_json
from bot.sandbox.telegram import facts
from bot.sandbox.telegram.errors import ApiError, bad_request

_TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"false", "0", "no", ""})
_EMPTY = {"chat_id": "chat_id is empty", "text": "message text is empty"}
_SCALARS = frozenset({"Integer", "Float", "Boolean", "String", "True", "InputFile"})
_MAY_BE_EMPTY = frozenset({"url"})  # setWebhook with an empty one removes the webhook
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_NOT_SIMULATED = frozenset(
    {
        "business_connection_id",
        "direct_messages_topic_id",
        "ephemeral_message_parameters",
        "rich_message",
        "suggested_post_parameters",
    }
)
_MAX_FIELDS = 1_000


@dataclass(frozen=True)
class Upload:
    """A file that came with the request."""

    name: str
    content: bytes
    mime_type: str


@dataclass(frozen=True)
class Parameters:
    """What a request carried: parameters by name, uploads by the name of their part."""

    values: dict[str, Any]
    uploads: dict[str, Upload]


class SchemaError(ApiError):
    """The request is not what the Bot API specification allows."""

    def __init__(self, complaint: str, description: str | None = None) -> None:
        super().__init__(400, f"Bad Request: {description or complaint}")
        self.complaint = complaint


async def read(request: Request) -> Parameters:
    """Everything the request carries, as it came.

    Raises ApiError 400 when the body is not what its content type says.
    """
    values: dict[str, Any] = dict(parse_qsl(request.url.query, keep_blank_values=True))
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    uploads: dict[str, Upload] = {}
    if content_type == "multipart/form-data":
        await _read_parts(request, values, uploads)
        return Parameters(values, uploads)
    body = await request.body()
    if content_type == "application/json" and body:
        values |= _json_object(body)
    elif body:
        values |= parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return Parameters(values, uploads)


async def _read_parts(request: Request, values: dict[str, Any], uploads: dict[str, Upload]) -> None:
    try:
        async with request.form(max_files=_MAX_FIELDS, max_fields=_MAX_FIELDS) as form:
            for name, part in form.multi_items():
                if isinstance(part, UploadFile):
                    uploads[name] = Upload(
                        part.filename or name,
                        await part.read(),
                        part.content_type or "application/octet-stream",
                    )
                else:
                    values[name] = part
    except HTTPException as broken:
        raise bad_request(f"can't parse the multipart body: {broken.detail}") from None


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        parsed = strict_json.parse(body)
    except ValueError:
        raise bad_request("can't parse request body as JSON object") from None
    if not isinstance(parsed, dict):
        raise bad_request("can't parse request body as JSON object")
    return parsed


def check(method: str, given: Parameters, *, strict: bool) -> dict[str, Any]:
    """The parameters with the types of the specification; files stay under their part's name.

    Empty text stands for a parameter that was left out, as in Telegram. Raises SchemaError for a
    missing or mistyped parameter and, when `strict`, for one that the method does not have;
    ApiError 501 for one that would change what happens in a way that the sandbox does not simulate.
    """
    known = facts.METHODS[method]["parameters"]
    values: dict[str, Any] = {}
    for name, raw in given.values.items():
        fact = known.get(name)
        if fact is None:
            if strict:
                raise SchemaError(f"{method} has no parameter {name}")
            continue
        if raw is None or (raw == "" and "String" not in fact["types"]):
            continue
        value = _typed(name, raw, fact["types"])
        if complaint := facts.parameter_checker(method, name)(value, name):
            raise SchemaError(complaint)
        if name in _NOT_SIMULATED:
            raise ApiError(501, f"Not Implemented: the sandbox does not simulate {name}")
        values[name] = value
    for name in facts.required_parameters(method):
        is_there = name in given.uploads or values.get(name, "") != ""
        if not is_there and not (name in _MAY_BE_EMPTY and name in values):
            raise SchemaError(
                f"{method} needs {name}", _EMPTY.get(name, f'parameter "{name}" is required')
            )
    return values


def _typed(name: str, raw: Any, types: list[str]) -> Any:
    """Text as the first of the types that it can be; anything but text stays as it is."""
    if not isinstance(raw, str):
        return raw
    if "Integer" in types and _INTEGER.fullmatch(raw):
        return int(raw)
    if "Float" in types:
        return _number(raw)
    if "Boolean" in types or "True" in types:
        return _boolean(raw)
    if any(type_name not in _SCALARS for type_name in types):
        return _parsed_object(name, raw)
    return raw


def _number(raw: str) -> float | str:
    try:
        return float(raw)
    except ValueError:
        return raw


def _boolean(raw: str) -> bool | str:
    if raw.lower() in _TRUE:
        return True
    return False if raw.lower() in _FALSE else raw


def _parsed_object(name: str, raw: str) -> Any:
    try:
        return strict_json.parse(raw)
    except ValueError:
        wanted = "reply keyboard markup JSON object" if name == "reply_markup" else f"{name} JSON"
        raise SchemaError(f"{name} is not JSON", f"can't parse {wanted}") from None
