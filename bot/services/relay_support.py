"""Relay support: what a subscriber writes into their topic of the operators' group, and what is
answered there back to them.

    case opens ─▶ topic asked for ─▶ opened ─▶ card, messages ─▶ 👀 under each that is there
                       ▲               │ deleted by hand
                       └───────────────┘

A topic belongs to a subscriber, and serves all their cases. What cannot be brought into the group
waits at the desk, as everything does where there is no group, and goes there with the next message
once it can. An operator's message counts as an answer once the subscriber has it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.domain.support import SupportCase
from bot.services.platform_port import Operators
from bot.services.ports import Clock
from bot.services.support_port import SupportNotices, TopicNotices
from bot.services.support_requests import (
    Failure,
    NotPassedBack,
    NotPassedOn,
    PassBack,
    PassedBack,
    PassedOn,
    PassOn,
    RemoveTopic,
    TellTopic,
    TopicNotOpened,
    TopicNotRemoved,
    TopicNotTold,
    TopicOpened,
    TurnTopic,
)
from bot.services.unit import Unit

CASE_WAITS: Final = "support_case"
GROUP_UNREACHABLE: Final = "support_group_unreachable"
TOPIC_NOT_REMOVED: Final = "topic_not_removed"
"""What operators are paged with."""
_SHORTEST_LIFE: Final = timedelta(minutes=1)
"""Of a topic: one that is gone sooner is not replaced at once, so that no group is filled with
topics of which none can be written to."""


class RelaySupport:
    """``group``: the id of the operators' group with topics, if they have one."""

    def __init__(
        self, clock: Clock, notices: SupportNotices, topics: TopicNotices, operators: Operators,
        group: int | None,
    ) -> None:  # fmt: skip
        self._clock = clock
        self._notices = notices
        self._topics = topics
        self._operators = operators
        self._group = group

    @property
    def has_group(self) -> bool:
        return self._group is not None

    # ── a case, and its topic ─────────────────────────────────────────────────────────────────────

    async def begin(self, unit: Unit, case: SupportCase) -> None:
        """The case is open, for the first time or again: its card stands in an open topic."""
        self._turn(unit, case.subscriber_id, await self._thread(unit, case), to_open=True)
        await self.show(unit, case)

    async def show(self, unit: Unit, case: SupportCase) -> None:
        """The card as it is now, where there is a topic already."""
        thread_id = await self._thread(unit, case)
        if self._group is not None and thread_id is not None:
            await self._topics.card(unit, case, self._group, thread_id)

    async def pass_on(self, unit: Unit, case: SupportCase) -> None:
        """Everything that the subscriber wrote in the case and that is not there yet, in order."""
        thread_id = await self._thread(unit, case)
        if self._group is None or thread_id is None:
            return
        for message_id in await unit.cases.take_unsent(case.id):
            unit.outbox.support(
                PassOn(self._group, thread_id, case.subscriber_id, case.id, message_id)
            )

    async def end(self, unit: Unit, case: SupportCase, *, turn: bool = True) -> None:
        """The case is closed. ``turn``: its topic is not yet."""
        topic = await self._topic_of(unit, case.subscriber_id)
        if topic is None:
            return
        await self._topics.closed(unit, case, *topic)
        if turn:
            self._turn(unit, case.subscriber_id, topic[1], to_open=False)

    async def subscriber_of(self, unit: Unit, group_id: int, thread_id: int) -> int | None:
        """Whose topic it is, if it is one that was opened for somebody."""
        return await unit.topics.whose(group_id, thread_id)

    async def answer(self, unit: Unit, subscriber_id: int, thread_id: int, message_id: int) -> None:
        """An operator wrote into the subscriber's topic. A case that was closed goes on."""
        if self._group is None:
            return
        unit.outbox.support(PassBack(self._group, thread_id, subscriber_id, message_id))
        last = await unit.cases.latest_of(subscriber_id)
        if last is not None and await unit.cases.reopen(last.id) is not None:
            self._turn(unit, subscriber_id, thread_id, to_open=True)

    async def show_answer(self, unit: Unit, subscriber_id: int, words: str) -> None:
        """An operator answered at the desk: those in the group need not, too."""
        topic = await self._topic_of(unit, subscriber_id)
        if topic is not None:
            await self._topics.answered_at_desk(unit, subscriber_id, words, *topic)

    # ── what came of it ───────────────────────────────────────────────────────────────────────────

    async def on_topic_opened(self, unit: Unit, answer: TopicOpened) -> None:
        group_id, subscriber_id = answer.request.group_id, answer.request.subscriber_id
        now = self._clock.now()
        if await unit.subscribers.find(subscriber_id) is None:
            unit.outbox.support(RemoveTopic(group_id, answer.thread_id))
            return
        if not await unit.topics.open(group_id, subscriber_id, answer.thread_id, now):
            topic = await unit.topics.of(group_id, subscriber_id)
            if topic is None or topic.thread_id != answer.thread_id:
                # It was opened twice: the first answer was lost, or nobody waits for it any more.
                unit.outbox.support(RemoveTopic(group_id, answer.thread_id))
            return
        case = await unit.cases.open_of(subscriber_id)
        if case is None:
            self._turn(unit, subscriber_id, answer.thread_id, to_open=False)
            return
        await self.show(unit, case)
        await self.pass_on(unit, case)

    async def on_topic_not_opened(self, unit: Unit, answer: TopicNotOpened) -> None:
        unit.topics.forget(answer.request.group_id, answer.request.subscriber_id)
        case = await unit.cases.open_of(answer.request.subscriber_id)
        if case is not None:
            await self._wait_at_desk(unit, case)

    async def on_passed_on(self, unit: Unit, answer: PassedOn) -> None:
        request = answer.request
        unit.cases.mark_passed_on(request.case_id, request.message_id, self._clock.now())
        self._notices.seen(unit, request.subscriber_id, request.message_id)

    async def on_not_passed_on(self, unit: Unit, answer: NotPassedOn) -> None:
        request = answer.request
        if answer.why is Failure.NOT_COPIED:
            unit.cases.mark_passed_on(request.case_id, request.message_id, self._clock.now())
            await self._topics.not_copied(unit, request)
            return
        unit.cases.mark_unsent(request.case_id, request.message_id)
        case = await unit.cases.get(request.case_id)
        if case is None or not case.is_open:
            return
        if answer.why is Failure.GONE and await self._may_replace(unit, request):
            await self.pass_on(unit, case)
            return
        await self._wait_at_desk(unit, case)

    async def on_topic_not_told(self, unit: Unit, answer: TopicNotTold) -> None:
        replaced = answer.why is Failure.GONE and await self._may_replace(unit, answer.request)
        case = await unit.cases.open_of(answer.request.subscriber_id)
        if case is None:
            return
        if replaced:
            await self.pass_on(unit, case)
        else:
            await self._wait_at_desk(unit, case)

    async def on_topic_not_removed(self, unit: Unit, answer: TopicNotRemoved) -> None:
        """An operator has to do it by hand: somebody's words are in it who had them deleted."""
        await self._operators.page(unit, TOPIC_NOT_REMOVED, topic=str(answer.request.thread_id))

    async def on_passed_back(self, unit: Unit, answer: PassedBack) -> None:
        request = answer.request
        unit.cases.mark_answered(request.subscriber_id, self._clock.now())
        self._notices.seen(unit, request.group_id, request.message_id)

    async def on_not_passed_back(self, unit: Unit, answer: NotPassedBack) -> None:
        if answer.why is Failure.BLOCKED:
            unit.subscribers.mark_blocked(answer.request.subscriber_id, self._clock.now())
        await self._topics.not_delivered(unit, answer.request, answer.why)

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    async def _thread(self, unit: Unit, case: SupportCase) -> int | None:
        """The subscriber's topic. None where there is no group, and while the topic is being
        opened: that is asked for here."""
        if self._group is None:
            return None
        topic = await unit.topics.of(self._group, case.subscriber_id)
        if topic is None:
            unit.topics.ask(self._group, case.subscriber_id, self._clock.now())
            await self._topics.open(unit, self._group, case.subscriber_id)
            return None
        return topic.thread_id

    async def _topic_of(self, unit: Unit, subscriber_id: int) -> tuple[int, int] | None:
        """Group and thread of the topic that is there."""
        if self._group is None:
            return None
        topic = await unit.topics.of(self._group, subscriber_id)
        if topic is None or topic.thread_id is None:
            return None
        return self._group, topic.thread_id

    async def _may_replace(self, unit: Unit, request: PassOn | TellTopic) -> bool:
        """Forgets the topic that is gone, unless another one took its place already."""
        topic = await unit.topics.of(request.group_id, request.subscriber_id)
        if topic is None or topic.thread_id != request.thread_id:
            return True
        unit.topics.forget(request.group_id, request.subscriber_id)
        return self._clock.now() - topic.at >= _SHORTEST_LIFE

    async def _wait_at_desk(self, unit: Unit, case: SupportCase) -> None:
        """The operators read it there: what did not get into the group is received all the same."""
        unit.cases.wait_at_desk(case.id)
        for message_id in await unit.cases.unsent(case.id):
            self._notices.seen(unit, case.subscriber_id, message_id)
        await self._operators.page(unit, GROUP_UNREACHABLE, group=str(self._group))
        if case.waits:
            await self._operators.page(unit, CASE_WAITS, case=str(case.id))

    def _turn(
        self, unit: Unit, subscriber_id: int, thread_id: int | None, *, to_open: bool
    ) -> None:
        if self._group is not None and thread_id is not None:
            unit.outbox.support(TurnTopic(self._group, thread_id, subscriber_id, to_open))
