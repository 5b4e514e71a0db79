"""Secrets and personal data that must not come to stand in a log: the whole suite is searched.

All keys and tokens of the sandbox, and so of every test that speaks to it, contain one word. Beside
it whatever has the shape of a token, a key, a card's number or a phone's is found, whosever it is.
"""

from __future__ import annotations

import logging
import re
from typing import Final

import structlog

from bot.runtime.logs import QUIET, redact
from bot.sandbox.payments.cards import CARDS

WORD: Final = "SANDBOX"
"""Part of the bot's token, the payment provider's, the payments platform's key, the secret of its
webhook and the carrier's key."""
_SHAPES: Final = {
    "a token": re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}"),
    "a key": re.compile(r"(?<![A-Za-z0-9])(?:sk|rk|whsec)_(?:test_|live_)?[A-Za-z0-9]{2,}"),
    "a phone number": re.compile(r"\+\d{9,15}|(?<!\d)(?:861[3-9]\d{9}|852[569]\d{7})(?!\d)"),
    "a card number": re.compile(rf"(?<!\d)(?:{'|'.join(CARDS)})(?!\d)"),
    "a secret of the sandbox": re.compile(WORD),
}


def leaks_in(text: str) -> list[str]:
    """What the text gives away, with some of what stands around it."""
    return [
        f"{what} in: …{text[max(0, found.start() - 60) : found.end() + 20]}…"
        for what, shape in _SHAPES.items()
        for found in shape.finditer(text)
    ]


class Watch(logging.Handler):
    """Reads every record at DEBUG, exception texts included, before anything is taken out of it:
    nothing secret is to be handed to a log in the first place."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter())
        self._as_written = False
        self._leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        found = leaks_in(redact(text) if self._as_written else text)
        self._leaks += [f"{record.name}: {leak}" for leak in found]

    def begin(self, *, as_written: bool) -> None:
        """As the bot's own logging stands at DEBUG, whatever the test before this one left.

        ``as_written``: what counts is the line that is written, secrets taken out.
        """
        self._as_written = as_written
        root = logging.getLogger()
        root.setLevel(logging.DEBUG)
        for handler in root.handlers[:]:
            if type(handler) is logging.StreamHandler:  # the bot's own, of a test that has ended
                root.removeHandler(handler)
        if self not in root.handlers:
            root.addHandler(self)
        for name in QUIET:
            logging.getLogger(name).setLevel(logging.WARNING)
        structlog.configure(
            processors=[
                structlog.stdlib.add_log_level,
                structlog.processors.format_exc_info,
                structlog.processors.KeyValueRenderer(key_order=["event"]),
            ],
            logger_factory=structlog.stdlib.LoggerFactory(),
            wrapper_class=structlog.stdlib.BoundLogger,
            cache_logger_on_first_use=False,
        )

    def end(self) -> list[str]:
        """What was given away since the last time of asking."""
        leaks, self._leaks = self._leaks, []
        return leaks
