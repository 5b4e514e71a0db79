"""The right to service from one instant to another, bought by an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EntitlementState(StrEnum):
    QUEUED = "queued"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Entitlement:
    order_id: str
    line_id: int
    plan_code: str
    starts_at: datetime
    ends_at: datetime

    def state(self, now: datetime) -> EntitlementState:
        """Derived from the dates, never stored, so that no timer has to keep it true."""
        if now < self.starts_at:
            return EntitlementState.QUEUED
        return EntitlementState.ACTIVE if now < self.ends_at else EntitlementState.ENDED


def starts_after(now: datetime, covered_until: datetime | None) -> datetime:
    """When a plan bought now begins: a running plan is never cut, the next one queues behind it."""
    return covered_until if covered_until is not None and covered_until > now else now
