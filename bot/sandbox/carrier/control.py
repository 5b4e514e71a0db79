"""/sandbox/carrier/…: what tests, tools and the panel do to the network behind the carrier."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.carrier.answers import answer
from bot.sandbox.carrier.asking import Malformed, e164, json_object
from bot.sandbox.carrier.bodies import Body, instant
from bot.sandbox.carrier.cast import ZONE
from bot.sandbox.carrier.faults import Fault, Faults
from bot.sandbox.carrier.model import CURRENCY, Line, Order, local_day
from bot.sandbox.carrier.network import Network, Refused

Endpoint = Callable[[Request], Awaitable[Response]]
Model = TypeVar("Model", bound=BaseModel)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise ValueError("there is no such time zone") from problem
    return name


Bytes = Annotated[int, Field(ge=0, le=10**15)]
Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]


class UseOfData(BaseModel):
    """Data that a line consumes now."""

    model_config = ConfigDict(extra="forbid")

    used_bytes: Annotated[Bytes, Field(alias="bytes", ge=1)]
    country: Country = "CN"


class NewLine(BaseModel):
    """A line to add. `days_left` counts the local midnights until its plan ends."""

    model_config = ConfigDict(extra="forbid")

    msisdn: Annotated[str, Field(pattern=r"^\+[1-9]\d{6,14}$")]
    iccid: Annotated[str, Field(pattern=r"^\d{18,20}$")]
    plan: str | None = None
    days_left: Annotated[int, Field(ge=-3650, le=3650)] = 30
    wallet_minor: int = 0
    zone: Annotated[str, AfterValidator(_known_zone)] = ZONE
    status: Literal["active", "suspended"] = "active"
    used_today_bytes: Bytes = 0


class CarrierControl:
    """The control routes of one carrier."""

    def __init__(self, network: Network, faults: Faults) -> None:
        self._network = network
        self._faults = faults

    def routes(self) -> list[BaseRoute]:
        """All routes, relative to /sandbox/carrier."""
        return [
            _route("GET", "/lines", self._lines),
            _route("POST", "/lines", self._add_line),
            _route("GET", "/lines/{msisdn}", self._line),
            _route("POST", "/lines/{msisdn}/use", self._use),
            _route("GET", "/sms", self._texts),
            _route("GET", "/orders", self._orders),
            _route("GET", "/faults", self._show_faults),
            _route("POST", "/faults", self._add_fault),
            _route("DELETE", "/faults", self._remove_faults),
        ]

    async def _lines(self, _: Request) -> Response:
        """The numbers of all lines, for those who choose one."""
        lines = self._network.state.lines.values()
        return answer({"lines": [{"msisdn": line.msisdn, "iccid": line.iccid} for line in lines]})

    async def _add_line(self, request: Request) -> Response:
        new = await _read(NewLine, request)
        if new.plan is not None and new.plan not in self._network.offerings:
            raise Malformed(f"there is no plan {new.plan}")
        today = local_day(self._network.now(), new.zone)
        line = Line(
            new.msisdn,
            new.iccid,
            new.zone,
            since=today - timedelta(days=30),
            wallet_minor=new.wallet_minor,
            suspended=new.status == "suspended",
        )
        self._network.add_line(line)
        if new.plan is not None:
            self._network.give_plan(line, new.plan, new.days_left)
        if new.used_today_bytes:
            line.record(today, "CN", new.used_today_bytes)
        return answer(self._truth(line), 201)

    async def _line(self, request: Request) -> Response:
        return answer(self._truth(self._named(request)))

    async def _use(self, request: Request) -> Response:
        line, use = self._named(request), await _read(UseOfData, request)
        self._network.use(line, use.used_bytes, use.country)
        return answer(self._truth(line))

    async def _texts(self, request: Request) -> Response:
        wanted = request.query_params.get("msisdn")
        number = None if wanted is None else e164(wanted)
        texts = [t for t in self._network.state.texts if number in (None, t.msisdn)]
        return answer(
            {"sms": [{"msisdn": t.msisdn, "text": t.text, "at": instant(t.at)} for t in texts]}
        )

    async def _orders(self, _: Request) -> Response:
        orders = self._network.state.orders.values()
        return answer({"orders": [self._order(order) for order in orders]})

    async def _show_faults(self, _: Request) -> Response:
        return answer({"faults": [fault.model_dump(mode="json") for fault in self._faults.waiting]})

    async def _add_fault(self, request: Request) -> Response:
        fault = await _read(Fault, request)
        self._faults.waiting.append(fault)
        return answer(fault.model_dump(mode="json"), 201)

    async def _remove_faults(self, _: Request) -> Response:
        self._faults.waiting.clear()
        return answer({"cleared": True})

    def _named(self, request: Request) -> Line:
        line = self._network.find_line(e164(request.path_params["msisdn"]))
        if line is None:
            raise LookupError("there is no such line")
        return line

    def _truth(self, line: Line) -> Body:
        now = self._network.now()
        current = line.current(now)
        orders: dict[str, list[Body]] = {}
        for order in self._network.orders_of(line):
            orders.setdefault(order.key, []).append(self._order(order))
        return {
            "msisdn": line.msisdn,
            "iccid": line.iccid,
            "zone": line.zone,
            "status": "suspended" if line.suspended else "active",
            "wallet": {"minor": line.wallet_minor, "currency": CURRENCY},
            "plan": current.plan if current else None,
            "valid_until": instant(current.ends_at) if current else None,
            "used_today_bytes": self._network.used_today(line),
            "high_speed_cap_bytes": self._network.high_speed_cap(line),
            "throttled": self._network.throttled(line),
            "next_reset_at": instant(self._network.next_reset(line)),
            "entitlements": [
                {
                    "id": entitlement.id,
                    "plan": entitlement.plan,
                    "periods": entitlement.periods,
                    "state": entitlement.state_at(now).value,
                    "starts_at": instant(entitlement.starts_at),
                    "ends_at": instant(entitlement.ends_at),
                }
                for entitlement in line.entitlements
            ],
            "usage": [
                {"day": u.day.isoformat(), "country": u.country, "bytes": u.used_bytes}
                for u in line.usage
            ],
            "orders": orders,
        }

    def _order(self, order: Order) -> Body:
        return {
            "id": order.id,
            "key": order.key,
            "msisdn": order.msisdn,
            "plan": order.plan,
            "periods": order.periods,
            "state": order.state_at(self._network.now()).value,
            "at": instant(order.ordered_at),
        }


def _route(method: str, path: str, work: Endpoint) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            return await work(request)
        except Malformed as problem:
            return answer({"error": str(problem)}, 400)
        except LookupError as problem:
            return answer({"error": str(problem)}, 404)
        except Refused as problem:
            return answer({"error": str(problem), "code": problem.code}, 409)

    return Route(path, endpoint, methods=[method])


async def _read(model: type[Model], request: Request) -> Model:
    body: Any = await json_object(request)
    try:
        return model.model_validate(body)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(map(str, first["loc"])) or "body"
        raise Malformed(f"{where}: {first['msg']}") from problem
