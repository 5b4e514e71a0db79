"""The hosted pay page, /pay/{session}: a person pays here, in a browser.

The page is static; it asks for the session as JSON and posts what the person does.
"""

import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.control_input import BadInput, as_json, body_of
from bot.sandbox.payments import cards
from bot.sandbox.payments.asking import read
from bot.sandbox.payments.book import Book
from bot.sandbox.payments.checkout import Checkout, NotPayable, Outcome
from bot.sandbox.payments.model import (
    IntentStatus,
    Method,
    PaymentMethod,
    Session,
    SessionStatus,
)
from bot.sandbox.payments.parameters import Strict

_FILES = Path(__file__).parent / "page"


class CardForm(Strict):
    """What stands in the card's fields."""

    number: str
    expiry: str
    cvc: str


class Attempt(Strict):
    """A press on "pay"."""

    method: Method
    card: CardForm | None = None


class PayPage:
    """The page's routes over the sessions."""

    def __init__(
        self, book: Book, checkout: Checkout, settle: Callable[[], None], merchant: str
    ) -> None:
        self._book = book
        self._checkout = checkout
        self._settle = settle
        self._merchant = merchant

    def routes(self) -> list[BaseRoute]:
        """The page, its files, and what it asks and tells."""
        return [
            Mount("/pay-page", StaticFiles(directory=_FILES)),
            Route("/pay/{id}", self._show),
            Route("/pay/{id}/session", self._endpoint(self._session)),
            Route("/pay/{id}/{method}.svg", self._code),
            Route("/pay/{id}/pay", self._endpoint(self._pay), methods=["POST"]),
            Route("/pay/{id}/confirm", self._endpoint(self._confirm), methods=["POST"]),
        ]

    def _endpoint(
        self, work: Callable[[Request, Session], Awaitable[Any]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Any:
            self._settle()
            try:
                return await work(request, self._named(request))
            except NotPayable as problem:
                raise BadInput(str(problem), 409) from None

        return as_json(answer)

    async def _show(self, request: Request) -> Response:
        known = request.path_params["id"] in self._book.state.sessions
        return FileResponse(_FILES / "pay.html", 200 if known else 404)

    async def _session(self, _: Request, session: Session) -> Any:
        """What the page shows. Amounts in minor units, instants in Unix seconds."""
        intent = self._book.state.intents[session.intent] if session.intent else None
        return {
            "id": session.id,
            "merchant": self._merchant,
            "stage": _stage(session, intent.status if intent else None),
            "currency": session.currency.upper(),
            "total": session.total,
            "items": [
                {
                    "name": item.name,
                    "description": item.description,
                    "quantity": item.quantity,
                    "amount": item.unit_amount * item.quantity,
                }
                for item in session.items
            ],
            "methods": [method.value for method in session.methods],
            "saves_card": session.saves_card,
            "card_ending": self._card_ending(intent.method if intent else None),
            "expires_at": session.expires_at,
            "now": self._book.now(),
            "success_url": session.success_url.replace("{CHECKOUT_SESSION_ID}", session.id),
            "cancel_url": session.cancel_url,
        }

    async def _code(self, request: Request) -> Response:
        """The QR that a wallet's app would read: the session and the wallet."""
        session = self._book.state.sessions.get(request.path_params["id"])
        if session is None or request.path_params["method"] not in session.methods:
            return JSONResponse({"error": "there is no such code"}, 404)
        drawn = io.BytesIO()
        read = f"{request.path_params['method']}://pay/{session.id}"
        segno.make_qr(read, error="m").save(
            drawn, kind="svg", border=0, omitsize=True, xmldecl=False
        )
        return Response(drawn.getvalue(), media_type="image/svg+xml")

    async def _pay(self, request: Request, session: Session) -> Any:
        """One attempt; answers `{outcome, problem?}`, or names the card's wrong field."""
        attempt = await read(Attempt, request)
        try:
            method = self._method(session, attempt)
        except cards.BadCard as problem:
            return {"outcome": "invalid", "problem": problem.field}
        return self._told(session, self._checkout.pay(session, method))

    async def _confirm(self, request: Request, session: Session) -> Any:
        """The holder's word to the bank: `{approved}`."""
        approved = (await body_of(request)).get("approved")
        if not isinstance(approved, bool):
            raise BadInput("approved is true or false")
        return self._told(session, self._checkout.confirm(session, approved=approved))

    def _method(self, session: Session, attempt: Attempt) -> PaymentMethod:
        if attempt.method is not Method.CARD:
            return self._checkout.method_for(session, attempt.method)
        if attempt.card is None:
            raise BadInput("card is missing")
        number = cards.read_number(attempt.card.number)
        today = self._book.today()
        exp_month, exp_year = cards.read_expiry(attempt.card.expiry, today.year, today.month)
        cards.check_cvc(attempt.card.cvc)
        return self._checkout.card_for(session, number, exp_month, exp_year)

    def _told(self, session: Session, outcome: Outcome) -> Any:
        intent = self._book.state.intents[session.intent or ""]
        failure = intent.failure
        problem = (failure.decline_code or failure.code) if failure else None
        return {"outcome": outcome.value, "problem": problem}

    def _card_ending(self, method_id: str | None) -> str | None:
        method = self._book.state.methods[method_id] if method_id else None
        return method.number[-4:] if method and method.number else None

    def _named(self, request: Request) -> Session:
        session = self._book.state.sessions.get(request.path_params["id"])
        if session is None:
            raise BadInput("there is no such session", 404)
        return session


def _stage(session: Session, intent: IntentStatus | None) -> str:
    """open, confirm, expired, paid, processing or failed."""
    if session.status is SessionStatus.OPEN:
        return "confirm" if intent is IntentStatus.REQUIRES_ACTION else "open"
    if session.status is SessionStatus.EXPIRED:
        return "expired"
    if session.paid:
        return "paid"
    return "processing" if intent is IntentStatus.PROCESSING else "failed"
