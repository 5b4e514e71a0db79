"""Whose bot it is: the names and addresses that its words mention."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Branding:
    """``name`` is the brand's (LEB): the bot's words make "LEB card" of it."""

    name: str
    support_url: str
    """Where a person answers: a t.me link, or any other address."""
    terms_url: str
    privacy_url: str
    texts_directory: Path | None = None
    """Where the operator's own privacy and terms stand, by language (`handlers.own_words`)."""
