"""/v1/customers and /v1/payment_methods: whose cards are kept, and which."""

from starlette.routing import BaseRoute

from bot.sandbox.payments.bodies import Body, customer_body, method_body
from bot.sandbox.payments.book import Book
from bot.sandbox.payments.errors import missing
from bot.sandbox.payments.gate import Gate, Place
from bot.sandbox.payments.model import Customer, PaymentMethod
from bot.sandbox.payments.parameters import CustomerCreate, CustomerList, MethodList, Parameters
from bot.sandbox.payments.searching import page
from bot.sandbox.payments.till import Till

CUSTOMERS = "/v1/customers"
METHODS = "/v1/payment_methods"


class CustomersApi:
    """The routes of customers and what they pay with."""

    def __init__(self, book: Book, till: Till) -> None:
        self._book = book
        self._till = till

    def routes(self, gate: Gate) -> list[BaseRoute]:
        """All routes, relative to /stripe."""
        customer, method = f"{CUSTOMERS}/{{id}}", f"{METHODS}/{{id}}"
        return [
            gate.route("POST", CUSTOMERS, "customer-create", CustomerCreate, self._create),
            gate.route("GET", CUSTOMERS, "customer-read", CustomerList, self._list),
            gate.route("GET", customer, "customer-read", Parameters, self._show),
            gate.route("GET", f"{customer}/payment_methods", "method-read", MethodList, self._kept),
            gate.route("GET", METHODS, "method-read", MethodList, self._list_methods),
            gate.route("GET", method, "method-read", Parameters, self._show_method),
            gate.route("POST", f"{method}/detach", "method-detach", Parameters, self._detach),
        ]

    def _create(self, asked: CustomerCreate, _: Place) -> Body:
        customer = Customer(
            id=self._book.identity("cus"),
            created=self._book.now(),
            name=asked.name,
            email=asked.email,
            phone=asked.phone,
            description=asked.description,
            preferred_locales=asked.preferred_locales,
            metadata=asked.metadata,
        )
        self._book.state.customers[customer.id] = customer
        self._book.note("customer.created", customer_body(customer))
        return customer_body(customer)

    def _list(self, asked: CustomerList, _: Place) -> Body:
        customers = self._book.state.customers.values()
        wanted = (one for one in customers if asked.email in (None, one.email))
        return page(CUSTOMERS, "customer", wanted, asked, customer_body)

    def _show(self, _: Parameters, place: Place) -> Body:
        return customer_body(self._named(place))

    def _kept(self, asked: MethodList, place: Place) -> Body:
        return self._methods_of(
            self._named(place).id, asked, f"{CUSTOMERS}/{place.id}/payment_methods"
        )

    def _list_methods(self, asked: MethodList, _: Place) -> Body:
        if asked.customer is not None and asked.customer not in self._book.state.customers:
            raise missing("customer", asked.customer, param="customer")
        return self._methods_of(asked.customer, asked, METHODS)

    def _methods_of(self, customer: str | None, asked: MethodList, url: str) -> Body:
        """Without a customer there are none: only kept ones are listed."""
        wanted = (
            method
            for method in self._book.state.methods.values()
            if customer is not None
            and method.customer == customer
            and asked.type in (None, method.type)
        )
        return page(url, "payment_method", wanted, asked, method_body)

    def _show_method(self, _: Parameters, place: Place) -> Body:
        return method_body(self._method(place))

    def _detach(self, _: Parameters, place: Place) -> Body:
        method = self._method(place)
        self._till.forget(method)
        return method_body(method)

    def _named(self, place: Place) -> Customer:
        customer = self._book.state.customers.get(place.id)
        if customer is None:
            raise missing("customer", place.id)
        return customer

    def _method(self, place: Place) -> PaymentMethod:
        method = self._book.state.methods.get(place.id)
        if method is None:
            raise missing("PaymentMethod", place.id)
        return method
