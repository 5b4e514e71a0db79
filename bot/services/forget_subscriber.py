"""Forget a subscriber who wishes so: what is theirs goes, and the books stay, of nobody.

An order on its way ends first: it may still need its buyer, to be delivered to or to be paid back.
A wallet and plans belong to the line and stay with it. The number of the line gives way to a
fingerprint, so that whoever proves the number again, this person first of all, finds them there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.domain.errors import OrderUnderWay, StillOperator
from bot.domain.forgetting import fingerprint, is_nameless, new_pseudonym
from bot.domain.ledger import wallet_of
from bot.domain.line import Line, Msisdn
from bot.domain.money import Money
from bot.domain.subscriber import Subscriber
from bot.services.end_auto_renewal import end_auto_renewal
from bot.services.keep_card import forget_card
from bot.services.order_keys import watch_timer
from bot.services.ports import Clock
from bot.services.support_requests import RemoveTopic
from bot.services.unit import Unit

_SHORTEST_WORD: Final = 3


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would become of a subscriber's data."""

    under_way: list[str]
    """The orders that have to end first."""
    is_operator: bool
    """Whose role has to end first."""
    wallets: list[tuple[Line, Money]]
    """What stays with the lines."""
    cards: int
    orders: int
    """How many the books keep."""

    @property
    def can_be(self) -> bool:
        return not self.under_way and not self.is_operator


class ForgetSubscriber:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def outlook(self, unit: Unit, subscriber: Subscriber) -> Outlook:
        lines = await unit.forgetting.last_held(subscriber.id)
        return Outlook(
            under_way=await unit.forgetting.orders_under_way(subscriber.id),
            is_operator=await unit.roles.of(subscriber.id) is not None,
            wallets=[
                (line, held)
                for line in lines
                for held in await unit.forgetting.held_in(wallet_of(line.id))
            ],
            cards=len(await unit.cards.of(subscriber.id)),
            orders=await unit.orders.count(subscriber.id),
        )

    async def forget(self, unit: Unit, subscriber: Subscriber, username: str | None) -> None:
        """Once for all: asked again, nobody is there any more.

        Raises `StillOperator`, and `OrderUnderWay` with the order that has to end first.
        """
        outlook = await self.outlook(unit, subscriber)
        if outlook.is_operator:
            raise StillOperator(str(subscriber.id))
        if outlook.under_way:
            raise OrderUnderWay(outlook.under_way[0])
        now = self._clock.now()
        for card in await unit.cards.of(subscriber.id):
            forget_card(unit, card, now)
        for group_id, thread_id in await unit.topics.all_of(subscriber.id):
            unit.outbox.support(RemoveTopic(group_id, thread_id))
        lines = [
            line
            for line in await unit.forgetting.last_held(subscriber.id)
            if not is_nameless(line.msisdn)
        ]
        salt = await unit.forgetting.make_salt() if lines else b""
        for line in lines:
            end_auto_renewal(unit, line.id)
            unit.timers.cancel(watch_timer(line.id))
        await unit.forgetting.forget(
            subscriber.id,
            new_pseudonym(),
            new_pseudonym(),
            {line: fingerprint(line.msisdn, salt) for line in lines},
            [*_words(subscriber.name, username), *(word for each in lines for word in _of(each))],
            now,
        )


async def recognise_line(unit: Unit, msisdn: Msisdn) -> None:
    """The number is proved: a forgotten line of that number is that line again, with its wallet."""
    salt = await unit.forgetting.salt()
    if salt is not None and not await unit.lines.was_ever_linked(msisdn):
        unit.forgetting.recognise(fingerprint(msisdn, salt), msisdn)


def _words(name: str, username: str | None) -> list[str]:
    """By which a trace of the person is told: a short word would be found everywhere."""
    parts = [name, *name.split(), username or ""]
    return [each for each in parts if len(each) >= _SHORTEST_WORD or not each.isascii()]


def _of(line: Line) -> list[str]:
    return [line.msisdn, line.ref, line.iccid or "", line.name or ""]
