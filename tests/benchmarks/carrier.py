"""The little of a carrier that a renewal needs, over the TM Forum APIs: every line has a running
monthly plan; an order is acknowledged, and completed when it is looked at."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.benchmarks.population import iccid_of
from tests.benchmarks.wire import Reply

_STARTED: Final = datetime.now(UTC).replace(microsecond=0)
_CAP_BYTES: Final = 20 * 10**9


class BenchCarrier:
    def __init__(self) -> None:
        self.calls = 0
        self._orders: dict[str, dict[str, Any]] = {}

    def handle(self, target: str, body: bytes, reply: Reply) -> None:
        self.calls += 1
        parts = urlsplit(target)
        filters = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path.rsplit("/", 1)[1]:
            case "product":
                answer: Any = [_product(filters["productSerialNumber"])]
            case "bucket":
                answer = [_bucket(filters["logicalResource.id"])]
            case "queryUsageConsumption":
                answer = _usage()
            case "productOrder" if body:
                order = json.loads(body)
                self._orders[order["externalId"]] = order
                answer = {**order, "id": order["externalId"], "state": "acknowledged"}
            case "productOrder":
                answer = self._looked_at(filters["externalId"])
            case _:
                reply(404, b"{}")
                return
        reply(200, json.dumps(answer).encode())

    def _looked_at(self, key: str) -> list[dict[str, Any]]:
        order = self._orders.get(key)
        return [] if order is None else [{**order, "id": key, "state": "completed"}]


def _product(msisdn: str) -> dict[str, Any]:
    return {
        "id": "1",
        "status": "active",
        "productSerialNumber": msisdn,
        "startDate": (_STARTED - timedelta(days=25)).isoformat(),
        "terminationDate": (_STARTED + timedelta(days=5)).isoformat(),
        "productOffering": {"id": "M30"},
        "productCharacteristic": [
            {"name": "msisdn", "value": msisdn},
            {"name": "iccid", "value": iccid_of(msisdn)},
            {"name": "resetZone", "value": "Asia/Shanghai"},
            {"name": "highSpeedCapBytes", "value": _CAP_BYTES},
            {"name": "baseRateKbps", "value": 1000},
        ],
    }


def _bucket(msisdn: str) -> dict[str, Any]:
    return {
        "id": "1",
        "usageType": "monetary",
        "remainingValue": {"amount": 1000.0, "units": "CNY"},
        "logicalResource": [{"id": msisdn}],
    }


def _usage() -> dict[str, Any]:
    value = {"amount": _CAP_BYTES, "units": "byte"}
    bucket = {"usageType": "data", "bucketCounter": [], "remainingValue": value}
    consumption = {
        "state": "done",
        "lastUpdate": datetime.now(UTC).isoformat(),
        "bucketRefOrValue": [bucket],
    }
    return {"id": "1", "usageConsumption": [consumption]}
