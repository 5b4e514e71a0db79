"""What an operator has typed and not confirmed yet.

It stands with the panel that asks, and its token on the panel's confirming key: the key of any
other panel, or pressed a second time, finds no draft. So no button names an amount.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from bot.domain.errors import UnknownSubject
from handlers import sending
from handlers.context import EventContext


def new_token() -> str:
    return secrets.token_hex(8)


def drafted(token: str, **facts: Any) -> str:
    """The draft as a screen's subject."""
    return json.dumps({"token": token, **facts}, ensure_ascii=False)


async def confirmed(context: EventContext, shows: str) -> dict[str, Any]:
    """The draft whose key was pressed. Raises `UnknownSubject`."""
    found = await draft_of(context, shows)
    if found is None or found["token"] != context.pressed.name:
        raise UnknownSubject(context.pressed.name)
    return found


async def draft_of(context: EventContext, shows: str) -> dict[str, Any] | None:
    """The draft of the panel, while it shows that screen."""
    panel = await context.unit.chat_messages.get(context.subscriber.id, sending.PANEL)
    if panel is None or panel.shows != shows or panel.subject is None:
        return None
    found: dict[str, Any] = json.loads(panel.subject)
    return found
