"""HTTP to Stripe for its SDK, and what each failure means.

The SDK writes requests and reads answers. It sees no failure, so it retries none; it reports
nothing about this process, and logs nothing, since its lines hold addresses and bodies. Exception
texts here hold a status and the platform's own code for the same reason.

A request that changes something and fails after it left may have been carried out, whatever the
status (Stripe, "Error handling": treat a 5xx as indeterminate): that is `PlatformOutcomeUnknown`.
One that only reads can be asked again: `PlatformUnavailable`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
import stripe

from bot.domain.errors import (
    PlatformError,
    PlatformOutcomeUnknown,
    PlatformRefused,
    PlatformUnavailable,
)

LONGEST_CODE: Final = 60


class KeyTaken(PlatformOutcomeUnknown):
    """What the platform keeps under the idempotency key is no answer to this request: a failure
    that it would repeat for as long as the key lives, or the answer to another request."""


class Declined(PlatformRefused):
    """The bank did not let the card be charged; ``intent`` is the payment as it stands now."""

    def __init__(self, code: str, intent: dict[str, Any]) -> None:
        super().__init__(code)
        self.intent = intent


class Wire(stripe.HTTPClient):
    """The SDK's way to the platform. `open` and `close` it inside the running event loop."""

    name = "aiohttp"

    def __init__(self, connect_timeout_s: float, timeout_s: float) -> None:
        super().__init__()
        stripe.enable_telemetry = False
        logging.getLogger("stripe").setLevel(logging.WARNING)
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=connect_timeout_s)
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        self._session = aiohttp.ClientSession(timeout=self._timeout)

    async def close_async(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """One request. Raises `PlatformError` for whatever is not a success with an object."""
        if self._session is None:
            raise RuntimeError("open the platform with `async with` first")
        try:
            async with self._session.request(
                method, url, headers=headers, data=post_data, allow_redirects=False
            ) as response:
                raw = await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise PlatformUnavailable("no connection") from None
        except (aiohttp.ClientError, TimeoutError) as problem:
            raise _unanswered(method, f"no answer: {type(problem).__name__}") from None
        body = _object(raw)
        if not 200 <= response.status < 300:
            raise _error(method, response.status, response.headers, body or {})
        if body is None:
            raise _unanswered(method, f"nonsense: {response.status} without an object")
        return raw, response.status, response.headers


def _unanswered(method: str, text: str) -> PlatformError:
    failure = PlatformUnavailable if method == "get" else PlatformOutcomeUnknown
    return failure(text)


def _error(
    method: str, status: int, headers: Mapping[str, str], body: dict[str, Any]
) -> PlatformError:
    error = body.get("error")
    named: dict[str, Any] = error if isinstance(error, dict) else {}
    kind = named.get("type")
    code = str(named.get("code") or kind or status)[:LONGEST_CODE]
    if status == 429 or code == "rate_limit":
        return PlatformUnavailable("429")
    if status in {408, 409} or not 400 <= status < 500:
        if headers.get("Idempotent-Replayed") == "true":
            return KeyTaken(f"{status} {code}, replayed")
        return _unanswered(method, f"{status} {code}")
    if kind == "idempotency_error":
        return KeyTaken(code)
    if isinstance(intent := named.get("payment_intent"), dict):
        return Declined(code, intent)
    return PlatformRefused(code)


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
