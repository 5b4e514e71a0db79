"""Coupons: their terms, which orders hold or used them, and the codes that were guessed in vain.

A coupon is held by one order at a time of those who may use it once, and by as many orders as its
limit says: the database keeps both.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from sqlalchemy import BindParameter, bindparam, delete, func, or_, select, union, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.coupon import Coupon, CouponRefusal, Share
from bot.domain.money import Money
from bot.domain.plan import BillingCycle
from storage.coupon_tables import coupon_holds as holds
from storage.coupon_tables import coupon_redemptions as redemptions
from storage.coupon_tables import coupon_tries as tries
from storage.coupon_tables import coupons as t
from storage.database import Row, Transaction
from storage.instants import from_micros_or_none, to_micros, to_micros_or_none
from storage.statements import Statement

_SELECT: Final = select(
    t.c.code, t.c.off_minor, t.c.off_basis_points, t.c.currency, t.c.offered, t.c.cycles,
    t.c.first_renewal, t.c.once_a_subscriber, t.c.minimum_minor, t.c.starts_at, t.c.ends_at,
    t.c.max_uses, t.c.used,
)  # fmt: skip
_WITH_CODE: Final = t.c.code == bindparam("code")
_THEIRS: Final[BindParameter[int]] = bindparam("subscriber_id")
_OF_ORDER: Final = holds.c.order_id == bindparam("order_id")

_ISSUE: Final = Statement(insert(t).values({c.name: bindparam(c.name) for c in t.c}))
_GET: Final = Statement(_SELECT.where(_WITH_CODE))
_END: Final = Statement(update(t).where(_WITH_CODE).values(ends_at=bindparam("at")))
_LATEST: Final = Statement(
    _SELECT.order_by(t.c.created_at.desc(), t.c.code)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_known = union(
    select(t.c.code).where(t.c.offered == 1),
    select(redemptions.c.code).where(redemptions.c.subscriber_id == _THEIRS),
)
_KNOWN_TO: Final = Statement(
    _SELECT.where(
        t.c.code.in_(_known),
        or_(t.c.ends_at.is_(None), t.c.ends_at > bindparam("at")),
    ).order_by(t.c.ends_at.is_(None), t.c.ends_at, t.c.code)
)
_USED_BY: Final = Statement(select(holds.c.code).where(holds.c.subscriber_id == _THEIRS).distinct())
_HOLD: Final = Statement(
    insert(holds)
    .values({c.name: bindparam(c.name) for c in holds.c if c.name != "used_at"})
    .on_conflict_do_nothing()
    .returning(holds.c.order_id)
)
_TAKE_ONE: Final = Statement(
    update(t)
    .where(_WITH_CODE, or_(t.c.max_uses.is_(None), t.c.used < t.c.max_uses))
    .values(used=t.c.used + 1)
    .returning(t.c.used)
)
_LET_GO: Final = Statement(delete(holds).where(_OF_ORDER).returning(holds.c.code))
_GIVE_ONE_BACK: Final = Statement(update(t).where(_WITH_CODE).values(used=t.c.used - 1))
_IS_HELD: Final = Statement(select(holds.c.code).where(_OF_ORDER))
_MARK_USED: Final = Statement(update(holds).where(_OF_ORDER).values(used_at=bindparam("at")))
_REDEEM: Final = Statement(insert(redemptions).on_conflict_do_nothing())
_COUNT_TRY: Final = Statement(
    insert(tries).values({c.name: bindparam(c.name) for c in tries.c if c.name != "id"})
)
_TRIES_SINCE: Final = Statement(
    select(func.count()).where(
        tries.c.subscriber_id == _THEIRS, tries.c.tried_at >= bindparam("at")
    )
)


class SqliteCoupons:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def issue(self, coupon: Coupon, at: datetime) -> None:
        """A code is issued once: a second coupon with it breaks the transaction."""
        minimum = coupon.minimum
        off = coupon.off if isinstance(coupon.off, Money) else None
        self._transaction.write(
            _ISSUE,
            code=coupon.code,
            off_minor=None if off is None else off.minor,
            off_basis_points=coupon.off.basis_points if isinstance(coupon.off, Share) else None,
            currency=next((each.currency for each in (off, minimum) if each is not None), None),
            offered=int(coupon.offered),
            cycles=json.dumps(sorted(coupon.cycles)),
            first_renewal=int(coupon.first_renewal),
            once_a_subscriber=int(coupon.once_a_subscriber),
            minimum_minor=None if minimum is None else minimum.minor,
            starts_at=to_micros_or_none(coupon.starts_at),
            ends_at=to_micros_or_none(coupon.ends_at),
            max_uses=coupon.max_uses,
            used=coupon.used,
            created_at=to_micros(at),
        )

    async def get(self, code: str) -> Coupon | None:
        row = await self._transaction.row(_GET, code=code)
        return _coupon(row) if row else None

    def end(self, code: str, at: datetime) -> None:
        self._transaction.write(_END, code=code, at=to_micros(at))

    async def latest(self, limit: int, offset: int) -> list[Coupon]:
        rows = await self._transaction.rows(_LATEST, limit=limit, offset=offset)
        return [_coupon(row) for row in rows]

    async def known_to(self, subscriber_id: int, at: datetime) -> list[Coupon]:
        rows = await self._transaction.rows(
            _KNOWN_TO, subscriber_id=subscriber_id, at=to_micros(at)
        )
        return [_coupon(row) for row in rows]

    async def used_by(self, subscriber_id: int) -> frozenset[str]:
        rows = await self._transaction.rows(_USED_BY, subscriber_id=subscriber_id)
        return frozenset(code for (code,) in rows)

    async def hold(
        self, coupon: Coupon, order_id: str, subscriber_id: int, at: datetime
    ) -> CouponRefusal | None:
        held = await self._transaction.row(
            _HOLD,
            order_id=order_id,
            code=coupon.code,
            subscriber_id=subscriber_id,
            once_a_subscriber=int(coupon.once_a_subscriber),
            held_at=to_micros(at),
        )
        if held is None:
            return CouponRefusal.ALREADY_USED
        if await self._transaction.row(_TAKE_ONE, code=coupon.code) is None:
            await self._transaction.row(_LET_GO, order_id=order_id)
            return CouponRefusal.SOLD_OUT
        return None

    async def is_held(self, order_id: str) -> bool:
        return await self._transaction.row(_IS_HELD, order_id=order_id) is not None

    async def release(self, order_id: str) -> None:
        released = await self._transaction.row(_LET_GO, order_id=order_id)
        if released is not None:
            self._transaction.write(_GIVE_ONE_BACK, code=released[0])

    def mark_used(self, order_id: str, at: datetime) -> None:
        self._transaction.write(_MARK_USED, order_id=order_id, at=to_micros(at))

    def redeem(self, code: str, subscriber_id: int, at: datetime) -> None:
        self._transaction.write(
            _REDEEM, code=code, subscriber_id=subscriber_id, redeemed_at=to_micros(at)
        )

    def count_try(self, subscriber_id: int, at: datetime) -> None:
        self._transaction.write(_COUNT_TRY, subscriber_id=subscriber_id, tried_at=to_micros(at))

    async def tries_since(self, subscriber_id: int, since: datetime) -> int:
        ((number,),) = await self._transaction.rows(
            _TRIES_SINCE, subscriber_id=subscriber_id, at=to_micros(since)
        )
        return int(number)


def _coupon(row: Row) -> Coupon:
    (
        code, off_minor, off_basis_points, currency, offered, cycles,
        first_renewal, once_a_subscriber, minimum_minor, starts_at, ends_at,
        max_uses, used,
    ) = row  # fmt: skip
    return Coupon(
        code=code,
        off=Share(off_basis_points) if off_minor is None else Money(off_minor, currency),
        offered=bool(offered),
        cycles=frozenset(BillingCycle(each) for each in json.loads(cycles)),
        first_renewal=bool(first_renewal),
        once_a_subscriber=bool(once_a_subscriber),
        minimum=None if minimum_minor is None else Money(minimum_minor, currency),
        starts_at=from_micros_or_none(starts_at),
        ends_at=from_micros_or_none(ends_at),
        max_uses=max_uses,
        used=used,
    )
