"""/sandbox/payments/…: what tests, tools and people do to the platform behind the API."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from bot.sandbox.control_input import BadInput, as_json
from bot.sandbox.payments import cards
from bot.sandbox.payments.asking import read
from bot.sandbox.payments.bodies import endpoint_body, session_body
from bot.sandbox.payments.book import Book
from bot.sandbox.payments.checkout import Checkout, NotPayable
from bot.sandbox.payments.errors import ApiError
from bot.sandbox.payments.faults import Fault, Faults
from bot.sandbox.payments.gate import Journal
from bot.sandbox.payments.giving_back import GivingBack
from bot.sandbox.payments.model import Charge, Endpoint, Method, RefundStatus, Session
from bot.sandbox.payments.money_bodies import (
    dispute_body,
    intent_body,
    refund_body,
    refunded_amount,
)
from bot.sandbox.payments.parameters import LoopbackUrl, Strict

WEBHOOK_SECRET = "whsec_SANDBOX"  # noqa: S105 - opens nothing but the sandbox

Work = Callable[[Request], Awaitable[Any]]
Found = TypeVar("Found")


class Paying(Strict):
    """A payment without a browser. By default with the session's first method, and it works.

    `number` is a test card's; a bank that asks its holder is answered yes.
    """

    method: Method | None = None
    outcome: Literal["paid", "declined", "processing"] = "paid"
    number: str = "4242424242424242"


class Ending(Strict):
    """How something that was under way ends."""

    outcome: Literal["succeeded", "failed"]


class RefundInDashboard(Strict):
    """A refund that the operator makes at the platform; by default of all that is left."""

    amount: Annotated[int, Field(ge=1)] | None = None


class NewDispute(Strict):
    """A payer who takes the money back, by default all of it."""

    amount: Annotated[int, Field(ge=1)] | None = None
    reason: Literal["fraudulent", "product_not_received", "duplicate", "general"] = "fraudulent"


class Verdict(Strict):
    """How a dispute is decided."""

    outcome: Literal["won", "lost"]


class Webhook(Strict):
    """Where notices go."""

    url: LoopbackUrl
    secret: Annotated[str, Field(min_length=1)] = WEBHOOK_SECRET
    enabled_events: Annotated[list[str], Field(min_length=1, default_factory=lambda: ["*"])]


class PaymentsControl:
    """The control routes of one platform."""

    def __init__(
        self,
        book: Book,
        checkout: Checkout,
        giving_back: GivingBack,
        faults: Faults,
        journal: Journal,
        settle: Callable[[], None],
    ) -> None:
        self._book = book
        self._checkout = checkout
        self._giving_back = giving_back
        self._faults = faults
        self._journal = journal
        self._settle = settle

    def routes(self) -> list[BaseRoute]:
        """All routes, relative to /sandbox/payments."""
        return [
            self._route("GET", "/sessions", self._sessions),
            self._route("GET", "/sessions/{id}", self._session),
            self._route("POST", "/sessions/{id}/pay", self._pay),
            self._route("POST", "/sessions/{id}/settle", self._settle_session),
            self._route("GET", "/charges", self._charges),
            self._route("POST", "/charges/{id}/refund", self._refund),
            self._route("POST", "/charges/{id}/dispute", self._dispute),
            self._route("POST", "/refunds/{id}/settle", self._settle_refund),
            self._route("POST", "/disputes/{id}/close", self._close_dispute),
            self._route("POST", "/webhook", self._set_webhook),
            self._route("DELETE", "/webhook", self._remove_webhooks),
            self._route("GET", "/faults", self._show_faults),
            self._route("POST", "/faults", self._add_fault),
            self._route("DELETE", "/faults", self._remove_faults),
            self._route("GET", "/calls", self._calls),
        ]

    def _route(self, method: str, path: str, work: Work) -> Route:
        async def endpoint(request: Request) -> Any:
            self._settle()
            try:
                return await work(request)
            except NotPayable as problem:
                raise BadInput(str(problem), 409) from None
            except ApiError as problem:
                raise BadInput(problem.message, 409) from None

        return Route(path, as_json(endpoint), methods=[method])

    async def _sessions(self, _: Request) -> Any:
        sessions = self._book.state.sessions.values()
        return {"sessions": [self._shown(session) for session in sessions]}

    async def _session(self, request: Request) -> Any:
        return self._shown(_named(self._book.state.sessions, request))

    async def _pay(self, request: Request) -> Any:
        """Pay a session; answers `{outcome, session}`."""
        session, asked = _named(self._book.state.sessions, request), await read(Paying, request)
        kind = asked.method or session.methods[0]
        if kind is Method.CARD:
            expiry = self._book.today()
            number = _number(asked.number)
            method = self._checkout.card_for(session, number, expiry.month, expiry.year + 2)
            declined = cards.DECLINED
        else:
            method = self._checkout.method_for(session, kind)
            declined = cards.WALLET_DECLINED
        outcome = self._checkout.pay(
            session,
            method,
            confirmed=True,
            asynchronous=asked.outcome == "processing",
            refusal=declined if asked.outcome == "declined" else None,
        )
        return {"outcome": outcome.value, "session": self._shown(session)}

    async def _settle_session(self, request: Request) -> Any:
        session, asked = _named(self._book.state.sessions, request), await read(Ending, request)
        self._checkout.settle(session, arrived=asked.outcome == "succeeded")
        return self._shown(session)

    async def _charges(self, _: Request) -> Any:
        return {"charges": [self._account_of(one) for one in self._book.state.charges.values()]}

    async def _refund(self, request: Request) -> Any:
        charge = _named(self._book.state.charges, request)
        asked = await read(RefundInDashboard, request)
        return refund_body(self._giving_back.refund(charge, asked.amount))

    async def _dispute(self, request: Request) -> Any:
        charge = _named(self._book.state.charges, request)
        asked = await read(NewDispute, request)
        amount = charge.amount if asked.amount is None else asked.amount
        if not charge.succeeded or charge.disputed or amount > charge.amount:
            raise BadInput("only money that was charged can be disputed, once", 409)
        return dispute_body(self._giving_back.dispute(charge, amount, asked.reason))

    async def _settle_refund(self, request: Request) -> Any:
        refund, asked = _named(self._book.state.refunds, request), await read(Ending, request)
        if refund.status is RefundStatus.FAILED or refund.status.value == asked.outcome:
            raise BadInput(f"the refund is {refund.status} already", 409)
        self._giving_back.settle(refund, RefundStatus(asked.outcome))
        return refund_body(refund)

    async def _close_dispute(self, request: Request) -> Any:
        dispute, asked = _named(self._book.state.disputes, request), await read(Verdict, request)
        if dispute.status in ("won", "lost"):
            raise BadInput(f"the dispute is {dispute.status} already", 409)
        self._giving_back.close_dispute(dispute, won=asked.outcome == "won")
        return dispute_body(dispute)

    async def _set_webhook(self, request: Request) -> Any:
        asked = await read(Webhook, request)
        identity = self._book.identity("we")
        endpoint = Endpoint(
            identity, self._book.now(), asked.url, asked.enabled_events, asked.secret
        )
        self._book.state.endpoints[identity] = endpoint
        return endpoint_body(endpoint) | {"secret": endpoint.secret}

    async def _remove_webhooks(self, _: Request) -> Any:
        self._book.state.endpoints.clear()
        return {"removed": True}

    async def _show_faults(self, _: Request) -> Any:
        return {"faults": [fault.model_dump(mode="json") for fault in self._faults.waiting]}

    async def _add_fault(self, request: Request) -> Any:
        fault = await read(Fault, request)
        self._faults.waiting.append(fault)
        return fault.model_dump(mode="json")

    async def _remove_faults(self, _: Request) -> Any:
        self._faults.waiting.clear()
        return {"cleared": True}

    async def _calls(self, _: Request) -> Any:
        return {"calls": [asdict(call) for call in self._journal.calls]}

    def _shown(self, session: Session) -> dict[str, Any]:
        """A session with its address, also once it is closed, and its intent."""
        intent = self._book.state.intents[session.intent] if session.intent else None
        return session_body(session) | {
            "url": session.url,
            "payment_intent": intent_body(intent, self._book.state) if intent else None,
        }

    def _account_of(self, charge: Charge) -> dict[str, Any]:
        """A charge with whatever went back of it; amounts in minor units."""
        state = self._book.state
        intent = state.intents[charge.intent]
        return {
            "id": charge.id,
            "at": charge.created,
            "status": "succeeded" if charge.succeeded else "failed",
            "method": state.methods[charge.method].type.value,
            "amount": charge.amount,
            "currency": charge.currency,
            "amount_refunded": refunded_amount(charge, state),
            "payment_intent": intent.id,
            "session": intent.session,
            "client_reference_id": state.sessions[intent.session].client_reference_id
            if intent.session
            else None,
            "metadata": charge.metadata,
            "refunds": [refund_body(r) for r in state.refunds.values() if r.charge == charge.id],
            "disputes": [dispute_body(d) for d in state.disputes.values() if d.charge == charge.id],
        }


def _named(things: dict[str, Found], request: Request) -> Found:
    thing = things.get(request.path_params["id"])
    if thing is None:
        raise BadInput("there is no such thing", 404)
    return thing


def _number(text: str) -> str:
    try:
        return cards.read_number(text)
    except cards.BadCard as problem:
        raise BadInput(str(problem)) from None
