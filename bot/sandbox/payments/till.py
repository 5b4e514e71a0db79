"""The till: sums to collect (intents), and taking them from a card or a wallet."""

from bot.sandbox.payments import cards
from bot.sandbox.payments.bodies import method_body
from bot.sandbox.payments.book import Book
from bot.sandbox.payments.errors import invalid
from bot.sandbox.payments.faults import DECLINES, EventType, Faults
from bot.sandbox.payments.model import (
    Charge,
    Failure,
    Intent,
    IntentStatus,
    Metadata,
    Method,
    PaymentMethod,
)
from bot.sandbox.payments.money_bodies import charge_body, intent_body

_OPEN = (
    IntentStatus.REQUIRES_PAYMENT_METHOD,
    IntentStatus.REQUIRES_CONFIRMATION,
    IntentStatus.REQUIRES_ACTION,
)


class Till:
    """Collects money, and notes what happened."""

    def __init__(self, book: Book, faults: Faults) -> None:
        self._book = book
        self._faults = faults

    def open_intent(
        self,
        amount: int,
        currency: str,
        methods: list[Method],
        *,
        customer: str | None = None,
        method: str | None = None,
        description: str | None = None,
        metadata: Metadata | None = None,
        setup_future_usage: str | None = None,
        session: str | None = None,
    ) -> Intent:
        """A sum to collect."""
        intent = Intent(
            id=self._book.identity("pi"),
            created=self._book.now(),
            amount=amount,
            currency=currency,
            methods=methods,
            customer=customer,
            method=method,
            description=description,
            metadata=metadata or {},
            setup_future_usage=setup_future_usage,
            session=session,
        )
        if method is not None:
            intent.status = IntentStatus.REQUIRES_CONFIRMATION
        self._book.state.intents[intent.id] = intent
        self._note("payment_intent.created", intent)
        return intent

    def card(self, number: str, exp_month: int, exp_year: int) -> PaymentMethod:
        """A test card that somebody typed in."""
        return self._new_method(
            PaymentMethod(
                self._book.identity("pm"),
                Method.CARD,
                self._book.now(),
                number,
                exp_month,
                exp_year,
            )
        )

    def wallet(self, method: Method) -> PaymentMethod:
        """Somebody's account at a wallet."""
        return self._new_method(PaymentMethod(self._book.identity("pm"), method, self._book.now()))

    def keep(self, method: PaymentMethod, customer: str) -> None:
        """Save a card for its customer, to be charged off-session."""
        method.customer = customer
        self._book.note("payment_method.attached", method_body(method))

    def forget(self, method: PaymentMethod) -> None:
        """Take a saved card from its customer; it can never be charged again."""
        if method.customer is None:
            raise invalid(
                "The payment method you provided is not attached to a customer so detachment "
                "is impossible."
            )
        method.customer = None
        self._book.note("payment_method.detached", method_body(method))

    def ask_holder(self, intent: Intent, method: PaymentMethod) -> None:
        """The bank wants a word with the card's holder first."""
        intent.method = method.id
        intent.failure = None
        intent.status = IntentStatus.REQUIRES_ACTION
        self._note("payment_intent.requires_action", intent)

    def collect(
        self,
        intent: Intent,
        method: PaymentMethod,
        *,
        off_session: bool = False,
        refusal: Failure | None = None,
    ) -> Failure | None:
        """Take the money, unless the bank refuses, a fault declines, or `refusal` is given."""
        failure = refusal or self._refusal(method, off_session=off_session)
        intent.method = method.id
        intent.failure = failure
        if method.type is Method.CARD or failure is None:
            self._charge(intent, method, failure)
        if failure is None:
            intent.status = IntentStatus.SUCCEEDED
            self._note("payment_intent.succeeded", intent)
        else:
            intent.status = IntentStatus.REQUIRES_PAYMENT_METHOD
            self._note("payment_intent.payment_failed", intent)
        return failure

    def wait_for_bank(self, intent: Intent, method: PaymentMethod) -> None:
        """The money is on its way, and nobody knows yet whether it arrives."""
        intent.method = method.id
        intent.failure = None
        intent.status = IntentStatus.PROCESSING
        self._note("payment_intent.processing", intent)

    def cancel(self, intent: Intent, reason: str | None) -> None:
        """Give up collecting. Raises ApiError 400 once it is paid, on its way or cancelled."""
        if intent.status not in _OPEN:
            raise invalid(
                f"You cannot cancel this PaymentIntent because it has a status of {intent.status}.",
                code="payment_intent_unexpected_state",
            )
        intent.status = IntentStatus.CANCELED
        intent.canceled_at = self._book.now()
        intent.cancellation_reason = reason
        self._note("payment_intent.canceled", intent)

    def _refusal(self, method: PaymentMethod, *, off_session: bool) -> Failure | None:
        is_card = method.type is Method.CARD
        if self._faults.take("pay", DECLINES):
            return cards.DECLINED if is_card else cards.WALLET_DECLINED
        return cards.refusal(method.number or "", off_session=off_session) if is_card else None

    def _charge(self, intent: Intent, method: PaymentMethod, failure: Failure | None) -> None:
        charge = Charge(
            id=self._book.identity("ch"),
            created=self._book.now(),
            intent=intent.id,
            amount=intent.amount,
            currency=intent.currency,
            method=method.id,
            customer=intent.customer,
            description=intent.description,
            metadata=intent.metadata,
            failure=failure,
        )
        intent.charge = charge.id
        self._book.state.charges[charge.id] = charge
        kind: EventType = "charge.failed" if failure else "charge.succeeded"
        self._book.note(kind, charge_body(charge, self._book.state))

    def _new_method(self, method: PaymentMethod) -> PaymentMethod:
        self._book.state.methods[method.id] = method
        return method

    def _note(self, kind: EventType, intent: Intent) -> None:
        self._book.note(kind, intent_body(intent, self._book.state))
