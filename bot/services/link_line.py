"""Link a line: prove that the subscriber holds it, by Telegram's word or by a code sent to it.

    own contact ──────────────▶ look the number up ──────────────▶ linked, or no such line
    typed number ─▶ challenge ─▶ look it up, text a code ─▶ code ─▶ [ICCID, last four] ─▶ linked

A number that Telegram does not vouch for is answered the same, in the same time, whether we know it
or not: the challenge opens before anyone looks the number up, and a number that is not ours simply
gets no code. Nor does a line that was texted or guessed at too often within the hour, from
whichever chats. A line has one holder; a new link revokes the old one and tells both.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.domain.errors import TooManyTries, UnknownLine
from bot.domain.line import Line, Msisdn
from bot.domain.subscriber import Subscriber
from bot.services.end_auto_renewal import end_auto_renewal
from bot.services.forget_subscriber import recognise_line
from bot.services.people_port import LinkChallenge
from bot.services.ports import Clock, FoundLine, Notices
from bot.services.requests import (
    FindLine,
    LineFound,
    LineMissing,
    ReadLine,
    SendText,
)
from bot.services.unit import Unit

HOUR: Final = timedelta(hours=1)
CODE_LIFE: Final = timedelta(minutes=10)
TRIES_AN_HOUR: Final = 5
"""Codes asked for, and wrong answers given, each: by a chat, and for a number."""
CodeText = Callable[[str, str], str]
"""The text message that brings a code, by the asker's language and the code."""


class ProofResult(StrEnum):
    LINKED = "linked"
    ICCID_WANTED = "iccid_wanted"
    """The code was right; a line linked for the first time also asks for the card's digits."""
    WRONG = "wrong"
    OUT_OF_TRIES = "out_of_tries"
    NO_CHALLENGE = "no_challenge"
    """Nothing is being proved: the code expired, or none was asked for."""


@dataclass(frozen=True, slots=True)
class Proof:
    result: ProofResult
    tries_left: int = 0
    line_id: int | None = None


class LinkLine:
    def __init__(self, clock: Clock, notices: Notices, code_text: CodeText) -> None:
        self._clock = clock
        self._notices = notices
        self._code_text = code_text

    def share_contact(self, unit: Unit, subscriber_id: int, msisdn: Msisdn) -> None:
        """Looks up the subscriber's own number, for which Telegram vouches.

        The caller has checked that the contact is the sender's own. What comes of it is told by
        `Notices`.
        """
        unit.outbox.carrier(FindLine(subscriber_id, msisdn, challenge_id=None))

    async def request_code(self, unit: Unit, subscriber_id: int, msisdn: Msisdn) -> None:
        """Opens a challenge for a typed number. Raises `TooManyTries` past five an hour."""
        now = self._clock.now()
        opened = await unit.challenges.opened_since(subscriber_id, now - HOUR)
        if opened >= TRIES_AN_HOUR or await self._tries_left(unit, subscriber_id) <= 0:
            raise TooManyTries
        challenge_id = await unit.challenges.open(subscriber_id, msisdn, now, now + CODE_LIFE)
        unit.outbox.carrier(FindLine(subscriber_id, msisdn, challenge_id))

    async def enter_code(self, unit: Unit, subscriber_id: int, code: str) -> Proof:
        challenge = await self._running(unit, subscriber_id)
        if challenge is None:
            return Proof(ProofResult.NO_CHALLENGE)
        found = challenge.found
        is_guessed_out = await self._is_guessed_out(unit, challenge.msisdn)
        if found is None or is_guessed_out or not _matches(challenge, code):
            return await self._wrong(unit, challenge)
        if found.iccid is not None and not await unit.lines.was_ever_linked(found.msisdn):
            unit.challenges.mark_code_proved(challenge.id, self._clock.now())
            return Proof(ProofResult.ICCID_WANTED)
        return await self._prove(unit, challenge, found)

    async def enter_iccid_tail(self, unit: Unit, subscriber_id: int, digits: str) -> Proof:
        """The last four digits of the card's own number, asked after a right code."""
        challenge = await self._running(unit, subscriber_id)
        if challenge is None or challenge.found is None or not challenge.code_proved:
            return Proof(ProofResult.NO_CHALLENGE)
        iccid = challenge.found.iccid or ""
        is_guessed_out = await self._is_guessed_out(unit, challenge.msisdn)
        if is_guessed_out or not hmac.compare_digest(iccid[-4:].encode(), digits.encode()):
            return await self._wrong(unit, challenge)
        return await self._prove(unit, challenge, challenge.found)

    async def unlink(self, unit: Unit, subscriber: Subscriber, line_id: int) -> Subscriber:
        """Raises `UnknownLine` unless the line is the subscriber's own."""
        line = await own_line(unit, subscriber.id, line_id)
        unit.lines.unlink(line.id, self._clock.now())
        end_auto_renewal(unit, line.id)
        if subscriber.default_line_id != line.id:
            return subscriber
        left = replace(subscriber, default_line_id=None)
        unit.subscribers.save(left)
        return left

    async def make_default(self, unit: Unit, subscriber: Subscriber, line_id: int) -> Subscriber:
        """Raises `UnknownLine` unless the line is the subscriber's own."""
        line = await own_line(unit, subscriber.id, line_id)
        chosen = replace(subscriber, default_line_id=line.id)
        unit.subscribers.save(chosen)
        return chosen

    async def rename(
        self, unit: Unit, subscriber: Subscriber, line_id: int, name: str | None
    ) -> Line:
        """None: by its number again. Raises `UnknownLine` unless it is the subscriber's own."""
        line = await own_line(unit, subscriber.id, line_id)
        unit.lines.rename(line.id, name)
        return replace(line, name=name)

    # ── what the carrier answered ─────────────────────────────────────────────────────────────────

    async def on_line_found(self, unit: Unit, answer: LineFound) -> None:
        request = answer.request
        asker = await unit.subscribers.find(request.subscriber_id)
        if asker is None:
            return  # they had their data deleted meanwhile
        if request.challenge_id is None:
            line_id = await self._link(unit, request.subscriber_id, answer.line)
            await self._notices.line_linked(unit, request.subscriber_id, line_id)
            return
        challenge = await unit.challenges.get(request.challenge_id)
        if challenge is None or challenge.code_hash is not None:
            return
        if challenge.expires_at <= self._clock.now():
            return
        if await self._is_spent(unit, challenge.msisdn):
            return
        code = f"{secrets.randbelow(1_000_000):06d}"
        unit.challenges.mark_found(challenge.id, answer.line, _sealed(challenge.id, code))
        text = self._code_text(asker.language, code)
        unit.outbox.carrier(SendText(answer.line.msisdn, text))

    async def on_line_missing(self, unit: Unit, answer: LineMissing) -> None:
        """A typed number gets no other answer than the one it already had."""
        is_known = await unit.subscribers.find(answer.request.subscriber_id) is not None
        if answer.request.challenge_id is None and is_known:
            await self._notices.line_not_found(unit, answer.request.subscriber_id)

    async def on_lookup_failed(self, unit: Unit, request: FindLine) -> None:
        if await unit.subscribers.find(request.subscriber_id) is not None:
            await self._notices.lookup_failed(unit, request.subscriber_id)

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    async def _running(self, unit: Unit, subscriber_id: int) -> LinkChallenge | None:
        challenge = await unit.challenges.current(subscriber_id)
        if challenge is None or challenge.expires_at <= self._clock.now():
            return None
        return challenge

    async def _tries_left(self, unit: Unit, subscriber_id: int) -> int:
        hour_ago = self._clock.now() - HOUR
        return TRIES_AN_HOUR - await unit.challenges.tries_since(subscriber_id, hour_ago)

    async def _is_spent(self, unit: Unit, msisdn: Msisdn) -> bool:
        """The line was texted or guessed at as often as an hour allows, whoever asked for it."""
        texts = await unit.challenges.texts_to(msisdn, self._clock.now() - HOUR)
        return texts >= TRIES_AN_HOUR or await self._is_guessed_out(unit, msisdn)

    async def _is_guessed_out(self, unit: Unit, msisdn: Msisdn) -> bool:
        guesses = await unit.challenges.guesses_at(msisdn, self._clock.now() - HOUR)
        return guesses >= TRIES_AN_HOUR

    async def _wrong(self, unit: Unit, challenge: LinkChallenge) -> Proof:
        unit.challenges.count_try(challenge.id)
        left = await self._tries_left(unit, challenge.subscriber_id)
        if left > 0:
            return Proof(ProofResult.WRONG, tries_left=left)
        unit.challenges.close(challenge.id, self._clock.now())
        return Proof(ProofResult.OUT_OF_TRIES)

    async def _prove(self, unit: Unit, challenge: LinkChallenge, found: FoundLine) -> Proof:
        unit.challenges.close(challenge.id, self._clock.now())
        line_id = await self._link(unit, challenge.subscriber_id, found)
        return Proof(ProofResult.LINKED, line_id=line_id)

    async def _link(self, unit: Unit, subscriber_id: int, found: FoundLine) -> int:
        now = self._clock.now()
        await recognise_line(unit, found.msisdn)
        line = await unit.lines.remember(found, now)
        holder = await unit.lines.holder(line.id)
        if holder != subscriber_id:
            if holder is not None:
                unit.lines.unlink(line.id, now)
                end_auto_renewal(unit, line.id)
                await self._notices.link_revoked(unit, holder, line.id)
            unit.lines.link(line.id, subscriber_id, now)
        subscriber = await unit.subscribers.find(subscriber_id)
        if subscriber is not None:
            unit.subscribers.save(replace(subscriber, default_line_id=line.id))
        unit.readings.mark_asked(line.id, now)
        unit.outbox.carrier(ReadLine(line.id, line.ref, line.msisdn))
        return line.id


async def own_line(unit: Unit, subscriber_id: int, line_id: int) -> Line:
    """The line, if it is the subscriber's own. Raises `UnknownLine`."""
    for line in await unit.lines.of(subscriber_id):
        if line.id == line_id:
            return line
    raise UnknownLine(str(line_id))


def _sealed(challenge_id: int, code: str) -> str:
    return hashlib.sha256(f"{challenge_id}:{code}".encode()).hexdigest()


def _matches(challenge: LinkChallenge, code: str) -> bool:
    if challenge.code_hash is None:
        return False
    return hmac.compare_digest(challenge.code_hash, _sealed(challenge.id, code))
