"""The troubles that a storm puts in force, and takes away again."""

from __future__ import annotations

from typing import Any, Final

from tests.storm import size
from tests.storm.control import ControlApi

_CUT_OFF: Final = ("sendMessage", "sendInvoice", "sendPhoto", "editMessageText", "getUpdates")


async def order(control: ControlApi, seed: int) -> None:
    """Each fault draws from dice of its own, so that a seed means the same faults."""
    refused: dict[str, Any] = {"status": 429, "retry_after": 1, "probability": size.REFUSED}
    failed: dict[str, Any] = {"status": 502, "probability": size.FAILED}
    cut_off: dict[str, Any] = {"drop": "after", "probability": size.CUT_OFF}
    for number, fault in enumerate(
        (
            {"method": "*"} | refused,
            {"method": "*"} | failed,
            *({"method": method} | cut_off for method in _CUT_OFF),
        )
    ):
        await control.post("faults", fault | {"seed": seed + number})
    for number, (kind, probability) in enumerate(
        (
            ("timeout-after-accept", size.ORDERS_UNANSWERED),
            ("reject", size.ORDERS_REJECTED),
        )
    ):
        await control.post(
            "carrier/faults",
            {
                "operation": "order",
                "kind": kind,
                "probability": probability,
                "seed": seed + 100 + number,
            },
        )
    for number, (kind, operation, probability) in enumerate(
        (
            ("notice-lost", "*", size.NOTICES_LOST),
            ("notice-double", "*", size.NOTICES_DOUBLED),
            ("notice-late", "*", size.NOTICES_LATE),
            ("notice-reordered", "*", size.NOTICES_REORDERED),
            ("timeout-after-accept", "*", size.CALLS_UNANSWERED),
            ("outage", "event-read", size.LISTS_REFUSED),
            ("outage", "*", size.CALLS_REFUSED),
            ("refund-pending", "refund-create", size.REFUNDS_PENDING),
        )
    ):
        fault = {"kind": kind, "operation": operation, "probability": probability}
        await control.post("payments/faults", fault | {"seed": seed + 200 + number})


async def clear(control: ControlApi) -> None:
    for faults in ("faults", "carrier/faults", "payments/faults"):
        await control.delete(faults)
