"""What is kept of support cases, and what is said about them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.domain.support import CaseReason, SupportCase, Topic, Written
from bot.services.support_requests import Failure, PassBack, PassOn

if TYPE_CHECKING:
    from bot.services.unit import Unit


class Cases(Protocol):
    async def get(self, case_id: int) -> SupportCase | None: ...

    async def latest_of(self, subscriber_id: int) -> SupportCase | None: ...

    async def open_of(self, subscriber_id: int) -> SupportCase | None:
        """The subscriber's open case: there is one at most."""
        ...

    async def open(
        self, subscriber_id: int, order_id: str | None, why: CaseReason, at: datetime, *,
        at_desk: bool,
    ) -> SupportCase:  # fmt: skip
        """Opens one; a second open case of the same subscriber breaks the transaction."""
        ...

    async def close(self, case_id: int, at: datetime) -> SupportCase | None:
        """The case as it is closed now; None when it was not open."""
        ...

    async def reopen(self, case_id: int) -> SupportCase | None:
        """The case as it is open now; None when it was not closed, or another one is open."""
        ...

    def attach(self, case_id: int, order_id: str) -> None:
        """The order that the case is about, unless it is about one already."""
        ...

    def mark_asked(self, case_id: int, at: datetime) -> None:
        """The subscriber waits for an answer since then, unless they have waited for longer."""
        ...

    def mark_answered(self, subscriber_id: int, at: datetime) -> None:
        """What the subscriber wrote in their open case, if they have one, is answered."""
        ...

    async def add_message(self, case_id: int, written: Written) -> bool:
        """False when the case holds that message already."""
        ...

    async def messages(self, case_id: int, limit: int) -> list[Written]:
        """The last ones, oldest first."""
        ...

    async def holds_message(self, subscriber_id: int, message_id: int) -> bool:
        """Whether the message stands in the subscriber's open case."""
        ...

    async def take_unsent(self, case_id: int) -> list[int]:
        """The ids of the case's messages that are neither in the group nor on their way, oldest
        first; from now on they are on their way."""
        ...

    async def unsent(self, case_id: int) -> list[int]:
        """The same, as they stand."""
        ...

    def mark_unsent(self, case_id: int, message_id: int) -> None:
        """The message did not get into the group."""
        ...

    def mark_passed_on(self, case_id: int, message_id: int, at: datetime) -> None:
        """The message is in the group, so its words need not be kept; the case leaves the desk when
        all of them are there."""
        ...

    def wait_at_desk(self, case_id: int) -> None: ...


class Topics(Protocol):
    async def of(self, group_id: int, subscriber_id: int) -> Topic | None: ...

    async def whose(self, group_id: int, thread_id: int) -> int | None:
        """The subscriber whose topic it is."""
        ...

    def ask(self, group_id: int, subscriber_id: int, at: datetime) -> None:
        """One is being opened."""
        ...

    async def open(self, group_id: int, subscriber_id: int, thread_id: int, at: datetime) -> bool:
        """False when none was asked for, or one is there already."""
        ...

    def forget(self, group_id: int, subscriber_id: int) -> None: ...

    async def all_of(self, subscriber_id: int) -> list[tuple[int, int]]:
        """Group and thread of each that is open for the subscriber, in whichever group."""
        ...


class SupportNotices(Protocol):
    """What support says by itself; implementations stage messages, they never send."""

    async def received(self, unit: Unit, case: SupportCase) -> None:
        """To the subscriber: it is with us, and when a person answers."""
        ...

    def seen(self, unit: Unit, chat_id: int, message_id: int) -> None:
        """The sign under a message that it was received."""
        ...

    async def closed(self, unit: Unit, case: SupportCase) -> None:
        """To the subscriber, with a way to open it again."""
        ...


class TopicNotices(Protocol):
    """What is said in a subscriber's topic; it leaves by the support courier."""

    async def open(self, unit: Unit, group_id: int, subscriber_id: int) -> None:
        """Asks for a topic that is named for the subscriber."""
        ...

    async def card(self, unit: Unit, case: SupportCase, group_id: int, thread_id: int) -> None:
        """Who it is and how their order stands, with what operators can do."""
        ...

    async def closed(
        self, unit: Unit, case: SupportCase, group_id: int, thread_id: int
    ) -> None: ...

    async def answered_at_desk(
        self, unit: Unit, subscriber_id: int, words: str, group_id: int, thread_id: int
    ) -> None: ...

    async def not_copied(self, unit: Unit, request: PassOn) -> None:
        """The subscriber sent something that cannot be shown here."""
        ...

    async def not_delivered(self, unit: Unit, request: PassBack, why: Failure) -> None:
        """The subscriber did not get the operator's message."""
        ...
