"""The operators: who they are, and the question before a role changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.operator import Deed, Operator, Role
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, lines
from handlers.screens.desk.home import desk_key
from handlers.screens.desk.roles import deed_name, person_name, role_name
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.texts import Texts

_A_PAGE: Final = 6


def operators(
    t: Texts,
    holders: Sequence[Operator],
    names: Mapping[int, str | None],
    number: int,
    note: Html | None = None,
) -> Screen:
    last = max(0, (len(holders) - 1) // _A_PAGE)
    number = min(number, last)
    shown = holders[number * _A_PAGE : (number + 1) * _A_PAGE]
    keys = [
        Key(_short(person_name(t, each.subscriber_id, names[each.subscriber_id])),
            Press(Action.OPERATOR, number=each.subscriber_id))
        for each in shown
    ]  # fmt: skip
    listed = [
        t("{name} · {role} · {id}",
          name=person_name(t, each.subscriber_id, names[each.subscriber_id]),
          role=role_name(t, each.role), id=code(each.subscriber_id))
        for each in shown
    ]  # fmt: skip
    more = None
    if number < last:
        more = Key(t.plain("More ▶"), Press(Action.OPERATORS, number=number + 1))
    return Screen(
        lines(note, bold(t("👥 Operators")), *listed),
        rows(
            *abreast(keys, 2),
            [Key(t.plain("➕ Add"), Press(Action.ADD_OPERATOR)), more, desk_key(t)],
        ),
        shows="operators",
    )


def who(t: Texts, hint: Html | None) -> Screen:
    return Screen(
        lines(
            hint,
            bold(t("➕ Who is it?")),
            t("Send their numeric Telegram id, or forward a message of theirs."),
        ),
        rows([_back(t)]),
        shows="who",
    )  # fmt: skip


def nobody_named(t: Texts) -> Html:
    return t("That names nobody: the person may hide their account in forwarded messages.")


def person(t: Texts, person: int, name: str | None, held: Operator | None) -> Screen:
    role = held.role if held is not None else None
    dismiss = Key(t.plain("🗑 Remove"), Press(Action.DISMISS, number=person), style="danger")
    return Screen(
        lines(
            bold(person_name(t, person, name)),
            t("Telegram id {id}", id=code(person)),
            t("Role: {role}", role=role_name(t, role)) if role else t("No operator yet"),
            None if name else t("The bot has not met this person: they start it first."),
        ),
        rows(
            *abreast([_role_key(t, each, role, person) for each in Role], 2),
            [dismiss if role is not None else None, _back(t)],
        ),
        shows="operator",
        subject=str(person),
    )


def surely(t: Texts, person: int, name: str | None, role: Role | None) -> Screen:
    """What the role allows, before it is given; None: it is taken away. The safe key is first."""
    shown = person_name(t, person, name)
    if role is None:
        title = t("Remove {name} from the operators?", name=shown)
        means = t("What they have open stops working at once.")
        act = Key(t.plain("🗑 Remove"), Press(Action.DISMISS_SURELY, number=person), style="danger")
    else:
        title = t("Make {name} an operator as {role}?", name=shown, role=role_name(t, role))
        may = [str(deed_name(t, deed)) for deed in Deed if role.may(deed)]
        means = t("They may: {deeds}", deeds=t.plain(", ").join(may))
        act = Key(
            t.plain("✅ Appoint"), Press(Action.ROLE_SURELY, role, number=person), style="danger"
        )
    keep = Key(t.plain("◀ Keep as it is"), Press(Action.OPERATOR, number=person))
    return Screen(
        lines(bold(title), t("Telegram id {id}", id=code(person)), means),
        rows([keep], [act]),
        shows="role",
        subject=str(person),
    )


def appointed(t: Texts, person: int, role: Role | None) -> Html:
    if role is None:
        return t("✅ {id} is no operator any more.", id=person)
    return t("✅ {id} is {role} now.", id=person, role=role_name(t, role))


def left(t: Texts) -> Screen:
    return Screen(
        bold(t("✅ You are no operator any more.")),
        rows([Key(t.plain("🏠 Home"), Press(Action.HOME))]),
        shows="left",
    )


def told(t: Texts, role: Role | None) -> Screen:
    """To the person whose role it is."""
    if role is None:
        return left(t)
    return Screen(
        lines(
            bold(t("🛠 You are an operator now: {role}", role=role_name(t, role))),
            t("Your desk opens with /desk."),
        ),
        rows([Key(t.plain("🛠 Desk"), Press(Action.DESK))]),
        shows="role told",
    )


def _role_key(t: Texts, each: Role, held: Role | None, person: int) -> Key:
    name = role_name(t, each)
    label = f"● {name}" if each is held else name
    return Key(label, Press(Action.ROLE, each, number=person))


def _short(name: str) -> str:
    return name if len(name) <= 20 else f"{name[:19]}…"


def _back(t: Texts) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.OPERATORS))
