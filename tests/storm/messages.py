"""Which messages a person saw twice, and why that may be.

Telegram has no key that makes a send happen once, so a message whose answer was lost is sent again.
That is allowed as often as an answer was lost: where the sandbox cut the connection after the
message stood in the chat, or where a kill came between the send and the mark that it was done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

IN_FLIGHT_S: Final = 0.25
"""How long before a kill a message may have been sent without being marked."""

Content = tuple[int, str]
"""The chat, and the text; of an invoice its payload."""


@dataclass(frozen=True)
class Sent:
    """What came to stand in chats."""

    contents: Counter[Content]
    in_doubt: int
    """Sends whose answer cannot have reached the bot, or may not have been marked."""


def content_of(parameters: dict[str, Any]) -> Content:
    said = parameters.get("payload") or parameters.get("text") or parameters.get("caption") or ""
    return parameters["chat_id"], said


def sent(journal: Sequence[dict[str, Any]], killed_at: Sequence[float]) -> Sent:
    """From the sandbox's journal of requests, and the instants of the kills (Unix seconds)."""
    contents: Counter[Content] = Counter()
    in_doubt = 0
    kills = sorted(killed_at)
    for request in journal:
        took_effect = request["status"] == 200 or request.get("dropped") == "after"
        if not request["method"].startswith("send") or not took_effect:
            continue
        contents[content_of(request["parameters"])] += 1
        in_doubt += request["status"] is None or _just_before(kills, request["at"])
    return Sent(contents, in_doubt)


def _just_before(kills: Sequence[float], at: float) -> bool:
    return any(at <= kill <= at + IN_FLIGHT_S for kill in kills)
