"""Home: what is left of the line's data, time and money, and how old that knowledge is."""

from __future__ import annotations

from bot.domain.calendar import days_left, next_reset
from bot.domain.fair_use import ServiceLevel
from bot.domain.line import LineStatus, Reading
from bot.services.read_account import Account
from handlers.branding import Branding
from handlers.buttons import Action, Press
from handlers.html import Html, bold, lines
from handlers.screens import format as f
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts


def home(t: Texts, account: Account, branding: Branding, note: Html | None = None) -> Screen:
    """``note`` stands above: what has just been done."""
    parts = [note, _title(t, account, branding), *_state(t, account), *_ends(t, account)]
    parts.append(_holds(t, account))
    return Screen(
        lines(*parts, _age(t, account)), _keys(t, account), shows="home",
        subject=str(account.line.id),
    )  # fmt: skip


def _title(t: Texts, account: Account, branding: Branding) -> Html:
    plan = account.plan.name(t.language) if account.plan else None
    parts = ["📶", branding.name, "·", f.called(account.line)]
    return bold(" ".join([*parts, "·", plan] if plan else parts))


def _state(t: Texts, account: Account) -> list[Html | None]:
    if account.line.status is LineStatus.SUSPENDED:
        return [t("⏸ The network has suspended this line. Please write to support.")]
    reading = account.reading
    if reading is None:
        return [t("⏳ Asking the network for your first reading…")]
    match account.level:
        case ServiceLevel.ENDED:
            return [_ended(t, account)]
        case ServiceLevel.THROTTLED:
            return [*_allowance(t, account, reading), _throttled(t, account, reading)]
        case _:
            return [*_allowance(t, account, reading), _left(t, account)]


def _ended(t: Texts, account: Account) -> Html:
    if account.ends_at is None:
        return t("⛔ No plan is running. Renew to go online.")
    since = f.day(t, account.ends_at, account.line.reset_zone)
    return t("⛔ Your plan ended on {date}. Renew to go online.", date=since)


def _allowance(t: Texts, account: Account, reading: Reading) -> list[Html | None]:
    """Today's high speed with its bar; what is not reported is said to be so, never made up."""
    allowance = account.allowance
    share = allowance.used_share
    if allowance.used_bytes is None and reading.used_today_bytes is not None:
        before = _quantity(t, reading.used_today_bytes, reading.high_speed_cap_bytes)
        return [t("High speed today: not read yet (last reading {used})", used=before)]
    if allowance.used_bytes is None:
        return [t("High speed today: not reported by the network")]
    used = _quantity(t, allowance.used_bytes, allowance.cap_bytes)
    return [
        t("High speed today {used}", used=bold(used)),
        Html(f"{f.bar(share)} {f.percent(share)} %") if share is not None else None,
    ]


def _quantity(t: Texts, used_bytes: int, cap_bytes: int | None) -> str:
    used = f.gigabytes(t, used_bytes)
    return (
        used if cap_bytes is None else f"{used.removesuffix(' GB')} / {f.gigabytes(t, cap_bytes)}"
    )


def _left(t: Texts, account: Account) -> Html | None:
    remaining = account.allowance.remaining_high_speed_bytes
    if remaining is None:
        return None
    reset = f.span(t, next_reset(account.now, account.line.reset_zone) - account.now)
    return t("{left} left · resets in about {time}", left=f.gigabytes(t, remaining), time=reset)


def _throttled(t: Texts, account: Account, reading: Reading) -> Html:
    reset = f.clock_time(next_reset(account.now, account.line.reset_zone), account.line.reset_zone)
    if reading.base_rate_kbps is None:
        return t(
            "🐢 Today's high speed is used up; you are still online. Back at {time}", time=reset
        )
    return t(
        "🐢 Today's high speed is used up: now {rate}, still online. Back at {time}",
        rate=f.rate(reading.base_rate_kbps),
        time=reset,
    )


def _ends(t: Texts, account: Account) -> list[Html | None]:
    zone = account.line.reset_zone
    running = account.ends_at is not None and account.level is not ServiceLevel.ENDED
    ends = None
    if running and account.ends_at is not None:
        left = f.days(t, days_left(account.now, account.ends_at, zone))
        ends = t("Ends {date} ({left})", date=f.day(t, account.ends_at, zone), left=left)
    queued = [
        t("Next plan starts {date}", date=f.day(t, each.starts_at, zone)) for each in account.queued
    ]
    return [ends, *queued[:1]]


def _holds(t: Texts, account: Account) -> Html:
    balance = t("Balance {amount}", amount=f.money(t, account.wallet))
    if not account.coupons:
        return balance
    coupons = t.count("{number} coupon", "{number} coupons", account.coupons)
    return Html(f"{balance} · {coupons}")


def _age(t: Texts, account: Account) -> Html | None:
    if account.reading is None:
        return None
    age = t("Updated {age}", age=f.ago(t, account.reading.as_of, account.now))
    return Html(f"<i>{age}</i>")


def _keys(t: Texts, account: Account) -> tuple[tuple[Key, ...], ...]:
    several = len(account.lines) > 1
    return rows(
        [
            Key(t.plain("🔄 Renew"), Press(Action.RENEW), style="primary"),
            Key(t.plain("💰 Top up"), Press(Action.TOP_UP)),
            Key(t.plain("🔁 Refresh"), Press(Action.REFRESH)),
        ],
        [
            Key(t.plain("📊 Chart"), Press(Action.CHART)),
            Key(t.plain("🧾 Orders"), Press(Action.ORDERS, number=0)),
        ],
        [
            Key(t.plain("💬 Help"), Press(Action.FAQ)),
            Key(t.plain("⚙️ Settings"), Press(Action.SETTINGS)),
        ],
        [Key(t.plain("📱 Another line"), Press(Action.LINES)) if several else None],
    )
