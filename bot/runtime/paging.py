"""The operators hear by the log: an error is for today, an info line for the record."""

from __future__ import annotations

import structlog

_log = structlog.get_logger(__name__)


class LoggedPages:
    """Implements `bot.services.platform_port.Operators`."""

    def page(self, what: str, **facts: str) -> None:
        _log.error(what, **facts)

    def note(self, what: str, **facts: int) -> None:
        _log.info(what, **facts)
