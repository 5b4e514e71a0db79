"""Linking a line: by one's own contact, or by a code sent to a typed number."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.domain.errors import TooManyTries, UnknownLine
from bot.domain.line import Line
from bot.domain.subscriber import Subscriber
from bot.services.link_line import Proof, ProofResult
from bot.services.ports import FoundLine
from bot.services.requests import FindLine, LineFound, LineMissing, ReadLine, SendText
from tests.services.shop import Shop, found_line

LIN, BEN = 7001, 7002
FOUND = found_line("1003")
RIGHT_TAIL = "1003"


async def request_code(shop: Shop, subscriber_id: int, found: FoundLine = FOUND) -> FindLine:
    """Types the number; the question that goes to the carrier."""
    await shop.meet(subscriber_id)
    async with shop.unit() as unit:
        await shop.link.request_code(unit, subscriber_id, found.msisdn)
    (question,) = shop.asked(FindLine)
    return question


async def texted_code(shop: Shop, subscriber_id: int, found: FoundLine = FOUND) -> str:
    """Types the number of a line of ours; the code that its phone receives."""
    question = await request_code(shop, subscriber_id, found)
    async with shop.unit() as unit:
        await shop.link.on_line_found(unit, LineFound(question, found))
    (text,) = shop.asked(SendText)
    assert text.msisdn == found.msisdn
    (code,) = re.findall(r"\b\d{6}\b", text.text)
    assert isinstance(code, str)
    return code


async def enter_code(shop: Shop, subscriber_id: int, code: str) -> Proof:
    async with shop.unit() as unit:
        return await shop.link.enter_code(unit, subscriber_id, code)


async def enter_tail(shop: Shop, subscriber_id: int, digits: str) -> Proof:
    async with shop.unit() as unit:
        return await shop.link.enter_iccid_tail(unit, subscriber_id, digits)


async def prove(shop: Shop, subscriber_id: int, found: FoundLine = FOUND) -> Proof:
    """The whole way by a typed number, for a line linked for the first time or again."""
    proof = await enter_code(shop, subscriber_id, await texted_code(shop, subscriber_id, found))
    if proof.result is ProofResult.ICCID_WANTED:
        proof = await enter_tail(shop, subscriber_id, found.msisdn[-4:])
    return proof


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def holder(shop: Shop, line_id: int | None) -> int | None:
    assert line_id is not None
    async with shop.unit() as unit:
        return await unit.lines.holder(line_id)


# ── by contact ────────────────────────────────────────────────────────────────────────────────────


async def test_ones_own_contact_links_the_line_of_that_number(shop: Shop) -> None:
    await shop.meet(LIN)
    async with shop.unit() as unit:
        shop.link.share_contact(unit, LIN, FOUND.msisdn)
    (question,) = shop.asked(FindLine)
    async with shop.unit() as unit:
        await shop.link.on_line_found(unit, LineFound(question, FOUND))
        (line,) = await unit.lines.of(LIN)
    assert (line.msisdn, line.ref, line.iccid) == (FOUND.msisdn, FOUND.ref, FOUND.iccid)
    assert shop.heard() == [("line_linked", LIN)]
    assert (await shop.subscriber(LIN)).default_line_id == line.id
    assert [each.ref for each in shop.asked(ReadLine)] == [FOUND.ref]


async def test_a_contact_whose_number_is_no_line_of_ours_is_told_so(shop: Shop) -> None:
    await shop.meet(LIN)
    async with shop.unit() as unit:
        await shop.link.on_line_missing(unit, LineMissing(FindLine(LIN, FOUND.msisdn, None)))
    assert shop.heard() == [("line_not_found", LIN)]


async def test_a_carrier_that_does_not_answer_is_said_for_any_number(shop: Shop) -> None:
    await shop.meet(LIN)
    async with shop.unit() as unit:
        await shop.link.on_lookup_failed(unit, FindLine(LIN, FOUND.msisdn, None))
    assert shop.heard() == [("lookup_failed", LIN)]


# ── by a texted code ──────────────────────────────────────────────────────────────────────────────


async def test_a_line_linked_for_the_first_time_takes_the_code_and_the_cards_last_digits(
    shop: Shop,
) -> None:
    code = await texted_code(shop, LIN)
    assert (await enter_code(shop, LIN, code)).result is ProofResult.ICCID_WANTED
    proof = await enter_tail(shop, LIN, RIGHT_TAIL)
    assert proof.result is ProofResult.LINKED
    assert await holder(shop, proof.line_id) == LIN


async def test_a_line_linked_before_takes_the_code_alone(shop: Shop) -> None:
    line_id = (await prove(shop, LIN)).line_id
    proof = await enter_code(shop, BEN, await texted_code(shop, BEN))
    assert (proof.result, proof.line_id) == (ProofResult.LINKED, line_id)


async def test_a_line_whose_card_number_is_unknown_takes_the_code_alone(shop: Shop) -> None:
    code = await texted_code(shop, LIN, found_line("1003", iccid=None))
    assert (await enter_code(shop, LIN, code)).result is ProofResult.LINKED


async def test_the_digits_are_worth_nothing_without_the_code(shop: Shop) -> None:
    await texted_code(shop, LIN)
    assert (await enter_tail(shop, LIN, RIGHT_TAIL)).result is ProofResult.NO_CHALLENGE


async def test_a_code_works_once(shop: Shop) -> None:
    await prove(shop, LIN)
    code = await texted_code(shop, LIN)
    assert (await enter_code(shop, LIN, code)).result is ProofResult.LINKED
    assert (await enter_code(shop, LIN, code)).result is ProofResult.NO_CHALLENGE


async def test_a_code_is_worth_nothing_to_anybody_else(shop: Shop) -> None:
    code = await texted_code(shop, LIN)
    await shop.meet(BEN)
    assert (await enter_code(shop, BEN, code)).result is ProofResult.NO_CHALLENGE


async def test_a_newer_code_replaces_the_former(shop: Shop) -> None:
    former = await texted_code(shop, LIN)
    await texted_code(shop, LIN, found_line("1004"))
    assert (await enter_code(shop, LIN, former)).result is ProofResult.WRONG


@pytest.mark.parametrize("minutes", [10, 60])
async def test_a_code_ends_after_ten_minutes(shop: Shop, minutes: int) -> None:
    code = await texted_code(shop, LIN)
    shop.clock.advance(timedelta(minutes=minutes))
    assert (await enter_code(shop, LIN, code)).result is ProofResult.NO_CHALLENGE


async def test_a_line_found_too_late_is_sent_no_code(shop: Shop) -> None:
    question = await request_code(shop, LIN)
    shop.clock.advance(timedelta(minutes=10))
    async with shop.unit() as unit:
        await shop.link.on_line_found(unit, LineFound(question, FOUND))
    assert shop.asked(SendText) == []


async def test_a_line_found_twice_is_sent_one_code(shop: Shop) -> None:
    question = await request_code(shop, LIN)
    for _ in range(2):
        async with shop.unit() as unit:
            await shop.link.on_line_found(unit, LineFound(question, FOUND))
    assert len(shop.asked(SendText)) == 1


async def test_the_code_itself_is_stored_nowhere(shop: Shop) -> None:
    code = await texted_code(shop, LIN)
    async with shop.unit() as unit:
        challenge = await unit.challenges.current(LIN)
    assert challenge is not None
    assert code not in repr(challenge)


# ── an unknown number ─────────────────────────────────────────────────────────────────────────────


async def test_an_unknown_number_is_answered_as_a_known_one_and_no_code_is_ever_right(
    shop: Shop,
) -> None:
    right = await texted_code(shop, LIN)
    known = [await enter_code(shop, LIN, another(right)) for _ in range(5)]
    question = await request_code(shop, BEN)
    async with shop.unit() as unit:
        await shop.link.on_line_missing(unit, LineMissing(question))
    unknown = [await enter_code(shop, BEN, code) for code in ("", "000000", right, "x", "123456")]
    assert unknown == known
    assert shop.heard() == []
    assert shop.asked(SendText) == []


# ── tries ─────────────────────────────────────────────────────────────────────────────────────────


async def test_the_fifth_wrong_code_ends_the_tries_for_an_hour(shop: Shop) -> None:
    code = await texted_code(shop, LIN)
    proofs = [await enter_code(shop, LIN, another(code)) for _ in range(5)]
    assert [proof.tries_left for proof in proofs] == [4, 3, 2, 1, 0]
    assert proofs[-1].result is ProofResult.OUT_OF_TRIES
    assert (await enter_code(shop, LIN, code)).result is ProofResult.NO_CHALLENGE
    with pytest.raises(TooManyTries):
        await request_code(shop, LIN)
    shop.clock.advance(timedelta(minutes=61))
    assert (await prove(shop, LIN)).result is ProofResult.LINKED


async def test_a_new_code_brings_no_new_tries(shop: Shop) -> None:
    for _ in range(4):
        await enter_code(shop, LIN, another(await texted_code(shop, LIN)))
    last = await texted_code(shop, LIN)
    assert (await enter_code(shop, LIN, another(last))).result is ProofResult.OUT_OF_TRIES


async def test_wrong_digits_of_the_card_use_up_the_same_tries(shop: Shop) -> None:
    await enter_code(shop, LIN, await texted_code(shop, LIN))
    wrong = ["0000", "", "１００３", "89860000000000001003", "100"]
    proofs = [await enter_tail(shop, LIN, digits) for digits in wrong]
    assert proofs[-1].result is ProofResult.OUT_OF_TRIES
    assert (await enter_tail(shop, LIN, RIGHT_TAIL)).result is ProofResult.NO_CHALLENGE


async def test_five_codes_an_hour_are_sent_to_whatever_numbers(shop: Shop) -> None:
    for tail in range(1000, 1005):
        await request_code(shop, LIN, found_line(str(tail)))
    with pytest.raises(TooManyTries):
        await request_code(shop, LIN, found_line("1005"))
    await request_code(shop, BEN, found_line("1005"))


async def test_a_line_is_texted_five_times_an_hour_by_however_many_chats(shop: Shop) -> None:
    for stranger in range(8001, 8006):
        await texted_code(shop, stranger)
    question = await request_code(shop, LIN)
    async with shop.unit() as unit:
        await shop.link.on_line_found(unit, LineFound(question, FOUND))
    assert shop.asked(SendText) == []
    assert (await enter_code(shop, LIN, "123456")).tries_left == 4
    shop.clock.advance(timedelta(minutes=61))
    assert (await prove(shop, LIN)).result is ProofResult.LINKED


async def test_a_lines_code_is_guessed_at_five_times_an_hour_by_however_many_chats(
    shop: Shop,
) -> None:
    codes = {stranger: await texted_code(shop, stranger) for stranger in (8001, 8002, 8003)}
    for stranger in (8001, 8001, 8001, 8002, 8002):
        await enter_code(shop, stranger, another(codes[stranger]))
    assert await enter_code(shop, 8003, codes[8003]) == Proof(ProofResult.WRONG, tries_left=4)
    question = await request_code(shop, LIN)
    async with shop.unit() as unit:
        await shop.link.on_line_found(unit, LineFound(question, FOUND))
    assert shop.asked(SendText) == []


async def test_the_cards_digits_are_guessed_at_as_seldom_as_the_code(shop: Shop) -> None:
    await enter_code(shop, LIN, await texted_code(shop, LIN))
    code = await texted_code(shop, BEN)
    for _ in range(4):
        await enter_code(shop, BEN, another(code))
    await enter_tail(shop, LIN, "0000")
    assert (await enter_tail(shop, LIN, RIGHT_TAIL)).result is ProofResult.WRONG


async def test_guesses_at_a_line_that_was_sent_no_code_lock_nobody_out(shop: Shop) -> None:
    await request_code(shop, BEN)
    for _ in range(5):
        await enter_code(shop, BEN, "123456")
    assert (await prove(shop, LIN)).result is ProofResult.LINKED


# ── holders ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_new_holder_takes_the_line_and_the_former_is_told(shop: Shop) -> None:
    line_id = (await prove(shop, LIN)).line_id
    await shop.meet(BEN)
    async with shop.unit() as unit:
        request = FindLine(BEN, FOUND.msisdn, challenge_id=None)
        await shop.link.on_line_found(unit, LineFound(request, FOUND))
        assert await unit.lines.of(LIN) == []
    assert await holder(shop, line_id) == BEN
    assert shop.heard() == [("link_revoked", LIN), ("line_linked", BEN)]


async def test_linking_ones_own_line_again_changes_nothing(shop: Shop) -> None:
    line_id = (await prove(shop, LIN)).line_id
    proof = await prove(shop, LIN)
    assert (proof.line_id, await holder(shop, line_id)) == (line_id, LIN)
    async with shop.unit() as unit:
        assert len(await unit.lines.of(LIN)) == 1
    assert shop.heard() == []


async def test_an_unlinked_line_is_nobodys_and_may_be_linked_again(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    async with shop.unit() as unit:
        left = await shop.link.unlink(unit, lin, line.id)
    assert left.default_line_id is None
    assert await shop.subscriber(LIN) == left
    assert await holder(shop, line.id) is None
    assert await shop.link_contact(LIN, found_line("1001")) == line


async def test_the_line_linked_last_is_shown_until_another_is_chosen(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    second = await shop.link_contact(LIN, found_line("1002"))
    assert (await shop.subscriber(LIN)).default_line_id == second.id
    async with shop.unit() as unit:
        chosen = await shop.link.make_default(unit, lin, line.id)
    assert await shop.subscriber(LIN) == chosen
    assert chosen.default_line_id == line.id


async def test_nobody_unlinks_or_chooses_a_line_of_somebody_else(shop: Shop, line: Line) -> None:
    stranger = await shop.meet(BEN)
    async with shop.unit() as unit:
        with pytest.raises(UnknownLine):
            await shop.link.unlink(unit, stranger, line.id)
        with pytest.raises(UnknownLine):
            await shop.link.make_default(unit, stranger, line.id)
    assert await holder(shop, line.id) == LIN
