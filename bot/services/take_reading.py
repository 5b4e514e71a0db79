"""Take a reading: keep what the carrier said of a line, show it where it is being looked
at, and tell what it brings.

The first reading of a line may also open its wallet: the prepaid balance that the carrier held for
it becomes the wallet's opening entry, once, if the operator has moved those balances here.
"""

from __future__ import annotations

from bot.domain.forgetting import is_nameless
from bot.domain.ledger import opening_balance
from bot.domain.line import Reading
from bot.domain.money import Money
from bot.services.ports import Clock, Notices
from bot.services.requests import ReadingTaken, UsageRead
from bot.services.unit import Unit
from bot.services.watch_line import WatchLine


class TakeReading:
    def __init__(
        self,
        clock: Clock,
        notices: Notices,
        watch: WatchLine,
        currency: str,
        opening_balances: bool,
    ) -> None:
        self._clock = clock
        self._notices = notices
        self._watch = watch
        self._currency = currency
        self._opening_balances = opening_balances

    async def on_reading(self, unit: Unit, answer: ReadingTaken) -> None:
        reading = answer.reading
        if not await _is_known(unit, reading.line_id):
            return
        if self._opening_balances and reading.wallet is not None:
            await self._open_wallet(unit, reading, reading.wallet)
        unit.readings.put(reading, self._clock.now())
        await self._notices.reading_arrived(unit, reading.line_id)
        await self._watch.on_read(unit, reading.line_id)

    async def on_usage(self, unit: Unit, answer: UsageRead) -> None:
        if not await _is_known(unit, answer.line_id):
            return
        unit.readings.put_usage(answer.line_id, answer.days)
        await self._notices.usage_arrived(unit, answer.line_id, answer.subscriber_id)

    async def _open_wallet(self, unit: Unit, reading: Reading, held: Money) -> None:
        """Only the first reading opens it: what the carrier reports later is not ours to add. Of a
        line that was forgotten meanwhile no reading is held, and its wallet is open."""
        if held.minor <= 0 or held.currency != self._currency:
            return
        opening = opening_balance(reading.line_id, held)
        is_first = await unit.readings.latest(reading.line_id) is None
        if is_first and not await unit.ledger.has(opening.key):
            unit.ledger.post(opening, self._clock.now())


async def _is_known(unit: Unit, line_id: int) -> bool:
    """What was asked of a line before its holder was forgotten is not kept after it."""
    line = await unit.lines.get(line_id)
    return line is not None and not is_nameless(line.msisdn)
