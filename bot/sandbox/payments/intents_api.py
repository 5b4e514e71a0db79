"""/v1/payment_intents and /v1/charges: saved cards charged off-session, and looking back."""

from starlette.routing import BaseRoute

from bot.sandbox.payments.bodies import Body, listing
from bot.sandbox.payments.book import Book
from bot.sandbox.payments.errors import card_error, invalid, missing
from bot.sandbox.payments.gate import Gate, Place
from bot.sandbox.payments.model import Charge, Intent, Method, PaymentMethod
from bot.sandbox.payments.money_bodies import charge_body, intent_body
from bot.sandbox.payments.parameters import (
    ChargeList,
    IntentCancel,
    IntentCreate,
    IntentList,
    Parameters,
    Search,
)
from bot.sandbox.payments.searching import matcher, page
from bot.sandbox.payments.till import Till

INTENTS = "/v1/payment_intents"
CHARGES = "/v1/charges"


class IntentsApi:
    """The routes of intents and charges."""

    def __init__(self, book: Book, till: Till) -> None:
        self._book = book
        self._till = till

    def routes(self, gate: Gate) -> list[BaseRoute]:
        """All routes, relative to /stripe."""
        one = f"{INTENTS}/{{id}}"
        return [
            gate.route("POST", INTENTS, "intent-create", IntentCreate, self._create),
            gate.route("GET", INTENTS, "intent-read", IntentList, self._list),
            gate.route("GET", f"{INTENTS}/search", "intent-read", Search, self._search),
            gate.route("GET", one, "intent-read", Parameters, self._show),
            gate.route("POST", f"{one}/cancel", "intent-cancel", IntentCancel, self._cancel),
            gate.route("GET", CHARGES, "charge-read", ChargeList, self._list_charges),
            gate.route("GET", f"{CHARGES}/{{id}}", "charge-read", Parameters, self._show_charge),
        ]

    def _create(self, asked: IntentCreate, _: Place) -> Body:
        """Charge a saved card. Raises ApiError 402 when the bank refuses."""
        method = self._saved_card(asked)
        intent = self._till.open_intent(
            asked.amount,
            asked.currency,
            asked.allowed_payment_method_types or [Method.CARD],
            customer=asked.customer,
            method=method.id,
            description=asked.description,
            metadata=asked.metadata,
        )
        failure = self._till.collect(intent, method, off_session=True)
        body = self._body(intent)
        if failure is not None:
            raise card_error(failure.decline_code or failure.code, body)
        return body

    def _list(self, asked: IntentList, _: Place) -> Body:
        wanted = (
            intent
            for intent in self._book.state.intents.values()
            if asked.customer in (None, intent.customer)
        )
        return page(INTENTS, "payment_intent", wanted, asked, self._body)

    def _search(self, asked: Search, _: Place) -> Body:
        matches = matcher(asked.query)
        found = [intent for intent in self._book.state.intents.values() if matches(intent)]
        found.reverse()
        since = _offset(asked.page)
        until = since + asked.limit
        has_more = until < len(found)
        answer = listing(
            f"{INTENTS}/search",
            [self._body(intent) for intent in found[since:until]],
            has_more=has_more,
        )
        return answer | {"object": "search_result", "next_page": str(until) if has_more else None}

    def _show(self, _: Parameters, place: Place) -> Body:
        return self._body(self._named(place))

    def _cancel(self, asked: IntentCancel, place: Place) -> Body:
        intent = self._named(place)
        if intent.session is not None:
            raise invalid(
                "You cannot cancel a PaymentIntent created by Checkout. Expire the Checkout "
                "Session instead."
            )
        self._till.cancel(intent, asked.cancellation_reason)
        return self._body(intent)

    def _list_charges(self, asked: ChargeList, _: Place) -> Body:
        wanted = (
            charge
            for charge in self._book.state.charges.values()
            if asked.customer in (None, charge.customer)
            and asked.payment_intent in (None, charge.intent)
        )
        return page(CHARGES, "charge", wanted, asked, self._charge_body)

    def _show_charge(self, _: Parameters, place: Place) -> Body:
        charge = self._book.state.charges.get(place.id)
        if charge is None:
            raise missing("charge", place.id)
        return self._charge_body(charge)

    def _saved_card(self, asked: IntentCreate) -> PaymentMethod:
        state = self._book.state
        if asked.customer not in state.customers:
            raise missing("customer", asked.customer, param="customer")
        method = state.methods.get(asked.payment_method)
        if method is None:
            raise missing("PaymentMethod", asked.payment_method, param="payment_method")
        if method.customer != asked.customer:
            raise invalid(
                "The provided PaymentMethod cannot be attached to the customer, or was detached "
                "from it.",
                param="payment_method",
                code="payment_method_customer_mismatch",
            )
        return method

    def _named(self, place: Place) -> Intent:
        intent = self._book.state.intents.get(place.id)
        if intent is None:
            raise missing("payment_intent", place.id)
        return intent

    def _body(self, intent: Intent) -> Body:
        return intent_body(intent, self._book.state)

    def _charge_body(self, charge: Charge) -> Body:
        return charge_body(charge, self._book.state)


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    if not (token.isascii() and token.isdecimal()):
        raise invalid("Invalid page", param="page")
    return int(token)
