"""What is asked of the books and what they answer: plain data that the store can hold.

Counting reads as many rows as there were renewals in the period, so no decision waits for it: a
courier counts on a connection of its own, and what it counted comes back as an event.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.statistics import Period, Statistics


@dataclass(frozen=True, slots=True)
class CountStatistics:
    asked_by: int
    """The operator's Telegram id."""
    as_picture: bool
    period: Period


@dataclass(frozen=True, slots=True)
class StatisticsCounted:
    request: CountStatistics
    statistics: Statistics


@dataclass(frozen=True, slots=True)
class StatisticsNotCounted:
    """The books could not be read just now."""

    request: CountStatistics


StatisticsAnswer = StatisticsCounted | StatisticsNotCounted
