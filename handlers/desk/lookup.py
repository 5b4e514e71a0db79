"""Look up an order or a person, and serve them.

[Look up] ─▶ an order's reference, a number or its last digits, a Telegram id, a name, a contact
          ─▶ one of several ─▶ the person ─▶ the order ─▶ [Refund] ─▶ surely
                                   │             └────▶ [Retry]
                                   ├▶ [Ledger]
                                   ├▶ [Credit] ─▶ amount and reason ─▶ surely
                                   └▶ [Write] ─▶ the words ─▶ surely
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.domain.errors import AmountOutOfRange
from bot.domain.money import Money
from bot.domain.operator import Deed, Role
from bot.services.authority import Authority
from bot.services.read_desk import Found, ReadDesk
from bot.services.serve_subscriber import ServeSubscriber
from handlers import sending
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.desk.drafts import confirmed, draft_of, drafted, new_token
from handlers.desk.only import Only
from handlers.html import Html
from handlers.routing import DONE, NextStep, Part
from handlers.screens.desk import lookup as screens
from handlers.screens.desk import serving
from handlers.typed import as_amount, as_number

LONGEST_WORDS: Final = 1000
SHORTEST_REASON: Final = 2


class Step(StrEnum):
    SEARCHING = "lookup:search"
    CREDITING = "lookup:credit"
    WRITING = "lookup:write"


class LookUpDialogue:
    def __init__(self, authority: Authority, desk: ReadDesk, serve: ServeSubscriber) -> None:
        self._authority = authority
        self._desk = desk
        self._serve = serve

    # ── finding ───────────────────────────────────────────────────────────────────────────────────

    async def ask(self, context: EventContext, hint: Html | None = None) -> NextStep:
        context.show(screens.ask(context.t, hint))
        return Step.SEARCHING

    async def search(self, context: EventContext) -> NextStep:
        found = await self._desk.find(context.unit, context.text, as_number(context.text))
        return await self._found(context, found)

    async def is_searching(self, context: EventContext) -> bool:
        """Whether an operator was asked for somebody to look for, and still may look."""
        operator = await self._authority.of(context.unit, context.subscriber.id)
        if operator is None or not operator.role.may(Deed.LOOK_UP):
            return False
        panel = await context.unit.chat_messages.get(context.subscriber.id, sending.PANEL)
        return panel is not None and panel.shows in {screens.ASKING, screens.CHOOSING}

    async def search_contact(self, context: EventContext) -> NextStep:
        """By the contact's number, else by their Telegram id."""
        message = context.event.message
        contact = message.contact if message is not None else None
        if contact is None:
            return await self.want_words(context)
        number = as_number("+" + contact.phone_number.lstrip("+"))
        found = await self._desk.find(context.unit, contact.phone_number, number)
        if found.number == 0 and contact.user_id is not None:
            found = await self._desk.find(context.unit, str(contact.user_id), None)
        return await self._found(context, found)

    async def want_words(self, context: EventContext) -> NextStep:
        return await self.ask(context, screens.only_words(context.t))

    async def _found(self, context: EventContext, found: Found) -> NextStep:
        if found.order is not None:
            return await self._order(context, found.order.order.id)
        if found.number == 0:
            return await self.ask(context, screens.nothing_found(context.t))
        if found.number == 1 and found.people:
            return await self._person(context, found.people[0].id)
        if found.number == 1:
            return await self._line(context, found.lines[0].id)
        context.show(screens.choose(context.t, found))
        return Step.SEARCHING

    # ── a person, an order ────────────────────────────────────────────────────────────────────────

    async def person(self, context: EventContext) -> NextStep:
        return await self._person(context, context.pressed.number)

    async def line(self, context: EventContext) -> NextStep:
        return await self._line(context, context.pressed.number)

    async def movements(self, context: EventContext) -> NextStep:
        line = await self._desk.line(context.unit, context.pressed.number)
        context.show(screens.movements(context.t, line, self._desk.zone))
        return DONE

    async def order(self, context: EventContext) -> NextStep:
        return await self._order(context, context.pressed.name)

    async def _person(
        self, context: EventContext, subscriber_id: int, note: Html | None = None
    ) -> NextStep:
        subject = await self._desk.subject(context.unit, subscriber_id)
        context.show(screens.person(context.t, subject, await self._role(context), note))
        return DONE

    async def _line(
        self, context: EventContext, line_id: int, note: Html | None = None
    ) -> NextStep:
        line, role = await self._desk.line(context.unit, line_id), await self._role(context)
        subject = await self._desk.subject_of_line(context.unit, line)
        if subject is None:
            context.show(screens.line(context.t, line, note))
        else:
            context.show(screens.person(context.t, subject, role, note))
        return DONE

    async def _order(
        self, context: EventContext, order_id: str, note: Html | None = None
    ) -> NextStep:
        card = await self._desk.order(context.unit, order_id)
        deed = self._serve.refund_of(card.order)
        role = await self._role(context)
        context.show(screens.order(context.t, card, role, deed, self._desk.zone, note))
        return DONE

    async def _role(self, context: EventContext) -> Role:
        operator = await self._authority.require(context.unit, context.subscriber.id, Deed.LOOK_UP)
        return operator.role

    # ── refund, retry ─────────────────────────────────────────────────────────────────────────────

    async def ask_refund(self, context: EventContext) -> NextStep:
        card = await self._desk.order(context.unit, context.pressed.name)
        deed = self._serve.refund_of(card.order)
        await self._authority.require(context.unit, context.subscriber.id, deed)
        context.show(serving.surely_refund(context.t, card))
        return DONE

    async def refund(self, context: EventContext) -> NextStep:
        order_id = context.pressed.name
        await self._serve.refund(context.unit, context.subscriber.id, order_id)
        return await self._order(context, order_id, serving.refund_asked(context.t))

    async def retry(self, context: EventContext) -> NextStep:
        order_id = context.pressed.name
        await self._serve.retry(context.unit, context.subscriber.id, order_id)
        return await self._order(context, order_id, serving.looking(context.t))

    # ── credit ────────────────────────────────────────────────────────────────────────────────────

    async def ask_credit(self, context: EventContext) -> NextStep:
        return await self._ask_credit(context, context.pressed.number)

    async def take_credit(self, context: EventContext) -> NextStep:
        asked = await draft_of(context, serving.CREDITING)
        if asked is None:
            return await self.ask(context)
        line_id = int(asked["line"])
        line = await self._desk.line(context.unit, line_id)
        typed, _, reason = context.text.strip().partition(" ")
        amount = as_amount(typed, line.wallet.currency)
        if amount is None or len(reason.strip()) < SHORTEST_REASON:
            return await self._ask_credit(context, line_id, serving.no_credit(context.t))
        try:
            self._serve.check_credit(amount)
        except AmountOutOfRange as refusal:
            hint = serving.credit_out_of_range(context.t, refusal)
            return await self._ask_credit(context, line_id, hint)
        reason, token = reason.strip()[:200], new_token()
        draft = drafted(token, line=line_id, minor=amount.minor, reason=reason)
        context.show(serving.surely_credit(context.t, line, amount, reason, token, draft))
        return DONE

    async def credit(self, context: EventContext) -> NextStep:
        draft = await confirmed(context, serving.CREDIT_DRAFT)
        line_id = int(draft["line"])
        line = await self._desk.line(context.unit, line_id)
        amount = Money(int(draft["minor"]), line.wallet.currency)
        await self._serve.credit(
            context.unit, context.subscriber.id, line_id, amount, draft["reason"], draft["token"]
        )
        return await self._line(context, line_id, serving.credit_done(context.t, amount))

    async def _ask_credit(
        self, context: EventContext, line_id: int, hint: Html | None = None
    ) -> NextStep:
        """Of a line that nobody holds, it would be the next holder's."""
        line = await self._desk.line(context.unit, line_id)
        if line.holder is None:
            return await self._line(context, line_id)
        context.show(serving.ask_credit(context.t, line, drafted("", line=line_id), hint))
        return Step.CREDITING

    # ── words ─────────────────────────────────────────────────────────────────────────────────────

    async def ask_words(self, context: EventContext) -> NextStep:
        return await self._ask_words(context, context.pressed.number)

    async def take_words(self, context: EventContext) -> NextStep:
        asked = await draft_of(context, serving.WRITING)
        if asked is None:
            return await self.ask(context)
        person, words = int(asked["person"]), context.text.strip()
        if not words or len(words) > LONGEST_WORDS:
            hint = serving.no_words(context.t, LONGEST_WORDS)
            return await self._ask_words(context, person, hint)
        subject = await self._desk.subject(context.unit, person)
        token = new_token()
        draft = drafted(token, person=person, words=words)
        context.show(serving.surely_write(context.t, subject, words, token, draft))
        return DONE

    async def write(self, context: EventContext) -> NextStep:
        draft = await confirmed(context, serving.WORDS_DRAFT)
        person = int(draft["person"])
        await self._serve.write(context.unit, context.subscriber.id, person, draft["words"])
        return await self._person(context, person, serving.words_sent(context.t))

    async def _ask_words(
        self, context: EventContext, person: int, hint: Html | None = None
    ) -> NextStep:
        subject = await self._desk.subject(context.unit, person)
        context.show(serving.ask_words(context.t, subject, drafted("", person=person), hint))
        return Step.WRITING

    def part(self) -> Part:
        finders, refunders, retriers, creditors, writers = (
            Only(self._authority, deed)
            for deed in (Deed.LOOK_UP, Deed.REFUND, Deed.RETRY, Deed.CREDIT, Deed.WRITE)
        )
        return Part(
            entries=[
                finders.on_press(Action.LOOK_UP, self.ask),
                finders.on_press(Action.PERSON, self.person),
                finders.on_press(Action.PERSON_LINE, self.line),
                finders.on_press(Action.MOVEMENTS, self.movements),
                finders.on_press(Action.DESK_ORDER, self.order),
                refunders.on_press(Action.REFUND, self.ask_refund),
                refunders.on_press(Action.REFUND_SURELY, self.refund),
                retriers.on_press(Action.RETRY, self.retry),
                creditors.on_press(Action.CREDIT, self.ask_credit),
                creditors.on_press(Action.CREDIT_SURELY, self.credit),
                writers.on_press(Action.WRITE_TO, self.ask_words),
                writers.on_press(Action.WRITE_SURELY, self.write),
            ],
            steps={
                Step.SEARCHING: [
                    finders.on_text(self.search), finders.on_anything_else(self.want_words)
                ],
                Step.CREDITING: [creditors.on_anything_else(self.take_credit)],
                Step.WRITING: [writers.on_anything_else(self.take_words)],
            },
        )  # fmt: skip
