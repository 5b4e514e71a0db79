"""What a bot asks or says about itself, its chats and its files."""

from __future__ import annotations

from typing import Any

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.methods.table import Method

_NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


async def get_me(call: Call) -> dict[str, Any]:
    """The bot itself."""
    return call.bot.as_me()


async def get_chat(call: Call) -> dict[str, Any]:
    """A chat in full."""
    return call.chat().value | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": _NO_GIFTS,
    }


async def get_chat_member(call: Call) -> dict[str, Any]:
    """Somebody's part in a chat."""
    chat = call.chat()
    user_id = call.values["user_id"]
    if user_id == call.bot.id:
        return call.telegram.standing(call.bot, chat)
    if user_id not in call.telegram.people:
        raise bad_request("invalid user_id specified")
    status = "member" if user_id in chat.members else "left"
    return {"status": status, "user": call.telegram.people[user_id].as_user()}


async def get_file(call: Call) -> dict[str, Any]:
    """Where a file can be downloaded."""
    return call.bot.files.to_download(call.values["file_id"]).as_file()


async def set_my_commands(call: Call) -> bool:
    """The menu of commands."""
    scope = _scope(call)
    call.bot.commands.set(call.values["commands"], scope, call.values.get("language_code", ""))
    call.telegram.publish("commands", {"bot_id": call.bot.id})
    return True


async def get_my_commands(call: Call) -> list[dict[str, Any]]:
    """The menu of exactly this scope and language."""
    return call.bot.commands.get(_scope(call), call.values.get("language_code", ""))


async def delete_my_commands(call: Call) -> bool:
    """No menu for this scope and language."""
    call.bot.commands.delete(_scope(call), call.values.get("language_code", ""))
    call.telegram.publish("commands", {"bot_id": call.bot.id})
    return True


def _scope(call: Call) -> dict[str, Any] | None:
    scope: dict[str, Any] | None = call.values.get("scope")
    if scope and "chat_id" in scope and scope["chat_id"] not in call.bot.chats:
        raise bad_request("chat not found")
    return scope


async def set_my_description(call: Call) -> bool:
    """What an empty chat with the bot shows."""
    return _describe(call, "description")


async def set_my_short_description(call: Call) -> bool:
    """What the bot's profile shows."""
    return _describe(call, "short_description")


def _describe(call: Call, name: str) -> bool:
    text = call.values.get(name, "")
    if not facts.fits(call.method, name, text):
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    call.bot.about[f"{name}/{call.values.get('language_code', '')}"] = text
    return True


async def set_chat_menu_button(call: Call) -> bool:
    """The button beside the input field, of one chat or of all."""
    where = str(call.chat().id) if "chat_id" in call.values else ""
    call.bot.about[f"menu_button/{where}"] = call.values.get("menu_button", {"type": "default"})
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getFile": get_file,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": set_my_description,
    "setMyShortDescription": set_my_short_description,
    "setChatMenuButton": set_chat_menu_button,
}
