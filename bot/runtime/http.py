"""HTTP to the Bot API: one aiohttp session for everything that is sent to Telegram.

python-telegram-bot's default client (httpx) costs 2 ms of CPU a call and more with concurrency;
this one about 0.75 ms. What matters beside speed is what an error means: `NotSent` may be sent
again without a doubt, any other `NetworkError` may have been carried out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_JSON: Final = {"Content-Type": "application/json"}
_CONNECT_S: Final = 5.0
_POOL_S: Final = 10.0
_READ_S: Final = 15.0

Body = bytes | aiohttp.FormData


class File(NamedTuple):
    """A file to upload, under the name that its reader sees."""

    name: str
    content: bytes
    media_type: str


class NotSent(NetworkError):
    """The request did not leave: no connection came about, or none was free in time."""


class AskedToWait(NetworkError):
    """A 429 to one of python-telegram-bot's own calls, whose `RetryAfter` warns of itself."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"asked to wait {retry_after_s} s")
        self.retry_after_s = retry_after_s


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's request interface over one aiohttp session.

    ``connections`` bounds how many requests are under way at once; one that waits longer than
    ``pool_timeout_s`` for a free connection is not sent. Never logs: the token is part of
    every URL.
    """

    def __init__(self, *, connections: int = 128, pool_timeout_s: float = _POOL_S) -> None:
        self._connections = connections
        self._pool_timeout_s = pool_timeout_s
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return _READ_S

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(
        self, method: str, url: str, body: Body | None, *, read_timeout_s: float = _READ_S
    ) -> tuple[int, bytes]:
        """One request; its status and body, whatever the status is.

        Raises `NotSent`, or `TimedOut` and `NetworkError` when the outcome is unknown.
        """
        if self._session is None:
            raise NotSent("the session is not open")
        timeout = aiohttp.ClientTimeout(
            connect=self._pool_timeout_s, sock_connect=_CONNECT_S, sock_read=read_timeout_s
        )
        headers = _JSON if isinstance(body, bytes) else None
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from error
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from error

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the interface's own
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        wait_s = read_timeout if isinstance(read_timeout, int | float) else _READ_S
        status, body = await self.send(method, url, _body(request_data), read_timeout_s=wait_s)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise AskedToWait(_retry_after_s(body))
        return status, body


def json_body(parameters: Mapping[str, Any]) -> bytes:
    return json.dumps(parameters, ensure_ascii=False).encode()


def multipart_body(
    parameters: Mapping[str, Any], files: Mapping[str, tuple[str, Any, str]]
) -> aiohttp.FormData:
    """Parameters as form fields (what is not text as JSON) and files as name, content, type."""
    form = aiohttp.FormData()
    for name, value in parameters.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    for name, (filename, content, mime) in files.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form


def _body(data: RequestData | None) -> Body | None:
    if data is None:
        return None
    if data.contains_files:
        return multipart_body(data.json_parameters, data.multipart_data)
    return json_body(data.parameters)


def _retry_after_s(body: bytes) -> float:
    try:
        return float(json.loads(body)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return 1.0
