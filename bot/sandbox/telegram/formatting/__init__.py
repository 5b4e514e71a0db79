"""Formatted text: a message's words with their entities, as Telegram makes them."""

from bot.sandbox.telegram.formatting.text import Formatted, formatted, plain

__all__ = ["Formatted", "formatted", "plain"]
