"""Answering a pressed button."""

from __future__ import annotations

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.callbacks import CallbackAnswer
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.methods.table import Method


async def answer_callback_query(call: Call) -> bool:
    """A toast, an alert, a link, or just the end of waiting."""
    text = call.values.get("text", "")
    if not facts.fits("answerCallbackQuery", "text", text):
        raise bad_request("MESSAGE_TOO_LONG")
    answer = CallbackAnswer(
        text=text,
        is_alert=call.values.get("show_alert", False),
        url=call.values.get("url") or None,
    )
    pressed = call.bot.callbacks.answer(call.values["callback_query_id"], answer)
    call.telegram.publish(
        "callback",
        {
            "user_id": pressed.user_id,
            "query_id": pressed.id,
            "data": pressed.data,
            **answer.as_seen(),
        },
    )
    return True


METHODS: dict[str, Method] = {"answerCallbackQuery": answer_callback_query}
