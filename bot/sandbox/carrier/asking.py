"""What a request asks: read from its body and its parameters, or refused as malformed."""

import json
from typing import Any

from starlette.requests import Request


class Malformed(Exception):
    """The request's body or parameters cannot be understood; the text says why."""


async def json_object(request: Request) -> dict[str, Any]:
    """The request's body, which must be one JSON object."""
    try:
        body = json.loads(await request.body())
    except ValueError as problem:
        raise Malformed("the body is not JSON") from problem
    if not isinstance(body, dict):
        raise Malformed("the body is not a JSON object")
    return body


def e164(text: str) -> str:
    """A number as +digits; a plus that a query string turned into a space is restored."""
    return "+" + "".join(filter(str.isdigit, text))


def identity(references: Any, name: str) -> str:
    """The id of the one thing that a list of references names."""
    if isinstance(references, list) and len(references) == 1 and isinstance(references[0], dict):
        identity = references[0].get("id")
        if isinstance(identity, str):
            return identity
    raise Malformed(f"{name} must name one thing by its id")


def matches(body: dict[str, Any], request: Request, *fields: str) -> bool:
    """Whether a resource has the values that the parameters of these names ask for."""
    wanted = request.query_params
    return all(field not in wanted or body.get(field) == wanted[field] for field in fields)
