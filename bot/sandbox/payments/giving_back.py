"""Money on its way back: refunds that the product or the dashboard makes, and disputes."""

from bot.sandbox.payments.book import Book
from bot.sandbox.payments.errors import invalid
from bot.sandbox.payments.faults import REFUND_OUTCOMES, Faults, Kind
from bot.sandbox.payments.model import (
    Charge,
    Dispute,
    Metadata,
    Method,
    Refund,
    RefundStatus,
)
from bot.sandbox.payments.money_bodies import (
    charge_body,
    dispute_body,
    refund_body,
    refunded_amount,
)

WALLET_REFUND_TAKES_S = 5
DISPUTE_REASONS = ("fraudulent", "product_not_received", "duplicate", "general")


class GivingBack:
    """The life of refunds and disputes."""

    def __init__(self, book: Book, faults: Faults) -> None:
        self._book = book
        self._faults = faults

    def refund(
        self,
        charge: Charge,
        amount: int | None = None,
        *,
        reason: str | None = None,
        metadata: Metadata | None = None,
    ) -> Refund:
        """Send back an amount, by default all that is left of the charge.

        To a card at once, to a wallet after a while, unless a fault says otherwise.
        Raises ApiError 400 when nothing was charged, it is disputed, or not so much is left.
        """
        amount = self._checked(charge, amount)
        fault = self._faults.take("refund-create", REFUND_OUTCOMES)
        takes_time = self._book.state.methods[charge.method].type is not Method.CARD
        fails = fault is not None and fault.kind is Kind.REFUND_FAILS
        refund = Refund(
            id=self._book.identity("re"),
            created=self._book.now(),
            charge=charge.id,
            intent=charge.intent,
            amount=amount,
            currency=charge.currency,
            reason=reason,
            metadata=metadata or {},
            status=RefundStatus.PENDING if fault or takes_time else RefundStatus.SUCCEEDED,
            outcome=RefundStatus.FAILED if fails else RefundStatus.SUCCEEDED,
        )
        self._book.state.refunds[refund.id] = refund
        if refund.status is RefundStatus.PENDING and (fails or fault is None):
            refund.due_at = refund.created + WALLET_REFUND_TAKES_S
            self._book.schedule(refund.due_at, refund.id)
        self._book.note("refund.created", refund_body(refund))
        self._book.note("charge.refunded", charge_body(charge, self._book.state))
        return refund

    def came_due(self, refund: Refund) -> None:
        """Its time has come: end it as it was to end."""
        if refund.status is RefundStatus.PENDING:
            self.settle(refund, refund.outcome)

    def settle(self, refund: Refund, status: RefundStatus) -> None:
        """End a refund; one that succeeded may still fail, as banks do."""
        refund.status = status
        refund.due_at = None
        self._book.note("refund.updated", refund_body(refund))
        if status is RefundStatus.FAILED:
            self._book.note("refund.failed", refund_body(refund))

    def dispute(self, charge: Charge, amount: int, reason: str) -> Dispute:
        """The payer takes money back through their bank."""
        charge.disputed = True
        dispute = Dispute(
            id=self._book.identity("du"),
            created=self._book.now(),
            charge=charge.id,
            intent=charge.intent,
            amount=amount,
            currency=charge.currency,
            reason=reason,
        )
        self._book.state.disputes[dispute.id] = dispute
        self._book.note("charge.dispute.created", dispute_body(dispute))
        self._book.note("charge.dispute.funds_withdrawn", dispute_body(dispute))
        return dispute

    def close_dispute(self, dispute: Dispute, *, won: bool) -> None:
        """The bank decides: won, and the money comes back; lost, and it does not."""
        dispute.status = "won" if won else "lost"
        self._book.note("charge.dispute.closed", dispute_body(dispute))
        if won:
            self._book.note("charge.dispute.funds_reinstated", dispute_body(dispute))

    def _checked(self, charge: Charge, amount: int | None) -> int:
        if not charge.succeeded:
            raise invalid(f"Charge {charge.id} did not succeed, so it cannot be refunded.")
        if charge.disputed:
            raise invalid(
                f"Charge {charge.id} has been charged back; cannot issue a refund.",
                code="charge_disputed",
            )
        left = charge.amount - refunded_amount(charge, self._book.state)
        if left == 0:
            raise invalid(
                f"Charge {charge.id} has already been refunded.", code="charge_already_refunded"
            )
        if amount is not None and amount > left:
            raise invalid(
                f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
                param="amount",
                code="amount_too_large",
            )
        return left if amount is None else amount
