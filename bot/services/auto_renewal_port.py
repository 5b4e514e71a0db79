"""Auto-renewals as the services see them in the store."""

from __future__ import annotations

from typing import Protocol

from bot.domain.auto_renewal import AutoRenewal


class AutoRenewals(Protocol):
    async def get(self, line_id: int) -> AutoRenewal | None: ...

    async def of_order(self, order_id: str) -> AutoRenewal | None:
        """The one whose last order that is; None when the order was made by hand."""
        ...

    def put(self, renewal: AutoRenewal) -> None:
        """The line's, in place of a former one."""
        ...

    def end(self, line_id: int) -> None:
        """The line is not renewed by itself any more."""
        ...
