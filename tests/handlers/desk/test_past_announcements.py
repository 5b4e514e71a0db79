"""What was announced is held, corrected, taken back and reported on, by whoever may announce."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from bot.domain.announcement import (
    Announcement,
    AnnouncementStatus,
    Content,
    DeliveryEnd,
    DeliveryStatus,
    Pass,
)
from bot.domain.operator import Role
from bot.domain.subscriber import Subscriber
from handlers.screens.desk import running
from storage.announcement_tables import deliveries
from storage.statements import Statement
from tests.handlers.desk.conftest import Appointed, audited
from tests.handlers.rehearsal import Person, Rehearsal, Staged

PHOTO = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
READER = 7001


async def announced(stage: Rehearsal, marketer: Person, message: dict[str, Any]) -> None:
    """Sent to one reader, and through."""
    await stage.person(READER, "en", "P").sends("/start")
    await marketer.sends("/announce")
    await marketer._writes(message)
    await marketer.presses("Test")
    await marketer.presses_data("v1:go!")
    await moved(stage, AnnouncementStatus.RUNNING)
    async with stage.store.unit() as unit:
        unit.recipients.plan(1, [(READER, stage.clock.now())])
        at = stage.clock.now() + timedelta(hours=12)
        await unit.deliveries.take(1, at, 8, ZoneInfo("UTC"))
        await unit.deliveries.end([DeliveryEnd(1, READER, Pass.SEND, DeliveryStatus.SENT, 55)], at)
    await moved(stage, AnnouncementStatus.DONE)


async def moved(stage: Rehearsal, to: AnnouncementStatus) -> None:
    async with stage.store.unit() as unit:
        present = await unit.announcements.get(1)
        assert present is not None
        assert await unit.announcements.move(replace(present, status=to), [present.status])


async def stands(stage: Rehearsal) -> Announcement:
    async with stage.store.unit() as unit:
        present = await unit.announcements.get(1)
    assert present is not None
    return present


@pytest.fixture
async def marketer(appointed: Appointed) -> Person:
    return await appointed(Role.MARKETING)


async def test_it_is_found_in_the_list_of_past_ones(stage: Rehearsal, marketer: Person) -> None:
    await announced(stage, marketer, {"text": "Hello", "entities": []})
    await marketer.presses_data("v1:told")
    assert "1: Done" in marketer.text
    await marketer.presses("📣 1")
    assert "Announcement 1" in marketer.text


async def test_all_past_ones_are_found_with_their_day_however_many_they_are(
    stage: Rehearsal, marketer: Person
) -> None:
    async with stage.store.unit() as unit:
        for _ in range(7):
            past = await unit.announcements.add(marketer.id, stage.clock.now())
            done = replace(past, status=AnnouncementStatus.DONE, started_at=stage.clock.now())
            assert await unit.announcements.move(done, [AnnouncementStatus.DRAFT])
    await marketer.presses_data("v1:told")
    assert "7: Done · " in marketer.text
    assert "1: Done" not in marketer.text
    await marketer.presses("Older")
    assert "1: Done · " in marketer.text
    assert "2: Done" not in marketer.text
    await marketer.presses("Newer")
    assert "7: Done" in marketer.text


async def test_a_draft_that_was_dropped_is_no_past_announcement(
    stage: Rehearsal, marketer: Person
) -> None:
    await marketer.sends("/announce")
    await marketer._writes({"text": "Hello", "entities": []})
    await marketer.presses_data("v1:when")
    await marketer._writes({"text": "2027-01-01 12:00", "entities": []})
    await marketer.presses("Start over")
    await marketer.presses_data("v1:told")
    assert "None yet" in marketer.text


async def test_its_report_has_a_row_for_each_reader(stage: Rehearsal, marketer: Person) -> None:
    await announced(stage, marketer, {"text": "Hello", "entities": []})
    await marketer.presses_data("v1:told")
    await marketer.presses("📣 1")
    await marketer.presses("CSV")
    [file] = [each for each in marketer.saw if each.method == "sendDocument"]
    head, row = file.parameters["document"]["$file"]["rows"]
    assert head == ["Telegram id", "Status", "Afterwards", "When"]
    assert row[:3] == [str(READER), "Sent", ""]
    assert file.parameters["caption"] == "1 person"
    assert "reply_markup" not in file.parameters


async def test_of_an_old_announcement_only_the_figures_are_left(
    stage: Rehearsal, marketer: Person
) -> None:
    await announced(stage, marketer, {"text": "New plans", "entities": []})
    async with stage.store.unit() as unit:
        unit._transaction.write(Statement(delete(deliveries)))
    await marketer.sends("/announce")
    shown = await marketer.presses_data("v1:toldcsv:1")
    assert "kept for 90 days" in shown
    assert "sendDocument" not in marketer.methods


async def test_a_report_that_is_too_long_for_a_file_comes_in_several(
    stage: Rehearsal, marketer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "A_FILE", 2)
    await announced(stage, marketer, {"text": "Hello", "entities": []})
    async with stage.store.unit() as unit:
        unit.recipients.plan(1, [(READER + n, stage.clock.now()) for n in range(1, 5)])
    await marketer.presses_data("v1:toldcsv:1")
    captions, told = [], []
    for _ in range(3):
        [file] = [each for each in marketer.saw if each.method == "sendDocument"]
        captions.append(file.parameters["caption"])
        told += [row[0] for row in file.parameters["document"]["$file"]["rows"][1:]]
        if "reply_markup" in file.parameters:
            await marketer.presses("Next file")
    assert captions == ["1 to 2 of 5", "3 to 4 of 5", "5 to 5 of 5"]
    assert told == [str(READER + n) for n in range(5)]


@pytest.mark.parametrize("rest", ["", "2", "x-y", "9-99999"])
async def test_a_key_to_the_rest_that_was_never_shown_harms_nothing(
    stage: Rehearsal, marketer: Person, rest: str
) -> None:
    await announced(stage, marketer, {"text": "Hello", "entities": []})
    await marketer.presses_data(f"v1:toldrest:{rest}:1")
    assert "sendDocument" in marketer.methods


async def test_the_right_words_take_the_place_of_what_was_sent(
    stage: Rehearsal, marketer: Person
) -> None:
    await announced(stage, marketer, {"text": "Helo", "entities": []})
    await marketer.presses_data("v1:told")
    await marketer.presses("📣 1")
    await marketer.presses("✏️")
    await marketer._writes({"text": "Hello", "entities": []})
    present = await stands(stage)
    assert (present.status, present.doing) == (AnnouncementStatus.PLANNING, Pass.CORRECT)
    assert present.versions["en"].html == "Hello"


async def test_under_a_picture_the_right_words_are_as_short_as_a_caption(
    stage: Rehearsal, marketer: Person
) -> None:
    await announced(stage, marketer, {"photo": [PHOTO], "caption": "Look"})
    await marketer.presses_data("v1:told")
    await marketer.presses("📣 1")
    await marketer.presses("✏️")
    said = await marketer._writes({"text": "x" * 1025, "entities": []})
    assert "1024" in said
    assert (await stands(stage)).versions["en"].html == "Look"


@pytest.mark.parametrize(
    ("hours", "status"), [(47, AnnouncementStatus.PLANNING), (49, AnnouncementStatus.DONE)]
)
async def test_it_is_taken_back_within_48_hours_and_not_after(
    stage: Rehearsal, marketer: Person, hours: int, status: AnnouncementStatus
) -> None:
    await announced(stage, marketer, {"text": "Hello", "entities": []})
    stage.clock.advance(timedelta(hours=hours))
    await marketer.presses_data("v1:recall!:1")
    assert (await stands(stage)).status is status


async def test_it_is_paused_resumed_and_stopped_for_good_by_its_panel(
    stage: Rehearsal, marketer: Person
) -> None:
    await announced(stage, marketer, {"text": "Hello", "entities": []})
    await moved(stage, AnnouncementStatus.RUNNING)
    await marketer.presses_data("v1:told")
    await marketer.presses("📣 1")
    for key, status in (
        ("Pause", AnnouncementStatus.PAUSED),
        ("Resume", AnnouncementStatus.RUNNING),
        ("Stop", AnnouncementStatus.STOPPED),
    ):
        pressed = marketer.data(key)
        await marketer.presses_data(pressed)
        assert (await stands(stage)).status is status
    await marketer.presses_data(pressed)
    assert "moved on" in marketer.text


UNREADABLE = "Bad Request: can't parse entities: <oops>"


async def is_refused(stage: Rehearsal) -> list[Staged]:
    """Telegram takes it of nobody; what the author is told."""
    event = {"announcement": 1, "said": UNREADABLE}
    return await stage.happens(lambda unit: stage.use.run_announcement.on_refused(unit, event))


async def begun(stage: Rehearsal, marketer: Person, message: dict[str, Any]) -> None:
    """On its way to one reader, who has not got it."""
    await stage.person(READER, "en", "P").sends("/start")
    await marketer.sends("/announce")
    await marketer._writes(message)
    await marketer.presses("Test")
    await marketer.presses_data("v1:go!")
    await moved(stage, AnnouncementStatus.RUNNING)
    async with stage.store.unit() as unit:
        unit.recipients.plan(1, [(READER, stage.clock.now())])


async def test_what_telegram_takes_of_nobody_pauses_and_its_author_is_told_why_and_what_to_do(
    stage: Rehearsal, marketer: Person
) -> None:
    await begun(stage, marketer, {"text": "Hello", "entities": []})
    marketer.saw = await is_refused(stage)
    panel, notice = marketer.saw
    assert "paused by itself" in notice.text
    for told in (panel.text, notice.text):
        assert "can't parse entities: &lt;oops&gt;" in told
    assert "Correct it and resume, or stop it" in notice.text
    assert await is_refused(stage) == []
    await marketer.presses("Open it")
    await marketer.presses("Resume")
    assert "oops" not in marketer.text
    assert (await stands(stage)).trouble is None


async def test_while_nobody_has_it_it_becomes_any_other_message(
    stage: Rehearsal, marketer: Person
) -> None:
    await begun(stage, marketer, {"photo": [PHOTO], "caption": "Look"})
    await is_refused(stage)
    await marketer.presses_data("v1:told1:1")
    await marketer.presses("✏️")
    assert "Nobody has it yet" in marketer.text
    await marketer._writes({"text": "Read", "entities": []})
    present = await stands(stage)
    assert (present.status, present.trouble) == (AnnouncementStatus.PAUSED, None)
    version = present.versions["en"]
    assert (version.content, version.html, version.file_id) == (Content.TEXT, "Read", None)


async def test_paused_on_the_way_the_words_are_changed_for_those_who_are_still_to_read_it(
    stage: Rehearsal, marketer: Person
) -> None:
    await announced(stage, marketer, {"photo": [PHOTO], "caption": "Look"})
    await moved(stage, AnnouncementStatus.PAUSED)
    await marketer.presses_data("v1:told1:1")
    await marketer.presses("✏️")
    assert "do not have it yet" in marketer.text
    await marketer._writes({"text": "Look there", "entities": []})
    present = await stands(stage)
    assert present.status is AnnouncementStatus.PAUSED
    version = present.versions["en"]
    assert (version.content, version.html, version.file_id) == (Content.PHOTO, "Look there", "f")


async def test_the_audit_keeps_what_was_let_go_to_whom_and_when_and_what_was_changed(
    stage: Rehearsal, marketer: Person
) -> None:
    await marketer.sends("/announce")
    await marketer._writes({"text": "Helo", "entities": []})
    await marketer.presses("Time")
    await marketer.sends("2026-12-24 18:00")
    await marketer.presses("Test")
    await marketer.presses_data("v1:go!")
    [let_go, *_] = await audited(stage)
    assert let_go.before == {"status": "draft"}
    did = dict(let_go.after or {})
    assert did.pop("words").startswith("en ")
    assert did == {
        "status": "scheduled", "does": "send", "recipients": 1, "audience": "all",
        "category": "news", "starts": "2026-12-24 18:00", "clock": "Asia/Shanghai",
    }  # fmt: skip
    await moved(stage, AnnouncementStatus.DONE)
    await marketer.presses_data("v1:told1:1")
    await marketer.presses("✏️")
    await marketer._writes({"text": "Hello", "entities": []})
    [corrected, *_] = await audited(stage)
    assert corrected.before == {
        "status": "done", "language": "en", "words": "Helo", "content": "text"
    }  # fmt: skip
    assert corrected.after is not None
    assert (corrected.after["does"], corrected.after["words"]) == ("correct", "Hello")
    await moved(stage, AnnouncementStatus.RUNNING)
    await marketer.presses_data("v1:hold:pause:1")
    [held, *_] = await audited(stage)
    assert (held.before, held.after) == (
        {"status": "running"}, {"status": "paused", "does": "pause"},
    )  # fmt: skip


async def test_the_panel_tells_how_many_a_second_leave_and_how_long_the_rest_takes(
    stage: Rehearsal, marketer: Person
) -> None:
    await begun(stage, marketer, {"text": "Hello", "entities": []})
    readers = range(READER, READER + 601)
    async with stage.store.unit() as unit:
        for reader in readers[1:]:
            unit.subscribers.add(
                Subscriber(reader, "P", "en", language_chosen=False), stage.clock.now()
            )
        unit.recipients.plan(1, [(reader, stage.clock.now()) for reader in readers[1:]])
        at = stage.clock.now() + timedelta(hours=12)
        await unit.deliveries.take(1, at, 10, ZoneInfo("UTC"))
    begun_at = stage.clock.now()
    stage.clock.advance(timedelta(seconds=5))
    async with stage.store.unit() as unit:
        ends = [DeliveryEnd(1, each, Pass.SEND, DeliveryStatus.SENT, 1) for each in readers[:10]]
        await unit.deliveries.end(ends, stage.clock.now())
    timer = {"announcement": 1, "ended": 0, "at_s": begun_at.timestamp()}
    marketer.saw = await stage.happens(
        lambda unit: stage.use.run_announcement.on_progress_due(unit, timer)
    )
    assert "10 of 601" in marketer.text
    assert "2.0 a second" in marketer.text
    assert "Left: about 5 minutes" in marketer.text
    async with stage.store.unit() as unit:
        soon, next_at = stage.clock.now() + timedelta(seconds=4.9), timedelta(seconds=5)
        early = await unit.timers.take_due(soon, 99)
        assert "announcement_progress" not in [each.kind for each in early]
        due = await unit.timers.take_due(stage.clock.now() + next_at, 99)
        assert "announcement_progress" in [each.kind for each in due]
