"""What support says in a subscriber's topic of the operators' group."""

from __future__ import annotations

from bot.domain.support import SupportCase
from bot.services.read_support import ReadSupport
from bot.services.support_requests import Failure, OpenTopic, PassBack, PassOn, TellTopic
from bot.services.unit import Unit
from handlers.desk.group_words import words_of_group
from handlers.html import Html, short_name
from handlers.screens.desk import topic as screens
from handlers.screens.screen import Screen


class ChatTopicNotices:
    """Implements `bot.services.support_port.TopicNotices`."""

    def __init__(self, support: ReadSupport) -> None:
        self._support = support

    async def open(self, unit: Unit, group_id: int, subscriber_id: int) -> None:
        """Its name holds the Telegram id, so that people of one name are told apart."""
        known = await unit.subscribers.find(subscriber_id)
        name = short_name(known.name) if known is not None else ""
        unit.outbox.support(OpenTopic(group_id, subscriber_id, f"{name} · {subscriber_id}"))

    async def card(self, unit: Unit, case: SupportCase, group_id: int, thread_id: int) -> None:
        t = await words_of_group(unit)
        shown = await self._support.card(unit, case.id)
        _tell(unit, group_id, thread_id, case.subscriber_id, screens.card(t, shown))

    async def closed(self, unit: Unit, case: SupportCase, group_id: int, thread_id: int) -> None:
        t = await words_of_group(unit)
        _tell(unit, group_id, thread_id, case.subscriber_id, screens.closed(t, case))

    async def answered_at_desk(
        self, unit: Unit, subscriber_id: int, words: str, group_id: int, thread_id: int
    ) -> None:
        said = screens.answered_at_desk(await words_of_group(unit), words)
        say_in_topic(unit, group_id, thread_id, subscriber_id, said)

    async def not_copied(self, unit: Unit, request: PassOn) -> None:
        said = screens.not_copied(await words_of_group(unit))
        say_in_topic(unit, request.group_id, request.thread_id, request.subscriber_id, said)

    async def not_delivered(self, unit: Unit, request: PassBack, why: Failure) -> None:
        said = screens.not_delivered(await words_of_group(unit), why)
        say_in_topic(unit, request.group_id, request.thread_id, request.subscriber_id, said)


def say_in_topic(unit: Unit, group_id: int, thread_id: int, subscriber_id: int, text: Html) -> None:
    _tell(unit, group_id, thread_id, subscriber_id, Screen(text))


def _tell(unit: Unit, group_id: int, thread_id: int, subscriber_id: int, screen: Screen) -> None:
    told = TellTopic(group_id, thread_id, subscriber_id, str(screen.text), screen.markup)
    unit.outbox.support(told)
