"""What lies outside, as small as it can be: a platform with pages, Telegram's charges, a carrier.

It knows what truly happened, and is asked and told as the real ones are. Money that moved here is
what the books have to show in the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.domain.dispute import DisputeState
from bot.domain.money import Money
from bot.domain.payment import Charge, Payment, PaymentMethod
from bot.services.platform import (
    Checkout,
    CheckoutTerms,
    PaymentState,
    PlatformDispute,
    PlatformPayment,
    PlatformRefund,
    RefundState,
)
from bot.services.platform_requests import RefundCharge
from bot.services.ports import CarrierOrderState
from bot.services.stars_requests import StarsMove

_AT_THE_BANK: Final = {
    RefundState.DONE: PaymentState.PAID,
    RefundState.PENDING: PaymentState.PROCESSING,
    RefundState.FAILED: PaymentState.NEEDS_CUSTOMER,
}


@dataclass
class Page:
    """A page of the platform, whether or not the bot has heard that it is open."""

    payment_id: str
    method: PaymentMethod
    amount: Money
    state: PaymentState = PaymentState.OPEN
    charge_id: str | None = None

    @property
    def ref(self) -> str:
        return f"cs_{self.payment_id}"


@dataclass(frozen=True)
class Taken:
    """Money that moved from a payer to us."""

    charge: Charge
    method: PaymentMethod


@dataclass
class Outside:
    """Everything that is told of is a notice first: it may come late, twice, and in any order."""

    pages: dict[str, Page] = field(default_factory=dict)
    """By our payment's id."""
    taken: dict[str, Taken] = field(default_factory=dict)
    """By the charge's id."""
    refunds: dict[str, PlatformRefund] = field(default_factory=dict)
    disputes: dict[str, PlatformDispute] = field(default_factory=dict)
    former_states: dict[str, list[DisputeState]] = field(default_factory=dict)
    """Of each dispute, up to the present one."""
    orders: dict[str, CarrierOrderState] = field(default_factory=dict)
    """The carrier's, by our key."""
    delivered: set[str] = field(default_factory=set)
    """The keys of what the carrier has on the line now."""
    kept: set[str] = field(default_factory=set)
    """The keys of what the carrier would not take off the line, whoever asked."""
    sent_by_hand: list[tuple[PaymentMethod, Money]] = field(default_factory=list)
    """What operators sent back in a dashboard and booked themselves."""
    moves_of_stars: list[StarsMove] = field(default_factory=list)
    """As Telegram lists them, the oldest first."""

    # ── the platform's pages ──────────────────────────────────────────────────────────────────────

    def open(self, terms: CheckoutTerms) -> Checkout:
        page = self.pages.setdefault(
            terms.payment_id, Page(terms.payment_id, terms.method, terms.amount)
        )
        return Checkout(page.ref, f"https://pay.example/{page.ref}", terms.expires_at)

    def pay_page(self, page: Page, how: PaymentState, at: datetime, wrong: bool) -> None:
        page.state = how
        if how is PaymentState.PAID:
            amount = page.amount + Money(100, page.amount.currency) if wrong else page.amount
            charge = self._charge(page.payment_id, 0, amount, at)
            page.charge_id = charge.id
            self.taken[charge.id] = Taken(charge, page.method)

    def charge_card(self, payment_id: str, amount: Money, end: RefundState, at: datetime) -> None:
        """Once for the payment, without a page that anybody sees."""
        if payment_id not in self.pages:
            page = Page(payment_id, PaymentMethod.CARD, amount)
            self.pages[payment_id] = page
            self.pay_page(page, _AT_THE_BANK[end], at, wrong=False)

    def expire(self, payment_id: str) -> None:
        page = self.pages.get(payment_id)
        if page is not None and page.state in {PaymentState.OPEN, PaymentState.FAILED}:
            page.state = PaymentState.EXPIRED

    def as_told(self, page: Page) -> PlatformPayment:
        amount = self.taken[page.charge_id].charge.amount if page.charge_id else None
        return PlatformPayment(page.payment_id, page.ref, page.state, page.charge_id, amount)

    # ── Telegram ──────────────────────────────────────────────────────────────────────────────────

    def pay_invoice(self, payment: Payment, payer_id: int, amount: Money, at: datetime) -> Charge:
        charge = self._charge(payment.id, payer_id, amount, at)
        self.taken[charge.id] = Taken(charge, payment.method)
        if payment.method is PaymentMethod.STARS:
            self._list(charge, at, is_refund=False)
        return charge

    def give_stars_back(self, charge_id: str, at: datetime) -> bool:
        """Once; False when that was done before."""
        if charge_id not in self.stars_held:
            return False
        self._list(self.taken[charge_id].charge, at, is_refund=True)
        return True

    @property
    def stars_held(self) -> list[str]:
        """The charges in Stars that did not go back."""
        back = {move.charge_id for move in self.moves_of_stars if move.is_refund}
        charged = [each.charge.id for each in self._of(PaymentMethod.STARS)]
        return [charge_id for charge_id in charged if charge_id not in back]

    def _list(self, charge: Charge, at: datetime, *, is_refund: bool) -> None:
        self.moves_of_stars.append(
            StarsMove(charge.id, charge.payment_id, charge.payer_id, charge.amount, at, is_refund)
        )

    def _charge(self, payment_id: str, payer_id: int, amount: Money, at: datetime) -> Charge:
        return Charge(f"ch_{len(self.taken)}", payment_id, payer_id, amount, "ref", at)

    # ── back ──────────────────────────────────────────────────────────────────────────────────────

    def left_of(self, charge_id: str) -> Money:
        charge = self.taken[charge_id].charge
        left = charge.amount
        for refund in self.refunds.values():
            if refund.charge_id == charge_id and refund.state is not RefundState.FAILED:
                left = left - refund.amount
        return left

    def refund(self, request: RefundCharge, state: RefundState) -> PlatformRefund | None:
        """Once under our key; None when less is left of the charge."""
        for known in self.refunds.values():
            if known.key == request.key:
                return known
        return self.give_back(request.charge_id, request.amount, state, request.key)

    def give_back(
        self, charge_id: str, amount: Money, state: RefundState, key: str | None
    ) -> PlatformRefund | None:
        if not amount <= self.left_of(charge_id) or charge_id not in self.hosted_charges:
            return None
        ref = f"re_{len(self.refunds)}"
        self.refunds[ref] = PlatformRefund(ref, charge_id, amount, state, key)
        return self.refunds[ref]

    def end_refund(self, ref: str, state: RefundState) -> None:
        self.refunds[ref] = replace(self.refunds[ref], state=state)

    def refunds_of(self, ref: str) -> list[PlatformRefund]:
        """The one of that key, or all of that charge."""
        return [each for each in self.refunds.values() if ref in {each.ref, each.charge_id}]

    def pending_refunds(self) -> list[str]:
        pending = RefundState.PENDING
        return [ref for ref, refund in self.refunds.items() if refund.state is pending]

    def pages_to_pay(self) -> list[Page]:
        payable = {PaymentState.OPEN, PaymentState.PROCESSING}
        return [page for page in self.pages.values() if page.state in payable]

    @property
    def hosted_charges(self) -> list[str]:
        return [id_ for id_, taken in self.taken.items() if taken.method.is_hosted]

    def dispute(self, charge_id: str, state: DisputeState) -> bool:
        """Whether the bank does that: it asks, it takes, it decides, and then no more."""
        ref = f"dp_{charge_id}"
        known = self.disputes.get(ref)
        if known is not None and (not known.is_open or state is DisputeState.INQUIRY):
            return False
        amount = self.taken[charge_id].charge.amount
        self.disputes[ref] = PlatformDispute(ref, charge_id, amount, state)
        self.former_states.setdefault(ref, []).append(state)
        return True

    # ── the carrier ───────────────────────────────────────────────────────────────────────────────

    def order_stands(self, key: str) -> CarrierOrderState:
        return self.orders.get(key, CarrierOrderState.NOT_FOUND)

    def accept(self, key: str) -> None:
        self.orders.setdefault(key, CarrierOrderState.PENDING)

    def decide_order(self, key: str, state: CarrierOrderState | None) -> None:
        """Once, of what it has: what the carrier has decided stays decided."""
        decided = {CarrierOrderState.DONE, CarrierOrderState.REJECTED}
        if self.orders.get(key) is CarrierOrderState.PENDING and state in decided:
            self.orders[key] = state
            if state is CarrierOrderState.DONE:
                self.delivered.add(key)

    def take_off(self, key: str) -> None:
        self.orders[key] = CarrierOrderState.REJECTED
        self.delivered.discard(key)

    # ── what the books must come to ───────────────────────────────────────────────────────────────

    def held_by(self, method: PaymentMethod) -> int:
        """What the platform, or Telegram, holds for us of that method's money, in minor units."""
        held = sum(each.charge.amount.minor for each in self._of(method))
        charges = {each.charge.id for each in self._of(method)}
        held -= sum(
            refund.amount.minor
            for refund in self.refunds.values()
            if refund.state is RefundState.DONE and refund.charge_id in charges
        )
        held -= sum(
            move.amount.minor
            for move in self.moves_of_stars
            if move.is_refund and move.charge_id in charges
        )
        held -= sum(amount.minor for by, amount in self.sent_by_hand if by is method)
        return held - sum(
            dispute.amount.minor
            for dispute in self.disputes.values()
            if dispute.state in {DisputeState.OPEN, DisputeState.LOST}
            and dispute.charge_id in charges
        )

    def _of(self, method: PaymentMethod) -> list[Taken]:
        return [each for each in self.taken.values() if each.method is method]
