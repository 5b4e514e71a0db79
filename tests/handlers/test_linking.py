"""Linking a line: whose contact, which number, which code."""

from datetime import timedelta

import pytest

from bot.services.requests import FindLine, LineFound
from handlers.typed import as_count, as_digits, as_number
from tests.handlers.facts import LINE
from tests.handlers.rehearsal import FOUND, Person, Rehearsal


async def proves_the_number(stage: Rehearsal, person: Person) -> str:
    """Types the line's number; the code that the carrier would text to it."""
    await person.sends("/start")
    await person.presses("Another number")
    await person.sends("+86 138 0000 1001")
    link = stage.use.of_dialogues.link
    async with stage.store.unit() as unit:
        challenge = await unit.challenges.current(person.id)
    assert challenge is not None
    found = LineFound(FindLine(person.id, LINE.msisdn, challenge.id), FOUND)
    texted = await stage.happens(lambda unit: link.on_line_found(unit, found))
    return str(texted[0].parameters["text"]).split(": ")[1][:6]


async def test_the_first_contact_says_what_this_is_and_asks_for_the_number(omar: Person) -> None:
    shown = await omar.sends("/start")
    assert "Omar Haddad, welcome to the LEB card assistant" in shown
    assert "First, verify your number" in shown
    keyboard = omar.saw[0].parameters["reply_markup"]["keyboard"]
    assert keyboard[0][0]["request_contact"] is True


async def test_the_own_contact_is_looked_up(omar: Person) -> None:
    await omar.sends("/start")
    shown = await omar.sends_contact("962790001003", 1003)
    assert "Looking for your line" in shown
    assert omar.methods == ["find_line", "sendMessage"]


@pytest.mark.parametrize(("user_id", "forwarded"), [(1001, False), (None, False), (1003, True)])
async def test_a_contact_that_telegram_does_not_vouch_for_is_refused(
    omar: Person, user_id: int | None, forwarded: bool
) -> None:
    shown = await omar.sends_contact("+8613800001001", user_id, forwarded=forwarded)
    assert "not your own number" in shown
    assert omar.methods == ["sendMessage"]


async def test_a_known_and_an_unknown_number_get_the_same_answer(
    stage: Rehearsal, omar: Person
) -> None:
    other = stage.person(1004, "en", "Mei Tan")
    answers = []
    for person, number in ((omar, "+8613800001001"), (other, "+6591009999")):
        await person.sends("/start")
        await person.presses("Another number")
        answers.append(await person.sends(number))
    assert answers[0] == answers[1]
    assert "If this number is one of our lines, a code is on its way" in answers[0]


async def test_number_code_and_card_digits_lead_home(stage: Rehearsal, omar: Person) -> None:
    code = await proves_the_number(stage, omar)
    assert "last 4 digits of the ICCID" in await omar.sends(f"{code[:3]} {code[3:]}")
    assert "📶 LEB · •••• 1001" in await omar.sends("1001")


async def test_five_wrong_codes_end_it(stage: Rehearsal, omar: Person) -> None:
    code = await proves_the_number(stage, omar)
    wrong = "000000" if code != "000000" else "111111"
    shown = [await omar.sends(wrong) for _ in range(5)]
    assert "4 tries left" in shown[0]
    assert "1 try left" in shown[3]
    assert "Too many tries" in shown[4]
    assert "did not understand" in await omar.sends(code)


async def test_a_code_after_ten_minutes_is_no_longer_valid(stage: Rehearsal, omar: Person) -> None:
    code = await proves_the_number(stage, omar)
    stage.clock.advance(timedelta(minutes=11))
    assert "no longer valid" in await omar.sends(code)


async def test_bad_input_gets_an_answer_and_the_step_stays(stage: Rehearsal, omar: Person) -> None:
    code = await proves_the_number(stage, omar)
    assert "A code has 6 digits" in await omar.sends_sticker()
    assert "A code has 6 digits" in await omar.sends("x" * 4096)
    assert "A code has 6 digits" in await omar.sends("\u202e" + code[:5])
    assert "ICCID" in await omar.sends(code)
    assert "exactly 4 digits" in await omar.sends_sticker()
    assert "📶 LEB" in await omar.sends("1001")


async def test_a_number_that_is_none_is_asked_for_again(omar: Person) -> None:
    await omar.sends("/start")
    await omar.presses("Another number")
    assert "not a phone number" in await omar.sends("call me maybe")
    assert "not a phone number" in await omar.sends_sticker()
    assert "a code is on its way" in await omar.sends("0085261001003")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+86 138 0000 1001", "+8613800001001"),
        ("0085261001003", "+85261001003"),
        ("＋８６１３８００００１００１", "+8613800001001"),
        ("+852-6100-1003", "+85261001003"),
        ("13800001001", None),
        ("+1", None),
        ("", None),
        ("+86 138 0000 1001" + " " * 50, None),
        ("+86138000010011380000100113800001001", None),
    ],
)
def test_numbers_are_understood_as_people_type_them(typed: str, number: str | None) -> None:
    assert as_number(typed) == number


def test_codes_and_counts_are_understood_as_people_type_them() -> None:
    assert as_digits("１２３ 456", 6) == "123456"
    assert as_digits("12-34-56", 6) == "123456"
    assert as_digits("12345", 6) is None
    assert as_digits("¹²³⁴⁵x", 6) is None
    assert as_count("7 days") == 7
    assert as_count("７") == 7
    assert as_count("7 or 8") is None
    assert as_count("99999") is None
