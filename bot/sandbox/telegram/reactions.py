"""The emoji with which one may react to a message."""

from __future__ import annotations

from typing import Any

from bot.sandbox.telegram.errors import bad_request

_LISTED = """
👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤️‍🔥
🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨
🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂️ 🤷 🤷‍♀️ 😡
"""
EMOJI = frozenset(_LISTED.split())
"""Bot API, `ReactionTypeEmoji`: these and no others, a heart without its variation selector."""


def chosen(reactions: list[dict[str, Any]]) -> str | None:
    """The one emoji of the Bot API's reactions, or None. Raises ApiError 400.

    A bot has no premium: one reaction a message, and no custom emoji where the chat allows none.
    """
    if any(reaction.get("emoji") not in EMOJI for reaction in reactions):
        raise bad_request("REACTION_INVALID")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    return str(reactions[0]["emoji"]) if reactions else None
