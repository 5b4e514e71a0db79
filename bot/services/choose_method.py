"""Choose a way to pay for a line: the one that is proposed first, and the cards that are kept.

The choice belongs to the line and to its holder: somebody with two lines has one for each, and who
takes a line over does not take over its choice. Without one, or when it is no longer to be had, the
way that paid last time is proposed: what was chosen is remembered, and nothing has to be set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import PaymentMethodUnavailable
from bot.domain.line import Line
from bot.domain.payment import PaymentMethod, Way
from bot.domain.subscriber import Subscriber
from bot.services.card_port import KeptCard
from bot.services.keep_card import forget_card, own_card
from bot.services.link_line import own_line
from bot.services.ports import Clock
from bot.services.read_account import chosen_line
from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class OwnWays:
    """How the line can be paid for, and what its holder has chosen."""

    line: Line
    ways: list[Way]
    cards: list[KeptCard]
    """All that are kept, also those that have expired."""
    default: Way | None
    now: datetime


class ChooseMethod:
    """``methods``: what is offered beside the wallet, in the operator's order."""

    def __init__(self, clock: Clock, methods: Sequence[PaymentMethod]) -> None:
        self._clock = clock
        self._methods = [PaymentMethod.WALLET, *methods]

    async def own(self, unit: Unit, subscriber: Subscriber) -> OwnWays:
        """Those of the subscriber's present line. Raises `NoLine`."""
        line = chosen_line(await unit.lines.of(subscriber.id), subscriber)
        now = self._clock.now()
        cards = await unit.cards.of(subscriber.id)
        ways = ways_by(self._methods, cards, now)
        default = await unit.cards.default_of(line.id, subscriber.id)
        return OwnWays(line, ways, cards, default if default in ways else None, now)

    async def choose(
        self, unit: Unit, subscriber: Subscriber, line_id: int, way: Way | None
    ) -> None:
        """Proposes that way first for the line; None: the one that paid last time.

        Raises `UnknownLine`, `PaymentMethodUnavailable`.
        """
        line = await own_line(unit, subscriber.id, line_id)
        now = self._clock.now()
        cards = await unit.cards.of(subscriber.id)
        if way is not None and way not in ways_by(self._methods, cards, now):
            raise PaymentMethodUnavailable(way.name)
        unit.cards.choose_default(line.id, subscriber.id, way, now)

    async def card(self, unit: Unit, subscriber: Subscriber, card_id: int) -> KeptCard:
        """The subscriber's own. Raises `PaymentMethodUnavailable`."""
        return await own_card(unit, subscriber.id, card_id)

    async def remove(self, unit: Unit, subscriber: Subscriber, card_id: int) -> None:
        """A card that is gone already stays so."""
        for card in await unit.cards.of(subscriber.id):
            if card.id == card_id:
                forget_card(unit, card, self._clock.now())


def ways_by(
    methods: Sequence[PaymentMethod], cards: Sequence[KeptCard], now: datetime
) -> list[Way]:
    """The methods as ways to pay; the kept cards stand before the page for another one."""
    ways: list[Way] = []
    for method in methods:
        if method is PaymentMethod.CARD:
            ways += [Way(method, each.id) for each in cards if not each.is_expired(now)]
        ways.append(Way(method))
    return ways
