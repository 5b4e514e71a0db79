"""The sandbox's carrier over real HTTP, with a clock that a test sets: fixtures and a caller."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.sandbox.carrier import Carrier
from tests.loopback import SetClock, served
from tests.open_api_files import Conformance

START = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)  # 15:00 in Shanghai
ORDERING = "/carrier/tmf-api/productOrderingManagement/v4"
INVENTORY = "/carrier/tmf-api/productInventory/v4"
BALANCE = "/carrier/tmf-api/prepayBalanceManagement/v4"
USAGE = "/carrier/tmf-api/usageConsumption/v4"
COMMUNICATION = "/carrier/tmf-api/communicationManagement/v4"

LIN_XIAO, ANA_DUARTE, OMAR_HADDAD = "+8613800001001", "+351912001002", "+85261001003"


class Caller:
    """Asks the carrier and its control API over HTTP."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.headers: Mapping[str, str] = {}

    async def ask(self, method: str, path: str, **how: Any) -> tuple[int, Any]:
        """The status and the JSON body."""
        async with self._session.request(method, path, **how) as response:
            self.headers = response.headers
            raw = await response.read()
            return response.status, await response.json(content_type=None) if raw else None

    async def get(self, path: str, **filters: str) -> Any:
        """The body of a 200."""
        status, body = await self.ask("GET", path, params=filters)
        assert status == 200, body
        return body

    async def post(self, path: str, body: Any, expected: int = 201) -> Any:
        """The body of an answer with the status that is expected."""
        status, answer = await self.ask("POST", path, json=body)
        assert status == expected, answer
        return answer

    async def line(self, msisdn: str) -> Any:
        """The network's own truth of a line."""
        return await self.get(f"/sandbox/carrier/lines/{msisdn}")

    async def use(self, msisdn: str, used_bytes: int, country: str = "CN") -> Any:
        """Consume data."""
        path = f"/sandbox/carrier/lines/{msisdn}/use"
        return await self.post(path, {"bytes": used_bytes, "country": country}, 200)

    async def add_line(self, msisdn: str, **more: Any) -> Any:
        """Bring a synthetic line into the network."""
        iccid = "89" + msisdn.removeprefix("+").rjust(17, "0")
        body = {"msisdn": msisdn, "iccid": iccid} | more
        return await self.post("/sandbox/carrier/lines", body)

    async def order(self, msisdn: str, plan: str, periods: int = 1, key: str = "order:1") -> Any:
        """Place an order."""
        return await self.post(f"{ORDERING}/productOrder", order_body(msisdn, plan, periods, key))

    async def fault(self, operation: str, kind: str, **more: Any) -> None:
        """Let something go wrong."""
        body = {"operation": operation, "kind": kind} | more
        await self.post("/sandbox/carrier/faults", body)


def order_body(msisdn: str, plan: str, periods: int = 1, key: str = "order:1") -> dict[str, Any]:
    """A ProductOrder_Create."""
    item = {
        "id": "1",
        "action": "add",
        "quantity": periods,
        "productOffering": {"id": plan},
        "product": {"productSerialNumber": msisdn},
    }
    return {"externalId": key, "productOrderItem": [item]}


def at(text: str) -> datetime:
    """An instant from its RFC 3339 text."""
    return datetime.fromisoformat(text)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(START)


@pytest.fixture
def conformance() -> Iterator[Conformance]:
    """Every call of a test and its answer follow the official files, where they are at hand."""
    witness = Conformance()
    yield witness
    assert witness.violations == []


@pytest.fixture
def published() -> list[tuple[str, dict[str, Any]]]:
    return []


@pytest.fixture
async def carrier(
    clock: SetClock, published: list[tuple[str, dict[str, Any]]], conformance: Conformance
) -> AsyncIterator[Carrier]:
    carrier = Carrier(clock, lambda kind, data: published.append((kind, data)))
    carrier.watch_calls(conformance)
    yield carrier
    await carrier.close()


@pytest.fixture
async def carrier_url(carrier: Carrier) -> AsyncIterator[str]:
    app = Starlette(
        routes=[
            Mount("/sandbox/carrier", routes=carrier.control_routes()),
            Mount("/carrier", routes=carrier.routes()),
        ]
    )
    async with served(app) as base:
        yield base


@pytest.fixture
async def caller(carrier_url: str) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession(carrier_url, headers={"apikey": "SANDBOX"}) as session:
        yield Caller(session)
