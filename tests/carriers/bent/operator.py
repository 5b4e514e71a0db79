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

from bot.carriers.tmf import TmfCarrier
from bot.domain.line import Msisdn, Reading
from tests.loopback import served

NUMBER, CARD = Msisdn("+4915100000001"), "8949000000000000001"
ORDER, PRODUCT, BUCKET = "/order/productOrder", "/inventory/product", "/balance/bucket"
CANCEL = "/order/cancelProductOrder"
QUERY = "/usage/queryUsageConsumption"
TODAY = {"startDateTime": "2026-11-21T16:00:00Z", "endDateTime": "2026-11-22T16:00:00Z"}


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


def product(**changes: Any) -> dict[str, Any]:
    """A product with an active month."""
    characteristics = {
        "iccid": CARD,
        "resetZone": "Asia/Shanghai",
        "highSpeedCapBytes": "20000000000",
        "baseRateKbps": 1000.0,
    } | changes.pop("characteristics", {})
    return {
        "status": "active",
        "productSerialNumber": NUMBER,
        "startDate": "2026-11-08T00:00:00+08:00",
        "terminationDate": "2026-12-08T00:00:00+08:00",
        "productOffering": {"id": "M30"},
        "productCharacteristic": [{"name": n, "value": v} for n, v in characteristics.items()],
    } | changes


def bucket(amount: Any, units: str, field: str = "remainingValue") -> dict[str, Any]:
    """A wallet."""
    return {
        "usageType": "monetary",
        "logicalResource": [{"id": NUMBER}],
        field: {"amount": amount, "units": units},
    }


def counter(amount: Any, units: str = "GB", period: Any = None, kind: str = "used") -> Any:
    """A usage counter, of today unless a period is given."""
    value = {"amount": amount, "units": units}
    return {"counterType": kind, "consumptionPeriod": period or TODAY, "value": value}


def usage(*counters: Any, remaining: Any = None, **more: Any) -> dict[str, Any]:
    """A finished usage query."""
    data: dict[str, Any] = {"usageType": "data", "bucketCounter": list(counters)}
    if remaining is not None:
        data["remainingValue"] = remaining
    return {"usageConsumption": [{"state": "done", "bucketRefOrValue": [data]} | more]}


async def read(
    tmf: TmfCarrier, operator: Operator, *, of: Any = None, money: Any = None, data: Any = None
) -> Reading:
    """A reading of the line, from bodies that a test gives."""
    operator.answers(f"GET {PRODUCT}", of if of is not None else [product()])
    operator.answers(f"GET {BUCKET}", money if money is not None else [])
    operator.answers(f"POST {QUERY}", data if data is not None else usage(), 201)
    return await tmf.line_status(1, CARD, NUMBER)
