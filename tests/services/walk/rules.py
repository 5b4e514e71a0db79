"""The rules of a walk: everything that anybody may do, each in a few lines.

``pick`` chooses among what there is, the newest first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from bot.domain.dispute import DisputeState
from bot.domain.money import Money
from bot.domain.order import Order
from bot.domain.payment import Payment, PaymentMethod, RefundStatus
from bot.domain.subscriber import Subscriber
from bot.services.platform import PaymentState, RefundState, Subject
from bot.services.platform_requests import LookUpPayment, OpenCheckout
from bot.services.ports import CarrierOrderState
from bot.services.requests import CancelOrder, LookUpOrder, SubmitOrder
from tests.services.shop import CURRENCY, found_line, yuan
from tests.services.walk.answers import Answers, Notice
from tests.services.walk.ground import TAILS, chosen

Questions = SubmitOrder | LookUpOrder
MOVING = frozenset({"quoted", "awaiting_payment", "paid", "fulfilling"})
A_WHILE = [5.0, 60.0, 360.0, 1860.0]
"""In seconds: a look or two, and past the end of an unpaid order."""

picks = st.integers(0, 30)
few = st.integers(1, 4)
rarely = st.sampled_from([False] * 9 + [True])
ways = st.sampled_from(["wallet", "invoice", "card", "kept card", "alipay", "wechat_pay"])
codes = st.sampled_from(["M30", "D1"])
ends = st.sampled_from(RefundState)
on_a_page = st.sampled_from(
    [PaymentState.PAID, PaymentState.PAID, PaymentState.PROCESSING, PaymentState.FAILED]
)
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


class Walk(Answers):
    def __init__(self) -> None:
        super().__init__()
        self.notices: list[Notice] = []
        self.heard: list[Notice] = []
        self.lost: list[Notice] = []
        """Never sent; they stand in the platform's own list all the same."""

    # ── to buy ────────────────────────────────────────────────────────────────────────────────────

    @initialize(first=ways, second=ways)
    def two_people_come_to_pay(self, first: str, second: str) -> None:
        for who, way in enumerate((first, second)):
            self.comes_to_pay(who, "M30", 1, way)

    @rule(who=picks, code=codes, days=st.integers(1, 3), way=ways)
    def comes_to_pay(self, who: int, code: str, days: int, way: str) -> None:
        person, periods = self.people[who % 2], days if code == "D1" else 1
        quote = self.decide(lambda unit: self.shop.renew.quote(unit, person, code, periods))
        if quote is not None:
            assert quote.order.price == self.plans[code].total(periods)
            self.orders.append(quote.order)
            self.taps_pay(0, way)

    @rule(who=picks, amount=st.sampled_from([20, 50, 300, None]), way=ways)
    def tops_up(self, who: int, amount: int | None, way: str) -> None:
        """By so much, or by what the wallet is short of for the newest order."""
        person, wanted = self.people[who % 2], self.orders[-1].id if self.orders else ""
        top_ups = self.shop.top_ups
        quote = self.decide(
            lambda unit: (
                top_ups.quote_for(unit, person, wanted)
                if amount is None
                else top_ups.quote(unit, person, yuan(amount))
            )
        )
        if quote is not None:
            self.orders.append(quote.order)
            self.taps_pay(0, way)

    @precondition(lambda self: self.orders)
    @rule(pick=picks, way=ways)
    def taps_pay(self, pick: int, way: str) -> None:
        order = self._order(pick)
        who, chosen_way = self.owner(order), self.way(order, way)
        tap = self.decide(lambda unit: self.shop.payments.pay(unit, who, order.id, chosen_way))
        self.collect()
        if tap is None:
            return
        if tap.requoted is not None:
            self.orders.append(tap.requoted.order)
        if tap.payment is not None:
            assert tap.payment.amount == tap.order.total
            self.payments[tap.payment.id] = (tap.order, tap.payment)
            if tap.fresh and chosen_way.method is PaymentMethod.WALLET:
                self.told.wallet_orders.add(order.id)

    @precondition(lambda self: self._invoices())
    @rule(pick=picks, error=st.sampled_from([*7 * [None], "amount", "payer", "id"]), twice=rarely)
    def pays_the_invoice(self, pick: int, error: str | None, twice: bool) -> None:
        """In Telegram's sheet: approved first, unless it is Telegram that errs."""
        payment = self._invoices()[-1 - pick % len(self._invoices())]
        amount = payment.amount + Money(1, CURRENCY) if error == "amount" else payment.amount
        others = [p.id for p in self.people if p.id != payment.subscriber_id]
        payer = others[0] if error == "payer" else payment.subscriber_id
        approved: list[bool] = []

        async def check(unit: Any) -> None:
            refusal = await self.shop.settle.check(unit, payment.id, payer, amount)
            approved.append(refusal is None)

        self.do(check)
        if not approved[-1] and error is None:
            return
        paid_for = replace(payment, id=f"lost {payment.id}") if error == "id" else payment
        for _ in range(1 + twice):
            now = self.shop.clock.now()
            charge = self.outside.pay_invoice(paid_for, payer, amount, now)
            self.notices.append(self.successful_payment(charge))

    @precondition(lambda self: self.outside.pages_to_pay() or self.waits_for(OpenCheckout))
    @rule(pick=picks, how=on_a_page, wrong=rarely, lost=rarely, at_once=st.booleans())
    def pays_on_the_page(
        self, pick: int, how: PaymentState, wrong: bool, lost: bool, at_once: bool
    ) -> None:
        """``at_once``: the platform tells, is asked and answers before anything else happens."""
        if not self.outside.pages_to_pay():
            self._platform_answers_all(OpenCheckout)
        page = chosen(self.outside.pages_to_pay(), pick)
        if page is None or page.state is how:
            return
        self.outside.pay_page(page, how, self.shop.clock.now(), wrong)
        notice = self.notice(Subject.PAYMENT, page.ref, lost=lost)
        if at_once and not lost:
            self._hear(notice)
            self._platform_answers_all(LookUpPayment)
        else:
            self.notices.append(notice)

    @precondition(lambda self: self.orders)
    @rule(deed=st.sampled_from(["cancels", "wants back", "refunds", "has sent"]), pick=picks)
    def somebody_thinks_again(self, deed: str, pick: int) -> None:
        """The subscriber, or an operator."""
        order = self._order(pick)
        who = self.owner(order)
        match deed:
            case "cancels":
                self.do(lambda unit: self.shop.payments.cancel(unit, who, order.id))
            case "wants back":
                self.do(lambda unit: self.shop.take_back.by_subscriber(unit, who, order.id))
            case "refunds":
                self.do(lambda unit: self.shop.take_back.by_operator(unit, order.id, "asked"))
            case "has sent":
                self._operator_has_sent(order)
        self.collect()

    def _operator_has_sent(self, order: Order) -> None:
        """What no platform sends by itself, or could not."""
        sent: list[tuple[PaymentMethod, Money]] = []

        async def by_hand(unit: Any) -> None:
            sent.clear()
            for refund in await unit.payments.refunds_of(order.id):
                is_due = refund.status is RefundStatus.DUE and not refund.method.is_hosted
                if is_due or refund.status is RefundStatus.FAILED:
                    await self.shop.refund.done(unit, refund)
                    sent.append((refund.method, refund.amount))

        self.do(by_hand)
        self.outside.sent_by_hand += sent

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

    @rule(what=st.sampled_from(["price", "sale", "clock", "crash", "line"]), code=codes,
          price=st.integers(10, 30), hours=st.sampled_from([-2, -1, 1, 2]))  # fmt: skip
    def something_changes(self, what: str, code: str, price: int, hours: int) -> None:
        match what:
            case "line":
                self._changes_hands(self.people[hours % 2], TAILS[price % 2])
            case "price" if code in self.on_sale:
                self._sells(code, yuan(price))
            case "sale" if code in self.on_sale:
                self.on_sale.remove(code)
                self.run(self.shop.withdraw(code))
            case "sale":
                self._sells(code, self.plans[code].price)
            case "clock":
                self.shop.clock.set(self.shop.clock.now() + timedelta(hours=hours))
            case "crash":
                self.crashes_next = True

    def _changes_hands(self, person: Subscriber, tail: str) -> None:
        """The line is linked by somebody, who may be the other one."""
        self.run(self.shop.link_contact(person.id, found_line(tail)))
        self.people = [self.run(self.shop.subscriber(each.id)) for each in self.people]

    def _sells(self, code: str, price: Money) -> None:
        plan = replace(self.plans[code], version=self.plans[code].version + 1, price=price)
        self.plans[code] = plan
        self.on_sale.add(code)

        async def put_on_sale(unit: Any) -> None:
            unit.catalogue.put_on_sale(plan, 0, self.shop.clock.now())

        self.do(put_on_sale)

    @rule(seconds=st.sampled_from(A_WHILE))
    def time_passes(self, seconds: float) -> None:
        self.run(self.shop.pass_time(seconds=seconds))
        self.collect()

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
        return not (self.requests or self.notices or stands & MOVING)

    # ── what there is ─────────────────────────────────────────────────────────────────────────────

    def _order(self, pick: int) -> Order:
        return self.orders[-1 - pick % len(self.orders)]

    def _invoices(self) -> list[Payment]:
        by = PaymentMethod.INVOICE
        return [payment for _, payment in self.payments.values() if payment.method is by]

    def _not_at_the_carrier(self) -> list[SubmitOrder]:
        waiting: list[SubmitOrder] = self.waits_for(SubmitOrder)
        return [each for each in waiting if each.key not in self.outside.orders]

    def _platform_answers_all(self, kind: Any) -> None:
        while answerable := [each for each in self.next_for_platform() if isinstance(each, kind)]:
            self.platform_answers(answerable[0], RefundState.DONE)

    def _hear(self, notice: Notice) -> None:
        if notice.may_get_lost:
            self.lost.append(replace(notice, may_get_lost=False))
        else:
            notice.tell()
            self.heard.append(notice)
            self.collect()
