"""The TM Forum files: every call of a carrier's API and its answer is held against them.

The official files are not part of the project. They are looked for where the environment variable
SPECS points, else in ../shared/specs; without them nothing can be checked.
"""

import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import (  # type: ignore[import-untyped]
    Draft4Validator,
    FormatChecker,
)

from bot.sandbox.carrier import Exchange

DIRECTORY = Path(os.environ.get("SPECS", Path(__file__).resolve().parents[2] / "shared" / "specs"))
FILES = (
    "TMF622-v4.0.0.swagger.json",
    "TMF637-v4.0.0.swagger.json",
    "TMF654-v4.0.0.swagger.json",
    "TMF677-v4.0.1.swagger.json",
)
MISSING = [name for name in FILES if not (DIRECTORY / name).is_file()]
WHY_SKIPPED = f"the official TM Forum files are not at hand: {', '.join(MISSING)} in SPECS"

#: TMF681 v4 has no file at hand: its published fields, and which of them are required.
COMMUNICATION = "/tmf-api/communicationManagement/v4/communicationMessage"
MESSAGE_REQUIRED = {"content", "messageType", "receiver", "sender"}
MESSAGE_FIELDS = MESSAGE_REQUIRED | {
    *("id", "href", "description", "logFlag", "priority", "scheduledSendTime", "sendTime"),
    *("sendTimeComplete", "state", "subject", "tryTimes", "attachment", "characteristic"),
    *("@type", "@baseType", "@schemaLocation"),
}

_formats = FormatChecker(formats=())


@_formats.checks("date-time", raises=ValueError)  # type: ignore[untyped-decorator]
def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@dataclass
class Conformance:
    """A witness for `Carrier.watch_calls`: `violations` are what does not follow the standard."""

    violations: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def __call__(self, exchange: Exchange) -> None:
        """Check one call and its answer."""
        self.seen.add(f"{exchange.method} {exchange.path}")
        if MISSING:
            return
        problems = list(_problems(exchange))
        self.violations += [f"{exchange.method} {exchange.path}: {text}" for text in problems]


def _problems(exchange: Exchange) -> list[str]:
    if exchange.path == COMMUNICATION:
        return _message_problems(exchange)
    file, operation = _operation(exchange.method, exchange.path)
    problems: list[str] = []
    if exchange.status < 400:  # a request that was refused may well have been wrong
        problems += _request_problems(file, operation, exchange)
    if not exchange.spoiled:
        schema = operation["responses"].get(str(exchange.status))
        if schema is None:
            problems.append(f"{exchange.status} is not among the answers")
        elif "schema" in schema:
            problems += _schema_problems(file, schema["schema"], exchange.response)
    return problems


def _request_problems(file: str, operation: Any, exchange: Exchange) -> list[str]:
    bodies = [p["schema"] for p in operation.get("parameters", ()) if p["in"] == "body"]
    if bodies:
        return _schema_problems(file, bodies[0], exchange.request)
    named = {p["name"] for p in operation.get("parameters", ())}
    listed = operation["responses"].get("200", {}).get("schema", {}).get("items", {})
    resource = listed.get("$ref", "").rpartition("/")[2]
    fields = _file(file)["definitions"].get(resource, {}).get("properties", {})
    return [
        f"{name} is neither a parameter nor a field of {resource}"
        for name in exchange.query
        if name not in named and name.partition(".")[0] not in fields
    ]


def _schema_problems(file: str, schema: Any, raw: bytes) -> list[str]:
    rules = schema | {"definitions": _file(file)["definitions"]}
    validator = Draft4Validator(rules, format_checker=_formats)
    return [f"{e.json_path}: {e.message[:200]}" for e in validator.iter_errors(json.loads(raw))]


def _message_problems(exchange: Exchange) -> list[str]:
    if exchange.status >= 400:
        return []
    bodies = [json.loads(exchange.request)]
    if not exchange.spoiled:
        bodies.append(json.loads(exchange.response))
    missing = [f"{name} is missing" for body in bodies for name in MESSAGE_REQUIRED - body.keys()]
    return missing + [f"{name}?" for body in bodies for name in body.keys() - MESSAGE_FIELDS]


def _operation(method: str, path: str) -> tuple[str, Any]:
    for name in FILES:
        base = _file(name)["basePath"].rstrip("/")
        operation = _file(name)["paths"].get(path.removeprefix(base), {}).get(method.lower())
        if path.startswith(base) and operation is not None:
            return name, operation
    raise AssertionError(f"{method} {path} is in none of the official files")


@cache
def _file(name: str) -> Any:
    """A file in which no object may have fields that the standard does not name."""
    content = json.loads((DIRECTORY / name).read_text(encoding="utf-8"))
    for definition in content["definitions"].values():
        if "properties" in definition:
            definition["additionalProperties"] = False
    return content
