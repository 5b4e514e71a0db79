"""An operator that answers what a test writes down, for what no well-behaved carrier does."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.loopback import served


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes


@dataclass
class Operator:
    """Scripted answers by method and path; the last one stands."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    _script: dict[str, list[Response]] = field(default_factory=lambda: defaultdict(list))

    def answers(
        self, call: str, body: Any, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        """Answer a call ("GET /product") with a body, as JSON unless it is bytes."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._script[call].append(Response(raw, status, headers, "application/json"))

    def calls(self, call: str) -> list[Asked]:
        """The requests made of one call."""
        return [asked for asked in self.asked if f"{asked.method} {asked.path}" == call]

    async def answer(self, request: Request) -> Response:
        """The next answer of the script."""
        path = request.url.path
        self.asked.append(
            Asked(
                request.method,
                path,
                dict(request.query_params),
                dict(request.headers),
                await request.body(),
            )
        )
        script = self._script[f"{request.method} {path}"]
        if not script:
            return Response(b'{"code": "404", "reason": "nothing here"}', 404)
        return script.pop(0) if len(script) > 1 else script[0]


@asynccontextmanager
async def operating() -> AsyncIterator[Operator]:
    """An operator on loopback."""
    operator = Operator()
    routes = [Route("/{path:path}", operator.answer, methods=["GET", "POST"])]
    async with served(Starlette(routes=routes)) as operator.url:
        yield operator
