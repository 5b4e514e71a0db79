"""Telegram as the bot meets it: the Bot API over HTTP."""

from bot.sandbox.telegram.telegram import Telegram

__all__ = ["Telegram"]
