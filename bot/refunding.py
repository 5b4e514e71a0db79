"""The refund commands: they look at the database, and leave what is to be done to the bot.

Each gives the lines to print. Refused is what cannot be done, before the bot is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from bot.domain.money import Money
from bot.domain.order import OrderStatus
from bot.domain.payment import RefundStatus
from bot.runtime import commands
from bot.services.take_back_order import IN_FORCE
from storage.refunds import OperatorsView, OrderAtAGlance, OwedRefund, operators_view

PATIENCE_S: Final = 10.0
_LOOK_EVERY_S: Final = 0.1
_NOT_RUNNING: Final = "The bot has not answered. It will do this as soon as it runs."


class Refused(Exception):
    """What was asked cannot be done; the text says why."""


async def refund(
    database: Path, order_id: str, note: str | None, patience_s: float = PATIENCE_S
) -> AsyncIterator[str]:
    """Asks the bot to refund the order, and tells how far that came. Raises `Refused`."""
    async with operators_view(database) as view:
        order = await view.order(order_id)
        if order is None:
            raise Refused(f"There is no order {order_id}.")
        if order.status in IN_FORCE and not await _has_failed(view, order_id):
            await _check_not_spent(view, order_id, order)
            wanted = {"order_id": order_id, "note": note}
            if not await is_done(database, view, "refund_wanted", wanted, patience_s):
                yield _NOT_RUNNING
                return
            await until(lambda: _has_left(view, order_id), patience_s)
            order = await view.order(order_id) or order
        match order.status:
            case OrderStatus.REFUNDED:
                yield f"{order_id}: {_shown(order.total)} went back."
            case status if status is OrderStatus.REFUNDING or await _has_failed(view, order_id):
                owed = await _owed_for(view, order_id)
                for line in (*map(_line, owed), *_what_to_do(order_id, owed)):
                    yield line
            case status if status in IN_FORCE:
                yield f"{order_id}: the carrier is asked to cancel it first; the refund follows."
            case status:
                raise Refused(f"{order_id} is {status}: it holds no money.")


async def mark_sent(
    database: Path, order_id: str, charge_id: str | None, patience_s: float = PATIENCE_S
) -> AsyncIterator[str]:
    """Books a refund that was sent in the provider's dashboard. Of several, the one of that
    charge; the order's own goes by the order's id. Raises `Refused`."""
    async with operators_view(database) as view:
        owed = [each for each in await view.owed() if each.order_id == order_id]
        meant = [each for each in owed if charge_id in {None, each.charge_id or order_id}]
        if not meant:
            raise Refused(f"Nothing is owed for {order_id}.")
        if len(meant) > 1:
            named = ", ".join(each.charge_id or order_id for each in meant)
            raise Refused(f"{len(meant)} refunds are owed: name one with --charge: {named}.")
        wanted = {"order_id": order_id, "charge_id": charge_id}
        if await is_done(database, view, "refund_was_sent", wanted, patience_s):
            yield f"{order_id}: {_shown(meant[0].amount)} booked as sent."
        else:
            yield _NOT_RUNNING


async def owed_refunds(database: Path) -> AsyncIterator[str]:
    """What waits to be sent, a line each."""
    async with operators_view(database) as view:
        for refund in await view.owed():
            yield _line(refund)


async def _owed_for(view: OperatorsView, order_id: str) -> list[OwedRefund]:
    return [each for each in await view.owed() if each.order_id == order_id]


async def _check_not_spent(view: OperatorsView, order_id: str, order: OrderAtAGlance) -> None:
    """A top-up can only go back from the wallet into which it went. Raises `Refused`."""
    if not order.is_top_up or order.status is not OrderStatus.FULFILLED:
        return
    held = await view.wallet(order.line_id, order.total.currency)
    if held < order.total:
        raise Refused(
            f"{order_id} put {_shown(order.total)} into the wallet, which holds {_shown(held)} "
            "now: it is spent, and a part cannot be refunded. Nothing was changed."
        )
    if await view.holder(order.line_id) not in {None, order.subscriber_id}:
        raise Refused(
            f"{order_id} was put into the wallet of a line that has another holder now. "
            "Nothing was changed."
        )


async def _has_failed(view: OperatorsView, order_id: str) -> bool:
    """Whether the order's money was to go back, and the platform could not send it."""
    return any(each.status is RefundStatus.FAILED for each in await _owed_for(view, order_id))


def _what_to_do(order_id: str, owed: list[OwedRefund]) -> list[str]:
    if all(refund.goes_by_itself for refund in owed):
        return ["The payment platform is asked to send it; nothing is left to do."]
    return [
        "Send it in the provider's dashboard, then:",
        f"  python -m bot refund {order_id} --sent",
    ]


def _line(refund: OwedRefund) -> str:
    charge = f", charge {refund.charge_id}" if refund.charge_id else ""
    return (
        f"{refund.order_id}: {_shown(refund.amount)} owed through {refund.method}{charge} "
        f"since {refund.since:%Y-%m-%d %H:%M} UTC ({refund.reason})"
    )


def _shown(amount: Money) -> str:
    return f"{amount.decimal} {amount.currency}"


async def is_done(
    database: Path, view: OperatorsView, kind: str, payload: dict[str, Any], patience_s: float
) -> bool:
    """Leaves the command and waits for its decision. Raises `Refused` when that failed."""
    name = commands.leave(database, kind, payload)
    done = await until(lambda: view.is_decided(commands.SOURCE, name), patience_s)
    reference = await view.failure(commands.SOURCE, name)
    if reference is not None:
        raise Refused(f"The bot could not do it; its log has the reference {reference}.")
    return done


async def _has_left(view: OperatorsView, order_id: str) -> bool:
    order = await view.order(order_id)
    return order is None or order.status not in IN_FORCE


async def until(holds: Callable[[], Awaitable[bool]], patience_s: float) -> bool:
    try:
        async with asyncio.timeout(patience_s):
            while not await holds():  # noqa: ASYNC110 - another process makes it true
                await asyncio.sleep(_LOOK_EVERY_S)
    except TimeoutError:
        return False
    return True
