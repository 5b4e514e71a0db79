"""What support says by itself, to the subscriber."""

from __future__ import annotations

from bot.domain.support import SupportCase
from bot.services.read_support import ReadSupport
from bot.services.unit import Unit
from handlers import sending
from handlers.screens import support as screens
from handlers.texts import Texts, texts


class ChatSupportNotices:
    """Implements `bot.services.support_port.SupportNotices`."""

    def __init__(self, support: ReadSupport) -> None:
        self._support = support

    async def received(self, unit: Unit, case: SupportCase) -> None:
        t = await self._texts(unit, case.subscriber_id)
        told = screens.received(t, self._support.attendance())
        sending.tell(unit, case.subscriber_id, told)

    def seen(self, unit: Unit, chat_id: int, message_id: int) -> None:
        sending.react(unit, chat_id, message_id)

    async def closed(self, unit: Unit, case: SupportCase) -> None:
        t = await self._texts(unit, case.subscriber_id)
        sending.tell(unit, case.subscriber_id, screens.closed(t, case))

    async def _texts(self, unit: Unit, subscriber_id: int) -> Texts:
        known = await unit.subscribers.find(subscriber_id)
        return texts(known.language if known is not None else "en")
