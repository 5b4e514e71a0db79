"""The carrier's HTTP side: TM Forum Open APIs 622, 637, 654, 677 (v4) and texts by 681 (v4).

Every call needs the header `apikey: SANDBOX`. Lists are filtered by their fields and paged by
`offset` and `limit` (TMF630), with X-Total-Count and X-Result-Count.
"""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.carrier import bodies
from bot.sandbox.carrier.answers import (
    Exchange,
    Malformed,
    NoAnswer,
    answer,
    e164,
    error,
    json_object,
)
from bot.sandbox.carrier.events import Herald
from bot.sandbox.carrier.faults import (
    ANY_CALL,
    ORDER_OUTCOMES,
    PLACING_ORDERS,
    SENDING_TEXTS,
    SPOILING,
    Fault,
    Faults,
    Kind,
)
from bot.sandbox.carrier.model import Line, Order, OrderState, local_day
from bot.sandbox.carrier.network import Network, Refused

API_KEY = "SANDBOX"
LONGEST_USAGE_SPAN = timedelta(days=32)
USAGE_QUERIES_KEPT = 1_000

Endpoint = Callable[[Request], Awaitable[Response]]
Witness = Callable[[Exchange], None]


class TmfApi:
    """The routes of the Open APIs over one network."""

    def __init__(self, network: Network, faults: Faults, herald: Herald) -> None:
        self._network = network
        self._faults = faults
        self._herald = herald
        self.witness: Witness | None = None
        self._texts_sent = 0
        self._usage_asked = 0
        self._usage_queries: dict[str, tuple[dict[str, Any], Line, date, date]] = {}

    def routes(self) -> list[BaseRoute]:
        """All routes, on the base paths of the official files."""
        order, query = f"{bodies.ORDERING}/productOrder", f"{bodies.USAGE}/queryUsageConsumption"
        cancel, hub = f"{bodies.ORDERING}/cancelProductOrder", f"{bodies.ORDERING}/hub"
        text = f"{bodies.COMMUNICATION}/communicationMessage"
        return [
            self._route("GET", f"{bodies.INVENTORY}/product", "product", self._products),
            self._route("GET", f"{bodies.BALANCE}/bucket", "balance", self._buckets),
            self._route("POST", query, "usage", self._ask_usage),
            self._route("GET", f"{query}/{{id}}", "usage", self._usage),
            self._route("POST", order, "order", self._place_order),
            self._route("GET", order, "order-state", self._orders),
            self._route("GET", f"{order}/{{id}}", "order-state", self._order),
            self._route("POST", cancel, "order-state", self._cancel_order),
            self._route("POST", text, "sms", self._send_text),
            self._route("POST", hub, "hub", self._subscribe),
            self._route("DELETE", f"{hub}/{{id}}", "hub", self._unsubscribe),
        ]

    def _route(self, method: str, path: str, operation: str, work: Endpoint) -> Route:
        async def endpoint(request: Request) -> Response:
            if request.headers.get("apikey") != API_KEY:
                return error(401, "unauthorized", "the header apikey is missing or wrong")
            response = await self._with_faults(operation, work, request)
            self._herald.watch()
            if self.witness is not None:
                self.witness(await _exchange(path, request, response))
            return response

        return Route(path, endpoint, methods=[method])

    async def _with_faults(self, operation: str, work: Endpoint, request: Request) -> Response:
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

    # TMF637 and TMF654

    async def _products(self, request: Request) -> Response:
        wanted = request.query_params
        named = [e164(wanted["productSerialNumber"])] if "productSerialNumber" in wanted else []
        if "realizingResource.id" in wanted:
            named.append(wanted["realizingResource.id"])
        if not named:
            raise Malformed("name a line: productSerialNumber or realizingResource.id")
        lines = {line.msisdn: line for name in named if (line := self._line(name))}
        if len(lines) != 1:
            return _page([], request)
        (line,) = lines.values()
        products = bodies.product_bodies(self._network, line)
        return _page([p for p in products if _matches(p, request, "id", "status")], request)

    async def _buckets(self, request: Request) -> Response:
        line = self._line(request.query_params.get("logicalResource.id", ""))
        buckets = [bodies.bucket_body(line)] if line else []
        return _page([b for b in buckets if _matches(b, request, "usageType", "status")], request)

    # TMF677: a query is a task of its own, its result is fetched afterwards

    async def _ask_usage(self, request: Request) -> Response:
        body = await json_object(request)
        criteria = body.get("searchCriteria")
        if not isinstance(criteria, dict):
            raise Malformed("searchCriteria is required")
        line = self._line(_identity(criteria.get("logicalResource"), "logicalResource"))
        if line is None:
            raise Refused("unknownLine", "there is no such line")
        first, last = self._span(line, criteria.get("validPeriod"))
        self._usage_asked += 1
        query: bodies.Body = {
            "id": str(self._usage_asked),
            "href": f"{bodies.USAGE}/queryUsageConsumption/{self._usage_asked}",
            "queryUsageConsumptionDate": bodies.instant(self._network.now()),
            "searchCriteria": criteria,
            "@type": "QueryUsageConsumption",
        }
        self._usage_queries[query["id"]] = (query, line, first, last)
        if len(self._usage_queries) > USAGE_QUERIES_KEPT:
            del self._usage_queries[next(iter(self._usage_queries))]
        return answer(query | {"usageConsumption": [{"state": "accepted"}]}, 201)

    async def _usage(self, request: Request) -> Response:
        known = self._usage_queries.get(request.path_params["id"])
        if known is None:
            return error(404, "notFound", "there is no such query, or it is too old")
        query, line, first, last = known
        result = bodies.usage_body(self._network, line, first, last)
        return answer(query | {"usageConsumption": [result]})

    def _span(self, line: Line, period: Any) -> tuple[date, date]:
        if period is None:
            today = local_day(self._network.now(), line.zone)
            return today, today
        try:
            start = datetime.fromisoformat(period["startDateTime"])
            end = datetime.fromisoformat(period["endDateTime"])
        except (KeyError, TypeError, ValueError) as problem:
            raise Malformed("validPeriod needs startDateTime and endDateTime") from problem
        if start.tzinfo is None or end.tzinfo is None or not start < end:
            raise Malformed("validPeriod must begin before it ends, with offsets")
        if end - start > LONGEST_USAGE_SPAN:
            raise Refused("spanTooLong", f"at most {LONGEST_USAGE_SPAN.days} days at a time")
        return bodies.days_of(line, start, end)

    # TMF622

    async def _place_order(self, request: Request) -> Response:
        body = await json_object(request)
        items = body.get("productOrderItem")
        if not isinstance(items, list) or len(items) != 1 or not isinstance(items[0], dict):
            raise Malformed("exactly one productOrderItem is expected")
        key, item = body.get("externalId", ""), items[0]
        periods, product = item.get("quantity", 1), item.get("product")
        if item.get("action") != "add" or not isinstance(item.get("id"), str):
            raise Malformed("the item needs an id and the action add")
        if not isinstance(key, str) or not isinstance(periods, int) or not 1 <= periods <= 365:
            raise Malformed("externalId is a string, quantity a number from 1 to 365")
        serial = product.get("productSerialNumber") if isinstance(product, dict) else None
        line = self._line(serial) if isinstance(serial, str) else None
        if line is None:
            raise Refused("unknownLine", "product.productSerialNumber names no line")
        plan = _identity([item.get("productOffering")], "productOffering")
        order = self._network.place_order(key, line, plan, periods, outcome=self._outcome())
        return answer(bodies.order_body(self._network, order), 201)

    def _outcome(self) -> OrderState | None:
        fault = self._faults.take("order", ORDER_OUTCOMES)
        if fault is None:
            return OrderState.COMPLETED
        return OrderState.REJECTED if fault.kind is Kind.REJECT else None

    async def _orders(self, request: Request) -> Response:
        key = request.query_params.get("externalId")
        known = self._network.state.orders.values()
        orders: list[Order] = list(known) if key is None else self._network.orders_by_key(key)
        shown = [bodies.order_body(self._network, order) for order in orders]
        return _page([body for body in shown if _matches(body, request, "id", "state")], request)

    async def _order(self, request: Request) -> Response:
        order = self._network.find_order(request.path_params["id"])
        if order is None:
            return error(404, "notFound", "there is no such order")
        return answer(bodies.order_body(self._network, order))

    async def _cancel_order(self, request: Request) -> Response:
        body = await json_object(request)
        order = self._network.find_order(_identity([body.get("productOrder")], "productOrder"))
        if order is None:
            raise Refused("unknownOrder", "there is no such order")
        cancelled = self._network.cancel_order(order)
        identity = f"cancel-{order.id}"
        return answer(
            {
                "id": identity,
                "href": f"{bodies.ORDERING}/cancelProductOrder/{identity}",
                "productOrder": {"id": order.id},
                "state": "done" if cancelled else "terminatedWithError",
                "@type": "CancelProductOrder",
            },
            201,
        )

    async def _subscribe(self, request: Request) -> Response:
        body = await json_object(request)
        callback = body.get("callback")
        if not isinstance(callback, str) or not _on_loopback(callback):
            raise Malformed("callback must be an http address on loopback")
        subscription = self._herald.subscribe(callback, str(body.get("query") or ""))
        return answer(asdict(subscription), 201)

    async def _unsubscribe(self, request: Request) -> Response:
        if self._herald.subscriptions.pop(request.path_params["id"], None) is None:
            return error(404, "notFound", "there is no such subscription")
        return Response(status_code=204)

    # TMF681

    async def _send_text(self, request: Request) -> Response:
        body = await json_object(request)
        content, receivers = body.get("content"), body.get("receiver")
        if not isinstance(content, str) or not content or body.get("messageType") != "SMS":
            raise Malformed("content and the messageType SMS are required")
        if not isinstance(body.get("sender"), dict):
            raise Malformed("sender is required")
        if not isinstance(receivers, list) or not receivers:
            raise Malformed("receiver is required")
        numbers = [_phone_number(receiver) for receiver in receivers]
        arrived = [self._network.send_text(number, content) for number in numbers]
        self._texts_sent += 1
        identity = str(self._texts_sent)
        return answer(
            body
            | {
                "id": identity,
                "href": f"{bodies.COMMUNICATION}/communicationMessage/{identity}",
                "state": "completed" if all(arrived) else "failed",
            },
            201,
        )

    def _line(self, identity: str) -> Line | None:
        return self._network.find_line(identity) or self._network.find_line(e164(identity))


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


async def _answered(work: Endpoint, request: Request) -> Response:
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


def _page(found: list[bodies.Body], request: Request) -> Response:
    try:
        offset = int(request.query_params.get("offset", 0))
        limit = int(request.query_params.get("limit", 100))
    except ValueError as problem:
        raise Malformed("offset and limit are numbers") from problem
    if offset < 0 or limit < 1:
        raise Malformed("offset and limit are not negative")
    shown = found[offset : offset + limit]
    counts = {"X-Total-Count": str(len(found)), "X-Result-Count": str(len(shown))}
    return answer(shown, headers=counts)


def _matches(body: bodies.Body, request: Request, *fields: str) -> bool:
    wanted = request.query_params
    return all(field not in wanted or body.get(field) == wanted[field] for field in fields)


def _identity(references: Any, name: str) -> str:
    if isinstance(references, list) and len(references) == 1 and isinstance(references[0], dict):
        identity = references[0].get("id")
        if isinstance(identity, str):
            return identity
    raise Malformed(f"{name} must name one thing by its id")


def _phone_number(receiver: Any) -> str:
    number = receiver.get("phoneNumber") if isinstance(receiver, dict) else None
    if not isinstance(number, str):
        raise Malformed("each receiver needs a phoneNumber")
    return e164(number)


def _on_loopback(address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme != "http" or not parts.hostname:
        return False
    try:
        return parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False
