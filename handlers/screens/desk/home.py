"""The desk's first screen."""

from __future__ import annotations

from bot.domain.operator import Deed, Role
from handlers.buttons import Action, Press
from handlers.html import bold, lines
from handlers.screens.desk.roles import role_name
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts


def desk(t: Texts, role: Role) -> Screen:
    """Only what the role may do is offered."""

    def key(deed: Deed, label: str, press: Press) -> Key | None:
        return Key(label, press) if role.may(deed) else None

    return Screen(
        lines(bold(t("🛠 Desk")), t("Your role: {role}", role=role_name(t, role))),
        rows(
            [
                key(Deed.READ_AUDIT, t.plain("🧾 Audit"), Press(Action.AUDIT, number=0)),
                key(Deed.KEEP_OPERATORS, t.plain("👥 Operators"), Press(Action.OPERATORS)),
            ],
            [Key(t.plain("🏠 Home"), Press(Action.HOME))],
        ),
        shows="desk",
    )


def desk_key(t: Texts) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.DESK))
