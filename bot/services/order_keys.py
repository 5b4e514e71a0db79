"""The names under which an order, or a line, is known to the carrier and to the timers."""

from __future__ import annotations


def carrier_key(order_id: str) -> str:
    """Our idempotency key at the carrier, the same for every attempt."""
    return f"order:{order_id}:fulfil"


def expiry_timer(order_id: str) -> str:
    """When the order, unpaid, closes."""
    return f"order:{order_id}:expiry"


def look_timer(order_id: str) -> str:
    """When the carrier is asked about the order next, or given it once more."""
    return f"order:{order_id}:look"


def delay_timer(order_id: str) -> str:
    return f"order:{order_id}:delay"


def cancel_timer(order_id: str) -> str:
    """When the carrier is asked once more to cancel the order."""
    return f"order:{order_id}:cancel"


def auto_renewal_timer(line_id: int) -> str:
    """When the line's auto-renewal is looked at next."""
    return f"line:{line_id}:auto_renewal"


def watch_timer(line_id: int) -> str:
    """When the line is looked at next for something worth telling."""
    return f"line:{line_id}:watch"
