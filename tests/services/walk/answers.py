"""How the outside answers what the bot asks, and tells what nobody asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.errors import NotFound
from bot.domain.money import STARS
from bot.domain.order import OrderStatus
from bot.domain.payment import Charge, PaymentMethod
from bot.services.platform import PlatformRefund, RefundState, Subject
from bot.services.platform_requests import (
    ChargeCard,
    CheckoutNotOpened,
    CheckoutOpened,
    Closing,
    DisputeSeen,
    ExpireCheckout,
    LookUpDispute,
    LookUpPayment,
    LookUpRefunds,
    OpenCheckout,
    PaymentSeen,
    PlatformRequest,
    RefundCharge,
    RefundsSeen,
)
from bot.services.ports import CancelOutcome, CarrierOrder, CarrierOrderState
from bot.services.requests import (
    CancelAnswered,
    CancelOrder,
    CarrierRequest,
    Look,
    LookUpOrder,
    OrderAnswered,
    OrderOutcomeUnknown,
    ReadLine,
    SubmitOrder,
)
from bot.services.stars_requests import ReadStars, StarsNotRead, StarsRead, StarsRequest
from tests.services.walk.ground import Ground

GIVEN_BACK = frozenset({OrderStatus.REFUNDING, OrderStatus.REFUNDED})


@dataclass(frozen=True)
class Notice:
    """Something that the outside has to tell; it may be told again."""

    tell: Callable[[], None]
    may_get_lost: bool = False


class Answers(Ground):
    def __init__(self) -> None:
        super().__init__()
        self.requests: list[PlatformRequest | CarrierRequest | StarsRequest] = []
        """What the bot has asked of the outside, and got no answer to yet."""
        self.moves_listed = 0
        """So many moves of Stars have been read in Telegram's list."""

    def collect(self) -> None:
        self.shop.asked(ReadLine)
        self.requests += self.shop.asked(object)  # type: ignore[arg-type]

    def waits_for(self, kind: Any) -> list[Any]:
        return [each for each in self.requests if isinstance(each, kind)]

    def next_for_platform(self) -> list[PlatformRequest]:
        """What concerns one person's payments is answered in the order in which it was asked; a
        dispute comes days after its charge was heard of."""
        waiting: list[PlatformRequest] = [
            each for each in self.waits_for(PlatformRequest) if not self._is_too_early(each)
        ]
        return [
            request
            for place, request in enumerate(waiting)
            if (whose := self._whose(request)) is None
            or all(self._whose(each) != whose for each in waiting[:place])
        ]

    def _is_too_early(self, request: PlatformRequest) -> bool:
        return (
            isinstance(request, LookUpDispute)
            and self.outside.disputes[request.ref].charge_id not in self.told.charges
        )

    def _whose(self, request: PlatformRequest) -> int | None:
        match request:
            case OpenCheckout(terms):
                return self.payments[terms.payment_id][1].subscriber_id
            case ExpireCheckout(payment_id) | ChargeCard(payment_id) | LookUpPayment(_, payment_id):
                return self.payments[payment_id][1].subscriber_id if payment_id else None
            case _:
                return None

    # ── what nobody asked for ─────────────────────────────────────────────────────────────────────

    def notice(self, subject: Subject, ref: str, *, lost: bool = False) -> Notice:
        """The platform's: it only says what to look at."""
        content = {"subject": subject, "ref": ref}
        return Notice(lambda: self.do(lambda unit: self.shop.watch.on_notice(unit, content)), lost)

    def successful_payment(self, charge: Charge) -> Notice:
        """Telegram's: it is the charge itself."""
        in_stars = charge.amount.currency == STARS
        by = PaymentMethod.STARS if in_stars else PaymentMethod.INVOICE
        return Notice(
            lambda: self.tell_charge(
                charge,
                by,
                lambda unit: self.shop.settle.settle_charge(unit, charge, by),
            )
        )

    def refunded_payment(self, charge: Charge) -> Notice:
        """Telegram's, of Stars that went back, whoever wanted that."""
        back = PlatformRefund(charge.id, charge.id, charge.amount, RefundState.DONE, key=None)
        seen = RefundsSeen([back])
        return Notice(lambda: self.do(lambda unit: self.shop.follow_refund.on_seen(unit, seen)))

    # ── the platform ──────────────────────────────────────────────────────────────────────────────

    def platform_answers(
        self, request: PlatformRequest, end: RefundState, *, in_vain: bool = False
    ) -> None:
        """``in_vain``: it could not be reached for too long. ``end``: how a refund, or the charge
        of a kept card, ends there."""
        self.requests.remove(request)
        follow = self.shop.follow_payment
        match request:
            case OpenCheckout(terms) if in_vain:
                not_opened = CheckoutNotOpened(terms.payment_id)
                self.do(lambda unit: follow.on_not_opened(unit, not_opened))
            case OpenCheckout(terms):
                opened = CheckoutOpened(terms.payment_id, self.outside.open(terms))
                self.do(lambda unit: follow.on_opened(unit, opened))
            case ExpireCheckout() if in_vain:
                self.do(lambda unit: follow.on_not_closed(unit, request))
            case ExpireCheckout(payment_id, _, why):
                self.outside.expire(payment_id)
                self._payment_seen(payment_id, payment_id, why)
            case ChargeCard(payment_id, amount=amount):
                self.outside.charge_card(payment_id, amount, end, self.shop.clock.now())
                if not in_vain:
                    self._payment_seen(payment_id, payment_id)
            case LookUpPayment(ref, payment_id):
                self._payment_seen(payment_id, payment_id or str(ref).removeprefix("cs_"))
            case RefundCharge():
                self._refund(request, end)
            case LookUpRefunds(ref):
                found = RefundsSeen(self.outside.refunds_of(ref))
                self.do(lambda unit: self.shop.compare.on_refunds_seen(unit, found))
            case LookUpDispute(ref):
                another_comes = request in self.requests
                self._dispute_seen(ref, is_stale=another_comes and end is not RefundState.DONE)
        self.collect()

    def _payment_seen(
        self, asked_for: str | None, payment_id: str, why: Closing | None = None
    ) -> None:
        page = self.outside.pages.get(payment_id)
        seen = self.outside.as_told(page) if page is not None else None
        answer = PaymentSeen(asked_for, seen, why)
        if page is not None and page.charge_id is not None:
            taken = self.outside.taken[page.charge_id]
            self.tell_charge(
                taken.charge,
                taken.method,
                lambda unit: self.shop.compare.on_payment_seen(unit, answer),
            )
        else:
            self.do(lambda unit: self.shop.compare.on_payment_seen(unit, answer))

    def _refund(self, request: RefundCharge, end: RefundState) -> None:
        seen = self.outside.refund(request, end)
        follow = self.shop.follow_refund
        if seen is not None:
            answer = RefundsSeen([seen])
            self.do(lambda unit: self.shop.compare.on_refunds_seen(unit, answer))
        else:
            is_spent = not self.outside.left_of(request.charge_id)
            code = "charge_already_refunded" if is_spent else "amount_too_large"
            self.do(lambda unit: follow.on_not_sent(unit, request, code))

    def _dispute_seen(self, ref: str, *, is_stale: bool) -> None:
        """``is_stale``: the platform said so before it said what is still to come. What was decided
        stays."""
        states = self.outside.former_states[ref]
        seen = replace(self.outside.disputes[ref], state=states[0 if is_stale else -1])
        self.do(lambda unit: self.shop.follow_refund.on_dispute(unit, DisputeSeen(seen)))
        method = self.outside.taken[seen.charge_id].method
        known = self.told.disputes.get(ref)
        if known is None or not known[2].is_decided:
            self.told.disputes[ref] = (method, seen.amount, seen.state)

    # ── Telegram ──────────────────────────────────────────────────────────────────────────────────

    def telegram_answers(self, request: StarsRequest, end: RefundState) -> Charge | None:
        """A refund that is ``PENDING`` was made, and no answer comes. The charge that went back by
        it, of which Telegram tells besides."""
        self.requests.remove(request)
        if isinstance(request, ReadStars):
            self._stars_read(request, in_vain=end is RefundState.FAILED)
            self.collect()
            return None
        charge_id, amount = request.charge_id, request.amount
        fails = end is RefundState.FAILED and charge_id in self.outside.stars_held
        now = self.shop.clock.now()
        goes = not fails and self.outside.give_stars_back(charge_id, now)
        if end is not RefundState.PENDING:
            state = RefundState.FAILED if fails else RefundState.DONE
            seen = RefundsSeen([PlatformRefund(charge_id, charge_id, amount, state, request.key)])
            self.do(lambda unit: self.shop.compare.on_refunds_seen(unit, seen))
        self.collect()
        return self.outside.taken[charge_id].charge if goes else None

    def _stars_read(self, request: ReadStars, *, in_vain: bool) -> None:
        if in_vain:
            not_read = StarsNotRead("unavailable")
            self.do(lambda unit: self.shop.compare.on_stars_not_read(unit, not_read))
            return
        moves = self.outside.moves_of_stars[request.offset :]
        read = StarsRead(request.offset, len(moves), moves)
        self.tell_charges(lambda unit: self.shop.compare.on_stars_read(unit, read))
        self.moves_listed = len(self.outside.moves_of_stars)

    # ── the carrier ───────────────────────────────────────────────────────────────────────────────

    def carrier_answers(
        self,
        question: SubmitOrder | LookUpOrder,
        state: CarrierOrderState | None,
        *,
        heard: bool = True,
    ) -> None:
        """None: no answer comes, and whether the carrier ``heard`` of the order nobody knows."""
        self.requests.remove(question)
        order_id, key = question.order_id, question.key
        look = question.look if isinstance(question, LookUpOrder) else Look()
        if isinstance(question, SubmitOrder) and (state is not None or heard):
            self.outside.accept(key)
        self.outside.decide_order(key, state)
        if state is None:
            silence = OrderOutcomeUnknown(order_id, look)
            self.do(lambda unit: self.shop.compare.on_order_outcome_unknown(unit, silence))
        else:
            stands = self.outside.order_stands(key)
            said = CarrierOrder(state if state is CarrierOrderState.UNKNOWN else stands)
            answer = OrderAnswered(order_id, look, said)
            self.do(lambda unit: self.shop.compare.on_order_answered(unit, answer))
        self.collect()

    def carrier_refuses(self, request: SubmitOrder, error: str) -> None:
        self.requests.remove(request)
        self.do(lambda unit: self.shop.fulfil.on_refused(unit, request.order_id, error))
        self.collect()

    def carrier_cancels(self, request: CancelOrder, *, does: bool, heard: bool = True) -> None:
        self.requests.remove(request)
        stands = self.outside.order_stands(request.key)
        if stands is CarrierOrderState.NOT_FOUND or not heard:
            error = NotFound.__name__ if heard else "Unavailable"
            self.do(lambda unit: self.shop.take_back.on_failed(unit, request, error))
            self._may_keep_it(request)
        else:
            gone = does or stands is CarrierOrderState.REJECTED
            if gone:
                self.outside.take_off(request.key)
            else:
                self.outside.kept.add(request.key)
            outcome = CancelOutcome.CANCELLED if gone else CancelOutcome.NOT_CANCELLABLE
            answer = CancelAnswered(request.order_id, outcome)
            self.do(lambda unit: self.shop.take_back.on_answered(unit, answer))
        self.collect()

    def _may_keep_it(self, request: CancelOrder) -> None:
        """An operator's refund waits for the carrier's word, though not for ever."""
        for order in self.orders:
            if order.id == request.order_id and self.stored(order).status in GIVEN_BACK:
                self.outside.kept.add(request.key)
