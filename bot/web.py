"""HTTP in: the payment platform's webhook, and how the bot fares (`bot.vitals`).

The webhook is the fast way for what polling finds anyway. A notice is only a trigger, and is
answered with 200 once it is stored; whatever else is sent here learns nothing but a status.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.errors import ForgedNotice
from bot.services.platform import PlatformNotice
from bot.services.ports import Clock
from bot.vitals import Vitals

WEBHOOK_PATH: Final = "/webhooks/payments"
LONGEST_BODY: Final = 1_000_000
_LAST_ANSWERS_S: Final = 3


class WebhookWithoutSecret(Exception):
    """A webhook that cannot tell a forged notice from a true one is not opened."""


class ReadsNotices(Protocol):
    """The part of `bot.services.platform.PaymentPlatform` that a webhook needs."""

    def read_notice(
        self, raw: bytes, headers: Mapping[str, str], now: datetime
    ) -> PlatformNotice: ...


@dataclass(frozen=True, slots=True)
class Webhook:
    """``store_notice`` returns when the notice is in the inbox, or was before; ``secret`` is the
    one with which the platform was built.

    Raises `WebhookWithoutSecret`.
    """

    platform: ReadsNotices
    secret: str | None
    store_notice: Callable[[PlatformNotice], Awaitable[None]]
    clock: Clock

    def __post_init__(self) -> None:
        if self.secret is None or not self.secret.strip():
            raise WebhookWithoutSecret

    def route(self) -> Route:
        return Route(WEBHOOK_PATH, self._take_notice, methods=["POST"])

    async def _take_notice(self, request: Request) -> Response:
        if not _is_json(request):
            return Response(status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            raw = await _body(request)
            if raw is None:
                return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            notice = self.platform.read_notice(raw, request.headers, self.clock.now())
        except (ForgedNotice, ClientDisconnect):
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        await self.store_notice(notice)
        return Response(status_code=HTTPStatus.OK)


def create_app(vitals: Vitals, webhook: Webhook | None) -> Starlette:
    """Without a webhook it only tells how the bot fares."""
    webhooks = [webhook.route()] if webhook is not None else []
    return Starlette(routes=[*webhooks, *vitals.routes()])


@asynccontextmanager
async def serving(app: Starlette, host: str, port: int) -> AsyncIterator[str]:
    """Serves from this event loop and leaves the signals alone; gives the address.

    Port 0 takes a free one. At the end, requests under way are given three seconds.
    Raises `OSError` when the address cannot be had.
    """
    config = uvicorn.Config(
        app,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_LAST_ANSWERS_S,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    with socket.create_server((host, port)) as listener:
        await server.startup(sockets=[listener])
        try:
            yield f"http://{host}:{listener.getsockname()[1]}"
        finally:
            await server.shutdown(sockets=[listener])


def _is_json(request: Request) -> bool:
    kind, _, _ = request.headers.get("content-type", "").partition(";")
    return kind.strip().lower() == "application/json"


async def _body(request: Request) -> bytes | None:
    """The raw body; None when it is longer than a notice can be."""
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > LONGEST_BODY:
            return None
    return bytes(raw)
