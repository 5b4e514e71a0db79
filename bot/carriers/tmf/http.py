"""HTTP to a TM Forum API: JSON with exact decimals, and what each failure means.

A request that changes something (`post_change`) and fails after it left may have been carried
out: that is `OutcomeUnknown`. All others can simply be asked again: `Unavailable`.
Exception texts hold a status and a code, never an address or a body: those name subscribers.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from decimal import Decimal
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

import aiohttp

from bot.carriers.tmf.auth import Credentials
from bot.carriers.tmf.settings import TmfSettings
from bot.domain.errors import (
    AuthFailed,
    CarrierError,
    InvalidRequest,
    NotFound,
    OutcomeUnknown,
    OutOfFunds,
    RateLimited,
    Unavailable,
    WrongState,
)

PAGE = 100
MOST_PAGES = 20
DEFAULT_RETRY_AFTER_S = 5.0
LONGEST_CODE = 40

_ERRORS_BY_STATUS: Mapping[int, type[CarrierError]] = {
    401: AuthFailed,
    402: OutOfFunds,
    403: AuthFailed,
    404: NotFound,
    409: WrongState,
    410: NotFound,
}

Failure = type[Unavailable] | type[OutcomeUnknown]


class _Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    raw: bytes


class TmfHttp:
    """A session with one operator's APIs; `async with` opens and closes it."""

    def __init__(self, settings: TmfSettings) -> None:
        self._settings = settings
        self._credentials = Credentials(settings.auth)
        self._opened: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(
            total=self._settings.timeout_s, sock_connect=self._settings.connect_timeout_s
        )
        self._opened = aiohttp.ClientSession(timeout=timeout)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()
        self._opened = None

    async def get(self, path: str) -> dict[str, Any]:
        """One resource."""
        body, _ = await self._call("GET", path, Unavailable)
        return _object(body, Unavailable)

    async def get_all(self, path: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        """All resources that match the filters, page by page (TMF630)."""
        found: list[dict[str, Any]] = []
        for _ in range(MOST_PAGES):
            page = {**filters, "offset": str(len(found)), "limit": str(PAGE)}
            body, headers = await self._call("GET", path, Unavailable, params=page)
            if not isinstance(body, list):
                raise Unavailable("nonsense: a list was expected")
            found += [_object(entry, Unavailable) for entry in body]
            total = headers.get("X-Total-Count", "")
            complete = len(found) >= int(total) if total.isdecimal() else len(body) < PAGE
            if complete or not body:
                return found
        raise Unavailable("more than one line can have: the filter is ignored")

    async def post_query(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST something that changes nothing and may be asked again."""
        answer, _ = await self._call("POST", path, Unavailable, body=body)
        return _object(answer, Unavailable)

    async def post_change(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST something that is carried out. Raises `OutcomeUnknown` when it may have been."""
        answer, _ = await self._call("POST", path, OutcomeUnknown, body=body)
        return _object(answer, OutcomeUnknown)

    @property
    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            raise RuntimeError("open the carrier with `async with` first")
        return self._opened

    async def _call(
        self,
        method: str,
        path: str,
        failure: Failure,
        *,
        params: Mapping[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> tuple[Any, Mapping[str, str]]:
        answer = await self._send(method, path, failure, params, body)
        if answer.status == 401 and self._credentials.refused():
            answer = await self._send(method, path, failure, params, body)
        if not 200 <= answer.status < 300:
            raise self._error(answer, failure)
        try:
            return json.loads(answer.raw, parse_float=Decimal), answer.headers
        except (ValueError, RecursionError) as problem:
            raise failure(f"nonsense: {answer.status} without JSON") from problem

    async def _send(
        self,
        method: str,
        path: str,
        failure: Failure,
        params: Mapping[str, str] | None,
        body: dict[str, Any] | None,
    ) -> _Answer:
        headers = {"Accept": "application/json", **await self._credentials.headers(self._session)}
        if self._settings.transaction_header is not None:
            headers[self._settings.transaction_header] = str(uuid.uuid4())
        try:
            async with self._session.request(
                method,
                self._settings.base_url.rstrip("/") + path,
                params=params,
                headers=headers,
                json=body,
                allow_redirects=False,
            ) as response:
                return _Answer(response.status, response.headers, await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as problem:
            raise Unavailable("no connection") from problem
        except (aiohttp.ClientError, TimeoutError) as problem:
            raise failure(f"no answer: {type(problem).__name__}") from problem

    def _error(self, answer: _Answer, failure: Failure) -> CarrierError:
        if answer.status == 429:
            return RateLimited(_retry_after_s(answer.headers))
        code = _error_code(answer.raw)
        text = f"{answer.status} {code}".rstrip()
        if answer.status == 408 or not 400 <= answer.status < 500:
            return failure(text)
        if (named := self._settings.errors_by_code.get(code)) is not None:
            return named(text)
        return _ERRORS_BY_STATUS.get(answer.status, InvalidRequest)(text)


def _object(body: Any, failure: Failure) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise failure("nonsense: an object was expected")
    return body


def _error_code(raw: bytes) -> str:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return ""
    code = body.get("code") if isinstance(body, dict) else None
    return str(code)[:LONGEST_CODE] if isinstance(code, str | int) else ""


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """Retry-After in seconds, given as a number or, against the answer's own Date, as a date."""
    value = headers.get("Retry-After", "")
    if value.isdecimal():
        return float(value)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return DEFAULT_RETRY_AFTER_S
    return max(0.0, wait.total_seconds())
