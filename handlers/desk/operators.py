"""The operators.

/desk ─▶ [Operators] ─▶ one ─▶ another role, or none ─▶ surely ─▶ the operators
[Add] ─▶ an id or a forwarded message ─▶ that person ─▶ a role ─▶ surely
"""

from __future__ import annotations

from enum import StrEnum

from telegram import MessageOriginUser

from bot.domain.errors import UnknownSubject
from bot.domain.operator import Deed, Role
from bot.services.authority import Authority
from bot.services.keep_operators import KeepOperators
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.desk.only import Only
from handlers.html import Html
from handlers.routing import DONE, NextStep, Part
from handlers.screens.desk import operators as screens
from handlers.typed import as_telegram_id


class Step(StrEnum):
    NAMING = "operators:name"


class OperatorsDialogue:
    def __init__(self, authority: Authority, keep: KeepOperators) -> None:
        self._authority = authority
        self._keep = keep

    async def operators(self, context: EventContext) -> NextStep:
        number = context.pressed.number
        return await self._list(context, number)

    async def operator(self, context: EventContext) -> NextStep:
        return await self._person(context, context.pressed.number)

    async def ask_who(self, context: EventContext, hint: Html | None = None) -> NextStep:
        context.show(screens.who(context.t, hint))
        return Step.NAMING

    async def take_person(self, context: EventContext) -> NextStep:
        """By id, or by a message of theirs that was forwarded."""
        person = _named_in(context)
        if person is None:
            return await self.ask_who(context, screens.nobody_named(context.t))
        return await self._person(context, person)

    async def ask_role(self, context: EventContext) -> NextStep:
        role, person = _role(context), context.pressed.number
        name = await self._name(context, person)
        context.show(screens.surely(context.t, person, name, role))
        return DONE

    async def appoint(self, context: EventContext) -> NextStep:
        role, person = _role(context), context.pressed.number
        await self._keep.appoint(context.unit, context.subscriber.id, person, role)
        return await self._list(context, 0, screens.appointed(context.t, person, role))

    async def ask_dismiss(self, context: EventContext) -> NextStep:
        person = context.pressed.number
        name = await self._name(context, person)
        context.show(screens.surely(context.t, person, name, None))
        return DONE

    async def dismiss(self, context: EventContext) -> NextStep:
        person = context.pressed.number
        await self._keep.dismiss(context.unit, context.subscriber.id, person)
        still = await self._authority.of(context.unit, context.subscriber.id)
        if still is None:
            context.show(screens.left(context.t))
            return DONE
        return await self._list(context, 0, screens.appointed(context.t, person, None))

    async def _list(
        self, context: EventContext, number: int, note: Html | None = None
    ) -> NextStep:  # fmt: skip
        holders = await context.unit.roles.holders()
        names = {each.subscriber_id: await self._name(context, each.subscriber_id)
                 for each in holders}  # fmt: skip
        context.show(screens.operators(context.t, holders, names, number, note))
        return DONE

    async def _person(self, context: EventContext, person: int) -> NextStep:
        held = await self._authority.of(context.unit, person)
        name = await self._name(context, person)
        context.show(screens.person(context.t, person, name, held))
        return DONE

    async def _name(self, context: EventContext, person: int) -> str | None:
        known = await context.unit.subscribers.find(person)
        return known.name if known is not None else None

    def part(self) -> Part:
        owners = Only(self._authority, Deed.KEEP_OPERATORS)
        return Part(
            entries=[
                owners.on_press(Action.OPERATORS, self.operators),
                owners.on_press(Action.OPERATOR, self.operator),
                owners.on_press(Action.ADD_OPERATOR, self.ask_who),
                owners.on_press(Action.ROLE, self.ask_role),
                owners.on_press(Action.ROLE_SURELY, self.appoint),
                owners.on_press(Action.DISMISS, self.ask_dismiss),
                owners.on_press(Action.DISMISS_SURELY, self.dismiss),
            ],
            steps={Step.NAMING: [owners.on_anything_else(self.take_person)]},
        )


def _role(context: EventContext) -> Role:
    """Raises `UnknownSubject` for a word that was never on a key."""
    try:
        return Role(context.pressed.name)
    except ValueError:
        raise UnknownSubject from None


def _named_in(context: EventContext) -> int | None:
    message = context.event.message
    if message is None:
        return None
    if isinstance(message.forward_origin, MessageOriginUser):
        return message.forward_origin.sender_user.id
    return as_telegram_id(context.text)
