"""The gate of the Open APIs: the key, the faults that wait, and a witness of every exchange."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.carrier.answers import Exchange, answer, error
from bot.sandbox.carrier.asking import Malformed
from bot.sandbox.carrier.events import Herald
from bot.sandbox.carrier.faults import (
    ANY_CALL,
    PLACING_ORDERS,
    SENDING_TEXTS,
    SPOILING,
    Fault,
    Faults,
    Kind,
)
from bot.sandbox.carrier.network import Refused
from bot.sandbox.no_answer import NoAnswer

API_KEY = "SANDBOX"

Work = Callable[[Request], Awaitable[Response]]
Witness = Callable[[Exchange], None]


class Gate:
    """Lets calls through to their work, and strikes them with faults."""

    def __init__(self, faults: Faults, herald: Herald) -> None:
        self._faults = faults
        self._herald = herald
        self.witness: Witness | None = None

    def route(self, method: str, path: str, operation: str, work: Work) -> Route:
        """A route whose calls need the key; faults strike it by the name of its operation."""

        async def endpoint(request: Request) -> Response:
            if request.headers.get("apikey") != API_KEY:
                return error(401, "unauthorized", "the header apikey is missing or wrong")
            response = await self._with_faults(operation, work, request)
            self._herald.watch()
            if self.witness is not None:
                self.witness(await _exchange(path, request, response))
            return response

        return Route(path, endpoint, methods=[method])

    async def _with_faults(self, operation: str, work: Work, request: Request) -> Response:
        possible = {"order": PLACING_ORDERS, "sms": SENDING_TEXTS}.get(operation, ANY_CALL)
        fault = self._faults.take(operation, possible)
        if fault is None:
            return await _answered(work, request)
        request.state.spoiled = fault.kind in SPOILING
        if (refusal := _refusal(fault)) is not None:
            return refusal
        if fault.kind is Kind.DELAY:
            await asyncio.sleep(fault.delay_ms / 1000)
            return await _answered(work, request)
        response = await _answered(work, request)
        if fault.kind is Kind.TIMEOUT_AFTER_ACCEPT:
            return NoAnswer(fault.hold_s)
        return answer({"ok": [True, {"data": "maintenance"}]}, response.status_code)


async def _exchange(path: str, request: Request, response: Response) -> Exchange:
    return Exchange(
        request.method,
        path,
        dict(request.query_params),
        await request.body(),
        response.status_code,
        bytes(response.body),
        spoiled=getattr(request.state, "spoiled", False),
    )


async def _answered(work: Work, request: Request) -> Response:
    try:
        return await work(request)
    except Malformed as problem:
        return error(400, "invalidRequest", str(problem))
    except Refused as problem:
        return error(400, problem.code, str(problem))


def _refusal(fault: Fault) -> Response | None:
    if fault.kind is Kind.OUTAGE:
        return error(503, "unavailable", "the carrier is down")
    if fault.kind is Kind.RATE_LIMIT:
        waiting = {"Retry-After": str(fault.retry_after)}
        return error(429, "tooManyRequests", "slow down", waiting)
    if fault.kind is Kind.OUT_OF_FUNDS:
        return error(409, "outOfFunds", "the operator's account does not cover this order")
    return None
