"""Forget a person: what stands in the place of who they were.

The books go on under a number that nobody has, drawn at random: Telegram's ids end far below it. A
line's number gives way to a fingerprint, by which its wallet and its plans are found again when the
number is proved again, and by which nobody reads the number: to try one costs some 50 ms and 16 MB.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from bot.domain.line import Msisdn

FIRST_PSEUDONYM: Final = 10**17
"""Telegram's ids have at most 52 significant bits, less than a twentieth of it."""
_NAMELESS: Final = "~"
_COST: Final = 2**14


def new_pseudonym() -> int:
    """Between 10**17 and 10**18: nobody's id, and nothing that could be led back to one."""
    return FIRST_PSEUDONYM + secrets.randbelow(9 * FIRST_PSEUDONYM)


def is_pseudonym(subscriber_id: int) -> bool:
    """Nobody can be written to under it."""
    return subscriber_id >= FIRST_PSEUDONYM


def nameless(line_id: int) -> Msisdn:
    """What stands in the place of the number of a line whose holder is forgotten."""
    return Msisdn(f"{line_id}{_NAMELESS}")


def is_nameless(msisdn: Msisdn) -> bool:
    return msisdn.endswith(_NAMELESS)


def fingerprint(msisdn: Msisdn, salt: bytes) -> str:
    """The same for the same number and the installation's salt; made slow on purpose."""
    sealed = hashlib.scrypt(msisdn.encode(), salt=salt, n=_COST, r=8, p=1, dklen=24)
    return f"forgotten:{sealed.hex()}"
