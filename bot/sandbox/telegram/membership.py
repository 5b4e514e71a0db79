"""What a bot is in a group: a member, an administrator with rights, or thrown out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

STANDINGS = ("administrator", "member", "kicked")
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
"""Those of administrators that can be given in a supergroup."""
_NEVER = (
    "can_be_edited",
    "is_anonymous",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)


def member_field(user: dict[str, Any], rights: Iterable[str] | None) -> dict[str, Any]:
    """The Bot API's `ChatMember` of who is in the group; without rights an ordinary member."""
    if rights is None:
        return {"status": "member", "user": user}
    held = set(rights) | {"can_manage_chat"}
    return {
        "status": "administrator",
        "user": user,
        **dict.fromkeys(_NEVER, False),
        **{right: right in held for right in RIGHTS},
    }


def outside_field(user: dict[str, Any], *, kicked: bool) -> dict[str, Any]:
    """The Bot API's `ChatMember` of who is not, or no longer, in it."""
    outside = {"status": "kicked" if kicked else "left", "user": user}
    return outside | {"until_date": 0} if kicked else outside
