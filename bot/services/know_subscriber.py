"""Know who writes: the subscriber behind a Telegram account, in which language they read."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.subscriber import Subscriber
from bot.services.ports import Clock
from bot.services.unit import Unit


class KnowSubscriber:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def meet(self, unit: Unit, subscriber_id: int, name: str, language: str) -> Subscriber:
        """The subscriber who writes now, created at first sight.

        A name or a Telegram language that changed is kept, unless the language was chosen by hand.
        Whoever writes has not blocked the bot (any more).
        """
        known = await unit.subscribers.find(subscriber_id)
        if known is None:
            newcomer = Subscriber(subscriber_id, name, language, language_chosen=False)
            unit.subscribers.add(newcomer, self._clock.now())
            return newcomer
        spoken = known.language if known.language_chosen else language
        present = replace(known, name=name, language=spoken, blocked=False)
        if known.blocked:
            unit.subscribers.mark_blocked(subscriber_id, None)
        if present != replace(known, blocked=False):
            unit.subscribers.save(present)
        return present

    def choose_language(self, unit: Unit, subscriber: Subscriber, language: str) -> Subscriber:
        chosen = replace(subscriber, language=language, language_chosen=True)
        unit.subscribers.save(chosen)
        return chosen

    def mark_blocked(self, unit: Unit, subscriber_id: int) -> None:
        """The person blocked the bot: nothing is sent until they write again."""
        unit.subscribers.mark_blocked(subscriber_id, self._clock.now())
