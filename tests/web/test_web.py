"""The webhook, over real HTTP, with the platform's real adapter."""

import asyncio
import hashlib
import hmac
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.payments.stripe import StripePlatform, StripeSettings
from bot.runtime.run import Health
from bot.services.platform import PlatformNotice
from bot.vitals import Vitals
from bot.web import (
    LONGEST_BODY,
    WEBHOOK_PATH,
    Webhook,
    WebhookWithoutSecret,
    create_app,
    serving,
)
from storage.figures import Figures
from tests.loopback import SetClock

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
SECRET = "whsec_test"
RAW = json.dumps(
    {
        "id": "evt_1",
        "type": "checkout.session.completed",
        "created": int(NOW.timestamp()),
        "data": {"object": {"id": "cs_1", "object": "checkout.session"}},
    }
).encode()
JSON = {"Content-Type": "application/json; charset=utf-8"}


@dataclass
class Bot:
    """What stands behind the web: an inbox and a runtime that tells how it fares."""

    clock: SetClock = field(default_factory=lambda: SetClock(NOW))
    inbox: list[PlatformNotice] = field(default_factory=list)
    store_fails: bool = False

    async def store(self, notice: PlatformNotice) -> None:
        if self.store_fails:
            raise OSError("disk full")
        self.inbox.append(notice)

    def app(self, secret: str | None = SECRET) -> Any:
        settings = StripeSettings("sk_test_1", "https://t.me/leb", secret)
        platform = StripePlatform(settings, self.clock)
        vitals = Vitals(self.health, self.read_figures, self.clock)
        return create_app(vitals, Webhook(platform, secret, self.store, self.clock))

    def health(self) -> Health:
        return Health(NOW, 2, 3, None)

    async def read_figures(self) -> Figures:
        raise AssertionError("nobody asked how it fares")


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def web(bot: Bot) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        serving(bot.app(), "127.0.0.1", 0) as address,
        aiohttp.ClientSession(address) as session,
    ):
        yield session


def signed(raw: bytes, secret: str = SECRET) -> dict[str, str]:
    at = int(NOW.timestamp())
    mac = hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    return JSON | {"Stripe-Signature": f"t={at},v1={mac}"}


async def answer(web: aiohttp.ClientSession, **how: Any) -> tuple[int, str]:
    async with web.post(WEBHOOK_PATH, **how) as response:
        return response.status, await response.text()


async def test_a_signed_notice_is_stored_and_then_accepted(
    bot: Bot, web: aiohttp.ClientSession
) -> None:
    assert await answer(web, data=RAW, headers=signed(RAW)) == (200, "")
    assert [(notice.id, notice.ref) for notice in bot.inbox] == [("evt_1", "cs_1")]


async def test_what_was_not_stored_is_not_accepted(bot: Bot, web: aiohttp.ClientSession) -> None:
    bot.store_fails = True
    status, said = await answer(web, data=RAW, headers=signed(RAW))
    assert status == 500
    assert "disk" not in said


@pytest.mark.parametrize(
    ("raw", "headers"),
    [
        pytest.param(RAW, JSON, id="unsigned"),
        pytest.param(RAW, signed(RAW, "whsec_other"), id="signed with another secret"),
        pytest.param(RAW + b" ", signed(RAW), id="other bytes"),
        pytest.param(b"\xff", signed(b"\xff"), id="not text"),
    ],
)
async def test_a_forged_notice_is_refused_without_a_word_and_not_stored(
    bot: Bot, web: aiohttp.ClientSession, raw: bytes, headers: dict[str, str]
) -> None:
    assert await answer(web, data=raw, headers=headers) == (400, "")
    assert bot.inbox == []


async def test_an_old_notice_is_refused(bot: Bot, web: aiohttp.ClientSession) -> None:
    bot.clock.advance(seconds=301)
    assert await answer(web, data=RAW, headers=signed(RAW)) == (400, "")
    assert bot.inbox == []


async def test_a_body_of_more_than_a_megabyte_is_not_read(
    bot: Bot, web: aiohttp.ClientSession
) -> None:
    long = b'{"padding": "' + b"x" * LONGEST_BODY + b'"}'
    assert await answer(web, data=long, headers=signed(long)) == (413, "")

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(long), 100_000):
            yield long[start : start + 100_000]

    assert await answer(web, data=in_pieces(), headers=signed(long)) == (413, "")
    assert bot.inbox == []


async def test_a_body_of_a_megabyte_is_read(bot: Bot, web: aiohttp.ClientSession) -> None:
    padded = RAW + b" " * (LONGEST_BODY - len(RAW))
    assert await answer(web, data=padded, headers=signed(padded)) == (200, "")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_what_is_not_json_is_refused(bot: Bot, web: aiohttp.ClientSession, kind: str) -> None:
    status, said = await answer(web, data=RAW, headers=signed(RAW) | {"Content-Type": kind})
    assert (status, said) == (415, "")
    assert bot.inbox == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_notices_are_posted(bot: Bot, web: aiohttp.ClientSession, method: str) -> None:
    async with web.request(method, WEBHOOK_PATH, data=RAW, headers=signed(RAW)) as response:
        assert response.status == 405
    assert bot.inbox == []


async def test_who_hangs_up_in_the_middle_of_a_body_leaves_nothing(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(bot.app(), "127.0.0.1", 0) as address:
        reader, writer = await asyncio.open_connection(*_host_and_port(address))
        head = f"POST {WEBHOOK_PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: 100\r\n\r\n{{".encode())
        await writer.drain()
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
    assert bot.inbox == []
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("secret", [None, "", " \t"])
def test_a_webhook_without_a_secret_is_not_built(bot: Bot, secret: str | None) -> None:
    with pytest.raises(WebhookWithoutSecret):
        bot.app(secret)


async def test_an_address_that_is_taken_is_an_error_that_can_be_told(bot: Bot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            async with serving(bot.app(), "127.0.0.1", port):
                pass


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.removeprefix("http://").partition(":")
    return host, int(port)
