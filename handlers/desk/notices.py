"""What the desk says to people: an operator's role with its menu of commands, a credit, words."""

from __future__ import annotations

from bot.domain.money import Money
from bot.domain.operator import Role
from bot.services.unit import Unit
from handlers import sending
from handlers.commands import put_menu
from handlers.screens.desk import operators as screens
from handlers.screens.desk import serving
from handlers.texts import Texts, texts


class ChatDeskNotices:
    """Implements `bot.services.desk_port.DeskNotices`."""

    async def role_changed(self, unit: Unit, subscriber_id: int, role: Role | None) -> None:
        """Nobody who never wrote to the bot can be written to: /start brings their menu then."""
        known = await unit.subscribers.find(subscriber_id)
        if known is None:
            return
        put_menu(unit, known, role)
        sending.tell(unit, subscriber_id, screens.told(texts(known.language), role))

    async def credited(self, unit: Unit, subscriber_id: int, amount: Money, reason: str) -> None:
        t = await self._texts(unit, subscriber_id)
        sending.tell(unit, subscriber_id, serving.credited(t, amount, reason))

    async def written(self, unit: Unit, subscriber_id: int, text: str) -> None:
        t = await self._texts(unit, subscriber_id)
        sending.tell(unit, subscriber_id, serving.written(t, text))

    async def _texts(self, unit: Unit, subscriber_id: int) -> Texts:
        known = await unit.subscribers.find(subscriber_id)
        return texts(known.language if known is not None else "en")
