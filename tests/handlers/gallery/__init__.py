"""Every screen in the situations that its reader meets; `snapshots` writes them down."""

from __future__ import annotations

from typing import Final

from tests.handlers.gallery import (
    announcing,
    buying,
    desk,
    figures,
    first_contact,
    home,
    keeping,
    orders,
    own,
    paying,
    shared_orders,
    supporting,
)
from tests.handlers.gallery.page import Page

PAGES: Final[list[Page]] = [
    page
    for of in (
        first_contact, home, buying, paying, shared_orders, orders, own, supporting,
        desk, figures, keeping, announcing,
    )
    for page in of.PAGES
]  # fmt: skip
