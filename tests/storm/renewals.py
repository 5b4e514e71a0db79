"""How a person renews while the bot dies and comes back.

Whoever gets no answer tries again, as people do; but what is paid is never paid again, except where
the storm wants a second charge.

    /renew ─▶ plan ─▶ [days] ─▶ confirm ─┬─────────────────────▶ pay from the wallet ─▶ card: paid
                                         └▶ another way ─▶ card ─▶ pay ─▶ invoice ─▶ card: paid
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tests.storm import size
from tests.storm.chat import Chat, Key, Message, invoice, key_labelled, key_with_data, text_with

PLANS: Final = {"Daily": 15_00, "Monthly": 199_00, "Quarterly": 499_00}
"""The labels of the catalogue's buttons; the price of what is bought of each, in fen."""
ANSWER_WITHIN_S: Final = 8.0
TRIES: Final = 4
GIVE_UP_AFTER_S: Final = 240.0
_PAID: Final = "✅ Paid"
_WELCOME: Final = "verify your number"
_HOME: Final = "High speed today"

Meddle = Callable[[str], Awaitable[None]]
"""Has somebody else press the button with this data."""


class Method(StrEnum):
    WALLET = "wallet"
    INVOICE = "invoice"


class Stranded(Exception):
    """A person tried for minutes and got nowhere."""


@dataclass
class Purse:
    """What one person knows to have paid, and how."""

    orders: dict[str, int] = field(default_factory=dict)
    """Paid from the wallet: the price by order, in fen."""
    charges: list[str] = field(default_factory=list)
    doubled_notices: int = 0
    second_charges: int = 0


class Renewals:
    """The renewals of one person, one after another."""

    def __init__(self, chat: Chat, meddle: Meddle, dice: random.Random) -> None:
        self._chat = chat
        self._meddle = meddle
        self._dice = dice
        self._linked = False
        self.purse = Purse()

    async def renew(self, method: Method) -> None:
        """One renewal, from the command to the card that says "paid". Raises `Stranded`."""
        plan = self._dice.choice(sorted(PLANS))
        try:
            async with asyncio.timeout(GIVE_UP_AFTER_S):
                await self._link()
                if self._dice.random() < size.MEDDLED:
                    await self._look_and_leave(plan)
                while not await self._attempt(plan, method):
                    pass
        except TimeoutError:
            raise Stranded(f"no {plan} by {method}") from None

    # ── linking, once ──

    async def _link(self) -> None:
        """Shares the own number until the line's screen stands in the chat."""
        while not self._linked:
            start = await self._chat.sends("/start")
            seen = await self._chat.waits_for(_welcome_or_home, start, ANSWER_WITHIN_S)
            if seen is _WELCOME and await self._chat.shares_contact():
                seen = await self._chat.waits_for(_home, start, ANSWER_WITHIN_S)
            self._linked = seen is _HOME

    # ── one attempt ──

    async def _attempt(self, plan: str, method: Method) -> bool:
        """False when it led nowhere and nothing was paid: the person begins anew."""
        start = await self._chat.sends("/renew")
        pay = await self._reach_payment(plan, method, start)
        if pay is None:
            return False
        if method is Method.WALLET:
            await self._pay_from_wallet(pay, plan, start)
            return True
        return await self._pay_invoice(pay, start)

    async def _look_and_leave(self, plan: str) -> None:
        """Comes as far as the button; then somebody else presses it. Nobody may pay for that."""
        start = await self._chat.sends("/renew")
        pay = await self._reach_payment(plan, Method.WALLET, start)
        if pay is not None:
            await self._meddle(pay.data)

    async def _reach_payment(self, plan: str, method: Method, start: int) -> Key | None:
        way = [key_labelled(plan)]
        if plan == "Daily":
            way.append(key_labelled("1 d"))
        if method is Method.INVOICE:
            way += [key_labelled("another way"), key_labelled("in Telegram")]
        way.append(key_with_data("v1:pay:", f":{method}"))
        key = await self._chat.waits_for(way[0], start, ANSWER_WITHIN_S)
        for following in way[1:]:
            if key is None:
                return None
            key = await self._press_until(key, following, start)
        return key

    async def _press_until(
        self, key: Key, following: Callable[[list[Message]], Key | None], start: int
    ) -> Key | None:
        for _ in range(TRIES):
            await self._chat.presses(key)
            found = await self._chat.waits_for(following, start, ANSWER_WITHIN_S)
            if found is not None:
                return found
        return None

    # ── paying ──

    async def _pay_from_wallet(self, pay: Key, plan: str, start: int) -> None:
        """From the first press on, the order counts as paid: only looking again is left."""
        order_id = pay.data.split(":")[2]
        self.purse.orders[order_id] = PLANS[plan]
        paid = text_with(order_id, _PAID)
        await self._chat.presses(pay)
        while await self._chat.waits_for(paid, start, ANSWER_WITHIN_S) is None:
            await self._chat.presses(pay)

    async def _pay_invoice(self, pay: Key, start: int) -> bool:
        order_id = pay.data.split(":")[2]
        await self._chat.presses(pay)
        while (sent := await self._chat.waits_for(invoice, start, ANSWER_WITHIN_S)) is None:
            await self._chat.presses(pay)
        if not await self._charge(sent["message_id"]):
            return False
        paid = text_with(order_id, _PAID)
        while await self._chat.waits_for(paid, start, ANSWER_WITHIN_S) is None:
            pass
        return True

    async def _charge(self, invoice_id: int) -> bool:
        """Pays once, by as many tries as it takes. False when the bot refuses the payment."""
        chance = self._dice.random()
        outcome, at_once = "paid", 1
        if chance < size.NOTICES_DOUBLED:
            outcome = "double-notice"
        elif chance < size.NOTICES_DOUBLED + size.CHARGED_TWICE:
            at_once = 2
        while True:
            ends = await asyncio.gather(
                *(self._chat.pays(invoice_id, outcome) for _ in range(at_once))
            )
            charges = [end["charge_id"] for end in ends if end["outcome"] == "paid"]
            if charges:
                self.purse.charges += charges
                self.purse.second_charges += len(charges) - 1
                self.purse.doubled_notices += outcome == "double-notice"
                return True
            if all(end["outcome"] == "refused" for end in ends):
                return False


def _home(messages: list[Message]) -> str | None:
    return _HOME if text_with(_HOME)(messages) else None


def _welcome_or_home(messages: list[Message]) -> str | None:
    return _home(messages) or (_WELCOME if text_with(_WELCOME)(messages) else None)
