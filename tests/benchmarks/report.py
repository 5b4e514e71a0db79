"""What was measured against what was promised: a table for people, a line of JSON for programs."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with its budget; ``budget`` None: shown for comparison. ``at_least`` says on which
    side of the budget the figure has to be."""

    what: str
    figure: float
    unit: str
    budget: float | None = None
    at_least: bool = False
    remark: str = ""

    @property
    def met(self) -> bool | None:
        if self.budget is None:
            return None
        return self.figure >= self.budget if self.at_least else self.figure <= self.budget

    def __str__(self) -> str:
        sign = {None: "", True: " ✓", False: " ✗"}[self.met]
        return f"{self.what}: {self.figure:,.4g} {self.unit}{sign}"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


def table(rows: Sequence[Row]) -> Table:
    shown = Table(title="Speed, in one run on this machine", title_justify="left")
    shown.add_column("measured")
    shown.add_column("figure", justify="right")
    shown.add_column("budget", justify="right")
    shown.add_column("")
    shown.add_column("remark", style="dim")
    for row in rows:
        shown.add_row(
            row.what,
            f"{row.figure:,.4g} {row.unit}",
            _budget(row),
            {None: "", True: "[green]✓[/]", False: "[red]✗[/]"}[row.met],
            row.remark,
        )
    return shown


def _budget(row: Row) -> str:
    if row.budget is None:
        return ""
    return f"{'≥' if row.at_least else '≤'} {row.budget:,g} {row.unit}"


def ms(seconds: Sequence[float], percent: int) -> float:
    """The percentile in milliseconds; the median is ``50``."""
    if not seconds:
        raise ValueError("nothing was measured")
    if len(seconds) == 1:
        return 1000 * seconds[0]
    return 1000 * statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1]
