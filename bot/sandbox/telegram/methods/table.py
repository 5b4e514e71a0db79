"""What a method is: a coroutine from a call to the result that the Bot API promises."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.telegram.call import Call

Method = Callable[[Call], Awaitable[Any]]
