"""What forgetting a person asks of the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.line import Line, Msisdn
from bot.domain.money import Money


class Forgetting(Protocol):
    async def orders_under_way(self, subscriber_id: int) -> list[str]:
        """Their own, and those that they pay for somebody else: what waits for a payment, a
        delivery, a refund or an operator, the oldest first."""
        ...

    async def last_held(self, subscriber_id: int) -> list[Line]:
        """The lines of which nobody else is the holder since: linked now, or unlinked."""
        ...

    async def held_in(self, account: str) -> list[Money]:
        """What the account holds, by currency; empty when nothing."""
        ...

    async def salt(self) -> bytes | None:
        """That of the fingerprints of lines; None while no line was ever forgotten."""
        ...

    async def make_salt(self) -> bytes:
        """The same, made at its first use."""
        ...

    def recognise(self, seal: str, msisdn: Msisdn) -> None:
        """The forgotten line with that fingerprint, if there is one, has its number again."""
        ...

    async def forget(
        self,
        subscriber_id: int,
        pseudonym: int,
        stranger: int,
        sealed: Mapping[Line, str],
        words: Iterable[str],
        at: datetime,
    ) -> None:
        """Removes the person by the register of personal data.

        The books go on under ``pseudonym``; what is only counted, under ``stranger``. The lines
        lose their numbers for fingerprints. What still passes through, and holds one of ``words``
        or their id, is emptied once it has passed.
        """
        ...
