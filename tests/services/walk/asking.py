"""The rule of a walk by which somebody else pays: the other one follows a link made for them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.domain.order import Order
from bot.domain.payment import PaymentMethod, Way
from bot.domain.subscriber import Subscriber
from tests.services.walk.buying import picks
from tests.services.walk.renewing import Renewing

theirs = st.sampled_from(["invoice", "stars", "card", "kept card", "alipay", "wechat_pay"])


class Asking(Renewing):
    @precondition(lambda self: self.orders)
    @rule(pick=picks, way=theirs, takes_back=st.sampled_from([False, False, False, True]))
    def the_other_is_asked_to_pay(self, pick: int, way: str, takes_back: bool) -> None:
        """``takes_back``: the link is, before it is followed once more."""
        order = self._order(pick)
        who = self.owner(order)
        other = next(each for each in self.people if each.id != who.id)
        asked = self.decide(lambda unit: self.shop.ask_another.ask(unit, who, order.id))
        self.collect()
        if asked is None or asked.token is None:
            if asked is not None and asked.payable.requoted is not None:
                self._sees(asked.payable.requoted.order)
            return
        token = asked.token
        self.do(lambda unit: self.shop.for_another.follow(unit, other, token))
        if takes_back:
            self.do(lambda unit: self.shop.ask_another.end(unit, who, order.id))
        self._pays_for(other, order, way)

    def _pays_for(self, payer: Subscriber, order: Order, name: str) -> None:
        way = self.cards[payer.id] if name == "kept card" else Way(PaymentMethod(name))
        paying = self.decide(lambda unit: self.shop.for_another.pay(unit, payer, order.id, way))
        self.collect()
        if paying is None or paying.shared_order.payment is None:
            return
        payment = paying.shared_order.payment
        assert payment.subscriber_id == payer.id, "somebody else's payment is shown"
        assert payment.amount == paying.shared_order.order.total
        self.payments[payment.id] = (paying.shared_order.order, payment)
        self.figures["payments by somebody else"] += paying.fresh
