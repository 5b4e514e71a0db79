"""The audit: who did what, when, and what it was before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.operator import AuditEntry
from bot.services.read_audit import AuditPage
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
        t("{deed}: {subject}", deed=bold(deed_name(t, entry.deed)), subject=code(entry.subject)),
        _change(t, entry.before, entry.after),
    )


def _change(
    t: Texts, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> Html | None:
    """What differs, a field a piece; what is not there reads as a dash."""
    former, present = before or {}, after or {}
    changed = [key for key in {**former, **present} if former.get(key) != present.get(key)]
    if not changed:
        return None
    return Html(" · ").join(
        t("{field} {before} → {after}", field=field_name(t, key), before=_shown(t, key, former),
          after=_shown(t, key, present))
        for key in changed
    )  # fmt: skip


def _shown(t: Texts, key: str, state: Mapping[str, Any]) -> str:
    if state.get(key) is None:
        return "–"
    text = neutral(value_name(t, key, state[key]))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
