"""The carrier's HTTP side: TM Forum Open APIs 637, 654, 677 (v4), texts by 681 (v4), and 622.

Every call needs the header `apikey: SANDBOX`. Lists are filtered by their fields and paged by
`offset` and `limit` (TMF630), with X-Total-Count and X-Result-Count.
"""

from datetime import date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.sandbox.carrier import bodies
from bot.sandbox.carrier.answers import answer, error, page
from bot.sandbox.carrier.asking import Malformed, e164, identity, json_object, matches
from bot.sandbox.carrier.gate import Gate
from bot.sandbox.carrier.model import Line, local_day
from bot.sandbox.carrier.network import Network, Refused
from bot.sandbox.carrier.ordering import Ordering

PRODUCT = f"{bodies.INVENTORY}/product"
BUCKET = f"{bodies.BALANCE}/bucket"
QUERY = f"{bodies.USAGE}/queryUsageConsumption"
MESSAGE = f"{bodies.COMMUNICATION}/communicationMessage"

LONGEST_USAGE_SPAN = timedelta(days=32)
USAGE_QUERIES_KEPT = 1_000


class TmfApi:
    """The routes of the Open APIs over one network."""

    def __init__(self, network: Network, ordering: Ordering) -> None:
        self._network = network
        self._ordering = ordering
        self._texts_sent = 0
        self._usage_asked = 0
        self._usage_queries: dict[str, tuple[dict[str, Any], str, date, date]] = {}

    def routes(self, gate: Gate) -> list[BaseRoute]:
        """All routes, on the base paths of the official files, behind the gate."""
        return [
            gate.route("GET", PRODUCT, "product", self._products),
            gate.route("GET", BUCKET, "balance", self._buckets),
            gate.route("POST", QUERY, "usage", self._ask_usage),
            gate.route("GET", f"{QUERY}/{{id}}", "usage", self._usage),
            gate.route("POST", MESSAGE, "sms", self._send_text),
            *self._ordering.routes(gate),
        ]

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
            return page([], request)
        (line,) = lines.values()
        products = bodies.product_bodies(self._network, line)
        return page([p for p in products if matches(p, request, "id", "status")], request)

    async def _buckets(self, request: Request) -> Response:
        line = self._line(request.query_params.get("logicalResource.id", ""))
        buckets = [bodies.bucket_body(line)] if line else []
        return page([b for b in buckets if matches(b, request, "usageType", "status")], request)

    # TMF677: a query is a task of its own, its result is fetched afterwards

    async def _ask_usage(self, request: Request) -> Response:
        body = await json_object(request)
        criteria = body.get("searchCriteria")
        if not isinstance(criteria, dict):
            raise Malformed("searchCriteria is required")
        line = self._line(identity(criteria.get("logicalResource"), "logicalResource"))
        if line is None:
            raise Refused("unknownLine", "there is no such line")
        first, last = self._span(line, criteria.get("validPeriod"))
        self._usage_asked += 1
        query: bodies.Body = {
            "id": str(self._usage_asked),
            "href": f"{QUERY}/{self._usage_asked}",
            "queryUsageConsumptionDate": bodies.instant(self._network.now()),
            "searchCriteria": criteria,
            "@type": "QueryUsageConsumption",
        }
        self._usage_queries[query["id"]] = (query, line.msisdn, first, last)
        if len(self._usage_queries) > USAGE_QUERIES_KEPT:
            del self._usage_queries[next(iter(self._usage_queries))]
        return answer(query | {"usageConsumption": [{"state": "accepted"}]}, 201)

    async def _usage(self, request: Request) -> Response:
        known = self._usage_queries.get(request.path_params["id"])
        line = self._network.find_line(known[1]) if known else None
        if known is None or line is None:
            return error(404, "notFound", "there is no such query, or it is too old")
        query, _, first, last = known
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
        number = str(self._texts_sent)
        return answer(
            body
            | {
                "id": number,
                "href": f"{MESSAGE}/{number}",
                "state": "completed" if all(arrived) else "failed",
            },
            201,
        )

    def _line(self, identity: str) -> Line | None:
        return self._network.find_line(identity) or self._network.find_line(e164(identity))


def _phone_number(receiver: Any) -> str:
    number = receiver.get("phoneNumber") if isinstance(receiver, dict) else None
    if not isinstance(number, str):
        raise Malformed("each receiver needs a phoneNumber")
    return e164(number)
