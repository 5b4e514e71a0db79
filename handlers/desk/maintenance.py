"""Maintenance.

[Maintenance] ─▶ [Pause purchases] ─▶ paused ─▶ [Open purchases] ─▶ open
"""

from __future__ import annotations

from bot.domain.operator import Deed
from bot.services.authority import Authority
from bot.services.maintain import Maintain
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.desk.only import Only
from handlers.routing import DONE, NextStep, Part
from handlers.screens.desk import maintenance as screens
from handlers.texts import languages, texts


class MaintenanceDialogue:
    def __init__(self, authority: Authority, maintain: Maintain) -> None:
        self._authority = authority
        self._maintain = maintain

    async def maintenance(self, context: EventContext) -> NextStep:
        is_on = await self._maintain.is_on(context.unit)
        words = [texts(language) for language in languages()]
        context.show(screens.maintenance(context.t, words, is_on=is_on))
        return DONE

    async def pause(self, context: EventContext) -> NextStep:
        await self._maintain.switch(context.unit, context.subscriber.id, on=True)
        return await self.maintenance(context)

    async def open(self, context: EventContext) -> NextStep:
        await self._maintain.switch(context.unit, context.subscriber.id, on=False)
        return await self.maintenance(context)

    def part(self) -> Part:
        owners = Only(self._authority, Deed.MAINTAIN)
        return Part(
            entries=[
                owners.on_press(Action.MAINTENANCE, self.maintenance),
                owners.on_press(Action.PAUSE_PURCHASES, self.pause),
                owners.on_press(Action.OPEN_PURCHASES, self.open),
            ]
        )
