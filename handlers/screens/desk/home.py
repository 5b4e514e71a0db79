"""The desk's first screen."""

from __future__ import annotations

from bot.domain.operator import Deed, Role
from bot.services.read_desk import Today
from handlers.buttons import Action, Press
from handlers.html import Html, bold, lines
from handlers.screens import format as f
from handlers.screens.desk.roles import role_name
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts


def desk(t: Texts, role: Role, today: Today) -> Screen:
    """Only what the role may do is offered; the money of the day is for those who may read
    statistics."""

    def key(deed: Deed, label: str, press: Press) -> Key | None:
        return Key(label, press) if role.may(deed) else None

    return Screen(
        lines(
            bold(t("🛠 Desk")),
            t("Your role: {role}", role=role_name(t, role)),
            "",
            _money(t, today) if role.may(Deed.READ_STATISTICS) else None,
            t("Orders paid today: {number}", number=today.orders),
            t(
                "Activating: {number} · delayed: {delayed}",
                number=today.activating,
                delayed=today.delayed,
            ),
            t("Charged but not delivered: {number}", number=bold(today.undelivered)),
        ),
        rows(
            [
                key(Deed.ANNOUNCE, t.plain("📣 Announce"), Press(Action.ANNOUNCE)),
                key(Deed.KEEP_PLANS, t.plain("📦 Plans"), Press(Action.DESK_PLANS, number=0)),
                key(
                    Deed.KEEP_COUPONS,
                    t.plain("🎟 Coupons"),
                    Press(Action.DESK_COUPONS, number=0),
                ),
            ],
            [
                key(Deed.LOOK_UP, t.plain("🔎 Look up"), Press(Action.LOOK_UP)),
                key(
                    Deed.SEE_WAITING,
                    t.plain("⏱ Waiting {number}", number=today.waiting),
                    Press(Action.WAITING, number=0),
                ),
                key(
                    Deed.READ_STATISTICS,
                    t.plain("📈 Statistics"),
                    Press(Action.STATISTICS, number=1),
                ),
            ],
            [
                key(Deed.MAINTAIN, t.plain("🧑‍🔧 Maintenance"), Press(Action.MAINTENANCE)),
                key(Deed.READ_AUDIT, t.plain("🧾 Audit"), Press(Action.AUDIT, number=0)),
                key(Deed.KEEP_OPERATORS, t.plain("👥 Operators"), Press(Action.OPERATORS)),
            ],
            [Key(t.plain("🏠 Home"), Press(Action.HOME))],
        ),
        shows="desk",
    )


def _money(t: Texts, today: Today) -> Html:
    amounts = Html(" · ").join(bold(f.money(t, each)) for each in today.revenue)
    return t("Revenue today {amount}", amount=amounts)


def desk_key(t: Texts) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.DESK))
