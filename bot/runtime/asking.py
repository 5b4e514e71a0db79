"""Which call of the carrier port each request is, and what answer its result makes."""

from __future__ import annotations

from bot.domain.errors import NotFound
from bot.services.ports import Carrier
from bot.services.requests import (
    CancelAnswered,
    CancelOrder,
    CarrierAnswer,
    CarrierRequest,
    FindLine,
    LineFound,
    LineMissing,
    Look,
    LookUpOrder,
    OrderAnswered,
    ReadingTaken,
    ReadLine,
    ReadUsage,
    SendText,
    SubmitOrder,
    UsageRead,
)


async def ask(carrier: Carrier, request: CarrierRequest) -> CarrierAnswer | None:
    """Asks the carrier once; None for a text, which nobody waits to hear of.

    Raises `bot.domain.errors.CarrierError`.
    """
    match request:
        case FindLine():
            return await _find_line(carrier, request)
        case SendText():
            await carrier.send_text(request.msisdn, request.text)
            return None
        case ReadLine():
            reading = await carrier.line_status(request.line_id, request.ref, request.msisdn)
            return ReadingTaken(reading)
        case ReadUsage():
            days = await carrier.usage_days(
                request.ref, request.msisdn, request.first, request.last
            )
            return UsageRead(request.line_id, request.subscriber_id, days)
        case SubmitOrder() | LookUpOrder():
            return await _ask_of_order(carrier, request)
        case CancelOrder():
            return CancelAnswered(request.order_id, await carrier.cancel(request.key))


async def _find_line(carrier: Carrier, request: FindLine) -> LineFound | LineMissing:
    try:
        return LineFound(request, await carrier.find_line(request.msisdn))
    except NotFound:
        return LineMissing(request)


async def _ask_of_order(carrier: Carrier, request: SubmitOrder | LookUpOrder) -> OrderAnswered:
    if isinstance(request, LookUpOrder):
        return OrderAnswered(request.order_id, request.look, await carrier.order_state(request.key))
    order = await carrier.submit(
        request.key, request.ref, request.msisdn, request.plan_code, request.periods
    )
    return OrderAnswered(request.order_id, Look(), order)
