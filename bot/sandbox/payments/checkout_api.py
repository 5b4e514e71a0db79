"""/v1/checkout/sessions: what the product asks of Checkout."""

from starlette.routing import BaseRoute

from bot.sandbox.payments.bodies import Body, items_body, session_body
from bot.sandbox.payments.book import Book
from bot.sandbox.payments.checkout import Checkout
from bot.sandbox.payments.errors import invalid, missing, misused
from bot.sandbox.payments.gate import Gate, Place
from bot.sandbox.payments.model import Item, Method, Session
from bot.sandbox.payments.parameters import Paging, Parameters, SessionCreate, SessionList
from bot.sandbox.payments.searching import page

PATH = "/v1/checkout/sessions"
SHORTEST_S = 30 * 60
LONGEST_S = 24 * 3600


class CheckoutApi:
    """The routes of Checkout sessions."""

    def __init__(self, book: Book, checkout: Checkout) -> None:
        self._book = book
        self._checkout = checkout

    def routes(self, gate: Gate) -> list[BaseRoute]:
        """All routes, relative to /stripe."""
        one = f"{PATH}/{{id}}"
        return [
            gate.route("POST", PATH, "session-create", SessionCreate, self._create),
            gate.route("GET", PATH, "session-read", SessionList, self._list),
            gate.route("GET", one, "session-read", Parameters, self._show),
            gate.route("GET", f"{one}/line_items", "session-read", Paging, self._items),
            gate.route("POST", f"{one}/expire", "session-expire", Parameters, self._expire),
        ]

    def _create(self, asked: SessionCreate, place: Place) -> Body:
        if asked.customer and asked.customer not in self._book.state.customers:
            raise missing("customer", asked.customer, param="customer")
        if asked.customer and (asked.customer_creation or asked.customer_email):
            raise invalid(
                "You may only specify one of these parameters: customer, customer_creation, "
                "customer_email."
            )
        identity = self._book.identity("cs_test")
        session = Session(
            id=identity,
            created=self._book.now(),
            expires_at=self._expiry(asked.expires_at),
            url=_address(place, identity, asked.locale),
            currency=_currency(asked),
            items=[
                Item(
                    line.price_data.product_data.name,
                    line.price_data.product_data.description,
                    line.price_data.unit_amount,
                    line.quantity,
                )
                for line in asked.line_items
            ],
            methods=_methods(asked),
            allowed_methods=asked.allowed_payment_method_types,
            success_url=asked.success_url,
            cancel_url=asked.cancel_url,
            client_reference_id=asked.client_reference_id,
            customer=asked.customer,
            customer_email=asked.customer_email,
            creates_customer=asked.customer_creation or "if_required",
            saves_card=asked.saves_card,
            intent_metadata=asked.payment_intent_data.metadata,
            intent_description=asked.payment_intent_data.description,
            metadata=asked.metadata,
            locale=asked.locale,
        )
        if session.total == 0:
            raise invalid(
                "The Checkout Session's total amount must be greater than zero.",
                param="line_items",
                code="amount_too_small",
            )
        self._checkout.open(session)
        return session_body(session)

    def _list(self, asked: SessionList, _: Place) -> Body:
        wanted = (
            session
            for session in self._book.state.sessions.values()
            if asked.customer in (None, session.customer)
            and asked.payment_intent in (None, session.intent)
            and asked.status in (None, session.status.value)
        )
        return page(PATH, "checkout.session", wanted, asked, session_body)

    def _show(self, _: Parameters, place: Place) -> Body:
        return session_body(self._named(place))

    def _items(self, _: Paging, place: Place) -> Body:
        return items_body(self._named(place))

    def _expire(self, _: Parameters, place: Place) -> Body:
        session = self._named(place)
        self._checkout.expire(session)
        return session_body(session)

    def _named(self, place: Place) -> Session:
        session = self._book.state.sessions.get(place.id)
        if session is None:
            raise missing("checkout.session", place.id)
        return session

    def _expiry(self, asked: int | None) -> int:
        now = self._book.now()
        if asked is None:
            return now + LONGEST_S
        if asked < now + SHORTEST_S:
            raise invalid(
                "The `expires_at` timestamp must be at least 30 minutes from Checkout Session "
                "creation.",
                param="expires_at",
            )
        if asked > now + LONGEST_S:
            raise invalid(
                "The `expires_at` timestamp must be less than 24 hours from Checkout Session "
                "creation.",
                param="expires_at",
            )
        return asked


def _address(place: Place, identity: str, locale: str | None) -> str:
    """Where the session is paid; the page speaks the browser's language unless told."""
    language = f"?lang={locale}" if locale not in (None, "auto") else ""
    return f"{place.address}/pay/{identity}{language}"


def _currency(asked: SessionCreate) -> str:
    currencies = {line.price_data.currency for line in asked.line_items}
    if len(currencies) != 1:
        raise invalid("All line items must have the same currency.", param="line_items")
    return currencies.pop()


def _methods(asked: SessionCreate) -> list[Method]:
    """Those allowed, but for wallets when whatever is paid with is to be kept."""
    allowed = asked.allowed_payment_method_types or list(Method)
    if Method.WECHAT_PAY in allowed and asked.payment_method_options.wechat_pay is None:
        if asked.allowed_payment_method_types:
            raise misused(
                "Missing required param: payment_method_options[wechat_pay][client].",
                "payment_method_options[wechat_pay][client]",
                "parameter_missing",
            )
        allowed.remove(Method.WECHAT_PAY)
    if asked.payment_intent_data.setup_future_usage:
        allowed = [method for method in allowed if method is Method.CARD]
    if not allowed:
        raise invalid(
            "No valid payment method types for this Checkout Session.",
            param="allowed_payment_method_types",
        )
    return allowed
