"""How a person renews, or tops up, while the bot dies and comes back.

Whoever gets no answer tries again, as people do; but what is paid is never paid again, except where
the storm wants a second charge.

    /renew ─▶ plan ─▶ [days] ─┐
    /topup ─▶ amount ─────────┴▶ confirm ─▶ [another way] ─┬▶ pay from the wallet ──▶ card: paid
                                                           ├▶ pay ─▶ invoice, Stars ▶ card: paid
                                                           └▶ pay ─▶ platform's page ▶ card: paid
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tests.storm.chat import (
    Chat,
    Key,
    Message,
    invoice,
    key_labelled,
    key_with_data,
    page_of_payment,
    text_with,
)

PLANS: Final = ("Daily", "Monthly", "Quarterly")
"""The labels of the catalogue's buttons."""
ANSWER_WITHIN_S: Final = 8.0
TRIES: Final = 4
GIVE_UP_AFTER_S: Final = 900.0
TOP_UP: Final = "¥50.00"
"""The label of one of the amounts that are offered."""
_PAID: Final = "✅ Paid"
_CHANGED: Final = "Nothing was charged"
_CLOSED: Final = "is closed or being paid"
WELCOME: Final = "verify your number"
_HOME: Final = "High speed today"

Meddle = Callable[[str], Awaitable[None]]
"""Has somebody else press the button with this data."""


class Method(StrEnum):
    WALLET = "wallet"
    INVOICE = "invoice"
    STARS = "stars"
    CARD = "card"
    ALIPAY = "alipay"
    WECHAT_PAY = "wechat_pay"

    @property
    def has_page(self) -> bool:
        return self is not Method.WALLET and not self.has_invoice

    @property
    def has_invoice(self) -> bool:
        """Paid in Telegram's own sheet."""
        return self in {Method.INVOICE, Method.STARS}

    @property
    def fills_wallets(self) -> bool:
        return self not in {Method.WALLET, Method.STARS}


class Twist(StrEnum):
    """What is unusual about a renewal."""

    NONE = "none"
    DOUBLED_NOTICE = "doubled_notice"
    LOST_NOTICE = "lost_notice"
    """Telegram never tells of the payment, and the person asks no more."""
    CHARGED_TWICE = "charged_twice"
    SLOW_MONEY = "slow_money"
    """The payer has done their part on the page, and the money arrives some seconds later."""
    MEDDLED = "meddled"
    """At first the person only looks, and somebody else presses the pay button."""


_TOLD: Final = {Twist.DOUBLED_NOTICE: "double-notice", Twist.LOST_NOTICE: "lost-notice"}
"""What Telegram makes of the notice of a charge."""


class Stranded(Exception):
    """A person tried for a quarter of an hour and got nowhere."""


@dataclass
class Purse:
    """What one person knows to have paid, and how."""

    orders: dict[str, int] = field(default_factory=dict)
    """Paid from the wallet: the price by order, in fen."""
    top_ups: dict[str, int] = field(default_factory=dict)
    """Put into the wallet: the amount by order, in fen."""
    doubled_notices: int = 0
    lost_notices: int = 0
    second_charges: int = 0


@dataclass(frozen=True, slots=True)
class Checkout:
    """The button that pays, and the message after which all of this renewal stands."""

    key: Key
    start: int

    @property
    def order_id(self) -> str:
        return self.key.data.split(":")[2]

    @property
    def price_minor(self) -> int:
        """What the button asks for, in fen, where it asks for money."""
        amount = self.key.label.partition("¥")[2].replace(",", "")
        return int(amount.replace(".", ""))

    def outcome(self, messages: list[Message]) -> str | None:
        """Whether the order is paid, or cannot be any more: its price changed, its coupon went."""
        if text_with(self.order_id, _PAID)(messages):
            return _PAID
        closed = text_with(_CHANGED)(messages) or text_with(self.order_id, _CLOSED)(messages)
        return _CLOSED if closed else None


class Renewals:
    """The renewals and top-ups of one person, one after another."""

    def __init__(self, chat: Chat, meddle: Meddle) -> None:
        self._chat = chat
        self._meddle = meddle
        self._linked = False
        self.purse = Purse()

    async def renew(self, plan: str, method: Method, twist: Twist = Twist.NONE) -> str:
        """One renewal (or with `TOP_UP` one top-up), from the command to the card that says "paid",
        or to the payment of which nobody tells; its order. Raises `Stranded`."""
        try:
            async with asyncio.timeout(GIVE_UP_AFTER_S):
                if twist is Twist.MEDDLED:
                    looked = await self.come_to_pay(plan, method)
                    await self._meddle(looked.key.data)
                while (order_id := await self._pay(plan, method, twist)) is None:
                    pass
                return order_id
        except TimeoutError:
            raise Stranded(f"no {plan} by {method}, {twist}") from None

    async def come_to_pay(self, plan: str, method: Method) -> Checkout:
        """Presses on, beginning anew when that leads nowhere, until the pay button is there."""
        await self._link()
        while True:
            start = await self._chat.sends("/topup" if plan == TOP_UP else "/renew")
            key = await self._walk(plan, method, start)
            if key is not None:
                return Checkout(key, start)

    # ── on the way ──

    async def _link(self) -> None:
        """Shares the own number, once, until the line's screen stands in the chat."""
        while not self._linked:
            start = await self._chat.sends("/start")
            seen = await self._chat.waits_for(_welcome_or_home, start, ANSWER_WITHIN_S)
            if seen is WELCOME and await self._chat.shares_contact():
                seen = await self._chat.waits_for(_home, start, ANSWER_WITHIN_S)
            self._linked = seen is _HOME

    async def _walk(self, plan: str, method: Method, start: int) -> Key | None:
        """To the pay button of that method: the proposed one is the one used last time."""
        key = await self._chat.waits_for(key_labelled(plan), start, ANSWER_WITHIN_S)
        if plan == "Daily":
            key = await self._on(key, key_labelled("1 d"), start)
        key = await self._on(key, key_with_data("v1:pay:"), start)
        if key is None or key.data.endswith(f":{method}"):
            return key
        key = await self._chat.waits_for(key_labelled("another way"), start, ANSWER_WITHIN_S)
        key = await self._on(key, key_with_data("v1:confirm:", f":{method}"), start)
        return await self._on(key, key_with_data("v1:pay:", f":{method}"), start)

    async def _on(
        self, key: Key | None, following: Callable[[list[Message]], Key | None], start: int
    ) -> Key | None:
        return None if key is None else await self._press_until(key, following, start)

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

    async def _pay(self, plan: str, method: Method, twist: Twist) -> str | None:
        """The order; None when nothing was paid: the person begins anew."""
        checkout = await self.come_to_pay(plan, method)
        if not await self._chat.presses(checkout.key):
            return None
        if method is Method.WALLET:
            # Pressed is as good as paid, whatever happens to the bot: only looking is left.
            self.purse.orders[checkout.order_id] = checkout.price_minor
        elif not await (self._pay_page if method.has_page else self._pay_invoice)(checkout, twist):
            return None
        elif plan == TOP_UP:
            self.purse.top_ups[checkout.order_id] = checkout.price_minor
        elif twist is Twist.LOST_NOTICE:
            return checkout.order_id
        while (
            seen := await self._chat.waits_for(checkout.outcome, checkout.start, ANSWER_WITHIN_S)
        ) is None:
            await self._chat.presses(checkout.key)
        if seen is _CLOSED:
            self.purse.orders.pop(checkout.order_id, None)
        return checkout.order_id if seen is _PAID else None

    async def _pay_page(self, checkout: Checkout, twist: Twist) -> bool:
        """Pays on the page that the order's card leads to. False when it cannot be paid there, or
        the card is gone."""
        for _ in range(TRIES):
            page = await self._chat.waits_for(page_of_payment, checkout.start, ANSWER_WITHIN_S)
            if page is not None:
                return await self._chat.pays_page(page, slow=twist is Twist.SLOW_MONEY)
            if await self._chat.waits_for(checkout.outcome, checkout.start, 0) is _CLOSED:
                return False
            await self._chat.presses(checkout.key)
        return False

    async def _pay_invoice(self, checkout: Checkout, twist: Twist) -> bool:
        """Pays once, by as many tries as it takes. False when the bot refuses the payment."""
        while (
            sent := await self._chat.waits_for(invoice, checkout.start, ANSWER_WITHIN_S)
        ) is None:
            if await self._chat.waits_for(checkout.outcome, checkout.start, 0) is _CLOSED:
                return False
            await self._chat.presses(checkout.key)
        outcome = _TOLD.get(twist, "paid")
        at_once = 2 if twist is Twist.CHARGED_TWICE else 1
        while True:
            ends = await asyncio.gather(
                *(self._chat.pays(sent["message_id"], outcome) for _ in range(at_once))
            )
            charges = sum(end["outcome"] == "paid" for end in ends)
            if charges:
                self.purse.second_charges += charges - 1
                self.purse.doubled_notices += twist is Twist.DOUBLED_NOTICE
                self.purse.lost_notices += twist is Twist.LOST_NOTICE
                return True
            if all(end["outcome"] == "refused" for end in ends):
                return False


def _home(messages: list[Message]) -> str | None:
    return _HOME if text_with(_HOME)(messages) else None


def _welcome_or_home(messages: list[Message]) -> str | None:
    return _home(messages) or (WELCOME if text_with(WELCOME)(messages) else None)
