"""What watches the logs of the whole suite finds what it is there to find."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.runtime.logs import redact
from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.payments.control import WEBHOOK_SECRET
from tests.canaries import Watch, leaks_in

CANARIES = [
    BOT_TOKEN,
    "7000000001:AAabcdefghijklmnopqrstuvwxyz0123456",
    "sk_live_abc123",
    "sk_test_SANDBOX",
    WEBHOOK_SECRET,
    "4242424242424242",
    "+8613800001001",
    "8613800001001",
    "+85261001003",
]


@pytest.fixture
def caged() -> Iterator[Watch]:
    """A watch over the logger "cage", of which the watch over this suite hears nothing."""
    watch, cage = Watch(), logging.getLogger("cage")
    cage.propagate = False
    cage.addHandler(watch)
    yield watch
    cage.removeHandler(watch)


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("how", ["ours", "theirs", "argument", "exception"])
def test_a_canary_in_a_record_is_found(caged: Watch, canary: str, how: str) -> None:
    match how:
        case "ours":
            structlog.get_logger("cage").debug("told", of=canary)
        case "theirs":
            logging.getLogger("cage").debug(f"GET /?key={canary}")
        case "argument":
            logging.getLogger("cage").debug("sent %s", {"to": canary})
        case "exception":
            try:
                raise ValueError(canary)
            except ValueError:
                structlog.get_logger("cage").exception("failed")
    assert caged.end()
    assert not caged.end()


@pytest.mark.parametrize(
    "text", ["order LEB-2611-8K3F of 1001", "took 4242 ms", "8985200000000001003", "+86••••5678"]
)
def test_what_is_no_secret_is_no_leak(text: str) -> None:
    assert leaks_in(text) == []


@pytest.mark.parametrize("canary", ["+8613800001001", CANARIES[1]])
def test_what_is_written_has_no_token_and_no_phone_number(canary: str) -> None:
    assert leaks_in(canary)
    assert leaks_in(redact(canary)) == []
