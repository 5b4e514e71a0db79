"""HTTP in: the payment platform's webhook, and how the bot fares.

The webhook is the fast way for what polling finds anyway. A notice is only a trigger, and is
answered with 200 once it is stored; whatever else is sent here learns nothing but a status.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.domain.errors import ForgedNotice
from bot.runtime.run import Health
from bot.services.platform import PlatformNotice
from bot.services.ports import Clock

WEBHOOK_PATH: Final = "/webhooks/payments"
HEALTH_PATH: Final = "/health"
LONGEST_BODY: Final = 1_000_000
#: A poll of Telegram's ends within half of this even when nothing happens.
DEAF_AFTER: Final = timedelta(seconds=60)
_LAST_ANSWERS_S: Final = 3


class WebhookWithoutSecret(Exception):
    """A webhook that cannot tell a forged notice from a true one is not opened."""


class ReadsNotices(Protocol):
    """The part of `bot.services.platform.PaymentPlatform` that a webhook needs."""

    def read_notice(
        self, raw: bytes, headers: Mapping[str, str], now: datetime
    ) -> PlatformNotice: ...


def create_app(
    platform: ReadsNotices,
    webhook_secret: str | None,
    store_notice: Callable[[PlatformNotice], Awaitable[None]],
    health: Callable[[], Health],
    clock: Clock,
) -> Starlette:
    """The application. ``store_notice`` returns when the notice is in the inbox, or was before;
    ``webhook_secret`` is the one with which the platform was built.

    Raises `WebhookWithoutSecret`.
    """
    if webhook_secret is None or not webhook_secret.strip():
        raise WebhookWithoutSecret

    async def take_notice(request: Request) -> Response:
        if not _is_json(request):
            return Response(status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            raw = await _body(request)
            if raw is None:
                return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            notice = platform.read_notice(raw, request.headers, clock.now())
        except (ForgedNotice, ClientDisconnect):
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        await store_notice(notice)
        return Response(status_code=HTTPStatus.OK)

    async def tell_health(_request: Request) -> Response:
        now_is = health()
        fares_well = _fares_well(now_is, clock.now())
        return JSONResponse(
            {
                "healthy": fares_well,
                "last_poll_at": now_is.last_poll_at.isoformat() if now_is.last_poll_at else None,
                "undecided": now_is.undecided,
                "pending": now_is.pending,
            },
            HTTPStatus.OK if fares_well else HTTPStatus.SERVICE_UNAVAILABLE,
        )

    return Starlette(
        routes=[
            Route(WEBHOOK_PATH, take_notice, methods=["POST"]),
            Route(HEALTH_PATH, tell_health, methods=["GET"]),
        ]
    )


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


def _fares_well(health: Health, now: datetime) -> bool:
    heard = health.last_poll_at is not None and now - health.last_poll_at <= DEAF_AFTER
    return heard and health.fatal is None
