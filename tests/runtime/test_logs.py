"""No secret and no phone number in a log line, wherever it comes from."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.runtime import logs

TOKEN = "1000000:AAabcdefghijklmnopqrstuvwxyz0123456"
PHONE = "+8613800005678"


@pytest.fixture
def _set_up() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    logs._secrets.clear()


@pytest.mark.usefixtures("_set_up")
def test_tokens_secrets_and_numbers_are_taken_out_of_every_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up("DEBUG", "hush-hush")
    structlog.get_logger("ours").info("told", url=f"/bot{TOKEN}/getMe", phone=PHONE)
    logging.getLogger("theirs").warning("sent %s to %s", "hush-hush", PHONE)
    try:
        raise ValueError(f"bad token {TOKEN}")
    except ValueError:
        logging.getLogger("theirs").exception("failed")
        structlog.get_logger("ours").exception("failed", contact={"phone_number": "8613800005678"})
    written = capsys.readouterr().err
    assert "told" in written
    assert "bad token [token]" in written
    assert "+86••••5678" in written
    for secret in (TOKEN, "hush-hush", "13800005678"):
        assert secret not in written


@pytest.mark.usefixtures("_set_up")
def test_url_lines_of_the_clients_are_off(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("DEBUG")
    for name in ("httpx", "aiohttp.access", "telegram.Bot"):
        logging.getLogger(name).info("https://api.telegram.org/bot…/getMe")
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("_set_up")
def test_a_start_says_nothing_of_migrations_that_are_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up("INFO")
    logging.getLogger("alembic.runtime.migration").info("Context impl SQLiteImpl.")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("text", ["order 20261122120000", "chat 1001", "8985200000000001003"])
def test_other_numbers_stay(text: str) -> None:
    assert logs.redact(text) == text
