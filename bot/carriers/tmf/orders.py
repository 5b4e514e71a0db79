"""TMF622 product orders: how ours are written, and what the carrier's mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.carriers.tmf.values import Body, as_object, as_objects, instant, text
from bot.domain.line import Msisdn
from bot.services.ports import CancelOutcome, CarrierOrder, CarrierOrderState

LONGEST_REASON = 200

#: The states of ProductOrderStateType. `partial` is none of ours, which have one item: a person
#: has to look.
_STATES: Mapping[str, CarrierOrderState] = {
    "acknowledged": CarrierOrderState.PENDING,
    "inProgress": CarrierOrderState.PENDING,
    "pending": CarrierOrderState.PENDING,
    "held": CarrierOrderState.PENDING,
    "assessingCancellation": CarrierOrderState.PENDING,
    "pendingCancellation": CarrierOrderState.PENDING,
    "completed": CarrierOrderState.DONE,
    "failed": CarrierOrderState.REJECTED,
    "rejected": CarrierOrderState.REJECTED,
    "cancelled": CarrierOrderState.REJECTED,
}

#: Should the carrier hold several orders under our key, what matters most comes first.
_WEIGHT = (
    CarrierOrderState.DONE,
    CarrierOrderState.PENDING,
    CarrierOrderState.UNKNOWN,
    CarrierOrderState.REJECTED,
)


def write_order(key: str, msisdn: Msisdn, plan_code: str, periods: int) -> dict[str, Any]:
    """A ProductOrder_Create: so many periods of one plan, for one line, under our key."""
    return {
        "externalId": key,
        "productOrderItem": [
            {
                "id": "1",
                "action": "add",
                "quantity": periods,
                "productOffering": {"id": plan_code},
                "product": {"productSerialNumber": msisdn},
            }
        ],
        "@type": "ProductOrder",
    }


def read_order(body: Body) -> CarrierOrder:
    """What became of an order; a state that we do not know is UNKNOWN."""
    state = _STATES.get(str(body.get("state")), CarrierOrderState.UNKNOWN)
    products = [as_object(item.get("product")) for item in as_objects(body.get("productOrderItem"))]
    product = products[0] if len(products) == 1 else {}
    return CarrierOrder(
        state=state,
        ref=text(body.get("id")),
        reason=_reason(body) if state is CarrierOrderState.REJECTED else None,
        starts_at=instant(product.get("startDate")),
        valid_until=instant(product.get("terminationDate")),
    )


def weightiest(orders: Iterable[CarrierOrder]) -> CarrierOrder:
    """The order that speaks for all under one key; NOT_FOUND when there is none."""
    ranked = sorted(orders, key=lambda order: _WEIGHT.index(order.state))
    return ranked[0] if ranked else CarrierOrder(CarrierOrderState.NOT_FOUND)


def write_cancel(ref: str) -> dict[str, Any]:
    """A CancelProductOrder_Create for the order with the carrier's own id."""
    return {"productOrder": {"id": ref}, "@type": "CancelProductOrder"}


def read_cancel(body: Body) -> CancelOutcome | None:
    """How the cancelling ended; None while the carrier is still at it."""
    match body.get("state"):
        case "done":
            return CancelOutcome.CANCELLED
        case "terminatedWithError":
            return CancelOutcome.NOT_CANCELLABLE
        case _:
            return None


def _reason(body: Body) -> str:
    notes = [text(note.get("text")) for note in as_objects(body.get("note"))]
    return "; ".join(filter(None, [*notes, str(body.get("state"))]))[:LONGEST_REASON]
