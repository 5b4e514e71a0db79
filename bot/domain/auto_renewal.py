"""Auto-renewal: the agreement that a line's next plan is paid for by itself, and its calendar.

    end − 3 days        announced, with [Skip once] and [Turn off]
    end − 1 day         charged, at least a day after the announcement
    end                 too late: what was not charged by now is not charged for this period

A period is known by the end of all that the line has. Whatever is done for it, a charge, a reminder
or a skip, is done once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.money import Money
from bot.domain.payment import Way
from bot.domain.plan import Plan

ANNOUNCED_BEFORE: Final = timedelta(days=3)
CHARGED_BEFORE: Final = timedelta(days=1)
NOTICE: Final = timedelta(days=1)
"""No charge comes sooner after its announcement."""
SAME_PERIOD: Final = timedelta(hours=12)
"""The carrier's word may move an end by so much without another period."""


class Turn(StrEnum):
    """What is to be done now."""

    WAIT = "wait"
    ANNOUNCE = "announce"
    REMIND = "remind"
    """The subscriber wanted a reminder, and no charge."""
    CHARGE = "charge"
    MISS = "miss"
    """There was no time for a charge that is announced a day before."""

    @property
    def speaks(self) -> bool:
        """It only tells something: that may wait for the morning."""
        return self in {Turn.ANNOUNCE, Turn.REMIND}


class Missed(StrEnum):
    """Why a line was not renewed by itself: the subscriber is reminded, once."""

    ONLY_REMINDED = "only_reminded"
    TOO_LATE = "too_late"
    WITHDRAWN = "withdrawn"
    PRICE_CHANGED = "price_changed"
    SHORT_WALLET = "short_wallet"
    CARD_GONE = "card_gone"
    """Removed, expired, or cards are not offered any more."""
    CARD_DECLINED = "card_declined"
    NEEDS_HOLDER = "needs_holder"
    NOT_CHARGED = "not_charged"
    """The platform could not be reached, or made no charge."""


@dataclass(frozen=True, slots=True)
class AutoRenewal:
    """What the holder of a line agreed to, and how far the present period has come."""

    line_id: int
    subscriber_id: int
    plan_code: str
    price: Money
    """The plan's, as it was agreed to; or as it was announced before the last charge."""
    way: Way | None
    """The wallet or a kept card; None: only a reminder is wanted."""
    agreed_at: datetime
    end_at: datetime | None = None
    """The end of all that the line has, when it was looked at last; None: nothing ran."""
    announced_end_at: datetime | None = None
    """The end that was announced, at that instant, with that price."""
    announced_at: datetime | None = None
    announced_price: Money | None = None
    done_end_at: datetime | None = None
    """The end for which the last charge, reminder or skip was."""
    order_id: str | None = None
    """The last order that was made by itself."""

    def until(self, covered: datetime | None, now: datetime) -> AutoRenewal:
        """The same once the line is covered until then; an end that has come stays the last one."""
        if covered is not None and covered > now:
            return replace(self, end_at=covered)
        has_come = self.end_at is not None and self.end_at <= now
        return self if has_come else replace(self, end_at=None)

    def begun(self) -> AutoRenewal:
        """As agreed to just now. A period with no time for an announcement is passed over."""
        end_at = self.end_at
        has_time = end_at is not None and self.agreed_at < end_at - NOTICE
        return self if has_time or self.way is None else replace(self, done_end_at=end_at)

    @property
    def is_done(self) -> bool:
        """This period has had its turn."""
        return _is_same(self.done_end_at, self.end_at)

    @property
    def is_announced(self) -> bool:
        return _is_same(self.announced_end_at, self.end_at)

    def turn(self, now: datetime) -> Turn:
        if self.end_at is None or self.is_done:
            return Turn.WAIT
        if now >= self.end_at:
            return Turn.MISS
        if self.is_announced:
            return Turn.CHARGE if now >= self._charge_at(self.end_at) else Turn.WAIT
        if now < self.end_at - ANNOUNCED_BEFORE:
            return Turn.WAIT
        if self.way is None:
            return Turn.REMIND
        return Turn.ANNOUNCE if now <= self.end_at - NOTICE else Turn.MISS

    def may_wait_until(self, at: datetime) -> bool:
        """Whether what is to be said now can be said then: an announcement must come its notice
        before the end, a reminder before it."""
        if self.end_at is None:
            return False
        return at <= self.end_at - NOTICE if self.way is not None else at < self.end_at

    @property
    def charge_at(self) -> datetime | None:
        """When the present period is charged; None when it is not."""
        is_wanted = self.end_at is not None and self.way is not None and not self.is_done
        return self._charge_at(self.end_at) if is_wanted and self.end_at is not None else None

    def next_turn_at(self, now: datetime) -> datetime | None:
        """When to look again, as far as the present period tells."""
        if self.end_at is None or self.is_done:
            return None
        announce_at, charge_at = self.end_at - ANNOUNCED_BEFORE, self._charge_at(self.end_at)
        turns = (charge_at if self.is_announced else announce_at, self.end_at)
        return next((each for each in turns if each > now), now)

    def announced(self, price: Money, now: datetime) -> AutoRenewal:
        return replace(self, announced_end_at=self.end_at, announced_at=now, announced_price=price)

    def done(self) -> AutoRenewal:
        return replace(self, done_end_at=self.end_at)

    def ordered(self, order_id: str) -> AutoRenewal:
        """This period is charged, at the price that was announced."""
        return replace(self.done(), order_id=order_id, price=self.announced_price or self.price)

    def _charge_at(self, end_at: datetime) -> datetime:
        before_end = end_at - CHARGED_BEFORE
        if self.announced_at is None or not self.is_announced:
            return before_end
        return max(before_end, self.announced_at + NOTICE)


def _is_same(end_at: datetime | None, other: datetime | None) -> bool:
    return end_at is not None and other is not None and abs(end_at - other) < SAME_PERIOD


def renews_by_itself(plan: Plan) -> bool:
    """A few days are over before their end could be announced."""
    return plan.days > ANNOUNCED_BEFORE.days and plan.cycle.most_periods == 1
