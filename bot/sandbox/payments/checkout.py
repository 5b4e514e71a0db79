"""Checkout sessions: opened by the product, paid by a person on the hosted page, or expired."""

from enum import StrEnum

from bot.sandbox.payments import cards
from bot.sandbox.payments.bodies import customer_body, session_body
from bot.sandbox.payments.book import Book
from bot.sandbox.payments.errors import invalid
from bot.sandbox.payments.faults import DETOURS, EventType, Faults
from bot.sandbox.payments.model import (
    Customer,
    Failure,
    Intent,
    IntentStatus,
    Method,
    PaymentMethod,
    Session,
    SessionStatus,
)
from bot.sandbox.payments.till import Till


class Outcome(StrEnum):
    """What became of an attempt to pay a session."""

    PAID = "paid"
    PROCESSING = "processing"  # complete, but the money is only on its way
    DECLINED = "declined"  # still open: another attempt may be made
    CONFIRM = "confirm"  # the card's holder has to confirm with the bank


class NotPayable(Exception):
    """The session is not open any more, or does not wait for what is done to it."""


class Checkout:
    """The life of sessions."""

    def __init__(self, book: Book, till: Till, faults: Faults) -> None:
        self._book = book
        self._till = till
        self._faults = faults

    def open(self, session: Session) -> None:
        """A session begins to wait for its payer."""
        self._book.state.sessions[session.id] = session
        self._book.schedule(session.expires_at, session.id)

    def expire(self, session: Session) -> None:
        """Close a session unpaid. Raises ApiError 400 unless it is open."""
        if session.status is not SessionStatus.OPEN:
            raise invalid(
                'Only Checkout Sessions with a status in ["open"] can be expired. '
                f"This Session has a status of `{session.status}`."
            )
        session.status = SessionStatus.EXPIRED
        intent = self._intent(session)
        if intent is not None:
            self._till.cancel(intent, "expired")
        self._note("checkout.session.expired", session)

    def came_due(self, session: Session) -> None:
        """Its time is over: expire it if it is still open."""
        if session.status is SessionStatus.OPEN:
            self.expire(session)

    def method_for(self, session: Session, kind: Method) -> PaymentMethod:
        """The payer's account at a wallet. Raises NotPayable when the session does not offer it."""
        self._check(session, kind)
        return self._till.wallet(kind)

    def card_for(
        self, session: Session, number: str, exp_month: int, exp_year: int
    ) -> PaymentMethod:
        """The payer's card. Raises NotPayable when the session does not take cards."""
        self._check(session, Method.CARD)
        return self._till.card(number, exp_month, exp_year)

    def pay(
        self,
        session: Session,
        method: PaymentMethod,
        *,
        confirmed: bool = False,
        asynchronous: bool = False,
        refusal: Failure | None = None,
    ) -> Outcome:
        """The payer presses "pay".

        `confirmed`: the card's holder need not be asked any more; `asynchronous`: the money is
        only on its way; `refusal`: it is declined for this reason.
        """
        self._check(session, method.type)
        intent = self._intent(session) or self._open_intent(session)
        if method.number and not (confirmed or refusal) and cards.needs_holder(method.number):
            self._till.ask_holder(intent, method)
            return Outcome.CONFIRM
        if refusal is None and (asynchronous or self._faults.take("pay", DETOURS)):
            self._till.wait_for_bank(intent, method)
            self._complete(session, intent, method)
            return Outcome.PROCESSING
        if self._till.collect(intent, method, refusal=refusal) is not None:
            return Outcome.DECLINED
        session.paid = True
        self._complete(session, intent, method)
        return Outcome.PAID

    def confirm(self, session: Session, *, approved: bool) -> Outcome:
        """The holder's word to the bank. Raises NotPayable when the bank has not asked."""
        intent = self._intent(session)
        if intent is None or intent.status is not IntentStatus.REQUIRES_ACTION:
            raise NotPayable("the bank has not asked for a confirmation")
        method = self._book.state.methods[intent.method or ""]
        refusal = None if approved else cards.NOT_CONFIRMED
        return self.pay(session, method, confirmed=True, refusal=refusal)

    def settle(self, session: Session, *, arrived: bool) -> None:
        """Money that was on its way arrives, or never will. Raises NotPayable if none was."""
        intent = self._intent(session)
        if intent is None or intent.status is not IntentStatus.PROCESSING:
            raise NotPayable("no money is on its way for this session")
        method = self._book.state.methods[intent.method or ""]
        refusal = None if arrived else cards.WALLET_DECLINED
        session.paid = self._till.collect(intent, method, refusal=refusal) is None
        self._note(
            "checkout.session.async_payment_succeeded"
            if session.paid
            else "checkout.session.async_payment_failed",
            session,
        )

    def _check(self, session: Session, kind: Method) -> None:
        if session.status is not SessionStatus.OPEN:
            raise NotPayable(f"the session is {session.status}")
        if kind not in session.methods:
            raise NotPayable(f"the session does not offer {kind}")

    def _intent(self, session: Session) -> Intent | None:
        return self._book.state.intents[session.intent] if session.intent else None

    def _open_intent(self, session: Session) -> Intent:
        intent = self._till.open_intent(
            session.total,
            session.currency,
            session.methods,
            customer=session.customer,
            description=session.intent_description,
            metadata=session.intent_metadata,
            setup_future_usage="off_session" if session.saves_card else None,
            session=session.id,
        )
        session.intent = intent.id
        return intent

    def _complete(self, session: Session, intent: Intent, method: PaymentMethod) -> None:
        session.status = SessionStatus.COMPLETE
        if session.customer is None and session.creates_customer == "always":
            session.customer = intent.customer = self._new_customer(session).id
        if session.saves_card and session.customer and method.type is Method.CARD:
            self._till.keep(method, session.customer)
        self._note("checkout.session.completed", session)

    def _new_customer(self, session: Session) -> Customer:
        customer = Customer(
            self._book.identity("cus"), self._book.now(), email=session.customer_email
        )
        self._book.state.customers[customer.id] = customer
        self._book.note("customer.created", customer_body(customer))
        return customer

    def _note(self, kind: EventType, session: Session) -> None:
        self._book.note(kind, session_body(session))
