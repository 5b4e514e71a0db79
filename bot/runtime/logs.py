"""Logging: structured lines on standard error, with secrets and personal data taken out.

Everything is redacted as the finished line, exception texts included: `repr(bot)` holds the token,
and so does every URL of the Bot API.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any, Final

import structlog

_TOKEN: Final = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}")
_PHONE: Final = re.compile(r"(\+|phone_number\W{1,5})(\d{2})\d{2,9}(\d{4})\b")
QUIET: Final = (
    "aiohttp.access", "aiohttp.client", "alembic", "httpx", "httpcore", "stripe", "telegram",
    "uvicorn",
)  # fmt: skip
"""Below a warning they log the URLs of calls, tokens and all; Alembic the same four lines at each
start."""

_secrets: set[str] = set()


def redact(text: str) -> str:
    """The text without bot tokens and the secrets told to `set_up`; phone numbers keep their first
    two and last four digits."""
    for secret in _secrets:
        text = text.replace(secret, "[secret]")
    return _PHONE.sub(r"\1\2••••\3", _TOKEN.sub("[token]", text))


class _Redacting(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def set_up(level: str, *secrets: str) -> None:
    """Sends every log line of the process to standard error, redacted. ``secrets`` are texts that
    never may appear, such as the bot's token."""
    _secrets.update(secret for secret in secrets if secret)
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Redacting(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
