"""The gate of the API: the key, the parameters, idempotency, and the faults that wait."""

import asyncio
import base64
import binascii
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.no_answer import NoAnswer
from bot.sandbox.payments.bodies import Body
from bot.sandbox.payments.book import API_VERSION, Book
from bot.sandbox.payments.errors import ApiError, server_error, unauthorized
from bot.sandbox.payments.expansion import expanded
from bot.sandbox.payments.faults import CALLS, Fault, Faults, Kind
from bot.sandbox.payments.form import Fields, nested
from bot.sandbox.payments.model import StoredAnswer
from bot.sandbox.payments.parameters import Parameters, parsed

API_KEY = "sk_test_SANDBOX"

_KEYS_KEPT_S = 24 * 3600  # Stripe API reference, "Idempotent requests"
_LONGEST_KEY = 255
_CALLS_REMEMBERED = 10_000

Asked = TypeVar("Asked", bound=Parameters)


@dataclass(frozen=True)
class Place:
    """Where a call was made: the id in its path (empty without one) and the server's address."""

    id: str
    address: str


@dataclass
class Call:
    """One call of the API, for the journal."""

    method: str
    path: str
    parameters: Fields
    idempotency_key: str | None
    at: int
    status: int | None = None
    fault: str | None = None
    replayed: bool = False


@dataclass
class Journal:
    """The latest calls, and those that misused the API."""

    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=_CALLS_REMEMBERED))
    violations: list[dict[str, Any]] = field(default_factory=list)


class Gate:
    """Lets calls through to their work."""

    def __init__(self, book: Book, faults: Faults, journal: Journal, settle: Callable[[], None]):
        self._book = book
        self._faults = faults
        self._journal = journal
        self._settle = settle

    def route(
        self,
        method: str,
        path: str,
        operation: str,
        model: type[Asked],
        work: Callable[[Asked, Place], Body],
    ) -> Route:
        """A route whose calls need the key; faults strike it by the name of its operation."""

        async def endpoint(request: Request) -> Response:
            return await self._answer(request, operation, lambda f: _bound(f, request))

        def _bound(fields: Fields, request: Request) -> Callable[[], Body]:
            asked = parsed(model, fields)
            address = f"{request.url.scheme}://{request.url.netloc}"
            place = Place(request.path_params.get("id", ""), address)
            return lambda: expanded(work(asked, place), asked.expand, self._book.state)

        return Route(path, endpoint, methods=[method])

    def unknown(self) -> Route:
        """The route of everything that the sandbox does not know."""

        async def endpoint(request: Request) -> Response:
            return await self._answer(request, "*", lambda _: _unknown(request))

        return Route("/{rest:path}", endpoint, methods=["GET", "POST", "DELETE"])

    async def _answer(
        self, request: Request, operation: str, bind: Callable[[Fields], Callable[[], Body]]
    ) -> Response:
        self._settle()
        path = request.url.path.removeprefix("/stripe")
        key = request.headers.get("idempotency-key") if request.method == "POST" else None
        call = Call(request.method, path, {}, key, self._book.now())
        self._journal.calls.append(call)
        try:
            _check_key(request)
            call.parameters = await _fields(request)
            answer = await self._through(call, operation, bind)
        except ApiError as refused:
            if refused.is_misuse:
                self._violation(call, refused)
            answer = _as_response(refused.status, refused.as_body(), self._book.identity("req"))
        call.status = None if isinstance(answer, NoAnswer) else answer.status_code
        return answer

    async def _through(
        self, call: Call, operation: str, bind: Callable[[Fields], Callable[[], Body]]
    ) -> Response:
        fault = self._faults.take(operation, CALLS)
        if fault is not None:
            call.fault = fault.kind.value
            if fault.kind is Kind.DELAY:
                await asyncio.sleep(fault.delay_ms / 1000)
            elif (refusal := _refused(fault)) is not None:
                return refusal
        stored = self._stored(call)
        if stored is None:
            stored = self._carried_out(call, bind(call.parameters), fault)
        if fault is not None and fault.kind is Kind.TIMEOUT_AFTER_ACCEPT:
            return NoAnswer(fault.hold_s)
        return _from_store(stored, call)

    def _stored(self, call: Call) -> StoredAnswer | None:
        """What was answered to this key before. Raises ApiError 400 when it asked another thing."""
        if call.idempotency_key is None:
            return None
        if len(call.idempotency_key) > _LONGEST_KEY:
            raise ApiError(
                400, "idempotency_error", "Idempotency keys are at most 255 characters long."
            )
        answers = self._book.state.answers
        while answers and (oldest := next(iter(answers.items())))[1].stored_at < (
            self._book.now() - _KEYS_KEPT_S
        ):
            del answers[oldest[0]]
        stored = answers.get(call.idempotency_key)
        if stored is not None and stored.asked != _fingerprint(call):
            raise ApiError(
                400,
                "idempotency_error",
                "Keys for idempotent requests can only be used with the same parameters they were "
                f"first used with. Try using a key other than '{call.idempotency_key}' if you "
                "meant to execute a different request.",
                is_misuse=True,
            )
        call.replayed = stored is not None
        return stored

    def _carried_out(
        self, call: Call, work: Callable[[], Body], fault: Fault | None
    ) -> StoredAnswer:
        """Do it, and keep the answer under the key: also a refusal, also a 500."""
        breakage = fault if fault is not None and fault.kind is Kind.STORED_500 else None
        request_id = self._book.identity("req")
        status, body = 200, {}
        try:
            if breakage is None or breakage.done:
                with self._book.caused_by(request_id, call.idempotency_key):
                    body = work()
        except ApiError as refused:
            if refused.is_misuse:
                raise
            status, body = refused.status, refused.as_body()
        if breakage is not None:
            status, body = 500, server_error(500, "An unknown error occurred").as_body()
        text = json.dumps(body, ensure_ascii=False)
        stored = StoredAnswer(self._book.now(), _fingerprint(call), status, text, request_id)
        if call.idempotency_key is not None:
            self._book.state.answers[call.idempotency_key] = stored
        return stored

    def _violation(self, call: Call, refused: ApiError) -> None:
        self._journal.violations.append(
            {
                "where": "payments",
                "problem": refused.message,
                "subject": {"call": f"{call.method} {call.path}", "parameters": call.parameters},
            }
        )


def _unknown(request: Request) -> Callable[[], Body]:
    path = request.url.path.removeprefix("/stripe")
    raise ApiError(
        404,
        "invalid_request_error",
        f"Unrecognized request URL ({request.method}: {path}).",
        is_misuse=True,
    )


def _check_key(request: Request) -> None:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            secret = base64.b64decode(secret, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            secret = ""
    if not secret:
        raise unauthorized("You did not provide an API key.")
    if secret != API_KEY:
        raise unauthorized(f"Invalid API Key provided: {secret[:8]}****")


async def _fields(request: Request) -> Fields:
    if request.method == "POST":
        form = await request.form()
        pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    else:
        pairs = request.query_params.multi_items()
    return nested(pairs)


def _refused(fault: Fault) -> Response | None:
    match fault.kind:
        case Kind.OUTAGE:
            problem = server_error(503, HTTPStatus.SERVICE_UNAVAILABLE.phrase)
        case Kind.RATE_LIMIT:
            problem = ApiError(429, "invalid_request_error", "Too many requests.", "rate_limit")
        case Kind.NO_CONNECTION:
            return NoAnswer(0)
        case _:
            return None
    return _as_response(problem.status, problem.as_body(), "req_none")


def _fingerprint(call: Call) -> str:
    return json.dumps([call.method, call.path, call.parameters], sort_keys=True)


def _from_store(stored: StoredAnswer, call: Call) -> Response:
    headers = {"Idempotency-Key": call.idempotency_key} if call.idempotency_key else {}
    if call.replayed:
        headers["Idempotent-Replayed"] = "true"
    if stored.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        headers["Stripe-Should-Retry"] = "false"  # a repetition would only be replayed
    return _response(stored.status, stored.body, stored.request_id, headers)


def _as_response(status: int, body: Body, request_id: str) -> Response:
    return _response(status, json.dumps(body, ensure_ascii=False), request_id, {})


def _response(status: int, body: str, request_id: str, headers: dict[str, str]) -> Response:
    always = {"Request-Id": request_id, "Stripe-Version": API_VERSION}
    return Response(body, status, always | headers, "application/json")
