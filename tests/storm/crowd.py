"""Everybody who takes part in a storm, and whose turn it is."""

from __future__ import annotations

import asyncio
import contextlib
import random

from bot import refunding
from tests.storm.people import Person
from tests.storm.renewals import PLANS, TOP_UP, Method, Purse, Renewals, Stranded, Twist
from tests.storm.size import (
    CHARGED_TWICE,
    MEDDLED,
    NOTICES_DOUBLED,
    NOTICES_LOST,
    REFUNDED,
    SLOW_MONEY,
    TOPPED_UP,
    Size,
)
from tests.storm.world import StormWorld


class Crowd:
    """Everybody, and whose turn it is. Each kill lets some more renewals begin, so that kills and
    renewals go together to the end."""

    def __init__(self, world: StormWorld, size: Size, seed: int) -> None:
        self._world = world
        self._size = size
        self._dice = random.Random(seed)
        self._tickets = asyncio.Semaphore(0)
        self._idle: asyncio.Queue[Person] = asyncio.Queue()
        self.by_person = {person: self._renewals_of(person) for person in world.people}
        self.under_way = 0
        self.finished = dict.fromkeys(Method, 0)
        self.refunded: set[str] = set()
        """The orders of which an operator wanted the money to go back."""
        self.stranded: list[str] = []
        for person in self._dice.sample(world.people, len(world.people)):
            self._idle.put_nowait(person)

    @property
    def purses(self) -> dict[Person, Purse]:
        return {person: renewals.purse for person, renewals in self.by_person.items()}

    def admit(self, more: int) -> None:
        for _ in range(more):
            self._tickets.release()

    async def renew(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for number in range(self._size.renewals):
                await self._tickets.acquire()
                person = await self._idle.get()
                method = list(Method)[number % len(Method)]
                tasks.create_task(self._one(person, method))

    async def _one(self, person: Person, method: Method) -> None:
        self.under_way += 1
        plan = self._dice.choice(sorted(PLANS))
        if method.fills_wallets and self._dice.random() < TOPPED_UP:
            plan = TOP_UP
        twist = self._twist(method)
        try:
            order_id = await self.by_person[person].renew(plan, method, twist)
            self.finished[method] += 1
            is_told = plan != TOP_UP and twist is not Twist.LOST_NOTICE
            if is_told and self._dice.random() < REFUNDED:
                await self._refund(order_id)
        except Stranded as reason:
            self.stranded.append(f"{person.id}: {reason}")
        finally:
            self.under_way -= 1
            self._idle.put_nowait(person)

    async def _refund(self, order_id: str) -> None:
        """By the operator's command, which is left for a bot that is dead just now."""
        self.refunded.add(order_id)
        with contextlib.suppress(refunding.Refused):  # the carrier rejected it: given back already
            async for _ in refunding.refund(self._world.database, order_id, None, 0):
                pass

    def _twist(self, method: Method) -> Twist:
        """A wallet has no notices, and an invoice no page. Of a provider's invoice Telegram keeps
        no list, in which a notice that got lost could be found."""
        odds = {Twist.MEDDLED: MEDDLED}
        if method.has_invoice:
            odds |= {Twist.DOUBLED_NOTICE: NOTICES_DOUBLED, Twist.CHARGED_TWICE: CHARGED_TWICE}
        if method is Method.STARS:
            odds |= {Twist.LOST_NOTICE: NOTICES_LOST}
        if method.has_page:
            odds |= {Twist.SLOW_MONEY: SLOW_MONEY}
        odds[Twist.NONE] = 1 - sum(odds.values())
        return self._dice.choices(list(odds), list(odds.values()))[0]

    def _renewals_of(self, person: Person) -> Renewals:
        others = [other for other in self._world.people if other is not person]

        async def meddle(data: str) -> None:
            await self._world.meddle(self._dice.choice(others), data)

        return Renewals(self._world.chat(person), meddle)
