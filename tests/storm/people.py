"""Who takes part: synthetic people with a line each, rich enough to renew all day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.storm.control import ControlApi

OPENING_MINOR: Final = 100_000_00
"""In every wallet at the carrier when the line is linked, in fen."""
_FIRST_ID: Final = 500_000


@dataclass(frozen=True, slots=True)
class Person:
    """``msisdn`` is the number that Telegram knows, and that of the line."""

    id: int
    msisdn: str
    iccid: str


def people(count: int) -> list[Person]:
    return [
        Person(_FIRST_ID + n, f"+86139{n:08d}", f"898520000001{n:07d}") for n in range(1, count + 1)
    ]


async def settle_in(control: ControlApi, everybody: Sequence[Person]) -> None:
    for person in everybody:
        await control.post(
            "users",
            {
                "id": person.id,
                "first_name": f"Person {person.id}",
                "language_code": "en",
                "phone": person.msisdn,
            },
        )
        await control.post(
            "carrier/lines",
            {
                "msisdn": person.msisdn,
                "iccid": person.iccid,
                "plan": "M30",
                "days_left": 5,
                "wallet_minor": OPENING_MINOR,
            },
        )
