"""End the auto-renewal of a line: its holder says so, or has the line no more."""

from __future__ import annotations

from bot.services.order_keys import auto_renewal_timer
from bot.services.unit import Unit


def end_auto_renewal(unit: Unit, line_id: int) -> None:
    unit.auto_renewals.end(line_id)
    unit.timers.cancel(auto_renewal_timer(line_id))
