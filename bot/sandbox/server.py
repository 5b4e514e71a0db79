"""The sandbox over HTTP, on loopback only."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.sandbox.control import Control
from bot.sandbox.world import World

HOST = "127.0.0.1"
_LAST_ANSWERS_S = 1.0
_PAGE = Path(__file__).parent / "page"


def create_app(world: World) -> Starlette:
    """Telegram, the carrier, payments, the control API and the pages as one application."""
    app = Starlette(
        routes=[
            *world.bot_api.routes(),
            Mount("/carrier", routes=world.carrier.routes()),
            Mount("/stripe", routes=world.payments.routes()),
            *world.payments.page_routes(),
            Mount("/sandbox/payments", routes=world.payments.control_routes()),
            Mount("/sandbox/carrier", routes=world.carrier.control_routes()),
            Mount("/sandbox", routes=Control(world).routes()),
            Route("/", lambda _request: FileResponse(_PAGE / "index.html")),
            Mount("/page", StaticFiles(directory=_PAGE)),
        ],
        exception_handlers={HTTPException: _as_json},
    )
    app.add_middleware(_NotesChanges, world=world)
    return app


def _as_json(_request: Request, refused: Exception) -> Response:
    status = refused.status_code if isinstance(refused, HTTPException) else 500
    return JSONResponse({"error": HTTPStatus(status).phrase}, status)


@contextlib.asynccontextmanager
async def serve(world: World, port: int = 0) -> AsyncIterator[str]:
    """Serve the world on loopback from this event loop; gives the address, `http://127.0.0.1:…`.

    Port 0 takes a free one. Raises OSError when the port is taken.
    """
    listener = _listener(port)
    config = uvicorn.Config(
        create_app(world),
        http=_ReachableConnection,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        # Longer than any client keeps an idle connection: one that ends just as it is used again
        # looks to the bot like an answer lost, and a message is sent once more.
        timeout_keep_alive=75,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listener])
    world.telegram.start()
    world.payments.start()
    saving = asyncio.create_task(world.keep_saving())
    try:
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        saving.cancel()
        await world.stop()
        await _stop(server)


async def _stop(server: uvicorn.Server) -> None:
    """What uvicorn's own shutdown does, without its pauses: tests start many worlds."""
    for listening in server.servers:
        listening.close()
    for connection in list(server.server_state.connections):
        connection.shutdown()
    if answering := list(server.server_state.tasks):
        _, late = await asyncio.wait(answering, timeout=_LAST_ANSWERS_S)
        for task in late:
            task.cancel()
    await asyncio.sleep(0)


def _listener(port: int) -> socket.socket:
    """A listening socket. It names its protocol: only then asyncio sends answers without delay."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    listener.listen(256)
    listener.setblocking(False)
    return listener


class _ReachableConnection(H11Protocol):
    """Keeps the transport in the request's state, so that a fault can cut the connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _NotesChanges:
    """Whatever is not just looked at may have changed the world."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            looks_only = scope["path"].startswith("/sandbox") and scope["method"] == "GET"
            if scope["type"] == "http" and not looks_only:
                self._world.changed()
