"""The bot with one safeguard taken out: ``python -m tests.storm.mutants SAFEGUARD run``.

Each mutant is what somebody might well write who did not know why the safeguard is there. They are
put in from here, before the bot starts: the product has no switches for them.
"""

from __future__ import annotations

import asyncio
import json
import os
import runpy
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from telegram import Update

from bot.domain.line import Line
from bot.domain.order import Order
from bot.domain.payment import Charge, PaymentMethod, Settlement
from bot.domain.reconciliation import Round
from bot.runtime import intake
from bot.runtime.application import DecidingApplication
from bot.runtime.intake import Intake
from bot.services import pay_order
from bot.services.events import Effect, RuntimeUnit
from bot.services.reconcile import Reconcile
from bot.services.settle_payment import SettlePayment
from bot.services.unit import Unit
from storage import database

A_MOMENT_S: Final = 0.5
"""How long a mutant dwells where it must not be interrupted, so that a kill finds it there."""


def charge_key() -> None:
    """A charge is no longer known by its id: every notice of it counts as another one."""
    settle = SettlePayment.settle_charge

    async def forgetful(
        self: SettlePayment,
        unit: Unit,
        charge: Charge,
        came_by: PaymentMethod = PaymentMethod.INVOICE,
    ) -> Settlement:
        unknown = replace(charge, id=f"{charge.id}#{secrets.token_hex(4)}")
        return await settle(self, unit, unknown, came_by)

    SettlePayment.settle_charge = forgetful  # type: ignore[method-assign]


def commit_before_acknowledging() -> None:
    """Updates are acknowledged first, and stored a moment later."""
    take = Intake._take
    under_way = set[asyncio.Task[None]]()

    async def later(self: Intake, entries: list[Any]) -> None:
        await asyncio.sleep(A_MOMENT_S)
        await take(self, entries)

    async def hasty(self: Intake, entries: list[Any]) -> None:
        self._offset = intake._next_offset(entries, self._offset)
        under_way.add(asyncio.create_task(later(self, entries)))

    Intake._take = hasty  # type: ignore[method-assign]


def send_after_commit() -> None:
    """Messages leave while the decision's transaction is still open."""
    decide = DecidingApplication.decide

    async def eager(self: DecidingApplication, update: Update, unit: RuntimeUnit) -> None:
        await decide(self, update, unit)
        for effect in [e for e in unit.effects.staged if e.kind.startswith("send")]:
            parameters = json.loads(effect.payload)
            if effect.kind == "sendInvoice":
                parameters.setdefault("provider_token", os.environ["PAYMENT_PROVIDER_TOKEN"])
            await self.bot.do_api_request(effect.kind, parameters)
            unit.effects.mark_done([effect.id], effect.created_at)
            cast("list[Effect]", unit.effects.staged).remove(effect)
        await asyncio.sleep(A_MOMENT_S)

    DecidingApplication.decide = eager  # type: ignore[method-assign]


def offset_of_the_last_received() -> None:
    """The offset only ever grows."""

    def greatest(entries: Sequence[Any], offset: int | None) -> int | None:
        following: list[int] = [entry["update_id"] + 1 for entry in entries]
        return max([offset or 0, *following])

    intake._next_offset = greatest


def ownership() -> None:
    """A button does what it says, whoever presses it."""

    async def anyones(unit: Unit, subscriber_id: int, order_id: str) -> Order:
        order = await unit.orders.get(order_id)
        if order is None:
            raise LookupError(order_id)
        return order

    async def any_line(unit: Unit, subscriber_id: int, line_id: int) -> Line:
        line = await unit.lines.get(line_id)
        if line is None:
            raise LookupError(line_id)
        return line

    pay_order.own_order = anyones  # type: ignore[attr-defined]
    pay_order.own_line = any_line  # type: ignore[attr-defined]


def immediate_begin() -> None:
    """A decision takes the write lock only when it first writes, some time after it has read."""
    decide = DecidingApplication.decide

    async def slow(self: DecidingApplication, update: Update, unit: RuntimeUnit) -> None:
        await decide(self, update, unit)
        await asyncio.sleep(A_MOMENT_S / 10)

    DecidingApplication.decide = slow  # type: ignore[method-assign]
    database._BEGIN = ("BEGIN DEFERRED", {})  # type: ignore[misc]


def list_of_stars() -> None:
    """Telegram's list of Stars is never read."""

    async def nothing(self: Reconcile, unit: Unit, new: Round) -> None:
        return

    Reconcile._ask_after_stars = nothing  # type: ignore[method-assign]


SAFEGUARDS: Final[dict[str, Callable[[], None]]] = {
    safeguard.__name__.replace("_", "-"): safeguard
    for safeguard in (
        charge_key,
        commit_before_acknowledging,
        send_after_commit,
        offset_of_the_last_received,
        ownership,
        immediate_begin,
        list_of_stars,
    )
}


def program_without(safeguard: str) -> Sequence[str]:
    """What Python runs as the bot."""
    return ("-m", "tests.storm.mutants", safeguard)


if __name__ == "__main__":
    SAFEGUARDS[sys.argv.pop(1)]()
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
