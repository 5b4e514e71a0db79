"""The audit: who did what, when, and what it was before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.operator import AuditEntry, Deed
from bot.services.read_audit import AuditPage, is_number, line_of
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, escape, lines, neutral
from handlers.screens import format as f
from handlers.screens.desk.home import desk_key
from handlers.screens.desk.roles import deed_name, person_name
from handlers.screens.desk.words import field_name, value_name
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts

_LONGEST = 60


def audit(t: Texts, page: AuditPage) -> Screen:
    title = t("🧾 Audit, page {page} of {pages}", page=page.number + 1, pages=page.last + 1)
    nothing = None if page.entries else t("Nothing was done yet.")
    older = newer = None
    if page.number < page.last:
        older = Key(t.plain("Older ▶"), Press(Action.AUDIT, number=page.number + 1))
    if page.number > 0:
        newer = Key(t.plain("◀ Newer"), Press(Action.AUDIT, number=page.number - 1))
    return Screen(
        lines(bold(title), nothing, *(_entry(t, page, each) for each in page.entries)),
        rows([newer, older], [desk_key(t)]),
        shows="audit",
    )


def _entry(t: Texts, page: AuditPage, entry: AuditEntry) -> Html:
    who = t("settings or terminal")
    if entry.who is not None:
        who = escape(person_name(t, entry.who, page.names.get(entry.who)))
    return lines(
        "",
        t("{when} · {who}", when=f.moment(t, entry.at, page.zone), who=who),
        _deed(t, page, entry),
        _change(t, entry.before, entry.after),
    )


def _deed(t: Texts, page: AuditPage, entry: AuditEntry) -> Html:
    deed = bold(deed_name(t, entry.deed))
    if entry.deed is Deed.MAINTAIN:
        return deed
    return t("{deed}: {subject}", deed=deed, subject=_subject(t, page, entry.subject))


def _subject(t: Texts, page: AuditPage, subject: str) -> Html:
    """An order, a plan or a coupon goes by its code, the rest by what an operator calls it."""
    kind, _, number = subject.partition(" ")
    line_id = line_of(subject)
    if is_number(subject) and int(subject) in page.names:
        name = person_name(t, int(subject), page.names[int(subject)])
        return t("{name} · {id}", name=name, id=code(subject))
    if line_id is not None and line_id in page.lines:
        return t("line {number}", number=f.tail(page.lines[line_id].msisdn))
    if kind == "announcement" and is_number(number):
        return t("no. {number}", number=number)
    if number == "codes":
        return t.count("{number} code", "{number} codes", int(kind))
    return code(subject)


def _change(
    t: Texts, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> Html | None:
    """What differs, a field a piece; of what is new, what it is. Nothing reads as a dash."""
    former, present = before or {}, after or {}
    changed = [key for key in {**former, **present} if former.get(key) != present.get(key)]
    if not changed:
        return None
    return Html(" · ").join(_piece(t, key, former, present) for key in changed)


def _piece(t: Texts, key: str, former: Mapping[str, Any], present: Mapping[str, Any]) -> Html:
    field, after = field_name(t, key), _shown(t, key, present)
    if key not in former:
        return t("{field} {after}", field=field, after=after)
    before = _shown(t, key, former)
    return t("{field} {before} → {after}", field=field, before=before, after=after)


def _shown(t: Texts, key: str, state: Mapping[str, Any]) -> str:
    if state.get(key) is None:
        return "–"
    text = neutral(value_name(t, key, state[key]))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
