"""What is kept about people: what it is about, and for how long. The privacy text says the same.

Which column is which stands in `storage.personal_data`, for every table there is.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

A_WEEK: Final = timedelta(days=7)
"""How long everything is kept that only has to arrive: what came, what left, what was tried."""
A_SEASON: Final = timedelta(days=90)
"""How long usage by day is kept, and which announcements somebody got."""


class About(StrEnum):
    """What a piece of data tells of somebody."""

    PROFILE = "profile"
    """Who writes: Telegram's id, name and language."""
    SETTINGS = "settings"
    LINES = "lines"
    """Which numbers are whose, and what proves it."""
    USAGE = "usage"
    """What the carrier says of a line."""
    BOOKS = "books"
    """Orders, payments and the ledger."""
    CARDS = "cards"
    MESSAGES = "messages"
    """What came and what left."""
    SUPPORT = "support"
    """What was written to support, and that it was."""
    ANNOUNCEMENTS = "announcements"
    DESK = "desk"
    """What operators did, and for whom."""
    NOBODY = "nobody"


class Kept(StrEnum):
    """For how long, at the longest."""

    UNTIL_ERASED = "until erased"
    A_SEASON = "90 days"
    A_WEEK = "7 days"
    UNDER_WAY = "until it has ended"
    FOR_THE_BOOKS = "as long as the books, under a pseudonym once erased"
    FOR_GOOD = "for good"
