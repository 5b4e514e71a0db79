"""python-telegram-bot's application, deciding one event at a time inside its transaction."""

from __future__ import annotations

from typing import Any, Final

from telegram import Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    ApplicationHandlerStop,
    CallbackContext,
    ContextTypes,
    ExtBot,
)

from bot.runtime.http import AiohttpRequest
from bot.runtime.persistence import ConversationPersistence
from bot.services.events import RuntimeUnit

_Kept = dict[Any, Any]
_NOT_DECIDING: Final = "no event is under decision"


class DecidingApplication(
    Application[ExtBot[None], CallbackContext[Any, Any, Any, Any], _Kept, _Kept, _Kept, None]
):
    """Holds the handlers and the conversations; built by `build_application`.

    ``unit`` is what a dialogue writes to: the transaction of the event under decision.
    """

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._unit: RuntimeUnit | None = None

    @property
    def unit(self) -> RuntimeUnit:
        if self._unit is None:
            raise RuntimeError(_NOT_DECIDING)
        return self._unit

    @unit.setter
    def unit(self, unit: RuntimeUnit | None) -> None:
        self._unit = self._states.unit = unit

    async def decide(self, update: Update, unit: RuntimeUnit) -> None:
        """Runs the update through the handlers; every error of theirs is raised.

        As `Application.process_update`, which instead hands errors to error handlers, and swallows
        one raised while the context is built. Conversations that moved are written to the unit.
        """
        self.unit = unit
        self._states.moved.clear()
        try:
            await self._dispatch(update)
            await self.update_persistence()
        finally:
            self.unit = None

    async def process_error(
        self,
        update: object,  # noqa: ARG002 - the interface's own
        error: Exception,
        job: Any = None,  # noqa: ARG002
        coroutine: Any = None,  # noqa: ARG002
    ) -> bool:
        """Nothing is handled behind the decision's back."""
        raise error

    async def forget(self) -> None:
        """Takes conversations back to what the store holds, after a decision was rolled back.

        A dialogue that raises has not moved its conversation yet, so there is seldom any to read.
        """
        for name, states in self._conversation_handler_conversations.items():
            if states.pop_accessed_keys() or name in self._states.moved:
                stored = await self._states.get_conversations(name)
                states.data.clear()
                states.update_no_track(stored)
        self._states.moved.clear()

    @property
    def _states(self) -> ConversationPersistence:
        if not isinstance(self.persistence, ConversationPersistence):
            raise TypeError("the application keeps its conversations in the store")
        return self.persistence

    async def _dispatch(self, update: Update) -> None:
        context = None
        for group in self.handlers.values():
            for handler in group:
                check = handler.check_update(update)
                if check is None or check is False:
                    continue
                if context is None:
                    context = self.context_types.context.from_update(update, self)
                try:
                    await handler.handle_update(update, self, check, context)
                except ApplicationHandlerStop:
                    return
                break


def build_application(
    *,
    token: str,
    base_url: str,
    request: AiohttpRequest,
    persistence: ConversationPersistence,
    context: type[CallbackContext[Any, Any, Any, Any]],
) -> DecidingApplication:
    """An application without updater, job queue or concurrency: all three live in memory.

    ``base_url`` is without the token, ``https://api.telegram.org/bot``.
    """
    builder: Any = ApplicationBuilder()
    application: DecidingApplication = (
        builder.application_class(DecidingApplication)
        .token(token)
        .base_url(base_url)
        .request(request)
        .get_updates_request(request)
        .updater(None)
        .job_queue(None)
        .concurrent_updates(False)
        .persistence(persistence)
        .context_types(ContextTypes(context=context))
        .build()
    )
    return application
