"""A payment platform that answers what a test writes down, for what no well-behaved one does."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.money import Money
from bot.domain.payment import PaymentMethod
from bot.services.platform import CheckoutTerms, SavedCard
from tests.loopback import served

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
PAGES, INTENTS, REFUNDS = "/v1/checkout/sessions", "/v1/payment_intents", "/v1/refunds"
SECRET_KEY, WEBHOOK_SECRET = "sk_test_SANDBOX", "whsec_test"
CARD = SavedCard("pm_1", "cus_1", "visa", "4242", 12, 2030)
CNY_199 = Money(19900, "CNY")
REPLAYED = {"Idempotent-Replayed": "true"}


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]

    @property
    def key(self) -> str:
        return self.headers["idempotency-key"]


@dataclass
class Scripted:
    """Scripted answers by method and path; the last one stands."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    _script: dict[str, list[Response]] = field(default_factory=lambda: defaultdict(list))

    def answers(
        self, call: str, body: Any, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        """Answer a call ("GET /v1/refunds") with a body, as JSON unless it is bytes."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._script[call].append(Response(raw, status, headers, "application/json"))

    def calls(self, call: str) -> list[Asked]:
        """The requests made of one call."""
        return [asked for asked in self.asked if f"{asked.method} {asked.path}" == call]

    async def answer(self, request: Request) -> Response:
        """The next answer of the script."""
        path = request.url.path
        form = dict(parse_qsl((await request.body()).decode()))
        query, headers = dict(request.query_params), dict(request.headers)
        self.asked.append(Asked(request.method, path, query, headers, form))
        script = self._script[f"{request.method} {path}"]
        if not script:
            return Response(json.dumps(error("resource_missing")), 404)
        return script.pop(0) if len(script) > 1 else script[0]


@asynccontextmanager
async def scripted() -> AsyncIterator[Scripted]:
    """A scripted platform on loopback."""
    platform = Scripted()
    routes = [Route("/{path:path}", platform.answer, methods=["GET", "POST"])]
    async with served(Starlette(routes=routes)) as platform.url:
        yield platform


@asynccontextmanager
async def saying(raw: bytes | None) -> AsyncIterator[str]:
    """A server that reads a request, says these bytes and hangs up; None: it never answers."""

    answering: set[asyncio.Task[None] | None] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answering.add(asyncio.current_task())
        await reader.readuntil(b"\r\n\r\n")
        if raw is None:
            await reader.read()
        else:
            writer.write(raw)
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await asyncio.gather(*(task for task in answering if task))


def terms(**changes: Any) -> CheckoutTerms:
    """A month for ¥199.00, by card, with no customer known and none to be kept."""
    given: dict[str, Any] = {
        "payment_id": "p1",
        "method": PaymentMethod.CARD,
        "amount": CNY_199,
        "title": "月卡 30 天",
        "language": "zh_Hans",
        "expires_at": NOW + timedelta(minutes=30),
        "customer_ref": None,
        "keep_card": False,
    }
    return CheckoutTerms(**given | changes)


def error(code: str | None, kind: str = "invalid_request_error", **more: Any) -> dict[str, Any]:
    return {"error": {"type": kind, "code": code, "message": "a message"} | more}


def listing(*entries: Any, url: str = PAGES, has_more: bool = False) -> dict[str, Any]:
    return {"object": "list", "url": url, "has_more": has_more, "data": list(entries)}


def page(**changes: Any) -> dict[str, Any]:
    """An open page of payment p1."""
    return {
        "id": "cs_1",
        "object": "checkout.session",
        "status": "open",
        "payment_status": "unpaid",
        "url": "https://pay.example/cs_1",
        "expires_at": 1_795_334_400,
        "metadata": {"payment_id": "p1"},
        "payment_intent": None,
    } | changes


def intent(**changes: Any) -> dict[str, Any]:
    """A charge of a saved card that succeeded, for payment p1."""
    return {
        "id": "pi_1",
        "object": "payment_intent",
        "status": "succeeded",
        "amount": 19900,
        "amount_received": 19900,
        "currency": "cny",
        "metadata": {"payment_id": "p1"},
        "latest_charge": {"id": "ch_1", "object": "charge", "created": 1_795_330_800},
        "payment_method": None,
        "setup_future_usage": None,
        "last_payment_error": None,
    } | changes


def refund(**changes: Any) -> dict[str, Any]:
    """A refund of a whole charge that is done."""
    return {
        "id": "re_1",
        "object": "refund",
        "charge": "ch_1",
        "amount": 19900,
        "currency": "cny",
        "status": "succeeded",
        "metadata": {"refund_key": "refund:1"},
    } | changes
