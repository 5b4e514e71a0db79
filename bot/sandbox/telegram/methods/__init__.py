"""The Bot API's methods that the sandbox knows, by name."""

from __future__ import annotations

from bot.sandbox.telegram.methods import (
    answering,
    describing,
    editing,
    paying,
    reacting,
    receiving,
    sending,
    topics,
)
from bot.sandbox.telegram.methods.table import Method

METHODS: dict[str, Method] = {
    **receiving.METHODS,
    **sending.METHODS,
    **editing.METHODS,
    **topics.METHODS,
    **reacting.METHODS,
    **answering.METHODS,
    **paying.METHODS,
    **describing.METHODS,
}

__all__ = ["METHODS"]
