"""An operator composes an announcement, sees it, and lets it go; nobody else can."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.announcement import AnnouncementStatus
from bot.domain.line import UsageDay
from bot.domain.operator import Role
from tests.handlers.desk.conftest import Appointed, audited, loses_the_role
from tests.handlers.rehearsal import Person, Rehearsal


async def sends(person: Person, text: str, entities: list[dict[str, Any]] | None = None) -> str:
    return await person._writes({"text": text, "entities": entities or []})


@pytest.fixture
async def marketer(stage: Rehearsal, appointed: Appointed) -> Person:
    for number in (7001, 7002, 7003):
        await stage.person(number, "en", f"P{number}").sends("/start")
    person = await appointed(Role.MARKETING)
    await person.sends("/announce")
    return person


async def composed(person: Person) -> None:
    await sends(person, "New plans for {name}")
    await person.presses("Test")


async def test_it_is_written_tested_confirmed_and_begun(stage: Rehearsal, marketer: Person) -> None:
    assert "in English" in marketer.text
    await sends(marketer, "New plans for {name}")
    assert "4 people" in marketer.text
    assert "Send it to yourself" in marketer.text
    await marketer.presses("Test")
    assert marketer.saw[0].text == "New plans for Op"
    await marketer.presses("Send…")
    assert "4 people · about 1 minute · with sound" in marketer.text
    await marketer.presses("Send")
    assert "Getting ready" in marketer.text
    async with stage.store.unit() as unit:
        announcement = await unit.announcements.get(1)
        assert announcement is not None
        assert announcement.status is AnnouncementStatus.PLANNING
    assert (await audited(stage))[0].subject == "announcement 1"


async def test_bold_and_emoji_stay_where_they_were(marketer: Person) -> None:
    """Offsets count UTF-16 units: the emoji before it has two."""
    await sends(marketer, "🎉 Hi {name} & co", [{"type": "bold", "offset": 3, "length": 9}])
    await marketer.presses("Test")
    assert marketer.saw[0].text == "🎉 <b>Hi Op</b> &amp; co"


async def test_what_was_changed_since_is_not_let_go(marketer: Person) -> None:
    await composed(marketer)
    surely = "v1:go!"
    await marketer.presses("Words")
    await marketer.presses("English")
    await sends(marketer, "Other words")
    await marketer.presses_data(surely)
    assert "send it to yourself first" in marketer.text


async def test_above_the_threshold_the_number_is_typed(stage: Rehearsal, marketer: Person) -> None:
    stage.use.of_dialogues.announce._confirm_above = 3
    await composed(marketer)
    await marketer.presses("Send…")
    assert "Type the number" in marketer.text
    await marketer.presses_data("v1:go!")
    assert "Type the number" in marketer.text
    await sends(marketer, "5")
    assert "That is not the number of recipients: 4" in marketer.text
    assert "Type the number" in marketer.text
    await sends(marketer, "4")
    assert "Getting ready" in marketer.text


async def test_a_second_tap_starts_it_once(stage: Rehearsal, marketer: Person) -> None:
    await composed(marketer)
    await marketer.presses("Send…")
    await marketer.presses_data("v1:go!")
    await marketer.presses_data("v1:go!")
    assert "moved on" in marketer.text
    async with stage.store.unit() as unit:
        assert len(await unit.announcements.latest(10, 0)) == 1


async def test_whose_role_was_taken_away_lets_nothing_go(
    stage: Rehearsal, marketer: Person
) -> None:
    await composed(marketer)
    await loses_the_role(stage, marketer)
    await marketer.presses_data("v1:go!")
    async with stage.store.unit() as unit:
        assert await unit.announcements.latest(10, 0) == []


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.FINANCE, None])
async def test_others_cannot_announce(appointed: Appointed, role: Role | None) -> None:
    person = await appointed(role)
    assert "announcement in" not in await person.sends("/announce")


async def test_albums_are_refused_with_the_reason(marketer: Person) -> None:
    photo = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
    said = await marketer._writes({"photo": [photo], "media_group_id": "g"})
    assert "album" in said


async def test_a_voice_note_is_refused_with_the_reason(marketer: Person) -> None:
    voice = {"file_id": "f", "file_unique_id": "u", "duration": 1}
    said = await marketer._writes({"voice": voice, "caption": "Listen"})
    assert "send text, a photo, a video or a file" in said


async def test_a_photo_keeps_its_words_and_its_buttons(marketer: Person) -> None:
    photo = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
    await marketer._writes({"photo": [photo], "caption": "Look"})
    await marketer.presses("Buttons")
    await sends(marketer, "Monthly | M30\nSite | https://example.com/?a=1")
    await marketer.presses("Test")
    [test] = [each for each in marketer.saw if each.method == "sendPhoto"]
    assert test.parameters["photo"] == "f"
    assert test.parameters["reply_markup"]["inline_keyboard"] == [
        [{"text": "Monthly", "callback_data": "v1:+offer:1:0"}],
        [{"text": "Site", "url": "https://example.com/?a=1"}],
    ]


async def test_buttons_that_open_nothing_are_asked_for_again(marketer: Person) -> None:
    await composed(marketer)
    for typed in ("月卡 | Monthly | M30", "a | NOPLAN", "a | javascript:alert(1)", "a"):
        await marketer.presses_data("v1:offers")
        assert "could not read" in await sends(marketer, typed)


async def test_promotions_go_only_to_those_who_asked(stage: Rehearsal, marketer: Person) -> None:
    await composed(marketer)
    await marketer.presses("News")
    assert "0 people" in marketer.text
    async with stage.store.unit() as unit:
        preferences = await unit.preferences.of(7001)
        unit.preferences.save(type(preferences)(7001, promotions=True))
        unit.preferences.save(type(preferences)(7002, news=False))
    await marketer.presses_data("v1:announce")
    assert "1 person" in marketer.text
    await marketer.presses("Promotion")
    assert "3 people" in marketer.text


async def test_presses_are_counted_once_a_reader_for_each_button_and_shown_beside_the_links(
    stage: Rehearsal, marketer: Person
) -> None:
    await composed(marketer)
    await marketer.presses_data("v1:offers")
    lines = ("Monthly | M30", "Site | https://example.com", "Daily | D1")
    await sends(marketer, "\n".join(lines))
    await marketer.presses("Test")
    await marketer.presses_data("v1:go!")
    readers = [stage.person(number, "en", f"P{number}") for number in (7001, 7002)]
    await arrives(stage, [each.id for each in readers])
    await readers[0].links_the_line()
    for _ in range(2):
        await readers[0].presses_data("v1:+offer:1:0")
        assert "Confirm your order" in readers[0].text
    await readers[1].presses_data("v1:+offer:1:0")
    assert "verify your number" in readers[1].text  # the plan comes then
    await readers[1].presses_data("v1:+offer:1:2")
    await marketer.presses_data("v1:+offer:1:0")  # it was not sent to them
    await marketer.presses_data("v1:told1:1")
    assert "Monthly: pressed by <b>2</b>" in marketer.text
    assert "Site: a link, whose presses Telegram tells nobody" in marketer.text
    assert "Daily: pressed by <b>1</b>" in marketer.text
    await marketer.presses("CSV")
    [file] = [each for each in marketer.saw if each.method == "sendDocument"]
    head, *rows = file.parameters["document"]["$file"]["rows"]
    assert head[4:] == ["Pressed: Monthly", "Pressed: Site", "Pressed: Daily"]
    assert [row[4:] for row in rows] == [["1", "", ""], ["1", "", "1"]]


async def test_a_country_is_chosen_among_those_in_which_lines_were_used(
    stage: Rehearsal, marketer: Person
) -> None:
    lin = stage.person(1001)
    await lin.links_the_line()
    today = stage.clock.now().date()
    async with stage.store.unit() as unit:
        (line,) = await unit.lines.of(lin.id)
        unit.readings.put_usage(line.id, [UsageDay(today, 5, {"JP": 5})])
    await composed(marketer)
    await marketer.presses("Audience")
    await marketer.presses("By country")
    await marketer.presses("Japan")
    assert "Japan" in marketer.text
    assert "1 person" in marketer.text
    await marketer.presses_data("v1:to:country:jp")
    assert "1 person" in marketer.text


@pytest.mark.parametrize("button", ["9", "", "x", "-1"])
async def test_a_button_that_no_announcement_has_opens_nothing(
    stage: Rehearsal, marketer: Person, button: str
) -> None:
    await composed(marketer)
    await marketer.links_the_line()
    await marketer.presses_data(f"v1:+offer:1:{button}")
    assert "leads nowhere" in marketer.text


async def test_a_button_whose_plan_was_withdrawn_says_so_and_leads_to_the_others(
    stage: Rehearsal, marketer: Person
) -> None:
    await composed(marketer)
    await marketer.presses_data("v1:offers")
    await sends(marketer, "Monthly | M30")
    await marketer.presses("Test")
    await marketer.presses_data("v1:go!")
    reader = stage.person(7001, "en", "P7001")
    await reader.links_the_line()
    await arrives(stage, [reader.id])
    async with stage.store.unit() as unit:
        unit.catalogue.withdraw("M30", stage.clock.now())
    await reader.presses_data("v1:+offer:1:0")
    assert "no longer" in reader.text
    assert reader.data("Choose a plan") == "v1:renew"
    await marketer.presses_data("v1:told1:1")
    assert "Monthly: pressed by <b>1</b>" in marketer.text


async def arrives(stage: Rehearsal, chats: list[int]) -> None:
    """It is sent to them, as far as is known."""
    async with stage.store.unit() as unit:
        unit.recipients.plan(1, [(chat_id, stage.clock.now()) for chat_id in chats])
        present = await unit.announcements.get(1)
        assert present is not None
        running = replace(present, status=AnnouncementStatus.RUNNING)
        await unit.announcements.move(running, [present.status])
        await unit.deliveries.take(1, stage.clock.now(), 8, ZoneInfo("Asia/Shanghai"))
        await unit.deliveries.doubt(running)


async def test_among_very_many_the_audience_is_counted_a_page_at_a_time_and_then_shown(
    stage: Rehearsal, marketer: Person
) -> None:
    counting = stage.use.count_audience
    counting._page = 3
    await sends(marketer, "New plans for {name}")
    assert "counting… 3 so far" in marketer.text
    await marketer.presses("Test")
    with pytest.raises(AssertionError, match="no key"):
        marketer.data("Send…")
    await marketer.presses_data("v1:go!")
    assert "still being counted" in marketer.text
    await marketer.presses_data("v1:go")
    assert "counting…" in marketer.text
    marketer.saw = await stage.happens(
        lambda unit: counting.on_count_due(unit, {"announcement": 1, "counted_to": 7003})
    )
    assert "4 people" in marketer.text
    await marketer.presses("Send…")
    await marketer.presses("Send")
    assert "Getting ready" in marketer.text


async def test_a_count_of_those_whom_it_was_for_before_is_dropped(
    stage: Rehearsal, marketer: Person
) -> None:
    counting = stage.use.count_audience
    counting._page = 3
    await sends(marketer, "New plans for {name}")
    late = {"announcement": 1, "counted_to": 7003}
    await stage.happens(lambda unit: counting.on_count_due(unit, late))
    await marketer.presses("Audience")
    await marketer.presses("Never renewed")
    assert await stage.happens(lambda unit: counting.on_count_due(unit, late)) != []
    assert await stage.happens(lambda unit: counting.on_count_due(unit, late)) == []
