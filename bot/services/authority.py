"""Authority: may this person do that, now?

Asked at every step of a dialogue and once more by the service that does the deed, always of the
database, in the transaction that decides: a role that was taken away a moment ago allows nothing,
whatever buttons are still on a screen.
"""

from __future__ import annotations

from bot.domain.errors import NotAllowed
from bot.domain.operator import Deed, Operator
from bot.services.unit import Unit


class Authority:
    async def of(self, unit: Unit, subscriber_id: int) -> Operator | None:
        return await unit.roles.of(subscriber_id)

    async def require(self, unit: Unit, subscriber_id: int, deed: Deed) -> Operator:
        """The operator, whose role allows the deed. Raises `NotAllowed`."""
        operator = await unit.roles.of(subscriber_id)
        if operator is None or not operator.role.may(deed):
            raise NotAllowed(None if operator is None else operator.role)
        return operator
