"""The coupons as their keeper sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.coupon import Coupon
from bot.domain.money import Money
from bot.services.coupon_terms import Wanted, terms_of_coupon, written_off
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, lines
from handlers.screens import format as f
from handlers.screens.desk.home import desk_key
from handlers.screens.desk.words import term
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.texts import Texts

A_PAGE: Final = 6
DRAFT: Final = "coupon draft"
_EXAMPLE: Final = "code SUMMER\noff 20\nuses 100\nends 2026-12-31"
_BATCH_EXAMPLE: Final = "count 50\noff 10%\nplans daily monthly"


def coupons(
    t: Texts, some: Sequence[Coupon], number: int, now: datetime, note: Html | None
) -> Screen:
    """``some``: those of the page, and one more where there is a next page."""
    shown = some[:A_PAGE]
    keys = [Key(each.code, Press(Action.DESK_COUPON, each.code)) for each in shown]
    more = None
    if len(some) > A_PAGE:
        more = Key(t.plain("More ▶"), Press(Action.DESK_COUPONS, number=number + 1))
    return Screen(
        lines(
            note,
            bold(t("🎟 Coupons")),
            *([_line(t, each, now) for each in shown] or [t("There are none yet.")]),
        ),
        rows(
            *abreast(keys, 2),
            [Key(t.plain("➕ New"), Press(Action.COUPON_NEW)), more, desk_key(t)],
        ),
        shows="desk coupons",
    )


def coupon(t: Texts, coupon: Coupon, now: datetime, zone: ZoneInfo) -> Screen:
    stop = Key(t.plain("⏹ Stop"), Press(Action.COUPON_STOP, coupon.code), style="danger")
    return Screen(
        lines(
            bold(t("🎟 {code}", code=code(coupon.code))),
            *_terms(t, coupon, zone),
            t("Used or held by {number} orders", number=bold(coupon.used)),
            t("It has ended.") if _has_ended(coupon, now) else None,
        ),
        rows([None if _has_ended(coupon, now) else stop, _back(t)]),
        shows="desk coupon",
        subject=coupon.code,
    )


def ask_terms(t: Texts, hint: Html | None) -> Screen:
    return Screen(
        lines(
            hint,
            bold(t("➕ A new coupon")),
            t("Send its terms, a line each. One with a code:"),
            code(_EXAMPLE),
            t("Or many that nobody can guess, for one use each:"),
            code(_BATCH_EXAMPLE),
            t("Also: minimum 100, first yes (first renewals only), once no (more than once a "
              "subscriber), offered yes (proposed to everybody)."),
        ),
        rows([_back(t)]),
        shows="new coupon",
    )  # fmt: skip


def unreadable(t: Texts, line: str) -> Html:
    return t("This line cannot be: {line}", line=code(line[:60]))


def surely(t: Texts, asked: Wanted, token: str, draft: str, zone: ZoneInfo) -> Screen:
    coupon = asked.coupon
    title = t("🎟 {code}: issue it so?", code=coupon.code)
    if not coupon.code:
        title = t.count("🎟 {number} code, made at random: issue it so?",
                        "🎟 {number} codes, made at random: issue them so?",
                        asked.count)  # fmt: skip
    return Screen(
        lines(bold(title), *_terms(t, coupon, zone)),
        rows(
            [_back(t)],
            [Key(t.plain("✅ Issue"), Press(Action.COUPON_ISSUE, token), style="danger")],
        ),
        shows=DRAFT,
        subject=draft,
    )


def issued(t: Texts, codes: Sequence[str]) -> Html:
    if len(codes) == 1:
        return t("✅ {code} can be used from now on.", code=code(codes[0]))
    return t("✅ Issued; the codes are in the file.")


def batch(codes: Sequence[str]) -> dict[str, Any]:
    rows = [["code"], *([each] for each in codes)]
    return {"kind": "table", "name": "coupons.csv", "rows": rows}


def batch_caption(t: Texts, number: int) -> Html:
    return t.count("🎟 {number} code", "🎟 {number} codes", number)


def surely_stop(t: Texts, coupon: Coupon) -> Screen:
    return Screen(
        lines(
            bold(t("⏹ Stop {code}?", code=code(coupon.code))),
            t("It is taken no more from now on. Orders that hold it keep it."),
        ),
        rows(
            [Key(t.plain("◀ Keep it"), Press(Action.DESK_COUPON, coupon.code))],
            [
                Key(t.plain("⏹ Stop"), Press(Action.COUPON_STOP_SURELY, coupon.code),
                    style="danger")
            ],
        ),
        shows="stop coupon",
        subject=coupon.code,
    )  # fmt: skip


def stopped(t: Texts, stopped: str) -> Html:
    return t("✅ {code} is taken no more.", code=code(stopped))


def _line(t: Texts, coupon: Coupon, now: datetime) -> Html:
    used = f"{coupon.used}/{coupon.max_uses}" if coupon.max_uses else str(coupon.used)
    sign = "⏹" if _has_ended(coupon, now) else "▶️"
    return t("{sign} {code} · −{off} · {used}", sign=sign, code=code(coupon.code),
             off=_off(t, coupon), used=used)  # fmt: skip


def _off(t: Texts, coupon: Coupon) -> str:
    return f.money(t, coupon.off) if isinstance(coupon.off, Money) else written_off(coupon)


def _terms(t: Texts, coupon: Coupon, zone: ZoneInfo) -> list[Html]:
    return [term(t, name, value) for name, value in terms_of_coupon(coupon, zone).items()]


def _has_ended(coupon: Coupon, now: datetime) -> bool:
    return coupon.ends_at is not None and coupon.ends_at <= now


def _back(t: Texts) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.DESK_COUPONS, number=0))
