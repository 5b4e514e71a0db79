"""/v1/events and /v1/webhook_endpoints: what happened, to be asked for or to be told."""

import secrets

from starlette.routing import BaseRoute

from bot.sandbox.payments.bodies import Body, endpoint_body, event_body
from bot.sandbox.payments.book import Book
from bot.sandbox.payments.errors import invalid, missing
from bot.sandbox.payments.gate import Gate, Place
from bot.sandbox.payments.model import Endpoint
from bot.sandbox.payments.parameters import EndpointCreate, EventList, Paging, Parameters
from bot.sandbox.payments.searching import page

EVENTS = "/v1/events"
ENDPOINTS = "/v1/webhook_endpoints"


class EventsApi:
    """The routes of events and of the endpoints that are told of them."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def routes(self, gate: Gate) -> list[BaseRoute]:
        """All routes, relative to /stripe."""
        one = f"{ENDPOINTS}/{{id}}"
        return [
            gate.route("GET", EVENTS, "event-read", EventList, self._list),
            gate.route("GET", f"{EVENTS}/{{id}}", "event-read", Parameters, self._show),
            gate.route("POST", ENDPOINTS, "endpoint", EndpointCreate, self._create_endpoint),
            gate.route("GET", ENDPOINTS, "endpoint", Paging, self._list_endpoints),
            gate.route("DELETE", one, "endpoint", Parameters, self._delete_endpoint),
        ]

    def _list(self, asked: EventList, _: Place) -> Body:
        if asked.type is not None and asked.types is not None:
            raise invalid("You may only specify one of these parameters: type, types.")
        types = [asked.type] if asked.type is not None else asked.types
        events = self._book.state.events.values()
        wanted = (event for event in events if types is None or _is_one_of(event.type, types))
        return page(EVENTS, "event", wanted, asked, event_body)

    def _show(self, _: Parameters, place: Place) -> Body:
        event = self._book.state.events.get(place.id)
        if event is None:
            raise missing("event", place.id)
        return event_body(event)

    def _create_endpoint(self, asked: EndpointCreate, _: Place) -> Body:
        endpoint = Endpoint(
            id=self._book.identity("we"),
            created=self._book.now(),
            url=asked.url,
            enabled_events=asked.enabled_events,
            secret=f"whsec_{secrets.token_hex(16)}",
            description=asked.description,
            metadata=asked.metadata,
        )
        self._book.state.endpoints[endpoint.id] = endpoint
        return endpoint_body(endpoint) | {"secret": endpoint.secret}

    def _list_endpoints(self, asked: Paging, _: Place) -> Body:
        endpoints = self._book.state.endpoints.values()
        return page(ENDPOINTS, "webhook_endpoint", endpoints, asked, endpoint_body)

    def _delete_endpoint(self, _: Parameters, place: Place) -> Body:
        if self._book.state.endpoints.pop(place.id, None) is None:
            raise missing("webhook_endpoint", place.id)
        return {"id": place.id, "object": "webhook_endpoint", "deleted": True}


def _is_one_of(kind: str, wanted: list[str]) -> bool:
    """Types match whole, or by a beginning such as `charge.*`."""
    return any(
        kind == name or (name.endswith(".*") and kind.startswith(name[:-1])) for name in wanted
    )
