"""Hostile input: what Telegram never sends, through the real intake."""
