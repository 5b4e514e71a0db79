"""The dialogues' voice, taken down instead of sent."""

from __future__ import annotations

from bot.domain.alerts import Alert, LineFacts
from bot.domain.auto_renewal import AutoRenewal, Missed
from bot.domain.money import Money
from bot.domain.order import Order
from bot.domain.payment import Charge
from bot.domain.subscriber import Subscriber
from bot.domain.support import SupportCase
from bot.services.card_port import KeptCard
from bot.services.support_requests import Failure, PassBack, PassOn
from bot.services.unit import Unit

Said = tuple[str, int | str]
"""What was said, and of what: the subscriber or line spoken of, or the order's status then."""


class Notebook:
    """A `Notices`, and a `SupportNotices`, that writes down what would be said, in order."""

    def __init__(self) -> None:
        self._said: list[Said] = []

    def read(self) -> list[Said]:
        """What was said since the last time of reading."""
        said, self._said = self._said, []
        return said

    async def line_linked(self, unit: Unit, subscriber_id: int, line_id: int) -> None:
        self._said.append(("line_linked", subscriber_id))

    async def line_not_found(self, unit: Unit, subscriber_id: int) -> None:
        self._said.append(("line_not_found", subscriber_id))

    async def lookup_failed(self, unit: Unit, subscriber_id: int) -> None:
        self._said.append(("lookup_failed", subscriber_id))

    async def link_revoked(self, unit: Unit, subscriber_id: int, line_id: int) -> None:
        self._said.append(("link_revoked", subscriber_id))

    async def reading_arrived(self, unit: Unit, line_id: int) -> None:
        self._said.append(("reading_arrived", line_id))

    async def wallet_moved(self, unit: Unit, line_id: int) -> None:
        self._said.append(("wallet_moved", line_id))

    async def usage_arrived(self, unit: Unit, line_id: int, subscriber_id: int) -> None:
        self._said.append(("usage_arrived", subscriber_id))

    async def line_alert(
        self, unit: Unit, subscriber: Subscriber, facts: LineFacts, alert: Alert
    ) -> None:
        self._said.append((f"alert_{alert.kind}", facts.line.id))

    async def order_moved(self, unit: Unit, order: Order) -> None:
        self._said.append(("order_moved", order.status))

    async def order_ready(self, unit: Unit, order: Order) -> None:
        self._said.append(("order_ready", order.status))

    async def topped_up(self, unit: Unit, order: Order) -> None:
        self._said.append(("topped_up", order.status))

    async def order_delayed(self, unit: Unit, order: Order) -> None:
        self._said.append(("order_delayed", order.status))

    async def shared_order_moved(self, unit: Unit, order: Order) -> None:
        """Redraws what nobody may have open."""

    async def shared_order_failed(self, unit: Unit, order: Order, payer_id: int) -> None:
        self._said.append(("shared_order_failed", payer_id))

    async def paid_by_another(self, unit: Unit, order: Order) -> None:
        self._said.append(("paid_by_another", order.paid_by or 0))

    async def payment_failed(self, unit: Unit, order: Order) -> None:
        self._said.append(("payment_failed", order.status))

    async def card_declined(self, unit: Unit, order: Order, card: KeptCard) -> None:
        self._said.append(("card_declined", order.status))

    async def card_needs_holder(self, unit: Unit, order: Order, card: KeptCard) -> None:
        self._said.append(("card_needs_holder", order.status))

    async def renewal_ahead(self, unit: Unit, renewal: AutoRenewal) -> None:
        self._said.append(("renewal_ahead", renewal.line_id))

    async def renewed_by_itself(self, unit: Unit, order: Order) -> None:
        self._said.append(("renewed_by_itself", order.status))

    async def renewal_missed(self, unit: Unit, renewal: AutoRenewal, why: Missed) -> None:
        self._said.append(("renewal_missed", why))

    async def order_expired(self, unit: Unit, order: Order) -> None:
        self._said.append(("order_expired", order.status))

    async def order_refunding(self, unit: Unit, order: Order) -> None:
        self._said.append(("order_refunding", order.status))

    async def refund_sent(self, unit: Unit, order: Order, amount: Money, payer_id: int) -> None:
        self._said.append(("refund_sent", order.payer(payer_id) or order.status))

    async def cancel_refused(self, unit: Unit, order: Order) -> None:
        self._said.append(("cancel_refused", order.status))

    async def order_in_review(self, unit: Unit, order: Order) -> None:
        self._said.append(("order_in_review", order.status))

    async def paid_late(self, unit: Unit, order: Order) -> None:
        self._said.append(("paid_late", order.status))

    async def charge_unplaced(self, unit: Unit, charge: Charge) -> None:
        self._said.append(("charge_unplaced", charge.payer_id))

    async def charged_twice(self, unit: Unit, order: Order, payer_id: int) -> None:
        self._said.append(("charged_twice", order.payer(payer_id) or order.status))

    async def received(self, unit: Unit, case: SupportCase) -> None:
        self._said.append(("case_received", case.subscriber_id))

    def seen(self, unit: Unit, chat_id: int, message_id: int) -> None:
        self._said.append(("seen", message_id))

    async def closed(self, unit: Unit, case: SupportCase) -> None:
        self._said.append(("case_closed", case.subscriber_id))


class Pages:
    """An `Operators` that remembers what it was told."""

    def __init__(self) -> None:
        self.paged: list[str] = []
        self.noted: list[dict[str, int]] = []

    async def page(self, unit: Unit, what: str, **facts: str) -> None:
        self.paged.append(what)

    def note(self, what: str, **facts: int) -> None:
        self.noted.append(facts)


class NoTopics:
    """A `TopicNotices` of a bot whose operators have no group."""

    async def open(self, unit: Unit, group_id: int, subscriber_id: int) -> None:
        raise AssertionError("there is no group")

    async def card(self, unit: Unit, case: SupportCase, group_id: int, thread_id: int) -> None:
        raise AssertionError("there is no group")

    async def closed(self, unit: Unit, case: SupportCase, group_id: int, thread_id: int) -> None:
        raise AssertionError("there is no group")

    async def answered_at_desk(
        self, unit: Unit, subscriber_id: int, words: str, group_id: int, thread_id: int
    ) -> None:
        raise AssertionError("there is no group")

    async def not_copied(self, unit: Unit, request: PassOn) -> None:
        raise AssertionError("there is no group")

    async def not_delivered(self, unit: Unit, request: PassBack, why: Failure) -> None:
        raise AssertionError("there is no group")
