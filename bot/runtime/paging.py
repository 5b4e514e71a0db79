"""The operators hear by the log: an error is for today, an info line for the record."""

from __future__ import annotations

import structlog

from bot.services.unit import Unit

_log = structlog.get_logger(__name__)


class LoggedPages:
    """Implements `bot.services.platform_port.Operators`."""

    async def page(self, unit: Unit, what: str, **facts: str) -> None:
        del unit
        _log.error(what, **facts)

    def note(self, what: str, **facts: int) -> None:
        _log.info(what, **facts)
