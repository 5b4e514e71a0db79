"""What is asked of the operators' group, and how it ended: plain data that the store can hold.

Everything that goes into the group leaves by one courier, in the order in which it was staged: a
topic's card stands above what is passed on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Failure(StrEnum):
    GONE = "gone"
    """The topic is not there any more."""
    UNREACHABLE = "unreachable"
    """The group is out of reach, or the bot may not do that there."""
    NOT_COPIED = "not_copied"
    """The message was deleted, or is of a kind that Telegram does not copy."""
    BLOCKED = "blocked"
    """The subscriber has blocked the bot."""


@dataclass(frozen=True, slots=True)
class OpenTopic:
    group_id: int
    subscriber_id: int
    name: str


@dataclass(frozen=True, slots=True)
class PassOn:
    """A message of the subscriber, into their topic."""

    group_id: int
    thread_id: int
    subscriber_id: int
    case_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class PassBack:
    """A message of an operator, to the subscriber; who wrote it does not show."""

    group_id: int
    thread_id: int
    subscriber_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class TellTopic:
    """Words of the bot. ``text`` is HTML, ``keyboard`` an InlineKeyboardMarkup of the Bot API."""

    group_id: int
    thread_id: int
    subscriber_id: int
    text: str
    keyboard: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TurnTopic:
    """Opens the topic again, or closes it."""

    group_id: int
    thread_id: int
    subscriber_id: int
    to_open: bool


@dataclass(frozen=True, slots=True)
class RemoveTopic:
    """With all that was written in it: its subscriber is forgotten."""

    group_id: int
    thread_id: int


SupportRequest = OpenTopic | PassOn | PassBack | TellTopic | TurnTopic | RemoveTopic


@dataclass(frozen=True, slots=True)
class TopicOpened:
    request: OpenTopic
    thread_id: int


@dataclass(frozen=True, slots=True)
class TopicNotOpened:
    request: OpenTopic


@dataclass(frozen=True, slots=True)
class PassedOn:
    request: PassOn


@dataclass(frozen=True, slots=True)
class NotPassedOn:
    request: PassOn
    why: Failure


@dataclass(frozen=True, slots=True)
class PassedBack:
    request: PassBack


@dataclass(frozen=True, slots=True)
class NotPassedBack:
    request: PassBack
    why: Failure


@dataclass(frozen=True, slots=True)
class TopicNotTold:
    request: TellTopic
    why: Failure


@dataclass(frozen=True, slots=True)
class TopicNotRemoved:
    request: RemoveTopic


SupportAnswer = (
    TopicOpened
    | TopicNotOpened
    | PassedOn
    | NotPassedOn
    | PassedBack
    | NotPassedBack
    | TopicNotTold
    | TopicNotRemoved
)
