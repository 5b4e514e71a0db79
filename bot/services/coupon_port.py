"""What the services ask of the store about coupons."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.coupon import Coupon, CouponRefusal


class Coupons(Protocol):
    def issue(self, coupon: Coupon, at: datetime) -> None: ...

    async def get(self, code: str) -> Coupon | None: ...

    def end(self, code: str, at: datetime) -> None:
        """It is taken no more from that instant on."""
        ...

    async def latest(self, limit: int, offset: int) -> list[Coupon]:
        """All there are, the newest first."""
        ...

    async def known_to(self, subscriber_id: int, at: datetime) -> list[Coupon]:
        """Those offered to everybody and those whose code the subscriber redeemed, without the
        ones that have ended; the one that ends first comes first."""
        ...

    async def used_by(self, subscriber_id: int) -> frozenset[str]:
        """The codes that orders of the subscriber used or hold."""
        ...

    async def hold(
        self, coupon: Coupon, order_id: str, subscriber_id: int, at: datetime
    ) -> CouponRefusal | None:
        """Takes one use of the coupon for the order, by compare-and-set on its limit; or says why
        there is none, ``SOLD_OUT`` or ``ALREADY_USED``, and then has written nothing."""
        ...

    async def is_held(self, order_id: str) -> bool: ...

    async def release(self, order_id: str) -> None:
        """Gives back the use that the order holds, if it does."""
        ...

    def mark_used(self, order_id: str, at: datetime) -> None:
        """The order that holds a coupon is paid."""
        ...

    def redeem(self, code: str, subscriber_id: int, at: datetime) -> None:
        """The subscriber knows the code from now on."""
        ...

    def count_try(self, subscriber_id: int, at: datetime) -> None:
        """The subscriber typed a code that was not taken."""
        ...

    async def tries_since(self, subscriber_id: int, since: datetime) -> int: ...
