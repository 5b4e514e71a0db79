"""Keep the coupons: issue one, or a batch of codes that nobody can guess, and stop them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.coupon import Coupon
from bot.domain.errors import CouponTaken, UnknownSubject
from bot.domain.operator import AuditEntry, Deed
from bot.services.authority import Authority
from bot.services.coupon_terms import Wanted, made_codes, terms_of_coupon, wanted, written_end
from bot.services.ports import Clock
from bot.services.unit import Unit


class KeepCoupons:
    def __init__(self, clock: Clock, authority: Authority, currency: str, zone: ZoneInfo) -> None:
        self._clock = clock
        self._authority = authority
        self._currency = currency
        self._zone = zone

    @property
    def zone(self) -> ZoneInfo:
        return self._zone

    def read(self, written: str) -> Wanted:
        """Raises `TermUnreadable`."""
        return wanted(written, self._currency, self._zone)

    async def coupon(self, unit: Unit, code: str) -> Coupon:
        """Raises `UnknownSubject`."""
        coupon = await unit.coupons.get(code)
        if coupon is None:
            raise UnknownSubject(code)
        return coupon

    async def issue(self, unit: Unit, by: int, written: str) -> Sequence[str]:
        """The codes from now on. Raises `NotAllowed`, `TermUnreadable`, `CouponTaken`."""
        await self._authority.require(unit, by, Deed.KEEP_COUPONS)
        asked = self.read(written)
        named = asked.coupon.code
        if named and await unit.coupons.get(named) is not None:
            raise CouponTaken(named)
        codes = [named] if named else made_codes(asked.count)
        now = self._clock.now()
        for code in codes:
            unit.coupons.issue(replace(asked.coupon, code=code), now)
        subject = named or f"{len(codes)} codes"
        terms = terms_of_coupon(asked.coupon, self._zone)
        unit.audit.record(AuditEntry(by, Deed.KEEP_COUPONS, now, subject, None, terms))
        return codes

    async def stop(self, unit: Unit, by: int, code: str) -> datetime:
        """It ends now; orders that hold it keep it. When it has ended. Raises `NotAllowed`,
        `UnknownSubject`."""
        await self._authority.require(unit, by, Deed.KEEP_COUPONS)
        coupon, now = await self.coupon(unit, code), self._clock.now()
        former = coupon.ends_at
        if former is not None and former <= now:
            return former
        unit.coupons.end(code, now)
        ends = [each and written_end(each, self._zone) for each in (former, now)]
        before, after = ({"ends": each} for each in ends)
        unit.audit.record(AuditEntry(by, Deed.KEEP_COUPONS, now, code, before, after))
        return now
