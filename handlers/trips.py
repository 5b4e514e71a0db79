"""The dates of a trip as people type them, in Chinese and in English.

    12月3日-12月18日   12月3日到18日  12.3-12.18  12/3-12/18  下周一到周五  2026-12-03 2026-12-18
    3–18 Dec   Dec 3 to Dec 18   3 December - 5 January   12/3-12/18   next Mon to Fri

Month and day stand in this order in Chinese. In English either may come first: where both make
sense, the dates are not guessed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

from bot.services.advise_plan import Trip

_LONGEST: Final = 60
_FARTHEST: Final = timedelta(days=366)
"""Ahead of today: what begins later could not be told from this year's, as no year is shown."""
_MONTHS: Final = {
    "jan": 1, "january": 1, "feb": 2, "february": 2, "mar": 3, "march": 3, "apr": 4, "april": 4,
    "may": 5, "jun": 6, "june": 6, "jul": 7, "july": 7, "aug": 8, "august": 8, "sep": 9, "sept": 9,
    "september": 9, "oct": 10, "october": 10, "nov": 11, "november": 11, "dec": 12, "december": 12,
}  # fmt: skip
_WEEKDAYS: Final = {
    "一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6,
    "mon": 0, "monday": 0, "tue": 1, "tuesday": 1, "wed": 2, "wednesday": 2, "thu": 3,
    "thursday": 3, "fri": 4, "friday": 4, "sat": 5, "saturday": 5, "sun": 6, "sunday": 6,
}  # fmt: skip
_TO: Final = r"(?:-+|~+|–|—+|至|到|to|until|till|through|,)"
_WORD: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NAME: Final = "|".join(sorted((n for n in _WEEKDAYS if n.isascii()), key=len, reverse=True))
_NUMERIC: Final = re.compile(rf"(\d{{1,2}})[./](\d{{1,2}}) *{_TO} *(\d{{1,2}})[./](\d{{1,2}})")
_ISO: Final = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?: *{_TO} *| +)"
                         r"(\d{4})\2(\d{1,2})\2(\d{1,2})")  # fmt: skip
_HAN_DAY: Final = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})[日号號]?"
_HAN: Final = re.compile(rf"{_HAN_DAY} *{_TO} *{_HAN_DAY}")
_DAY_FIRST: Final = re.compile(rf"(\d{{1,2}}) *({_WORD})? *{_TO} *(\d{{1,2}}) *({_WORD})")
_MONTH_FIRST: Final = re.compile(rf"({_WORD}) *(\d{{1,2}}) *{_TO} *({_WORD})? *(\d{{1,2}})")
_HAN_WEEK: Final = "周|週|星期|礼拜|禮拜"
_WEEK: Final = re.compile(rf"下(?:{_HAN_WEEK})([一二三四五六日天]) *{_TO} *"
                          rf"(?:下?(?:{_HAN_WEEK}))?([一二三四五六日天])")  # fmt: skip
_NEXT_WEEK: Final = re.compile(rf"next ({_NAME}) *{_TO} *({_NAME})")


def as_trip(text: str, today: date, *, month_first: bool) -> Trip | None:
    """The trip that the dates make, first and last day included: the next one from today on.

    ``month_first``: what ``12/3`` means. Without it, it is understood only where the other way
    makes no dates. None when the text is no dates, or may be two, or when they are over or more
    than a year ahead.
    """
    if len(text) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text).strip().lower().rstrip(".。")
    plain = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", plain)
    for read in (_iso, _han, _words, _week):
        found = read(plain, today)
        if found is not None:
            return found if _is_near(found, today) else None
    return _numeric(plain, today, month_first=month_first)


def _is_near(trip: Trip, today: date) -> bool:
    first, last = trip.first, trip.last
    return first is not None and last is not None and first <= today + _FARTHEST and last >= today


def _iso(plain: str, _: date) -> Trip | None:
    match = _ISO.fullmatch(plain)
    if match is None:
        return None
    year, month, day, to_year, to_month, to_day = map(int, match.group(1, 3, 4, 5, 6, 7))
    first, last = _date(year, month, day), _date(to_year, to_month, to_day)
    return None if first is None or last is None else _between(first, last)


def _han(plain: str, today: date) -> Trip | None:
    match = _HAN.fullmatch(plain)
    if match is None or match[2] is None:
        return None
    year, month, day, to_year, to_month, to_day = (int(each or 0) for each in match.groups())
    if year:
        first = _date(year, month, day)
        last = _date(to_year or year, to_month or month, to_day)
        return None if first is None or last is None else _between(first, last)
    found = _coming(today, (month, day), (to_month or month, to_day))
    last = found.last if found is not None else None
    return found if last is not None and to_year in {0, last.year} else None


def _words(plain: str, today: date) -> Trip | None:
    match = _DAY_FIRST.fullmatch(plain)
    if match is not None:
        month = _MONTHS[match[2] or match[4]]
        return _coming(today, (month, int(match[1])), (_MONTHS[match[4]], int(match[3])))
    match = _MONTH_FIRST.fullmatch(plain)
    if match is None:
        return None
    month = _MONTHS[match[1]]
    to_month = _MONTHS[match[3]] if match[3] else month
    return _coming(today, (month, int(match[2])), (to_month, int(match[4])))


def _week(plain: str, today: date) -> Trip | None:
    """From a day of next week to one of the same week, or of the one after it."""
    match = _WEEK.fullmatch(plain) or _NEXT_WEEK.fullmatch(plain)
    if match is None:
        return None
    monday = today + timedelta(days=7 - today.weekday())
    begin, end = (_WEEKDAYS[each] for each in match.groups())
    return Trip((end - begin) % 7 + 1, monday + timedelta(days=begin))


def _numeric(plain: str, today: date, *, month_first: bool) -> Trip | None:
    match = _NUMERIC.fullmatch(plain)
    if match is None:
        return None
    one, two, to_one, to_two = (int(each) for each in match.groups())
    by_month = _coming(today, (one, two), (to_one, to_two))
    if month_first:
        return by_month
    by_day = _coming(today, (two, one), (to_two, to_one))
    if by_month is not None and by_day is not None and by_month != by_day:
        return None
    return by_month or by_day


def _coming(today: date, begin: tuple[int, int], end: tuple[int, int]) -> Trip | None:
    """The next trip from one month and day to another that is not over yet."""
    for year in (today.year - 1, today.year, today.year + 1):
        first, last = _date(year, *begin), _date(year, *end)
        if first is not None and (last is None or last < first):
            last = _date(year + 1, *end) if begin[0] != end[0] else None
        if first is not None and last is not None and last >= today:
            return _between(first, last)
    return None


def _between(first: date, last: date) -> Trip | None:
    return Trip((last - first).days + 1, first) if last >= first else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
