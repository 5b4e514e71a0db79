"""Who may do what at the desk: four roles, and one table of what each may do.

deed                owner   finance   support   marketing
open the desk         ●        ●         ●          ●
announce              ●                             ●
keep plans            ●        ●
keep coupons          ●        ●                    ●
look up               ●        ●         ●
refund                ●        ●         ●  up to a limit
refund above it       ●        ●
retry fulfilment      ●        ●         ●
credit a wallet       ●        ●
write to a person     ●        ●         ●
see what waits        ●        ●         ●
close a case          ●        ●         ●
read statistics       ●        ●                    ●
maintain              ●
read the audit        ●        ●
keep operators        ●
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bot.domain.money import Money


class Role(StrEnum):
    OWNER = "owner"
    FINANCE = "finance"
    SUPPORT = "support"
    MARKETING = "marketing"

    def may(self, deed: Deed) -> bool:
        return self in MAY[deed]


class Deed(StrEnum):
    """What an operator does; a deed that changes anything stands in the audit under its name."""

    OPEN_DESK = "open_desk"
    ANNOUNCE = "announce"
    KEEP_PLANS = "keep_plans"
    KEEP_COUPONS = "keep_coupons"
    LOOK_UP = "look_up"
    REFUND = "refund"
    REFUND_ABOVE_LIMIT = "refund_above_limit"
    RETRY = "retry"
    CREDIT = "credit"
    WRITE = "write"
    SEE_WAITING = "see_waiting"
    CLOSE_CASE = "close_case"
    READ_STATISTICS = "read_statistics"
    MAINTAIN = "maintain"
    READ_AUDIT = "read_audit"
    KEEP_OPERATORS = "keep_operators"


_O, _F, _S, _M = Role.OWNER, Role.FINANCE, Role.SUPPORT, Role.MARKETING

MAY: Final[Mapping[Deed, frozenset[Role]]] = {
    Deed.OPEN_DESK: frozenset({_O, _F, _S, _M}),
    Deed.ANNOUNCE: frozenset({_O, _M}),
    Deed.KEEP_PLANS: frozenset({_O, _F}),
    Deed.KEEP_COUPONS: frozenset({_O, _F, _M}),
    Deed.LOOK_UP: frozenset({_O, _F, _S}),
    Deed.REFUND: frozenset({_O, _F, _S}),
    Deed.REFUND_ABOVE_LIMIT: frozenset({_O, _F}),
    Deed.RETRY: frozenset({_O, _F, _S}),
    Deed.CREDIT: frozenset({_O, _F}),
    Deed.WRITE: frozenset({_O, _F, _S}),
    Deed.SEE_WAITING: frozenset({_O, _F, _S}),
    Deed.CLOSE_CASE: frozenset({_O, _F, _S}),
    Deed.READ_STATISTICS: frozenset({_O, _F, _M}),
    Deed.MAINTAIN: frozenset({_O}),
    Deed.READ_AUDIT: frozenset({_O, _F}),
    Deed.KEEP_OPERATORS: frozenset({_O}),
}


def refund_deed(amount: Money, limit: Money) -> Deed:
    """Which deed it is to refund so much: amounts of other currencies are above any limit."""
    is_within = amount.currency == limit.currency and amount <= limit
    return Deed.REFUND if is_within else Deed.REFUND_ABOVE_LIMIT


@dataclass(frozen=True, slots=True)
class Operator:
    subscriber_id: int
    role: Role
    granted_by: int | None
    """None: by the settings or at the terminal."""
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """``before`` and ``after`` hold what the deed changed, as JSON holds it; None where there was,
    or is, no such thing. No secret or number stands in them,
    and of messages only what a correction of an announcement replaced."""

    who: int | None
    """The operator's Telegram id. None: by the settings or at the terminal."""
    deed: Deed
    at: datetime
    subject: str
    """What it was done to: an order's id, a plan's or coupon's code, a Telegram id."""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
