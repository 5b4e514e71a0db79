"""A person in Telegram."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subscriber:
    """``id`` is the Telegram user id, which is also the id of the private chat."""

    id: int
    name: str
    language: str
    """The name of its catalogue, such as ``zh_Hans``."""
    language_chosen: bool
    """Chosen by hand in the bot: Telegram's own setting no longer changes it."""
    default_line_id: int | None = None
    blocked: bool = False
