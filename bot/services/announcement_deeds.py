"""What the audit keeps of announcements: who let which words go to whom and when, and changed what.

The words that were let go stand with the announcement itself; here a print of them tells whether
they are still the same. What a correction replaces would be gone, so it is kept.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.announcement import Announcement, AudienceKind, Version

_PRINTED: Final = 12


def as_let_go(announcement: Announcement, recipients: int, zone: ZoneInfo) -> dict[str, Any]:
    """Words, audience and time; the time by the clocks of ``zone``."""
    facts: dict[str, Any] = {
        "recipients": recipients,
        "audience": str(announcement.audience.kind),
        "category": str(announcement.category),
        "starts": "at once",
        "words": "; ".join(map(_print_of, announcement.versions.values())),
    }
    if announcement.audience.value:
        facts["which"] = _which(announcement)
    if announcement.starts_at is not None:
        facts["starts"] = f"{announcement.starts_at.astimezone(zone):%Y-%m-%d %H:%M}"
        facts["clock"] = "readers" if announcement.in_local_time else zone.key
    return facts


def as_written(version: Version) -> dict[str, Any]:
    return {"language": version.language, "words": version.html, "content": str(version.content)}


def _which(announcement: Announcement) -> str:
    audience = announcement.audience
    is_number = audience.kind is AudienceKind.NUMBER
    return f"•••• {audience.value[-4:]}" if is_number else audience.value


def _print_of(version: Version) -> str:
    whole = "\n".join((version.content, version.html, version.file_id or "", repr(version.buttons)))
    return f"{version.language} {hashlib.sha256(whole.encode()).hexdigest()[:_PRINTED]}"
