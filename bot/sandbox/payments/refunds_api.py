"""/v1/refunds and /v1/disputes."""

from starlette.routing import BaseRoute

from bot.sandbox.payments.bodies import Body
from bot.sandbox.payments.book import Book
from bot.sandbox.payments.errors import invalid, missing
from bot.sandbox.payments.gate import Gate, Place
from bot.sandbox.payments.giving_back import GivingBack
from bot.sandbox.payments.model import Charge, Dispute, Refund
from bot.sandbox.payments.money_bodies import dispute_body, refund_body
from bot.sandbox.payments.parameters import OfPayment, Parameters, RefundCreate
from bot.sandbox.payments.searching import page

REFUNDS = "/v1/refunds"
DISPUTES = "/v1/disputes"


class RefundsApi:
    """The routes of refunds and disputes."""

    def __init__(self, book: Book, giving_back: GivingBack) -> None:
        self._book = book
        self._giving_back = giving_back

    def routes(self, gate: Gate) -> list[BaseRoute]:
        """All routes, relative to /stripe."""
        return [
            gate.route("POST", REFUNDS, "refund-create", RefundCreate, self._create),
            gate.route("GET", REFUNDS, "refund-read", OfPayment, self._list),
            gate.route("GET", f"{REFUNDS}/{{id}}", "refund-read", Parameters, self._show),
            gate.route("GET", DISPUTES, "dispute-read", OfPayment, self._list_disputes),
            gate.route("GET", f"{DISPUTES}/{{id}}", "dispute-read", Parameters, self._show_dispute),
        ]

    def _create(self, asked: RefundCreate, _: Place) -> Body:
        refund = self._giving_back.refund(
            self._charge(asked), asked.amount, reason=asked.reason, metadata=asked.metadata
        )
        return refund_body(refund)

    def _list(self, asked: OfPayment, _: Place) -> Body:
        wanted = filter(lambda refund: _is_of(refund, asked), self._book.state.refunds.values())
        return page(REFUNDS, "refund", wanted, asked, refund_body)

    def _show(self, _: Parameters, place: Place) -> Body:
        refund = self._book.state.refunds.get(place.id)
        if refund is None:
            raise missing("refund", place.id)
        return refund_body(refund)

    def _list_disputes(self, asked: OfPayment, _: Place) -> Body:
        wanted = filter(lambda dispute: _is_of(dispute, asked), self._book.state.disputes.values())
        return page(DISPUTES, "dispute", wanted, asked, dispute_body)

    def _show_dispute(self, _: Parameters, place: Place) -> Body:
        dispute = self._book.state.disputes.get(place.id)
        if dispute is None:
            raise missing("dispute", place.id)
        return dispute_body(dispute)

    def _charge(self, asked: RefundCreate) -> Charge:
        if (asked.charge is None) == (asked.payment_intent is None):
            raise invalid("One of the following params should be provided: charge, payment_intent.")
        state = self._book.state
        identity = asked.charge
        if asked.payment_intent is not None:
            intent = state.intents.get(asked.payment_intent)
            if intent is None:
                raise missing("payment_intent", asked.payment_intent, param="payment_intent")
            if intent.charge is None:
                raise invalid(
                    f"This PaymentIntent ({intent.id}) does not have a successful charge to refund."
                )
            identity = intent.charge
        charge = state.charges.get(identity or "")
        if charge is None:
            raise missing("charge", identity or "", param="charge")
        return charge


def _is_of(thing: Refund | Dispute, asked: OfPayment) -> bool:
    return asked.charge in (None, thing.charge) and asked.payment_intent in (None, thing.intent)
