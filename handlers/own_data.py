"""One's own data.

/privacy, [Privacy] ─▶ [Export my data] ─▶ a document below
                    └▶ [Delete my data] ─▶ [Keep my data], or [Delete my data] ─▶ nobody is known
"""

from __future__ import annotations

from bot.services.forget_subscriber import ForgetSubscriber
from handlers import sending
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.documents import send_document
from handlers.routing import DONE, NextStep, Part, on_press
from handlers.screens import own_data as screens


class OwnDataDialogue:
    def __init__(self, forget: ForgetSubscriber) -> None:
        self._forget = forget

    async def export(self, context: EventContext) -> NextStep:
        facts = screens.document(context.subscriber.id, context.now)
        send_document(
            context.unit, context.subscriber.id, facts, screens.document_caption(context.t)
        )
        return DONE

    async def ask_to_forget(self, context: EventContext) -> NextStep:
        outlook = await self._forget.outlook(context.unit, context.subscriber)
        context.show(screens.ask_to_forget(context.t, outlook))
        return DONE

    async def forget(self, context: EventContext) -> NextStep:
        """What is said of it is remembered nowhere: it is no screen that could be redrawn."""
        person = context.event.effective_user
        username = person.username if person is not None else None
        await self._forget.forget(context.unit, context.subscriber, username)
        sending.put_last(
            context.unit,
            context.subscriber.id,
            context.pressed_message_id,
            screens.forgotten(context.t),
        )
        return DONE

    def part(self) -> Part:
        return Part(
            entries=[
                on_press(Action.OWN_DATA, self.export),
                on_press(Action.FORGET_ME, self.ask_to_forget),
                on_press(Action.FORGET_ME_SURELY, self.forget),
            ]
        )
