"""An announcement on its way: how far it is, what can be done with it, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.announcement import (
    Afterwards,
    Announcement,
    AnnouncementStatus,
    DeliveryStatus,
    Pass,
)
from bot.domain.personal_data import A_SEASON
from bot.services.announcement_port import Reported
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, lines
from handlers.screens import format as f
from handlers.screens.screen import Key, Rows, Screen, rows
from handlers.texts import Texts, own_name

_S: Final = AnnouncementStatus
_D: Final = DeliveryStatus
A_PAGE: Final = 6
A_FILE: Final = 20_000
"""Recipients in one file of the report: what is read and written down in a tenth of a second."""


def panel(
    t: Texts, announcement: Announcement, tallies: Mapping[str, int], clicks: Mapping[int, int],
    rate: float, zone: ZoneInfo, per_s: float | None = None,
) -> Screen:  # fmt: skip
    """``clicks`` by the place of the button; ``rate`` is how many may leave a second, ``per_s`` how
    many did lately, where that is known."""
    return Screen(
        lines(
            bold(t("📣 Announcement {id}", id=announcement.id)),
            status_name(t, announcement),
            t("When: {time}", time=start_time(t, announcement, zone))
            if announcement.status is _S.SCHEDULED
            else None,
            _trouble(t, announcement),
            *_progress(t, announcement, tallies, rate, per_s),
            *_outcomes(t, tallies),
            *_pressed(t, announcement, clicks),
        ),
        _keys(t, announcement),
        shows="announcement",
        subject=str(announcement.id),
    )


def refused(t: Texts, announcement: Announcement) -> Screen:
    """A message of its own, when nobody could be sent it."""
    return Screen(
        lines(
            bold(t("⏸ Announcement {id} has paused by itself", id=announcement.id)),
            _trouble(t, announcement),
            t("Nobody else was tried, and nobody is lost: whoever it was refused is tried again. "
              "Correct it and resume, or stop it."),
        ),
        rows([
            Key(t.plain("📣 Open it"), Press(Action.ANNOUNCEMENT, number=announcement.id)),
        ]),
    )  # fmt: skip


def finished(t: Texts, announcement: Announcement, tallies: Mapping[str, int]) -> Screen:
    """A message of its own: its author looks elsewhere by now."""
    return Screen(
        lines(bold(_is_through(t, announcement)), *_outcomes(t, tallies)),
        rows([
            Key(t.plain("📊 Report"), Press(Action.ANNOUNCEMENT, number=announcement.id)),
        ]),
    )  # fmt: skip


def _is_through(t: Texts, announcement: Announcement) -> Html:
    match announcement.doing:
        case Pass.SEND:
            return t("📣 Announcement {id} is through", id=announcement.id)
        case Pass.CORRECT:
            return t("📣 Announcement {id} is corrected", id=announcement.id)
        case Pass.RECALL:
            return t("📣 Announcement {id} is taken back", id=announcement.id)


def surely_recall(t: Texts, announcement: Announcement, sent: int) -> Screen:
    return Screen(
        lines(
            bold(t("Take announcement {id} back?", id=announcement.id)),
            t.count(
                "It is deleted from {number} chat, for both sides.",
                "It is deleted from {number} chats, for both sides.",
                sent,
            ),
        ),
        rows(
            [Key(t.plain("◀ Keep it"), Press(Action.ANNOUNCEMENT, number=announcement.id))],
            [
                Key(t.plain("↩︎ Recall"), Press(Action.RECALL_SURELY, number=announcement.id),
                    style="danger")
            ],
        ),
        shows="recall",
        subject=str(announcement.id),
    )  # fmt: skip


def history(t: Texts, some: Sequence[Announcement], number: int, zone: ZoneInfo) -> Screen:
    """The page of that number, counted from 0; ``some`` holds one more than a page where there is
    another."""
    shown = some[:A_PAGE]
    keys = [Key(f"📣 {each.id}", Press(Action.ANNOUNCEMENT, number=each.id)) for each in shown]
    older = newer = None
    if len(some) > A_PAGE:
        older = Key(t.plain("Older ▶"), Press(Action.ANNOUNCEMENTS_PAGE, number=number + 1))
    if number > 0:
        newer = Key(t.plain("◀ Newer"), Press(Action.ANNOUNCEMENTS_PAGE, number=number - 1))
    return Screen(
        lines(
            bold(t("📣 Past announcements")),
            *([_told(t, each, zone) for each in shown] or [t("None yet.")]),
        ),
        rows(keys[:3], keys[3:], [newer, older], [Key(t.plain("◀ Back"), Press(Action.ANNOUNCE))]),
        shows="announcements",
    )


def _told(t: Texts, announcement: Announcement, zone: ZoneInfo) -> Html:
    """When it was begun, or is to be."""
    at = announcement.started_at or announcement.starts_at or announcement.created_at
    told = t("{id}: {status}", id=announcement.id, status=status_name(t, announcement))
    return Html(" · ").join([told, f.moment(t, at, zone)])


def table(
    t: Texts, announcement: Announcement, reported: Sequence[Reported], number: int
) -> dict[str, Any]:
    """The facts of the report's file of that number, as `handlers.screens.table.write` takes them;
    instants in UTC."""
    names = outcome_names(t)
    labels = [each.label for each in announcement.version_for(t.language).buttons]
    return {
        "kind": "table",
        "name": f"announcement-{announcement.id}-{number}.csv",
        "rows": [
            [t.plain("Telegram id"), t.plain("Status"), t.plain("Afterwards"), t.plain("When"),
             *(t.plain("Pressed: {label}", label=each) for each in labels)],
            *(
                [str(each.chat_id), names[each.status],
                 names[each.afterwards] if each.afterwards else "",
                 each.changed_at.isoformat() if each.changed_at else "",
                 *("1" if place in each.pressed else "" for place in range(len(labels)))]
                for each in reported
            ),
        ],
    }  # fmt: skip


def table_caption(t: Texts, first: int, last: int, total: int) -> Html:
    """Of which recipients the file tells, counted from 1."""
    if last - first + 1 == total:
        return t.count("{number} person", "{number} people", total)
    return t("{first} to {last} of {total}", first=f"{first:,}", last=f"{last:,}",
             total=f"{total:,}")  # fmt: skip


def no_table(t: Texts) -> Html:
    return t("Who got it is kept for {days} days. Its figures stay.", days=A_SEASON.days)


def next_table(t: Texts, announcement: Announcement, after: int, number: int) -> Rows:
    """The key to the rest of a report that is too long for one file."""
    press = Press(Action.ANNOUNCEMENT_REST, f"{number}-{after}", announcement.id)
    return rows([Key(t.plain("📄 Next file"), press)])


def status_name(t: Texts, announcement: Announcement) -> str:  # noqa: PLR0911 - a name each
    match announcement.status:
        case _S.SCHEDULED:
            return t.plain("Scheduled")
        case _S.PLANNING:
            return t.plain("Getting ready")
        case _S.RUNNING if announcement.doing is Pass.CORRECT:
            return t.plain("Being corrected")
        case _S.RUNNING if announcement.doing is Pass.RECALL:
            return t.plain("Being taken back")
        case _S.RUNNING:
            return t.plain("Being sent")
        case _S.PAUSED:
            return t.plain("Paused")
        case _S.STOPPED:
            return t.plain("Stopped")
        case _:
            return t.plain("Done")


def outcome_names(t: Texts) -> dict[str, str]:
    """By `DeliveryStatus` and `Afterwards`."""
    return {
        _D.PLANNED.value: t.plain("Not yet sent"),
        _D.SENDING.value: t.plain("On its way"),
        _D.SENT.value: t.plain("Sent"),
        _D.UNCERTAIN.value: t.plain("Uncertain"),
        _D.BLOCKED.value: t.plain("Blocked the bot"),
        _D.DEACTIVATED.value: t.plain("Account deleted"),
        _D.NOT_FOUND.value: t.plain("Chat not found"),
        _D.FAILED.value: t.plain("Refused by Telegram"),
        _D.SKIPPED.value: t.plain("Left meanwhile"),
        Afterwards.CORRECTED.value: t.plain("Corrected"),
        Afterwards.RECALLED.value: t.plain("Taken back"),
        Afterwards.REFUSED.value: t.plain("Could not be changed"),
        Afterwards.UNDER_WAY.value: t.plain("Being changed"),
    }


def duration(t: Texts, count: int, rate: float) -> Html:
    """About how long so many take."""
    minutes = max(round(count / rate / 60), 1)
    if minutes < 120:
        return t.count("about {number} minute", "about {number} minutes", minutes)
    return t.count("about {number} hour", "about {number} hours", round(minutes / 60))


def start_time(t: Texts, announcement: Announcement, zone: ZoneInfo) -> Html:
    at = announcement.starts_at
    if at is None:
        return t("at once")
    if announcement.in_local_time:
        return t("{time} on each reader's clock", time=f"{at.astimezone(zone):%Y-%m-%d %H:%M}")
    return f.moment(t, at, zone)


def _progress(
    t: Texts, announcement: Announcement, tallies: Mapping[str, int], rate: float,
    per_s: float | None,
) -> list[Html | str | None]:  # fmt: skip
    if announcement.doing is not Pass.SEND or announcement.status not in {_S.RUNNING, _S.PAUSED}:
        return []
    total = sum(tallies.get(each, 0) for each in _D)
    left = tallies.get(_D.PLANNED, 0) + tallies.get(_D.SENDING, 0)
    share = (total - left) / total if total else 1.0
    return [
        Html(f"{f.bar(share)} {f.percent(share)} %"),
        t("{done} of {total}", done=f"{total - left:,}", total=f"{total:,}"),
        t("{number} a second", number=f"{per_s:.1f}") if per_s is not None and left else None,
        t("Left: {time}", time=duration(t, left, per_s or rate)) if left else None,
    ]


def _trouble(t: Texts, announcement: Announcement) -> Html | None:
    if announcement.trouble is None:
        return None
    return t("⚠️ Telegram does not take it: {said}", said=code(announcement.trouble))


def _outcomes(t: Texts, tallies: Mapping[str, int]) -> list[Html]:
    return [
        t("{outcome}: {number}", outcome=said, number=bold(f"{tallies[name]:,}"))
        for name, said in outcome_names(t).items()
        if tallies.get(name) and name not in {_D.PLANNED, Afterwards.UNDER_WAY}
    ]


def _pressed(t: Texts, announcement: Announcement, clicks: Mapping[int, int]) -> list[Html]:
    if not announcement.versions:
        return []
    buttons = announcement.version_for(t.language).buttons
    return [
        t("🔗 {label}: a link, whose presses Telegram tells nobody", label=each.label)
        if each.url is not None
        else t("🔘 {label}: pressed by {number}", label=each.label,
               number=bold(f"{clicks.get(place, 0):,}"))
        for place, each in enumerate(buttons)
    ]  # fmt: skip


def _keys(t: Texts, announcement: Announcement) -> Rows:
    id_, status = announcement.id, announcement.status

    def hold(label: str, how: str) -> Key:
        return Key(label, Press(Action.HOLD, how, id_))

    is_waiting = status is _S.PAUSED and announcement.doing is Pass.SEND
    is_taken_back = status is _S.DONE and announcement.doing is Pass.RECALL
    is_over = status in {_S.DONE, _S.STOPPED}
    stop = None if is_over else hold(t.plain("⏹ Stop"), "stop")
    back = Key(t.plain("◀ Back"), Press(Action.ANNOUNCEMENTS))
    refresh = Key(t.plain("🔁 Refresh"), Press(Action.ANNOUNCEMENT, number=id_))
    correct = [
        Key(f"✏️ {own_name(each)}", Press(Action.CORRECT, each, id_))
        for each in announcement.versions
    ]
    return rows(
        [
            hold(t.plain("⏸ Pause"), "pause") if status is _S.RUNNING else None,
            hold(t.plain("▶ Resume"), "resume") if status is _S.PAUSED else None,
            stop,
        ],
        correct if (is_over and not is_taken_back) or is_waiting else [],
        [
            Key(t.plain("📄 CSV"), Press(Action.ANNOUNCEMENT_FILE, number=id_)),
            Key(t.plain("↩︎ Recall"), Press(Action.RECALL, number=id_))
            if is_over and not is_taken_back
            else None,
        ],
        [None if is_over else refresh, back],
    )
