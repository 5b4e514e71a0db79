"""Reacting to a message."""

from __future__ import annotations

from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.chats import is_service
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.methods.table import Method
from bot.sandbox.telegram.reactions import chosen


async def set_message_reaction(call: Call) -> bool:
    """An emoji under a message, in place of the bot's former one; none takes it away."""
    chat = call.chat()
    stored = call.message(chat, "react")
    emoji = chosen(call.values.get("reaction", []))
    if is_service(stored.message):
        raise bad_request("REACTION_INVALID")
    stored.reaction = emoji
    call.telegram.publish("edited", {"chat_id": chat.id, "message": stored.seen()})
    return True


METHODS: dict[str, Method] = {"setMessageReaction": set_message_reaction}
