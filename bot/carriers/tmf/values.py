"""Single values of TM Forum bodies, read without trust: what makes no sense is None."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

Body = Mapping[str, Any]


def whole(value: Any) -> int | None:
    """A whole positive number, also where it is written as text."""
    number = decimal(value)
    return int(number) if number is not None and number > 0 and number == int(number) else None


def decimal(value: Any) -> Decimal | None:
    """A finite number of any size that a carrier could mean, exactly as it was written."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 18 else None


def instant(value: Any) -> datetime | None:
    """An RFC 3339 instant in UTC; without an offset it names no instant."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
        return None if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def zone(value: Any) -> ZoneInfo | None:
    """A time zone by its IANA name."""
    try:
        return ZoneInfo(value) if isinstance(value, str) and value else None
    except (ValueError, OSError, KeyError):  # unknown names are KeyErrors, odd ones the others
        return None


def text(value: Any) -> str | None:
    """A text that says something."""
    return value if isinstance(value, str) and value else None


def as_object(value: Any) -> Body:
    """An object, empty where there is none."""
    return value if isinstance(value, dict) else {}


def as_objects(value: Any) -> list[Body]:
    """The objects of a list, none where there is no list."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
