"""A link by which somebody else may pay an order: its token, and how long the order waits for it.

The token is all that a link holds, and it opens one order to be paid: 128 random bits, of which we
keep the hash.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

LINK_WINDOW: Final = timedelta(hours=12)
"""How long an order waits that somebody else is asked to pay, from when it was made: they may be
asleep."""
_TOKEN_BYTES: Final = 16


def new_token() -> str:
    """22 letters, digits, ``-`` and ``_``: what ``?start=`` may hold."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
