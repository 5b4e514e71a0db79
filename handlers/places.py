"""Time zones and hours as people type them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from babel import Locale

from bot.domain.preferences import QuietHours
from handlers.texts import languages, texts

_LONGEST: Final = 40
_TIME: Final = r"(\d{1,2})(?:[:.点點时時](\d{2})?分?)?"
_ALSO: Final = {
    "北京": "Asia/Shanghai", "beijing": "Asia/Shanghai", "深圳": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai", "广州": "Asia/Shanghai", "guangzhou": "Asia/Shanghai",
    "中国": "Asia/Shanghai", "china": "Asia/Shanghai", "旧金山": "America/Los_Angeles",
    "san francisco": "America/Los_Angeles", "华盛顿": "America/New_York",
    "washington": "America/New_York", "boston": "America/New_York", "波士顿": "America/New_York",
    "日本": "Asia/Tokyo", "japan": "Asia/Tokyo", "osaka": "Asia/Tokyo", "大阪": "Asia/Tokyo",
    "韩国": "Asia/Seoul", "korea": "Asia/Seoul", "泰国": "Asia/Bangkok", "thailand": "Asia/Bangkok",
    "英国": "Europe/London", "uk": "Europe/London", "法国": "Europe/Paris",
    "france": "Europe/Paris", "德国": "Europe/Berlin", "germany": "Europe/Berlin",
    "porto": "Europe/Lisbon", "barcelona": "Europe/Madrid", "milan": "Europe/Rome",
    "utc": "Etc/UTC", "gmt": "Etc/UTC", "中國": "Asia/Shanghai", "廣州": "Asia/Shanghai",
    "舊金山": "America/Los_Angeles", "華盛頓": "America/New_York", "波士頓": "America/New_York",
    "韓國": "Asia/Seoul", "泰國": "Asia/Bangkok", "英國": "Europe/London", "法國": "Europe/Paris",
    "德國": "Europe/Berlin",
}  # fmt: skip
"""Places that give no zone its name."""
_OFF_THE_HOUR: Final = {
    210: "Asia/Tehran", 270: "Asia/Kabul", 330: "Asia/Kolkata", 345: "Asia/Kathmandu",
    390: "Asia/Yangon", 570: "Australia/Darwin", -570: "Pacific/Marquesas",
}  # fmt: skip
"""Zones without summer time, by their minutes ahead of UTC."""


def as_zone(text: str) -> str | None:
    """The IANA name of a zone that was typed by that name, as ``UTC+8``, or by a city's name in
    Chinese or English; None when it is none of them."""
    plain = _plain(text)
    by_offset = _by_offset(plain)
    if by_offset is not None:
        return by_offset
    return _names().get(plain) or _names().get(plain.removesuffix("市"))


def zone_known(name: str) -> bool:
    """Whether a button may name the zone."""
    return name in available_timezones()


def city_of(name: str, locale: Locale) -> str:
    """How the zone is called: by its city, or by its offset."""
    if name.startswith("Etc/GMT") and name != "Etc/GMT":
        return f"UTC{'+' if '-' in name else '-'}{re.sub('[^0-9]', '', name)}"
    city = locale.time_zones.get(name, {}).get("city")
    return str(city or name.rsplit("/", 1)[-1].replace("_", " ").replace("Etc", "UTC"))


def as_quiet_hours(text: str) -> QuietHours | None:
    """``22-8``, ``22:30-07:00``, ``22点到8点``; None when it is no two times."""
    match = re.fullmatch(f"{_TIME} ?(?:-|–|—|~|到|至|to) ?{_TIME}", _plain(text), re.ASCII)
    if match is None:
        return None
    hour, minute, to_hour, to_minute = (int(each or 0) for each in match.groups())
    if max(minute, to_minute) > 59 or max(hour, to_hour) > 24:
        return None
    try:
        return QuietHours(hour % 24 * 60 + minute, to_hour % 24 * 60 + to_minute)
    except ValueError:
        return None


def _by_offset(plain: str) -> str | None:
    match = re.fullmatch(r"(?:utc|gmt)? ?([+-]) ?(\d{1,2})(?::?(\d{2}))?", plain, re.ASCII)
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    ahead = minutes if match[1] == "+" else -minutes
    if ahead % 60:
        return _OFF_THE_HOUR.get(ahead)
    name = f"Etc/GMT{'-' if ahead > 0 else '+'}{abs(ahead) // 60}" if ahead else "Etc/UTC"
    return name if name in available_timezones() else None


@cache
def _names() -> dict[str, str]:
    """By lower-case name: the zones themselves, then the cities that CLDR names them after."""
    zones = available_timezones()
    found = {name.lower(): name for name in sorted(zones)}
    for language in reversed(languages()):
        for name, words in texts(language).locale.time_zones.items():
            if name in zones and "city" in words:
                found.setdefault(words["city"].lower(), name)
    for name in sorted(zones):
        found.setdefault(name.rsplit("/", 1)[-1].replace("_", " ").lower(), name)
    return {**found, **_ALSO}


def _plain(text: str) -> str:
    if len(text) > _LONGEST:
        return ""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())
