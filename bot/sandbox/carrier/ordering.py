"""TMF622: placing, finding and cancelling product orders, and the hub that tells of their end."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.sandbox.carrier import bodies
from bot.sandbox.carrier.answers import answer, error, page
from bot.sandbox.carrier.asking import Malformed, e164, identity, json_object, matches
from bot.sandbox.carrier.events import Herald
from bot.sandbox.carrier.faults import ORDER_OUTCOMES, Faults, Kind
from bot.sandbox.carrier.gate import Gate
from bot.sandbox.carrier.model import OrderState
from bot.sandbox.carrier.network import Network, Refused
from bot.sandbox.loopback import on_loopback

PLACE = f"{bodies.ORDERING}/productOrder"
CANCEL = f"{bodies.ORDERING}/cancelProductOrder"
HUB = f"{bodies.ORDERING}/hub"


class Ordering:
    """The product ordering API over one network."""

    def __init__(self, network: Network, faults: Faults, herald: Herald) -> None:
        self._network = network
        self._faults = faults
        self._herald = herald

    def routes(self, gate: Gate) -> list[BaseRoute]:
        """Its routes, behind the gate."""
        return [
            gate.route("POST", PLACE, "order", self._place),
            gate.route("GET", PLACE, "order-state", self._list),
            gate.route("GET", f"{PLACE}/{{id}}", "order-state", self._show),
            gate.route("POST", CANCEL, "order-state", self._cancel),
            gate.route("POST", HUB, "hub", self._subscribe),
            gate.route("DELETE", f"{HUB}/{{id}}", "hub", self._unsubscribe),
        ]

    async def _place(self, request: Request) -> Response:
        body = await json_object(request)
        items = body.get("productOrderItem")
        if not isinstance(items, list) or len(items) != 1 or not isinstance(items[0], dict):
            raise Malformed("exactly one productOrderItem is expected")
        key, item = body.get("externalId", ""), items[0]
        periods, product = item.get("quantity", 1), item.get("product")
        if item.get("action") != "add" or not isinstance(item.get("id"), str):
            raise Malformed("the item needs an id and the action add")
        if not isinstance(key, str) or type(periods) is not int or not 1 <= periods <= 365:
            raise Malformed("externalId is a string, quantity a number from 1 to 365")
        serial = product.get("productSerialNumber") if isinstance(product, dict) else None
        line = self._network.find_line(e164(serial)) if isinstance(serial, str) else None
        if line is None:
            raise Refused("unknownLine", "product.productSerialNumber names no line")
        plan = identity([item.get("productOffering")], "productOffering")
        order = self._network.place_order(key, line, plan, periods, outcome=self._outcome())
        return answer(bodies.order_body(self._network, order), 201)

    def _outcome(self) -> OrderState | None:
        fault = self._faults.take("order", ORDER_OUTCOMES)
        if fault is None:
            return OrderState.COMPLETED
        return OrderState.REJECTED if fault.kind is Kind.REJECT else None

    async def _list(self, request: Request) -> Response:
        key = request.query_params.get("externalId")
        if key is None:
            orders = list(self._network.state.orders.values())
        else:
            orders = self._network.orders_by_key(key)
        shown = [bodies.order_body(self._network, order) for order in orders]
        return page([body for body in shown if matches(body, request, "id", "state")], request)

    async def _show(self, request: Request) -> Response:
        order = self._network.find_order(request.path_params["id"])
        if order is None:
            return error(404, "notFound", "there is no such order")
        return answer(bodies.order_body(self._network, order))

    async def _cancel(self, request: Request) -> Response:
        body = await json_object(request)
        order = self._network.find_order(identity([body.get("productOrder")], "productOrder"))
        if order is None:
            raise Refused("unknownOrder", "there is no such order")
        cancelled = self._network.cancel_order(order)
        reference = f"cancel-{order.id}"
        return answer(
            {
                "id": reference,
                "href": f"{CANCEL}/{reference}",
                "productOrder": {"id": order.id},
                "state": "done" if cancelled else "terminatedWithError",
                "@type": "CancelProductOrder",
            },
            201,
        )

    async def _subscribe(self, request: Request) -> Response:
        body = await json_object(request)
        callback = body.get("callback")
        if not isinstance(callback, str) or not on_loopback(callback):
            raise Malformed("callback must be an http address on loopback")
        subscription = self._herald.subscribe(callback, str(body.get("query") or ""))
        return answer(asdict(subscription), 201)

    async def _unsubscribe(self, request: Request) -> Response:
        if self._herald.subscriptions.pop(request.path_params["id"], None) is None:
            return error(404, "notFound", "there is no such subscription")
        return Response(status_code=204)
