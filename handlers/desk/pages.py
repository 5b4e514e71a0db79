"""How operators hear of what only they can settle: a message when something new waits.

It goes to the operators' group, else to the owners and finance (that a subscriber wrote, to those
of support as well), each in private; it is staged by the transaction in which it came to wait. What
comes within a minute of the last message goes along with the next one, and the same thing is not
told again for a while.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from bot.domain.operator import Role
from bot.services.platform_port import Operators
from bot.services.ports import Clock
from bot.services.relay_support import CASE_WAITS, GROUP_UNREACHABLE
from bot.services.unit import Unit
from handlers import sending
from handlers.desk.group_words import words_of_group
from handlers.screens.desk import waiting as screens
from handlers.texts import texts

PAUSE: Final = timedelta(minutes=1)
TELLS_AGAIN_AFTER: Final = timedelta(hours=1)
_TIMER: Final = "operators:page"
_RECEIVERS: Final = frozenset({Role.OWNER, Role.FINANCE})
_ALSO_FOR_SUPPORT: Final = frozenset({CASE_WAITS})

_Raised = tuple[str, Mapping[str, str]]
"""What it is, and which ids it is about."""


class ChatPages:
    """Implements `bot.services.platform_port.Operators`. ``record`` keeps all of it beside the
    chats; ``group``: the id of the operators' group, if they have one."""

    def __init__(self, clock: Clock, record: Operators, group: int | None) -> None:
        self._clock = clock
        self._record = record
        self._group = group

    async def page(self, unit: Unit, what: str, **facts: str) -> None:
        await self._record.page(unit, what, **facts)
        now = self._clock.now()
        unit.pages.add(what, facts, now, now - TELLS_AGAIN_AFTER)
        last = await unit.pages.last_told()
        if last is not None and timedelta(0) <= now - last < PAUSE:
            unit.timers.set(_TIMER, "operators_page", {}, last + PAUSE)
        else:
            await self._tell(unit)

    def note(self, what: str, **facts: int) -> None:
        self._record.note(what, **facts)

    async def on_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        del timer
        await self._tell(unit)

    async def _tell(self, unit: Unit) -> None:
        raised = await unit.pages.untold()
        if not raised:
            return
        unit.pages.mark_told(self._clock.now())
        if self._group is not None:
            t = await words_of_group(unit)
            sending.say(unit, self._group, screens.page(t, raised).text)
            # A group that is out of reach may be this one.
            raised = [each for each in raised if each[0] == GROUP_UNREACHABLE]
        for operator in await unit.roles.holders():
            known = await unit.subscribers.find(operator.subscriber_id)
            theirs = _for(operator.role, raised)
            if theirs and known is not None and not known.blocked:
                sending.tell(unit, known.id, screens.page(texts(known.language), theirs))


def _for(role: Role, raised: Sequence[_Raised]) -> Sequence[_Raised]:
    if role is Role.SUPPORT:
        return [each for each in raised if each[0] in _ALSO_FOR_SUPPORT]
    return raised if role in _RECEIVERS else []
