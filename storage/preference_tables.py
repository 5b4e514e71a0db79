"""What subscribers want to be told, and when not.

A subscriber without a row has changed nothing: see `bot.domain.preferences.Preferences` for what
holds then. `storage.tables` explains the columns.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Table

from storage.columns import int_column as _int
from storage.columns import metadata
from storage.columns import text_column as _text

preferences = Table(
    "preferences",
    metadata,
    _int("subscriber_id", ForeignKey("subscribers.id"), primary_key=True),
    _int("news", comment="1: announcements of the service are sent; 1 without a row"),
    _int("promotions", comment="1: asked for offers; 0 without a row"),
    _int("quiet_from_minute", null=True, comment="of the day; null: no quiet hours"),
    _int("quiet_to_minute", null=True, comment="1320 and 480 without a row"),
    _text("time_zone", null=True, comment="IANA name; null: guessed, as without a row"),
    _int("alert_most_used", comment="1: told, as without a row; so with each kind"),
    _int("alert_all_used"),
    _int("alert_ending"),
    _int("alert_ended"),
    _int("alert_started"),
)

muted_lines = Table(
    "muted_lines",
    metadata,
    _int("subscriber_id", ForeignKey("subscribers.id"), primary_key=True),
    _int("line_id", ForeignKey("lines.id"), primary_key=True),
    _text("kind", primary_key=True, comment="the alert that is not told of this line"),
    sqlite_with_rowid=False,
)
