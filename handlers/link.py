"""Link a line.

shared own contact ─▶ looked up ─▶ linked, or no such line (told when the carrier answers)
[Another number] ─▶ number ─▶ code by text message ─▶ [last four of the ICCID] ─▶ home

Whoever came by a deep link that needs a line goes on to where it leads, in the place of home.
"""

from __future__ import annotations

from enum import StrEnum

from telegram import Message
from telegram.ext import filters

from bot.domain.errors import TooManyTries
from bot.domain.line import Msisdn
from bot.services.link_line import LinkLine, Proof, ProofResult
from handlers import sending
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.deep_links import DeepLinks
from handlers.desk.lookup import LookUpDialogue
from handlers.html import Html
from handlers.routing import (
    DONE,
    NextStep,
    Part,
    on_anything_else,
    on_command,
    on_message,
    on_press,
    on_text,
)
from handlers.screens import welcome
from handlers.typed import as_digits, as_number


class Step(StrEnum):
    AWAITING_NUMBER = "link:number"
    AWAITING_CODE = "link:code"
    AWAITING_CARD_DIGITS = "link:card_digits"


class LinkDialogue:
    def __init__(self, link: LinkLine, links: DeepLinks, look_up: LookUpDialogue) -> None:
        self._link = link
        self._links = links
        self._look_up = look_up

    async def share_contact(self, context: EventContext) -> NextStep:
        """Only the own contact counts: Telegram vouches for that number and for no other. To an
        operator who looks somebody up, somebody else's is whom they mean."""
        number = own_number(context.event.message)
        if number is None and await self._look_up.is_searching(context):
            return await self._look_up.search_contact(context)
        if number is None:
            sending.say(context.unit, context.subscriber.id, welcome.not_your_contact(context.t))
            return None
        self._link.share_contact(context.unit, context.subscriber.id, number)
        looking = welcome.looking_up(context.t)
        sending.say(context.unit, context.subscriber.id, looking, {"remove_keyboard": True})
        return DONE

    async def ask_number(self, context: EventContext) -> NextStep:
        context.show(welcome.ask_number(context.t))
        return Step.AWAITING_NUMBER

    async def take_number(self, context: EventContext) -> NextStep:
        number = as_number(context.text)
        if number is None:
            return await self.want_number(context)
        try:
            await self._link.request_code(context.unit, context.subscriber.id, number)
        except TooManyTries:
            context.show(welcome.too_many_tries(context.t))
            return DONE
        context.show(welcome.ask_code(context.t))
        return Step.AWAITING_CODE

    async def take_code(self, context: EventContext) -> NextStep:
        code = as_digits(context.text, count=6)
        if code is None:
            return await self.want_code(context)
        proof = await self._link.enter_code(context.unit, context.subscriber.id, code)
        return await self._proceed(context, proof, Step.AWAITING_CODE)

    async def take_card_digits(self, context: EventContext) -> NextStep:
        tail = as_digits(context.text, count=4)
        if tail is None:
            return await self.want_card_digits(context)
        proof = await self._link.enter_iccid_tail(context.unit, context.subscriber.id, tail)
        return await self._proceed(context, proof, Step.AWAITING_CARD_DIGITS)

    async def want_number(self, context: EventContext) -> NextStep:
        hint = context.t("⚠️ That is not a phone number with its country code.")
        context.show(welcome.ask_number(context.t, hint))
        return Step.AWAITING_NUMBER

    async def want_code(self, context: EventContext) -> NextStep:
        hint = context.t("⚠️ A code has 6 digits.")
        context.show(welcome.ask_code(context.t, hint))
        return Step.AWAITING_CODE

    async def want_card_digits(self, context: EventContext) -> NextStep:
        hint = context.t("⚠️ Please send exactly 4 digits.")
        context.show(welcome.ask_card_digits(context.t, hint))
        return Step.AWAITING_CARD_DIGITS

    async def _proceed(self, context: EventContext, proof: Proof, step: Step) -> NextStep:
        match proof.result:
            case ProofResult.LINKED:
                return await self._welcome_line(context)
            case ProofResult.ICCID_WANTED:
                context.show(welcome.ask_card_digits(context.t))
                return Step.AWAITING_CARD_DIGITS
            case ProofResult.WRONG:
                hint = _wrong(context, proof.tries_left)
                at_code = step is Step.AWAITING_CODE
                ask = welcome.ask_code if at_code else welcome.ask_card_digits
                context.show(ask(context.t, hint))
                return step
            case ProofResult.OUT_OF_TRIES:
                context.show(welcome.too_many_tries(context.t))
                return DONE
            case ProofResult.NO_CHALLENGE:
                context.show(welcome.code_gone(context.t))
                return DONE

    async def _welcome_line(self, context: EventContext) -> NextStep:
        """The line is the subscriber's default now, so the subscriber is read again."""
        known = await context.unit.subscribers.find(context.subscriber.id)
        context.subscriber = known or context.subscriber
        linked = context.t("✅ Linked. From now on this line is on your home screen.")
        sending.say(context.unit, context.subscriber.id, linked, {"remove_keyboard": True})
        return await self._links.go_on(context)

    def part(self) -> Part:
        return Part(
            entries=[
                on_message(filters.CONTACT, self.share_contact),
                on_command("link", self.ask_number),
                on_press(Action.ANOTHER_NUMBER, self.ask_number),
            ],
            steps={
                Step.AWAITING_NUMBER: [
                    on_text(self.take_number),
                    on_anything_else(self.want_number),
                ],
                Step.AWAITING_CODE: [
                    on_text(self.take_code),
                    on_anything_else(self.want_code),
                ],
                Step.AWAITING_CARD_DIGITS: [
                    on_text(self.take_card_digits),
                    on_anything_else(self.want_card_digits),
                ],
            },
        )


def own_number(message: Message | None) -> Msisdn | None:
    """The number of a contact that is the sender's own, not forwarded, else None."""
    if message is None or message.contact is None or message.from_user is None:
        return None
    if message.contact.user_id != message.from_user.id or message.forward_origin is not None:
        return None
    return as_number("+" + message.contact.phone_number.lstrip("+"))


def _wrong(context: EventContext, tries_left: int) -> Html:
    return context.t.count(
        "⚠️ That is not right. {number} try left.",
        "⚠️ That is not right. {number} tries left.",
        tries_left,
    )
