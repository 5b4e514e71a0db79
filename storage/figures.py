"""A few figures by which somebody can tell from outside that the trade goes on, read beside the
running bot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.refunds import operators_view


@dataclass(frozen=True, slots=True)
class Figures:
    charged_not_delivered: int
    """Orders past the time that activation may take, neither delivered nor given back."""
    disputes_open: int
    refunds_owed: int
    reconciled_at: datetime | None
    """When the last reconciliation ended; None before the first."""


async def read_figures(database: Path, now: datetime) -> Figures:
    """Raises `bot.services.events.StoreFailed`."""
    async with operators_view(database) as view:
        last = await view.last_reconciliation()
        return Figures(
            charged_not_delivered=len(await view.charged_but_not_delivered(now)),
            disputes_open=len(await view.open_disputes()),
            refunds_owed=len(await view.owed()),
            reconciled_at=last.finished_at if last is not None else None,
        )
