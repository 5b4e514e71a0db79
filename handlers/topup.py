"""Put money into the wallet.

/topup, [Top up] ─▶ an amount, tapped or typed ─▶ confirm ─▶ checkout
[Top up the rest] on an order that the wallet is short for ─▶ confirm ─▶ checkout ─▶ back to it
"""

from __future__ import annotations

from enum import StrEnum

from bot.domain.errors import AmountOutOfRange
from bot.domain.money import Money
from bot.services.renew_line import Quote
from bot.services.top_up_wallet import TopUpWallet
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.html import Html
from handlers.renew import Step as RenewStep
from handlers.routing import (
    NextStep,
    Part,
    on_anything_else,
    on_command,
    on_press,
    on_text,
)
from handlers.screens import renew as renew_screens
from handlers.screens import top_up as screens
from handlers.typed import as_amount


class Step(StrEnum):
    CHOOSING_AMOUNT = "topup:amount"


class TopUpDialogue:
    def __init__(self, top_up: TopUpWallet) -> None:
        self._top_up = top_up

    async def choose_amount(self, context: EventContext, hint: Html | None = None) -> NextStep:
        choice = await self._top_up.choice(context.unit, context.subscriber)
        context.show(screens.choose_amount(context.t, choice, hint))
        return Step.CHOOSING_AMOUNT

    async def take_amount(self, context: EventContext) -> NextStep:
        """The amount of that place among those offered; they may have changed since."""
        choice = await self._top_up.choice(context.unit, context.subscriber)
        if context.pressed.number >= len(choice.offered):
            return await self.choose_amount(context)
        return await self._quote(context, choice.offered[context.pressed.number])

    async def take_typed_amount(self, context: EventContext) -> NextStep:
        choice = await self._top_up.choice(context.unit, context.subscriber)
        amount = as_amount(context.text, choice.bounds.least.currency)
        if amount is None:
            return await self.want_amount(context)
        return await self._quote(context, amount)

    async def want_amount(self, context: EventContext) -> NextStep:
        return await self.choose_amount(context, screens.no_amount(context.t))

    async def top_up_for(self, context: EventContext) -> NextStep:
        quote = await self._top_up.quote_for(context.unit, context.subscriber, context.pressed.name)
        return self._confirm(context, quote)

    async def _quote(self, context: EventContext, amount: Money) -> NextStep:
        try:
            quote = await self._top_up.quote(context.unit, context.subscriber, amount)
        except AmountOutOfRange as refusal:
            return await self.choose_amount(context, screens.out_of_range(context.t, refusal))
        return self._confirm(context, quote)

    def _confirm(self, context: EventContext, quote: Quote) -> NextStep:
        context.show(renew_screens.confirm(context.t, quote, None))
        return RenewStep.CONFIRMING

    def part(self) -> Part:
        return Part(
            entries=[
                on_command("topup", self.choose_amount),
                on_press(Action.TOP_UP, self.choose_amount),
                on_press(Action.TOP_UP_AMOUNT, self.take_amount),
                on_press(Action.TOP_UP_FOR, self.top_up_for),
            ],
            steps={
                Step.CHOOSING_AMOUNT: [
                    on_text(self.take_typed_amount),
                    on_anything_else(self.want_amount),
                ],
            },
        )
