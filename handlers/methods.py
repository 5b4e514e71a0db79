"""Ways to pay: the one proposed for the line, and the cards that are kept.

/methods, [Payment methods] ─▶ a way, or as last time ─▶ marked
[Remove a card] ─▶ which ─▶ [Keep it] or [Remove]
"""

from __future__ import annotations

from bot.domain.errors import PaymentMethodUnavailable
from bot.domain.payment import Way
from bot.services.choose_method import ChooseMethod
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.html import Html
from handlers.routing import DONE, NextStep, Part, on_command, on_press
from handlers.screens import methods as screens


class MethodsDialogue:
    def __init__(self, methods: ChooseMethod) -> None:
        self._methods = methods

    async def methods(self, context: EventContext) -> NextStep:
        return await self._show(context)

    async def choose(self, context: EventContext) -> NextStep:
        """The way of the button, or none where it names none."""
        press = context.pressed
        way = Way.named(press.name)
        if way is None and press.name:
            raise PaymentMethodUnavailable(press.name)
        await self._methods.choose(context.unit, context.subscriber, press.number, way)
        return await self._show(context)

    async def cards(self, context: EventContext) -> NextStep:
        own = await self._methods.own(context.unit, context.subscriber)
        context.show(screens.cards(context.t, own))
        return DONE

    async def ask_forget(self, context: EventContext) -> NextStep:
        card = await self._methods.card(context.unit, context.subscriber, context.pressed.number)
        context.show(screens.forget_card(context.t, card))
        return DONE

    async def forget(self, context: EventContext) -> NextStep:
        await self._methods.remove(context.unit, context.subscriber, context.pressed.number)
        return await self._show(context, context.t("✅ Removed. This card is never charged again."))

    async def _show(self, context: EventContext, note: Html | None = None) -> NextStep:
        own = await self._methods.own(context.unit, context.subscriber)
        context.show(screens.methods(context.t, own, note))
        return DONE

    def part(self) -> Part:
        return Part(
            entries=[
                on_command("methods", self.methods),
                on_press(Action.WAYS, self.methods),
                on_press(Action.WAY, self.choose),
                on_press(Action.KEPT_CARDS, self.cards),
                on_press(Action.FORGET_CARD, self.ask_forget),
                on_press(Action.FORGET_CARD_SURELY, self.forget),
            ]
        )
