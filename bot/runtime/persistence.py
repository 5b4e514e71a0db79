"""Conversation states, kept by the store in the transaction of the event that moved them."""

from __future__ import annotations

import json
from typing import Any

from telegram.ext import BasePersistence, PersistenceInput
from telegram.ext._utils.types import ConversationDict, ConversationKey

from bot.runtime.clock import Clock
from bot.services.events import RuntimeUnit, Store

Nothing = dict[Any, Any]


class ConversationPersistence(BasePersistence[Nothing, Nothing, Nothing]):
    """What `telegram.ext.ConversationHandler` needs with ``persistent=True``, and nothing else.

    A state is a text (a `StrEnum`'s member is one). ``unit`` is the transaction of the event under
    decision; `bot.runtime.application.DecidingApplication` sets it.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__(PersistenceInput(False, False, False, False))
        self._store = store
        self._clock = clock
        self.unit: RuntimeUnit | None = None
        self.moved: set[str] = set()
        """The names of the conversations that the event under decision has moved."""

    async def get_conversations(self, name: str) -> ConversationDict:
        async with self._store.unit() as unit:
            stored = await unit.conversations.load(name)
        return {tuple(json.loads(key)): state for key, state in stored}

    async def update_conversation(
        self, name: str, key: ConversationKey, new_state: object | None
    ) -> None:
        if self.unit is None:
            raise RuntimeError("a conversation moved outside of a decision")
        if not isinstance(new_state, str | None):
            raise TypeError(f"a state is a text: {new_state!r}")
        state = None if new_state is None else str(new_state)
        self.unit.conversations.save(name, json.dumps(key), state, self._clock.now())
        self.moved.add(name)

    # ── the rest of the interface: switched off by `PersistenceInput`, or nothing to do ──

    async def get_user_data(self) -> dict[int, Nothing]:
        return {}

    async def get_chat_data(self) -> dict[int, Nothing]:
        return {}

    async def get_bot_data(self) -> Nothing:
        return {}

    async def get_callback_data(self) -> None:
        return None

    async def update_user_data(self, user_id: int, data: Nothing) -> None: ...

    async def update_chat_data(self, chat_id: int, data: Nothing) -> None: ...

    async def update_bot_data(self, data: Nothing) -> None: ...

    async def update_callback_data(self, data: Any) -> None: ...

    async def drop_chat_data(self, chat_id: int) -> None: ...

    async def drop_user_data(self, user_id: int) -> None: ...

    async def refresh_user_data(self, user_id: int, user_data: Nothing) -> None: ...

    async def refresh_chat_data(self, chat_id: int, chat_data: Nothing) -> None: ...

    async def refresh_bot_data(self, bot_data: Nothing) -> None: ...

    async def flush(self) -> None: ...
