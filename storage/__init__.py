"""Persistence: the only place that knows SQL. Services see it as `bot.services.unit.Unit`."""
