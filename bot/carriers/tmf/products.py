"""TMF637 products and TMF654 buckets: the line, its plan, its wallet at the carrier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.carriers.tmf.settings import TmfFields
from bot.carriers.tmf.values import Body, as_object, as_objects, decimal, instant, text, whole, zone
from bot.domain.line import Iccid, LineStatus, Msisdn
from bot.domain.money import Money


@dataclass(frozen=True, slots=True)
class Product:
    """One TMF637 product: a line under one plan, or with none."""

    status: str
    msisdn: str | None
    iccid: Iccid | None
    plan_code: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    zone: ZoneInfo | None
    high_speed_cap_bytes: int | None
    base_rate_kbps: int | None

    def runs_at(self, now: datetime) -> bool:
        """Whether its plan is the one in force: by the carrier's word, and by its dates."""
        if self.plan_code is None or self.status not in ("active", "suspended", "pendingTerminate"):
            return False
        return (self.starts_at is None or self.starts_at <= now) and (
            self.ends_at is None or now < self.ends_at
        )


def read_product(body: Body, fields: TmfFields) -> Product:
    """A product with what its characteristics say."""
    characteristics = _characteristics(body)
    iccid = characteristics.get(fields.iccid)
    msisdn = characteristics.get(fields.msisdn, body.get("productSerialNumber"))
    return Product(
        status=str(body.get("status", "")).strip(),  # the official list itself has "aborted "
        msisdn=msisdn if isinstance(msisdn, str) else None,
        iccid=Iccid(iccid) if isinstance(iccid, str) and iccid else None,
        plan_code=text(as_object(body.get("productOffering")).get("id")),
        starts_at=instant(body.get("startDate")),
        ends_at=instant(body.get("terminationDate")),
        zone=zone(characteristics.get(fields.reset_zone)),
        high_speed_cap_bytes=whole(characteristics.get(fields.high_speed_cap_bytes)),
        base_rate_kbps=whole(characteristics.get(fields.base_rate_kbps)),
    )


def line_status(products: Iterable[Product]) -> LineStatus:
    """How the line stands. A plan that ended leaves the line usable: it can be renewed."""
    statuses = {product.status for product in products}
    if "suspended" in statuses:
        return LineStatus.SUSPENDED
    known = {"created", "pendingActive", "active", "pendingTerminate", "terminated"}
    return LineStatus.ACTIVE if statuses & known else LineStatus.UNKNOWN


def plan_in_force(products: Iterable[Product], now: datetime) -> Product | None:
    """The running plan's product, else the one that ended last; None when there never was one."""
    started = [
        product
        for product in products
        if product.plan_code is not None
        and (product.starts_at is None or product.starts_at <= now)
        and product.status not in ("cancelled", "aborted")
    ]
    beginning = datetime.min.replace(tzinfo=UTC)
    return max(
        started,
        key=lambda product: (product.runs_at(now), product.starts_at or beginning),
        default=None,
    )


def read_wallet(buckets: Iterable[Body], msisdn: Msisdn, fields: TmfFields) -> Money | None:
    """The line's monetary bucket; None when there is none, or more than one."""
    amounts = [
        amount
        for bucket in buckets
        if bucket.get("usageType") == "monetary" and _names_line(bucket, msisdn)
        if (amount := _money(as_object(bucket.get(fields.bucket_amount)))) is not None
    ]
    return amounts[0] if len(amounts) == 1 else None


def _money(quantity: Body) -> Money | None:
    amount, currency = decimal(quantity.get("amount")), quantity.get("units")
    if amount is None or not isinstance(currency, str) or len(currency) != 3:
        return None
    return Money.from_decimal(amount, currency.upper())


def _names_line(bucket: Body, msisdn: Msisdn) -> bool:
    resources = as_objects(bucket.get("logicalResource"))
    return any(resource.get("id") in (msisdn, msisdn.removeprefix("+")) for resource in resources)


def _characteristics(body: Body) -> dict[str, Any]:
    return {
        str(entry.get("name")): entry.get("value")
        for entry in as_objects(body.get("productCharacteristic"))
    }
