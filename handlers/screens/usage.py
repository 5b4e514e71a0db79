"""Usage by day: in words, and as the picture's caption."""

from __future__ import annotations

import json
import zlib
from typing import Any, Final

from bot.services.read_account import DayUsed, Usage
from handlers.buttons import Action, Press
from handlers.html import Html, bold, escape, folded, lines
from handlers.screens import format as f
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts

SPANS: Final = (7, 30)
_SHOWN_AT_ONCE: Final = 7
_MOST_COUNTRIES: Final = 5


def usage(t: Texts, use: Usage) -> Screen:
    """The same facts as the picture, readable at throttled speed."""
    span = len(use.days)
    return Screen(
        lines(
            _title(t, use),
            *_summary(t, use),
            _countries(t, use),
            _forecast(t, use),
            "",
            _by_day(t, use),
        ),
        rows(
            [
                Key(_span_label(t, days, span), Press(Action.USAGE, number=days))
                for days in SPANS
            ],
            [Key(t.plain("📊 Chart"), Press(Action.CHART))],
            [Key(t.plain("◀ Back"), Press(Action.HOME))],
        ),
        shows="usage",
        subject=subject(use),
    )  # fmt: skip


def subject(use: Usage) -> str:
    """The line, the span, and a print of the facts: a message about the same is not redrawn."""
    facts = json.dumps([picture(use), str(use.forecast), use.by_country]).encode()
    return f"{use.line.id}:{len(use.days)}:{zlib.crc32(facts):08x}"


def line_and_span(subject: str) -> tuple[int, int]:
    """What `subject` says the message is about."""
    line_id, span, _ = subject.split(":")
    return int(line_id), int(span)


def chart_caption(t: Texts, use: Usage) -> Html:
    return lines(_title(t, use), *_summary(t, use), _countries(t, use), _forecast(t, use))


def chart_keys(t: Texts, span: int) -> tuple[tuple[Key, ...], ...]:
    return rows(
        [
            *(
                Key(_span_label(t, days, span), Press(Action.CHART_DAYS, number=days))
                for days in SPANS
            ),
            Key(t.plain("✖ Close"), Press(Action.CHART_CLOSE)),
        ]
    )


def picture(use: Usage) -> dict[str, Any]:
    """The facts that the picture is drawn from, as `handlers.screens.chart.draw` takes them."""
    return {
        "kind": "usage",
        "name": "usage.png",
        "days": [[each.day.isoformat(), each.used_bytes] for each in use.days],
        "cap_bytes": use.cap_bytes,
    }


def _span_label(t: Texts, days: int, shown: int) -> str:
    label = t.plain("{days} days", days=days)
    return f"· {label} ·" if days == shown else label


def _title(t: Texts, use: Usage) -> Html:
    title = t("📊 Usage, last {days} days", days=len(use.days))
    return bold(Html(f"{title} · {f.called(use.line)}"))


def _summary(t: Texts, use: Usage) -> list[Html | None]:
    known = [each.used_bytes for each in use.days if each.used_bytes is not None]
    if not known:
        return [t("⏳ Asking the network for your usage…")]
    total = t("Total {total} · on average {average} a day", total=f.gigabytes(t, sum(known)),
              average=f.gigabytes(t, sum(known) // len(known)))  # fmt: skip
    cap = use.cap_bytes
    if cap is None:
        return [total]
    slowed = sum(used >= cap for used in known)
    return [
        total,
        t("High speed up to {cap} a day", cap=f.gigabytes(t, cap)),
        t.count(
            "🐢 {number} day at reduced speed", "🐢 {number} days at reduced speed", slowed
        ) if slowed else None,
    ]  # fmt: skip


def _countries(t: Texts, use: Usage) -> Html | None:
    """Where, as far as the carrier says it."""
    used = [(country, amount) for country, amount in use.by_country.items() if amount > 0]
    if not used:
        return None
    listed = t(", ").join(
        f"{escape(t.country(code))} {f.gigabytes(t, amount)}"
        for code, amount in used[:_MOST_COUNTRIES]
    )
    others = len(used) - _MOST_COUNTRIES
    if others <= 0:
        return t("🌍 {countries}", countries=Html(listed))
    return t.count(
        "🌍 {countries} and {number} other country",
        "🌍 {countries} and {number} other countries",
        others, countries=Html(listed),
    )  # fmt: skip


def _forecast(t: Texts, use: Usage) -> Html | None:
    if use.forecast is None:
        return None
    return f.pace(t, use.forecast, use.line.reset_zone)


def _by_day(t: Texts, use: Usage) -> Html:
    """The newest day first; a long list folds."""
    listed = [_line(t, each, use.cap_bytes) for each in reversed(use.days)]
    text = Html("\n").join(listed)
    return text if len(listed) <= _SHOWN_AT_ONCE else folded(text)


def _line(t: Texts, each: DayUsed, cap_bytes: int | None) -> Html:
    day = f.calendar_day(t, each.day)
    if each.used_bytes is None:
        return t("{date} – not reported", date=day)
    slowed = cap_bytes is not None and each.used_bytes >= cap_bytes
    return Html(f"{day} {f.gigabytes(t, each.used_bytes)}{' 🐢' if slowed else ''}")
