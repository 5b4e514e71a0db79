"""Everybody who takes part in a storm, and whose turn it is."""

from __future__ import annotations

import asyncio
import random

from tests.storm.people import Person
from tests.storm.renewals import PLANS, TOP_UP, Method, Purse, Renewals, Stranded, Twist
from tests.storm.size import CHARGED_TWICE, MEDDLED, NOTICES_DOUBLED, Size
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
        self.finished = {Method.WALLET: 0, Method.INVOICE: 0}
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
                method = Method.INVOICE if number % 2 else Method.WALLET
                tasks.create_task(self._one(person, method))

    async def _one(self, person: Person, method: Method) -> None:
        self.under_way += 1
        offered = (*PLANS, TOP_UP) if method is Method.INVOICE else PLANS
        plan = self._dice.choice(sorted(offered))
        twist = Twist.NONE if plan == TOP_UP else self._twist(method)
        try:
            await self.by_person[person].renew(plan, method, twist)
            self.finished[method] += 1
        except Stranded as reason:
            self.stranded.append(f"{person.id}: {reason}")
        finally:
            self.under_way -= 1
            self._idle.put_nowait(person)

    def _twist(self, method: Method) -> Twist:
        """Of the payments by invoice, since a wallet has no notices."""
        odds = {Twist.MEDDLED: MEDDLED}
        if method is Method.INVOICE:
            odds |= {Twist.DOUBLED_NOTICE: NOTICES_DOUBLED, Twist.CHARGED_TWICE: CHARGED_TWICE}
        odds[Twist.NONE] = 1 - sum(odds.values())
        return self._dice.choices(list(odds), list(odds.values()))[0]

    def _renewals_of(self, person: Person) -> Renewals:
        others = [other for other in self._world.people if other is not person]

        async def meddle(data: str) -> None:
            await self._world.meddle(self._dice.choice(others), data)

        return Renewals(self._world.chat(person), meddle)
