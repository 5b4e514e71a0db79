"""The carrier port over TM Forum Open APIs (622, 637, 654, 677 and 681, v4)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import date, timedelta
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.carriers.tmf.http import TmfHttp
from bot.carriers.tmf.orders import (
    read_cancel,
    read_order,
    weightiest,
    write_cancel,
    write_order,
)
from bot.carriers.tmf.products import (
    Product,
    line_status,
    plan_in_force,
    read_product,
    read_wallet,
)
from bot.carriers.tmf.settings import TmfSettings
from bot.carriers.tmf.usage import Usage, agrees_with_cap, gave_up, read_usage
from bot.domain.calendar import day_start, local_day, next_reset
from bot.domain.errors import (
    InvalidRequest,
    NotFound,
    OutcomeUnknown,
    Unavailable,
    WrongState,
)
from bot.domain.line import Msisdn, Reading, UsageDay
from bot.domain.money import Money
from bot.services.ports import (
    CancelOutcome,
    CarrierCapabilities,
    CarrierOrder,
    CarrierOrderState,
    Clock,
    FoundLine,
)

log = logging.getLogger(__name__)

SOURCE = "tmf"
_FIRST_PAUSE_S = 0.1
#: These say that the carrier has no such number for this line; all other errors fail the reading,
#: so that the last known one stays.
_NOT_REPORTED = (InvalidRequest, NotFound, WrongState)


class TmfCarrier:
    """One operator's carrier, as its settings bend the standard. Use it with `async with`."""

    def __init__(self, settings: TmfSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._http = TmfHttp(settings)

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.__aexit__(kind, error, trace)

    @property
    def capabilities(self) -> CarrierCapabilities:
        """What the operator's APIs can tell and do, by its settings."""
        counts = self._settings.usage is not None
        return CarrierCapabilities(
            wallet=self._settings.balance is not None,
            daily_counter=counts,
            throttle_state=counts,
            texts=self._settings.communication is not None,
            shortest_poll_s=self._settings.shortest_poll_s,
        )

    async def find_line(self, msisdn: Msisdn) -> FoundLine:
        """The line with this number. Its `ref` is the ICCID, since numbers move between cards."""
        products = await self._products(msisdn)
        if not products:
            raise NotFound("no product has this number")
        iccids = {product.iccid for product in products if product.iccid}
        if len(iccids) > 1:
            raise WrongState("the number is on more than one card")
        iccid = next(iter(iccids), None)
        return FoundLine(
            ref=iccid or msisdn,
            msisdn=msisdn,
            iccid=iccid,
            zone=self._zone(products).key,
            status=line_status(products),
        )

    async def send_text(self, msisdn: Msisdn, text: str) -> None:
        """Hand over a text (TMF681). Raises `WrongState` when the carrier does not take it."""
        path = _offered(self._settings.communication) + "/communicationMessage"
        sent = await self._http.post_change(
            path,
            {
                "messageType": "SMS",
                "content": text,
                "sender": {"name": self._settings.text_sender},
                "receiver": [{"phoneNumber": msisdn}],
                "@type": "CommunicationMessage",
            },
        )
        if sent.get("state") in ("failed", "cancelled"):
            raise WrongState("the text was not delivered")

    async def line_status(self, line_id: int, ref: str, msisdn: Msisdn) -> Reading:
        """What the carrier says of a line now."""
        now = self._clock.now()
        products = await self._products_of(ref, msisdn)
        zone = self._zone(products)
        plan = plan_in_force(products, now)
        wallet = await self._wallet(msisdn)
        usage = await self._usage_today(msisdn, zone)
        cap = plan.high_speed_cap_bytes if plan else None
        used, remaining = usage.by_day.get(local_day(now, zone)), usage.remaining_bytes
        if not agrees_with_cap(used, remaining, cap):
            log.warning("usage does not add up to the cap: check the carrier's units")
            used = remaining = None
        return Reading(
            line_id=line_id,
            as_of=min(now, usage.as_of or now),
            source=SOURCE,
            plan_code=plan.plan_code if plan else None,
            valid_until=plan.ends_at if plan else None,
            used_today_bytes=used,
            high_speed_cap_bytes=cap,
            throttled=None if remaining is None or cap is None else remaining == 0,
            base_rate_kbps=plan.base_rate_kbps if plan else None,
            next_reset_at=next_reset(now, zone),
            wallet=wallet,
        )

    async def usage_days(self, ref: str, msisdn: Msisdn, first: date, last: date) -> list[UsageDay]:
        """The days that the carrier reports, both ends included, oldest first."""
        zone = self._zone(await self._products_of(ref, msisdn))
        days: dict[date, UsageDay] = {}
        for start, end in _spans(first, last, self._settings.usage_span_days):
            usage = await self._usage(msisdn, start, end, zone)
            days |= {
                day: UsageDay(day, used, usage.by_country.get(day, {}))
                for day, used in usage.by_day.items()
                if start <= day <= end
            }
        return [days[day] for day in sorted(days)]

    async def submit(
        self, key: str, ref: str, msisdn: Msisdn, plan_code: str, periods: int
    ) -> CarrierOrder:
        """Order a plan, unless the carrier already has an order under this key."""
        known = await self._orders(key)
        if known:
            return weightiest(known)
        await self._products_of(ref, msisdn)
        path = self._settings.ordering + "/productOrder"
        placed = await self._http.post_change(path, write_order(key, msisdn, plan_code, periods))
        if placed.get("externalId") != key:
            raise OutcomeUnknown("nonsense: the answer is not our order")
        return read_order(placed)

    async def order_state(self, key: str) -> CarrierOrder:
        """What became of the order under this key."""
        return weightiest(await self._orders(key))

    async def cancel(self, key: str) -> CancelOutcome:
        """Cancel every order under this key that may still be delivered."""
        orders = await self._orders(key)
        if not orders:
            raise NotFound("no order has this key")
        in_force = [order for order in orders if order.state is not CarrierOrderState.REJECTED]
        outcomes = [await self._cancel(order) for order in in_force]
        if CancelOutcome.NOT_CANCELLABLE in outcomes:
            return CancelOutcome.NOT_CANCELLABLE
        return CancelOutcome.CANCELLED

    async def _cancel(self, order: CarrierOrder) -> CancelOutcome:
        path = self._settings.ordering + "/cancelProductOrder"
        if order.ref is None:
            raise Unavailable("nonsense: an order without its id")
        try:
            outcome = read_cancel(await self._http.post_change(path, write_cancel(order.ref)))
        except (InvalidRequest, NotFound, WrongState):
            return CancelOutcome.NOT_CANCELLABLE
        if outcome is None:
            raise Unavailable("the carrier has not decided yet")
        return outcome

    async def _orders(self, key: str) -> list[CarrierOrder]:
        path = self._settings.ordering + "/productOrder"
        bodies = await self._http.get_all(path, {"externalId": key})
        if any(body.get("externalId") != key for body in bodies):
            # Whoever ignores the filter would make us believe that our order is not there.
            raise Unavailable("nonsense: orders of other keys were answered")
        if len(bodies) > 1:
            log.warning("the carrier holds %d orders under one key", len(bodies))
        return [read_order(body) for body in bodies]

    async def _products(self, msisdn: Msisdn) -> list[Product]:
        fields = self._settings.fields
        path = self._settings.inventory + "/product"
        bodies = await self._http.get_all(path, {fields.line_filter: msisdn})
        products = [read_product(body, fields) for body in bodies]
        return [product for product in products if product.msisdn == msisdn]

    async def _products_of(self, ref: str, msisdn: Msisdn) -> list[Product]:
        """The products of the line we linked, and of no other that has its number now."""
        products = [
            product
            for product in await self._products(msisdn)
            if ref in (product.iccid, product.msisdn)
        ]
        if not products:
            raise NotFound("the number is not on this card")
        return products

    def _zone(self, products: list[Product]) -> ZoneInfo:
        now = self._clock.now()
        plan = plan_in_force(products, now)
        named = [product.zone for product in ([plan] if plan else products) if product.zone]
        return named[0] if named else ZoneInfo(self._settings.default_zone)

    async def _wallet(self, msisdn: Msisdn) -> Money | None:
        if self._settings.balance is None:
            return None
        path = self._settings.balance + "/bucket"
        filters = {"logicalResource.id": msisdn, "usageType": "monetary"}
        try:
            buckets = await self._http.get_all(path, filters)
        except _NOT_REPORTED:
            return None
        return read_wallet(buckets, msisdn, self._settings.fields)

    async def _usage_today(self, msisdn: Msisdn, zone: ZoneInfo) -> Usage:
        today = local_day(self._clock.now(), zone)
        try:
            return await self._usage(msisdn, today, today, zone)
        except _NOT_REPORTED:
            return Usage({}, {}, remaining_bytes=None, as_of=None)

    async def _usage(self, msisdn: Msisdn, first: date, last: date, zone: ZoneInfo) -> Usage:
        """Ask, then look for the result: a usage query is a task of the carrier's."""
        path = _offered(self._settings.usage) + "/queryUsageConsumption"
        period = {
            "startDateTime": day_start(first, zone).isoformat(),
            "endDateTime": day_start(last + timedelta(days=1), zone).isoformat(),
        }
        criteria: dict[str, Any] = {"logicalResource": [{"id": msisdn}], "validPeriod": period}
        task = await self._http.post_query(path, {"searchCriteria": criteria})
        looks = 0
        while (usage := read_usage(task, zone, self._settings)) is None:
            known = isinstance(task.get("id"), str)
            if gave_up(task) or not known or looks == self._settings.usage_looks:
                raise Unavailable("the usage query came to nothing")
            if looks:
                await asyncio.sleep(_FIRST_PAUSE_S * 2**looks)
            task = await self._http.get(f"{path}/{task['id']}")
            looks += 1
        return usage


def _spans(first: date, last: date, most_days: int) -> Iterator[tuple[date, date]]:
    while first <= last:
        end = min(last, first + timedelta(days=most_days - 1))
        yield first, end
        first = end + timedelta(days=1)


def _offered(path: str | None) -> str:
    if path is None:
        raise InvalidRequest("the operator does not offer this API")
    return path
