"""The rules of a walk: what happens outside and what is heard of it, beside all that is bought.

``pick`` chooses among what there is, the newest first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from bot.domain.dispute import DisputeState
from bot.domain.money import STARS, Money
from bot.domain.subscriber import Subscriber
from bot.services.forget_subscriber import ForgetSubscriber
from bot.services.platform import PaymentState, RefundState, Subject
from bot.services.ports import CarrierOrderState
from bot.services.requests import CancelOrder, LookUpOrder, SubmitOrder
from bot.services.stars_requests import StarsRequest
from storage.checks import examine
from tests.services.shop import CURRENCY, found_line, yuan
from tests.services.walk import expected
from tests.services.walk.asking import Asking
from tests.services.walk.buying import codes, picks, rarely
from tests.services.walk.ground import TAILS, chosen

Questions = SubmitOrder | LookUpOrder
MOVING = frozenset({"quoted", "awaiting_payment", "paid", "fulfilling"})
A_WHILE = [5.0, 60.0, 360.0, 1860.0]
"""In seconds: a look or two, and past the end of an unpaid order."""

few = st.integers(1, 4)
ends = st.sampled_from(RefundState)
at_the_carrier = st.sampled_from(
    [
        CarrierOrderState.DONE,
        CarrierOrderState.DONE,
        CarrierOrderState.PENDING,
        CarrierOrderState.REJECTED,
        CarrierOrderState.UNKNOWN,
        None,
    ]
)


class Walk(Asking):
    # ── what happens outside ──────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.outside.hosted_charges)
    @rule(pick=picks, how=st.sampled_from(["dashboard", "part", "bank", "end"]), end=ends,
          state=st.sampled_from(DisputeState))  # fmt: skip
    def money_goes_back(self, pick: int, how: str, end: RefundState, state: DisputeState) -> None:
        """In the platform's dashboard, by the payer's bank, or at the end of a pending refund."""
        charge_id = self.outside.hosted_charges[-1 - pick % len(self.outside.hosted_charges)]
        match how:
            case "bank":
                if self.outside.dispute(charge_id, state):
                    self.notices.append(self.notice(Subject.DISPUTE, f"dp_{charge_id}"))
            case "end":
                ref = chosen(self.outside.pending_refunds(), pick)
                if ref is not None:
                    self.outside.end_refund(ref, end)
                    self.notices.append(self.notice(Subject.REFUND, ref))
            case _:
                left = self.outside.left_of(charge_id)
                amount = Money(100, CURRENCY) if how == "part" else left
                if amount and self.outside.give_back(charge_id, amount, RefundState.DONE, None):
                    self.notices.append(self.notice(Subject.REFUND, charge_id))

    @precondition(lambda self: self.outside.stars_held)
    @rule(pick=picks, lost=st.booleans())
    def stars_go_back(self, pick: int, lost: bool) -> None:
        """By a program that is not ours; Telegram tells of it, or has it in its list alone."""
        charge_id = chosen(self.outside.stars_held, pick)
        if charge_id is not None:
            self.outside.give_stars_back(charge_id, self.shop.clock.now())
            if not lost:
                charge = self.outside.taken[charge_id].charge
                self.notices.append(self.refunded_payment(charge))

    @rule(what=st.sampled_from(["price", "sale", "clock", "crash", "line"]), code=codes,
          price=st.integers(10, 30), hours=st.sampled_from([-2, -1, 1, 2]))  # fmt: skip
    def something_changes(self, what: str, code: str, price: int, hours: int) -> None:
        match what:
            case "line":
                self._changes_hands(self.people[hours % 2], TAILS[price % 2])
            case "price" if code in self.on_sale:
                self._sells(code, yuan(price), Money(price * 6, STARS) if price % 7 else None)
            case "sale" if code in self.on_sale:
                self.on_sale.remove(code)
                self.run(self.shop.withdraw(code))
            case "sale":
                self._sells(code, self.plans[code].price, self.plans[code].stars)
            case "clock":
                self.shop.clock.set(self.shop.clock.now() + timedelta(hours=hours))
            case "crash":
                self.crashes_next = True

    def _changes_hands(self, person: Subscriber, tail: str) -> None:
        """The line is linked by somebody, who may be the other one."""
        self.run(self.shop.link_contact(person.id, found_line(tail)))
        self.people = [self.run(self.shop.subscriber(each.id)) for each in self.people]

    @rule(who=picks, wishes=st.booleans())
    def is_forgotten_and_begins_anew(self, who: int, wishes: bool) -> None:
        """Where no order is under way; the wallet of the line is found again."""
        person = self.people[who % 2]

        async def forget(unit: Any) -> bool:
            held = {line.msisdn[-4:] for line in await unit.lines.of(person.id)}
            tails.extend(tail for tail in TAILS if tail in held)
            await ForgetSubscriber(self.shop.clock).forget(unit, person, None)
            return True

        tails: list[str] = []
        if not wishes or not self.decide(forget):
            return
        self.collect()
        assert [each.text for each in self.run(examine(self.path)) if each.is_error] == []
        self.run(self.shop.meet(person.id))
        for tail in set(tails):
            self.run(self.shop.link_contact(person.id, found_line(tail)))
        self.run(self.keep_a_card(person.id))
        self.people = [self.run(self.shop.subscriber(each.id)) for each in self.people]
        self.figures["people forgotten"] += 1

    def _sells(self, code: str, price: Money, stars: Money | None) -> None:
        version = self.plans[code].version + 1
        plan = replace(self.plans[code], version=version, price=price, stars=stars)
        self.plans[code] = plan
        self.on_sale.add(code)

        async def put_on_sale(unit: Any) -> None:
            unit.catalogue.put_on_sale(plan, 0, self.shop.clock.now())

        self.do(put_on_sale)

    @rule(seconds=st.sampled_from(A_WHILE))
    def time_passes(self, seconds: float) -> None:
        self.run(self.shop.pass_time(seconds=seconds))
        self.learns_what_was_ordered()

    # ── what is heard ─────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.notices)
    @rule(pick=picks, several=few)
    def hears(self, pick: int, several: int) -> None:
        """Any notices that wait, in any order."""
        for _ in range(several):
            notice = chosen(self.notices, pick)
            if notice is not None:
                self.notices.remove(notice)
                self._hear(notice)

    @precondition(lambda self: self.heard)
    @rule(pick=picks)
    def hears_again(self, pick: int) -> None:
        self._hear(self.heard[-1 - pick % len(self.heard)])

    @rule()
    def reconciles(self) -> None:
        async def compare(unit: Any) -> None:
            await self.shop.reconcile.on_wanted(unit, {})

        self.do(compare)
        self.collect()

    @precondition(lambda self: self.next_for_platform())
    @rule(pick=picks, several=few, end=ends, in_vain=rarely)
    def the_platform_answers(
        self, pick: int, several: int, end: RefundState, in_vain: bool
    ) -> None:
        for _ in range(several):
            request = chosen(self.next_for_platform(), pick)
            if request is not None:
                self.platform_answers(request, end, in_vain=in_vain)

    @precondition(lambda self: self.waits_for(StarsRequest))
    @rule(pick=picks, several=few, end=ends)
    def telegram_answers_about_stars(self, pick: int, several: int, end: RefundState) -> None:
        for _ in range(several):
            request = chosen(self.waits_for(StarsRequest), pick)
            if request is not None:
                self._telegram_answers(request, end)

    def _telegram_answers(self, request: StarsRequest, end: RefundState) -> None:
        went = self.telegram_answers(request, end)
        if went is not None:
            self.notices.append(self.refunded_payment(went))

    @precondition(lambda self: self.waits_for(Questions))
    @rule(pick=picks, several=few, state=at_the_carrier, heard=st.booleans())
    def the_carrier_answers(
        self, pick: int, several: int, state: CarrierOrderState | None, heard: bool
    ) -> None:
        for _ in range(several):
            question = chosen(self.waits_for(Questions), pick)
            if question is not None:
                self.carrier_answers(question, state, heard=heard)

    @precondition(lambda self: self._not_at_the_carrier())
    @rule(pick=picks, error=st.sampled_from(["OutOfStock", "OutOfFunds", "AuthFailed"]))
    def the_carrier_refuses(self, pick: int, error: str) -> None:
        """It takes no order that it does not have."""
        waiting = self._not_at_the_carrier()
        self.carrier_refuses(waiting[-1 - pick % len(waiting)], error)

    @precondition(lambda self: self.waits_for(CancelOrder))
    @rule(pick=picks, does=st.booleans(), heard=st.booleans())
    def the_carrier_cancels(self, pick: int, does: bool, heard: bool) -> None:
        request = chosen(self.waits_for(CancelOrder), pick)
        if request is not None:
            self.carrier_cancels(request, does=does, heard=heard)

    # ── after each step, and at the end ───────────────────────────────────────────────────────────

    @invariant()
    def books_are_in_order(self) -> None:
        self.shop.heard()
        self.look_over()

    def teardown(self) -> None:
        try:
            self._settle_down()
            self.look_back()
        finally:
            super().teardown()

    def _settle_down(self) -> None:
        """Everybody answers, each notice is heard, and time passes until nothing is under way."""
        self.crashes_next = False
        for _ in range(40):
            while self.notices or self.lost:
                (self.notices or self.lost).pop(0).tell()
            self.reconciles()
            self._answer_everything()
            self.time_passes(1860)
            self._answer_everything()
            self._end_what_is_pending()
            if self._is_settled():
                return

    def _answer_everything(self) -> None:
        while self.requests:
            self._platform_answers_all(object)
            for request in self.waits_for(StarsRequest):
                self._telegram_answers(request, RefundState.DONE)
            for question in self.waits_for(Questions):
                self.carrier_answers(question, CarrierOrderState.DONE)
            for request in self.waits_for(CancelOrder):
                self.carrier_cancels(request, does=True)

    def _end_what_is_pending(self) -> None:
        for page in self.outside.pages.values():
            if page.state is PaymentState.PROCESSING:
                now = self.shop.clock.now()
                self.outside.pay_page(page, PaymentState.PAID, now, wrong=False)
                self.notices.append(self.notice(Subject.PAYMENT, page.ref))
        for ref in self.outside.pending_refunds():
            self.outside.end_refund(ref, RefundState.DONE)
            self.notices.append(self.notice(Subject.REFUND, ref))

    def _is_settled(self) -> bool:
        stands = {str(self.stored(order).status) for order in self.orders}
        is_listed = self.moves_listed == len(self.outside.moves_of_stars)
        is_sent = not any(each.waits_for_telegram for each in expected.read(self.path).refunds)
        return is_listed and is_sent and not (self.requests or self.notices or stands & MOVING)

    # ── what there is ─────────────────────────────────────────────────────────────────────────────

    def _not_at_the_carrier(self) -> list[SubmitOrder]:
        waiting: list[SubmitOrder] = self.waits_for(SubmitOrder)
        return [each for each in waiting if each.key not in self.outside.orders]
