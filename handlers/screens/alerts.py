"""What is told of a line by itself: what happened, one useful button, and one to silence it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.alerts import Alert, LineFacts
from bot.domain.calendar import next_reset
from bot.domain.fair_use import allowance_at, forecast
from bot.domain.preferences import AlertKind
from handlers.buttons import Action, Press
from handlers.html import Html, bold, lines
from handlers.screens import format as f
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts


def alert(t: Texts, facts: LineFacts, told: Alert, now: datetime, *, several: bool) -> Screen:
    """``several``: the subscriber has other lines too, so that silence is for this one."""
    line = facts.line
    silence = Press(Action.ALERT_OFF, told.kind, line.id if several else 0)
    return Screen(
        lines(*_words(t, facts, told, now)),
        rows([_useful(t, facts, told), Key(t.plain("🔕 Stop these"), silence)]),
        shows="alert",
        subject=str(line.id),
    )


def _words(t: Texts, facts: LineFacts, told: Alert, now: datetime) -> list[Html | None]:
    match told.kind:
        case AlertKind.MOST_USED:
            return _most_used(t, facts, now)
        case AlertKind.ALL_USED:
            return _all_used(t, facts, now)
        case AlertKind.ENDING:
            return [_ending(t, facts, told)]
        case AlertKind.ENDED:
            return _ended(t, facts)
        case AlertKind.STARTED:
            return _started(t, facts, told)


def _most_used(t: Texts, facts: LineFacts, now: datetime) -> list[Html | None]:
    line, reading = facts.line, facts.reading
    if reading is None:
        return []
    allowance = allowance_at(reading, line, now)
    ahead = forecast(reading, line, now)
    return [
        bold(t("📊 {line}: {percent} % of today's high speed is used", line=f.called(line),
               percent=f.percent(allowance.used_share or 0))),
        t("{left} left · resets in about {time}",
          left=f.gigabytes(t, allowance.remaining_high_speed_bytes or 0),
          time=f.span(t, next_reset(now, line.reset_zone) - now)),
        f.pace(t, ahead, line.reset_zone) if ahead is not None else None,
        _age(t, facts, now),
    ]  # fmt: skip


def _all_used(t: Texts, facts: LineFacts, now: datetime) -> list[Html | None]:
    line, reading = facts.line, facts.reading
    back = f.clock_time(next_reset(now, line.reset_zone), line.reset_zone)
    rate = reading.base_rate_kbps if reading is not None else None
    words = t("You are still online, slower. Back at {time}.", time=back)
    if rate is not None:
        words = t("You are still online, at {rate}. Back at {time}.", rate=f.rate(rate), time=back)
    title = t("🐢 {line}: today's high speed is used up", line=f.called(line))
    return [bold(title), words, _age(t, facts, now)]


def _ending(t: Texts, facts: LineFacts, told: Alert) -> Html:
    line = facts.line
    if facts.covered_until is None:
        return Html("")
    end = f.moment(t, facts.covered_until, line.reset_zone)
    if told.days_left == 0:
        title = t("⏳ {line}: your plan ends today", line=f.called(line))
    elif told.days_left == 1:
        title = t("⏳ {line}: your plan ends tomorrow", line=f.called(line))
    else:
        title = t("⏳ {line}: your plan ends in {days}", line=f.called(line),
                  days=f.days(t, told.days_left))  # fmt: skip
    return lines(
        bold(title),
        t("It runs until {time}. What you buy now begins after it.", time=end),
    )


def _ended(t: Texts, facts: LineFacts) -> list[Html | None]:
    if facts.covered_until is None:
        return []
    end = f.moment(t, facts.covered_until, facts.line.reset_zone)
    return [
        bold(t("⛔ {line}: your plan has ended", line=f.called(facts.line))),
        t("It ran until {time}. Renew to go online.", time=end),
    ]


def _started(t: Texts, facts: LineFacts, told: Alert) -> list[Html | None]:
    plan = next((each for each in facts.queued if each.order_id == told.period), None)
    if plan is None:
        return []
    end = f.moment(t, plan.ends_at, facts.line.reset_zone)
    return [
        bold(t("▶️ {line}: your next plan has begun", line=f.called(facts.line))),
        t("It runs until {time}.", time=end),
    ]


def _age(t: Texts, facts: LineFacts, now: datetime) -> Html | None:
    if facts.reading is None:
        return None
    age = t("Updated {age}", age=f.ago(t, facts.reading.as_of, now))
    return Html(f"<i>{age}</i>")


def _useful(t: Texts, facts: LineFacts, told: Alert) -> Key:
    number = facts.line.id
    if told.kind in {AlertKind.ENDING, AlertKind.ENDED}:
        return Key(t.plain("🔄 Renew"), Press(Action.RENEW_LINE, number=number), style="primary")
    return Key(t.plain("📶 Show the line"), Press(Action.LINE, number=number))
