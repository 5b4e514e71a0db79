"""One transaction over all stores, as services and the runtime see it."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cached_property

from storage.alerts import SqliteAlerts
from storage.announcements import SqliteAnnouncements
from storage.audit import SqliteAudit
from storage.auto_renewals import SqliteAutoRenewals
from storage.cancellations import SqliteCancellations
from storage.cards import SqliteCards
from storage.catalogue import SqliteCatalogue
from storage.challenges import SqliteChallenges
from storage.chat_messages import SqliteChatMessages
from storage.conversations import SqliteConversations
from storage.counters import SqliteCounters
from storage.coupons import SqliteCoupons
from storage.cursors import SqliteCursors
from storage.database import Database, Transaction
from storage.deliveries import SqliteDeliveries
from storage.desk import SqliteDesk
from storage.disputes import SqliteDisputes
from storage.entitlements import SqliteEntitlements
from storage.forgetting import SqliteForgetting
from storage.inbox import SqliteInbox
from storage.ledger import SqliteLedger
from storage.lines import SqliteLines
from storage.maintenance import SqliteMaintenance
from storage.operators import SqliteRoles
from storage.orders import SqliteOrders
from storage.outbox import LAST_EFFECT_ID, SqliteOutbox
from storage.pages import SqlitePages
from storage.pay_links import SqlitePayLinks
from storage.payments import SqlitePayments
from storage.preferences import SqlitePreferences
from storage.readings import SqliteReadings
from storage.recipients import SqliteRecipients
from storage.reconciliations import SqliteReconciliations
from storage.subscribers import SqliteSubscribers
from storage.support_cases import SqliteSupportCases
from storage.support_topics import SqliteSupportTopics
from storage.timers import SqliteTimers


class SqliteUnit:
    """A `bot.services.events.RuntimeUnit`. A store is made when first asked for."""

    def __init__(
        self, transaction: Transaction, effect_ids: Iterator[int], now: Callable[[], datetime]
    ) -> None:
        self._transaction = transaction
        self._effect_ids = effect_ids
        self._now = now

    @cached_property
    def subscribers(self) -> SqliteSubscribers:
        return SqliteSubscribers(self._transaction)

    @cached_property
    def lines(self) -> SqliteLines:
        return SqliteLines(self._transaction)

    @cached_property
    def preferences(self) -> SqlitePreferences:
        return SqlitePreferences(self._transaction)

    @cached_property
    def alerts(self) -> SqliteAlerts:
        return SqliteAlerts(self._transaction)

    @cached_property
    def challenges(self) -> SqliteChallenges:
        return SqliteChallenges(self._transaction)

    @cached_property
    def readings(self) -> SqliteReadings:
        return SqliteReadings(self._transaction)

    @cached_property
    def catalogue(self) -> SqliteCatalogue:
        return SqliteCatalogue(self._transaction)

    @cached_property
    def orders(self) -> SqliteOrders:
        return SqliteOrders(self._transaction)

    @cached_property
    def entitlements(self) -> SqliteEntitlements:
        return SqliteEntitlements(self._transaction)

    @cached_property
    def cancellations(self) -> SqliteCancellations:
        return SqliteCancellations(self._transaction)

    @cached_property
    def payments(self) -> SqlitePayments:
        return SqlitePayments(self._transaction)

    @cached_property
    def pay_links(self) -> SqlitePayLinks:
        return SqlitePayLinks(self._transaction)

    @cached_property
    def cards(self) -> SqliteCards:
        return SqliteCards(self._transaction)

    @cached_property
    def auto_renewals(self) -> SqliteAutoRenewals:
        return SqliteAutoRenewals(self._transaction)

    @cached_property
    def coupons(self) -> SqliteCoupons:
        return SqliteCoupons(self._transaction)

    @cached_property
    def announcements(self) -> SqliteAnnouncements:
        return SqliteAnnouncements(self._transaction)

    @cached_property
    def recipients(self) -> SqliteRecipients:
        return SqliteRecipients(self._transaction)

    @cached_property
    def deliveries(self) -> SqliteDeliveries:
        return SqliteDeliveries(self._transaction)

    @cached_property
    def forgetting(self) -> SqliteForgetting:
        return SqliteForgetting(self._transaction)

    @cached_property
    def disputes(self) -> SqliteDisputes:
        return SqliteDisputes(self._transaction)

    @cached_property
    def reconciliations(self) -> SqliteReconciliations:
        return SqliteReconciliations(self._transaction)

    @cached_property
    def cursors(self) -> SqliteCursors:
        return SqliteCursors(self._transaction)

    @cached_property
    def roles(self) -> SqliteRoles:
        return SqliteRoles(self._transaction)

    @cached_property
    def audit(self) -> SqliteAudit:
        return SqliteAudit(self._transaction)

    @cached_property
    def desk(self) -> SqliteDesk:
        return SqliteDesk(self._transaction)

    @cached_property
    def maintenance(self) -> SqliteMaintenance:
        return SqliteMaintenance(self._transaction)

    @cached_property
    def pages(self) -> SqlitePages:
        return SqlitePages(self._transaction)

    @cached_property
    def cases(self) -> SqliteSupportCases:
        return SqliteSupportCases(self._transaction)

    @cached_property
    def topics(self) -> SqliteSupportTopics:
        return SqliteSupportTopics(self._transaction)

    @cached_property
    def ledger(self) -> SqliteLedger:
        return SqliteLedger(self._transaction)

    @cached_property
    def timers(self) -> SqliteTimers:
        return SqliteTimers(self._transaction)

    @property
    def due_timers(self) -> SqliteTimers:
        return self.timers

    @cached_property
    def chat_messages(self) -> SqliteChatMessages:
        return SqliteChatMessages(self._transaction)

    @cached_property
    def outbox(self) -> SqliteOutbox:
        return SqliteOutbox(self._transaction, self._effect_ids, self._now)

    @property
    def effects(self) -> SqliteOutbox:
        return self.outbox

    @cached_property
    def inbox(self) -> SqliteInbox:
        return SqliteInbox(self._transaction)

    @cached_property
    def conversations(self) -> SqliteConversations:
        return SqliteConversations(self._transaction)

    @cached_property
    def counters(self) -> SqliteCounters:
        return SqliteCounters(self._transaction)

    async def rollback(self) -> None:
        await self._transaction.rollback()
        self.outbox.staged.clear()


class SqliteStore:
    """A `bot.services.events.Store` over an open database; one a process.

    It counts the ids of effects itself, from the highest stored one on: nobody else writes.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._effect_ids: Iterator[int] | None = None

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[SqliteUnit]:
        async with self._database.transaction() as transaction:
            if self._effect_ids is None:
                ((last,),) = await transaction.rows(LAST_EFFECT_ID)
                self._effect_ids = itertools.count(last + 1)
            yield SqliteUnit(transaction, self._effect_ids, self._now)
