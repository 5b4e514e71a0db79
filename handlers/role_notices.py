"""What an operator is told of the own role, and the menu of commands that goes with it."""

from __future__ import annotations

from bot.domain.operator import Role
from bot.services.unit import Unit
from handlers import sending
from handlers.commands import operator_menu_calls
from handlers.screens.desk import operators as screens
from handlers.texts import texts


class ChatRoleNotices:
    """Implements `bot.services.desk_port.RoleNotices`."""

    async def role_changed(self, unit: Unit, subscriber_id: int, role: Role | None) -> None:
        """Nobody who never wrote to the bot can be written to: /start brings their menu then."""
        known = await unit.subscribers.find(subscriber_id)
        if known is None:
            return
        put_menu(unit, subscriber_id, role)
        sending.tell(unit, subscriber_id, screens.told(texts(known.language), role))


def put_menu(unit: Unit, subscriber_id: int, role: Role | None) -> None:
    for method, parameters in operator_menu_calls(subscriber_id, role):
        unit.outbox.telegram(method, parameters, chat_id=subscriber_id)
