"""The rules of a walk by which people buy, pay, and think again, each in a few lines.

``pick`` chooses among what there is, the newest first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from bot.domain.money import Money
from bot.domain.order import Order, Renewal
from bot.domain.payment import Payment, PaymentMethod, RefundStatus
from bot.services.platform import PaymentState, RefundState, Subject
from bot.services.platform_requests import LookUpPayment, OpenCheckout
from tests.services.shop import yuan
from tests.services.walk.answers import Answers, Notice
from tests.services.walk.ground import chosen

picks = st.integers(0, 30)
rarely = st.sampled_from([False] * 9 + [True])
ways = st.sampled_from(
    ["wallet", "invoice", "stars", "stars", "card", "kept card", "alipay", "wechat_pay"]
)
codes = st.sampled_from(["M30", "D1"])
on_a_page = st.sampled_from(
    [PaymentState.PAID, PaymentState.PAID, PaymentState.PROCESSING, PaymentState.FAILED]
)


class Buying(Answers):
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
            self._sees(quote.order)
            self.chooses(0, way)
            self.taps_pay(0, way)

    @precondition(lambda self: self.orders)
    @rule(pick=picks, way=ways)
    def chooses(self, pick: int, way: str) -> None:
        """A way to pay, on the confirmation: a quote is priced anew in its currency."""
        order = self._order(pick)
        who, chosen_way = self.owner(order), self.way(order, way)
        quote = self.decide(lambda unit: self.shop.renew.requote(unit, who, order.id, chosen_way))
        if quote is not None:
            self._sees(quote.order)

    def _sees(self, order: Order) -> None:
        """A new order, or a new price of one; it is the newest either way."""
        self.orders = [each for each in self.orders if each.id != order.id] + [order]
        if not isinstance(order.buys, Renewal):
            return
        plan = self.plans[order.buys.plan_code]
        if plan.version == order.buys.plan_version:
            assert order.price == plan.total_in(order.total.currency, order.buys.periods)

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
            self._sees(quote.order)
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
            self._sees(tap.requoted.order)
        if tap.payment is not None:
            assert tap.payment.amount == tap.order.total
            self.payments[tap.payment.id] = (tap.order, tap.payment)
            if tap.fresh and chosen_way.method is PaymentMethod.WALLET:
                self.told.wallet_orders.add(order.id)

    @precondition(lambda self: self._invoices())
    @rule(pick=picks, error=st.sampled_from([*7 * [None], "amount", "payer", "id"]), twice=rarely,
          lost=st.booleans())  # fmt: skip
    def pays_the_invoice(self, pick: int, error: str | None, twice: bool, lost: bool) -> None:
        """In Telegram's sheet: approved first, unless it is Telegram that errs. Of Stars a notice
        may get ``lost``: its list has them all the same."""
        payment = self._invoices()[-1 - pick % len(self._invoices())]
        more = Money(1, payment.amount.currency)
        amount = payment.amount + more if error == "amount" else payment.amount
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
            if not lost or payment.method is not PaymentMethod.STARS:
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
                is_due = refund.status is RefundStatus.DUE and not refund.method.sends_back
                if is_due or refund.status is RefundStatus.FAILED:
                    await self.shop.refund.done(unit, refund)
                    sent.append((refund.method, refund.amount))

        self.do(by_hand)
        self.outside.sent_by_hand += sent

    # ── what is heard, and what there is ──────────────────────────────────────────────────────────

    def _hear(self, notice: Notice) -> None:
        if notice.may_get_lost:
            self.lost.append(replace(notice, may_get_lost=False))
        else:
            notice.tell()
            self.heard.append(notice)
            self.collect()

    def _platform_answers_all(self, kind: Any) -> None:
        while answerable := [each for each in self.next_for_platform() if isinstance(each, kind)]:
            self.platform_answers(answerable[0], RefundState.DONE)

    def _order(self, pick: int) -> Order:
        return self.orders[-1 - pick % len(self.orders)]

    def _invoices(self) -> list[Payment]:
        return [payment for _, payment in self.payments.values() if payment.method.is_invoiced]
