"""TM Forum bodies of what the network knows (TMF622, 637, 654, 677 v4, TMF681 v4).

The standard has no words for a daily high-speed cap and a base rate: they travel as product
characteristics and as a counter of one day.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.carrier.model import (
    CURRENCY,
    Entitlement,
    EntitlementState,
    Line,
    Order,
    local_day,
    midnight,
)
from bot.sandbox.carrier.network import Network

Body = dict[str, Any]

ORDERING = "/tmf-api/productOrderingManagement/v4"
INVENTORY = "/tmf-api/productInventory/v4"
BALANCE = "/tmf-api/prepayBalanceManagement/v4"
USAGE = "/tmf-api/usageConsumption/v4"
COMMUNICATION = "/tmf-api/communicationManagement/v4"

_PRODUCT_STATUS = {
    EntitlementState.QUEUED: "pendingActive",
    EntitlementState.ACTIVE: "active",
    EntitlementState.ENDED: "terminated",
}


def instant(at: datetime) -> str:
    """An instant as RFC 3339 in UTC, to the second."""
    return at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")


def product_bodies(network: Network, line: Line) -> list[Body]:
    """One product for each entitlement of a line, or a bare one that holds no plan."""
    now = network.now()
    identity = [
        {"name": "msisdn", "value": line.msisdn},
        {"name": "iccid", "value": line.iccid},
        {"name": "resetZone", "value": line.zone},
    ]
    bare: Body = {
        "isBundle": False,
        "productSerialNumber": line.msisdn,
        "realizingResource": [
            {"id": line.msisdn, "@referredType": "LogicalResource"},
            {"id": line.iccid, "@referredType": "PhysicalResource"},
        ],
        "productCharacteristic": identity,
    }
    if not line.entitlements:
        status = "suspended" if line.suspended else "created"
        return [_product(f"line-{line.iccid}", bare | {"status": status})]
    return [_plan_product(network, line, e, bare, now) for e in line.entitlements]


def _plan_product(
    network: Network, line: Line, entitlement: Entitlement, bare: Body, now: datetime
) -> Body:
    offering = network.offerings[entitlement.plan]
    state = entitlement.state_at(now)
    suspended = line.suspended and state is EntitlementState.ACTIVE
    plan = [
        {"name": "highSpeedCapBytes", "value": offering.high_speed_cap_bytes},
        {"name": "baseRateKbps", "value": offering.base_rate_kbps},
    ]
    return _product(
        f"product-{entitlement.id}",
        bare
        | {
            "name": offering.name,
            "status": "suspended" if suspended else _PRODUCT_STATUS[state],
            "startDate": instant(entitlement.starts_at),
            "terminationDate": instant(entitlement.ends_at),
            "productOffering": {"id": offering.code, "name": offering.name},
            "productCharacteristic": bare["productCharacteristic"] + plan,
        },
    )


def _product(identity: str, body: Body) -> Body:
    return {"id": identity, "href": f"{INVENTORY}/product/{identity}", "@type": "Product"} | body


def bucket_body(line: Line) -> Body:
    """A line's prepaid wallet at the carrier; the amount is a float, as the standard has it."""
    identity = f"wallet-{line.iccid}"
    return {
        "id": identity,
        "href": f"{BALANCE}/bucket/{identity}",
        "name": "Prepaid wallet",
        "usageType": "monetary",
        "status": "suspended" if line.suspended else "active",
        "isShared": False,
        "remainingValue": {"amount": line.wallet_minor / 100, "units": CURRENCY},
        "logicalResource": [{"id": line.msisdn, "@referredType": "LogicalResource"}],
        "@type": "Bucket",
    }


def usage_body(network: Network, line: Line, first: date, last: date) -> Body:
    """What a line used from the first to the last local day: a counter for a day and country."""
    bucket: Body = {
        "id": f"data-{line.iccid}",
        "name": "High-speed data of the day",
        "usageType": "data",
        "logicalResource": [{"id": line.msisdn}],
        "bucketCounter": list(_counters(line, first, last)),
    }
    cap = network.high_speed_cap(line)
    if cap is not None:
        left = max(0, cap - network.used_today(line))
        bucket["remainingValue"] = {"amount": left, "units": "byte"}
    return {
        "id": f"usage-{line.iccid}",
        "state": "done",
        "lastUpdate": instant(network.now()),
        "logicalResource": [{"id": line.msisdn}],
        "bucketRefOrValue": [bucket],
        "@type": "UsageConsumption",
    }


def _counters(line: Line, first: date, last: date) -> Iterator[Body]:
    day = max(first, line.since)
    while day <= last:
        used = [(u.country, u.used_bytes) for u in line.usage if u.day == day]
        for country, used_bytes in used or [("", 0)]:
            yield _counter(line, day, country, used_bytes)
        day += timedelta(days=1)


def _counter(line: Line, day: date, country: str, used_bytes: int) -> Body:
    counter: Body = {
        "counterType": "used",
        "consumptionPeriod": {
            "startDateTime": instant(midnight(day, line.zone)),
            "endDateTime": instant(midnight(day + timedelta(days=1), line.zone)),
        },
        "value": {"amount": used_bytes, "units": "byte"},
    }
    return counter | {"level": country} if country else counter


def days_of(line: Line, start: datetime, end: datetime) -> tuple[date, date]:
    """The local days that a period touches; its end is not part of it."""
    last = local_day(end - timedelta(microseconds=1), line.zone)
    return local_day(start, line.zone), last


def order_body(network: Network, order: Order) -> Body:
    """A TMF622 product order; the item's product shows from when to when the service runs."""
    state = order.state_at(network.now()).value
    product: Body = {"productSerialNumber": order.msisdn}
    entitlement = network.entitlement_of(order)
    if entitlement is not None:
        product |= {
            "id": f"product-{entitlement.id}",
            "startDate": instant(entitlement.starts_at),
            "terminationDate": instant(entitlement.ends_at),
        }
    body: Body = {
        "id": order.id,
        "href": f"{ORDERING}/productOrder/{order.id}",
        "externalId": order.key,
        "state": state,
        "orderDate": instant(order.ordered_at),
        "productOrderItem": [
            {
                "id": "1",
                "action": "add",
                "quantity": order.periods,
                "state": state,
                "productOffering": {"id": order.plan},
                "product": product,
            }
        ],
        "@type": "ProductOrder",
    }
    if state == "completed" and order.settled_at is not None:
        body["completionDate"] = instant(order.settled_at)
    if state == "rejected":
        body["note"] = [{"text": "the line does not accept this offering"}]
    return body
