"""HTTP/1.1 with next to nothing around it: what it costs must not show beside what is measured."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

Reply = Callable[[int, bytes], None]
"""Answers with a status and a JSON body, now or later."""
Handler = Callable[[str, bytes, Reply], None]
"""Takes the request's target, its body, and how to answer it."""

_END_OF_HEAD: Final = b"\r\n\r\n"


class _Connection(asyncio.Protocol):
    """One request after another; each half of ``round_trip_s`` is spent on one way."""

    def __init__(self, handle: Handler, round_trip_s: float) -> None:
        self._handle = handle
        self._one_way_s = round_trip_s / 2
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(_END_OF_HEAD)) >= 0:
            head = self._buffer[:end]
            begin = end + len(_END_OF_HEAD)
            whole = begin + _length(head)
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[begin:whole], self._buffer[whole:]
            target = head.split(b" ", 2)[1].decode()
            self._after_one_way(partial(self._handle, target, body, self._reply))

    def _reply(self, status: int, body: bytes) -> None:
        head = (
            f"HTTP/1.1 {status} .\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._after_one_way(partial(self._write, head.encode() + body))

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _after_one_way(self, act: Callable[[], None]) -> None:
        if self._one_way_s:
            asyncio.get_running_loop().call_later(self._one_way_s, act)
        else:
            act()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


@asynccontextmanager
async def serving(handle: Handler, round_trip_s: float = 0.0) -> AsyncIterator[str]:
    """Serves on a free port of loopback; the address."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(handle, round_trip_s), "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
