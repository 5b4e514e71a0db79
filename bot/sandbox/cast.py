"""The people of the sandbox, their group and its bot: the same ids and numbers everywhere."""

from __future__ import annotations

from bot.sandbox.telegram.chats import Chat
from bot.sandbox.telegram.membership import RIGHTS
from bot.sandbox.telegram.people import Person

BOT_TOKEN = "1000000:SANDBOX"  # noqa: S105 - opens nothing but the sandbox
BOT_USERNAME = "leb_card_sandbox_bot"
BOT_NAME = "LEB Card"

PEOPLE = (
    Person(1001, "林晓", "(Lin Xiao)", "linxiao", "zh-hans", "+8613800001001"),
    Person(1002, "Ana", "Duarte", "anaduarte", "en", "+351912001002"),
    Person(1003, "Omar", "Haddad", "omarhaddad", "en", "+962790001003"),
    Person(1004, "Mei", "Tan", "meitan", "zh-hans", "+6591001004"),
    Person(9001, "Operator", None, "leb_operator", "zh-hans", "+8613800009001"),
    Person(9002, "Support", None, "leb_support", "en", "+8613800009002"),
)

OPERATORS_GROUP = -1001000009000
"""Where the operators talk, a topic for each matter; the bot is an administrator in it."""


def operators_group() -> Chat:
    """The group as it is before anything was said in it."""
    value = {
        "id": OPERATORS_GROUP,
        "type": "supergroup",
        "title": "LEB operators",
        "is_forum": True,
    }
    return Chat(value, [9001, 9002], is_open=True, rights=list(RIGHTS))
