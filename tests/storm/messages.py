"""Which messages a person saw twice, and why that may be.

Telegram has no key that makes a send happen once, so a message whose answer was lost is sent again.
That is allowed as often as an answer was lost: where the sandbox cut the connection after the
message stood in the chat, and where a kill came between the send and the mark that it was done.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

ARRIVES_WITHIN_S: Final = 1.0
"""How long after a kill a request may be carried out that had left before it."""

Content = tuple[int, str]
"""The chat, and the text; of an invoice its payload."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that came to stand in a chat."""

    content: Content
    at: float
    """Unix seconds of the sandbox."""
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Span:
    """From when an effect was staged until it was marked done, in Unix seconds."""

    staged: float
    marked: float


@dataclass(frozen=True)
class Staged:
    """What the decisions staged: what was to be sent, or shown in a message that may have had to be
    sent first."""

    spans: defaultdict[Content, list[Span]] = field(default_factory=lambda: defaultdict(list))
    said: set[Content] = field(default_factory=set)
    """All of it, also what was to be shown in a message that had to be sent anew."""
    done_sends: Counter[Content] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    """Method and reason of each message that was given up."""


def content_of(parameters: dict[str, Any]) -> Content:
    said = parameters.get("payload") or parameters.get("text") or parameters.get("caption") or ""
    return parameters["chat_id"], said


def sent(journal: Sequence[dict[str, Any]]) -> list[Sent]:
    """From the sandbox's journal of requests."""
    return [
        Sent(content_of(request["parameters"]), request["at"], request["status"] == HTTPStatus.OK)
        for request in journal
        if request["method"].startswith("send")
        and (request["status"] == HTTPStatus.OK or request.get("dropped") == "after")
    ]


def doubled(messages: Sequence[Sent], staged: Staged) -> int:
    """How many stand in a chat more often than they were meant to."""
    times = Counter(message.content for message in messages)
    return sum(max(0, n - len(staged.spans.get(content, ()))) for content, n in times.items())


def in_doubt(messages: Sequence[Sent], staged: Staged, killed_at: Sequence[float]) -> int:
    """Of how many the bot cannot know that they stand in the chat."""
    return sum(
        not message.is_answered or _was_unmarked_at_a_kill(message, staged, killed_at)
        for message in messages
    )


def missing(messages: Sequence[Sent], staged: Staged) -> int:
    """How many are marked as sent and stand in no chat."""
    return (staged.done_sends - Counter(message.content for message in messages)).total()


def undecided(messages: Sequence[Sent], staged: Staged) -> int:
    """How many say what no decision that was committed has said."""
    return sum(message.content not in staged.said for message in messages)


def _was_unmarked_at_a_kill(message: Sent, staged: Staged, killed_at: Sequence[float]) -> bool:
    return any(
        span.staged <= kill < span.marked and span.staged <= message.at <= kill + ARRIVES_WITHIN_S
        for span in staged.spans.get(message.content, ())
        for kill in killed_at
    )
