"""After the storm: reconcile, wait until nothing moves, then look at it all from the outside."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from typing import Final

from tests.storm import books, messages
from tests.storm.audit import Outside
from tests.storm.people import Person
from tests.storm.renewals import Purse
from tests.storm.waiting import until
from tests.storm.world import StormWorld

QUIET_WITHIN_S: Final = 180.0


async def reconcile_once(world: StormWorld) -> None:
    """Each start of the bot begins with one, unless another is under way: it is killed once more,
    and the money that was still on its way at the platform arrives meanwhile."""
    await until(lambda: not books.rounds(world.database)[1], within_s=QUIET_WITHIN_S)
    before, _ = books.rounds(world.database)
    await world.bot.kill()
    for charge in (await world.control.get("payments/charges"))["charges"]:
        for refund in charge["refunds"]:
            if refund["status"] == "pending":
                ended = {"outcome": "succeeded"}
                await world.control.post(f"payments/refunds/{refund['id']}/settle", ended)
    await world.start_bot()
    await until(lambda: books.rounds(world.database)[0] > before, within_s=QUIET_WITHIN_S)


async def until_quiet(world: StormWorld, within_s: float) -> None:
    """Returns when nothing moves any more, or is not going to."""

    def is_quiet() -> bool:
        return not world.account.updates.pending() and not books.is_moving(world.database)

    with contextlib.suppress(TimeoutError):
        await until(is_quiet, within_s=within_s)


async def look_around(
    world: StormWorld,
    purses: dict[Person, Purse],
    stranded: int = 0,
    refunded: Collection[str] = (),
) -> Outside:
    journal = (await world.control.get("journal"))["requests"]
    return Outside(
        update_ids=world.update_ids,
        unconfirmed=world.account.updates.pending(),
        charges=(await world.control.get("charges"))["charges"],
        on_pages=[
            charge
            for charge in (await world.control.get("payments/charges"))["charges"]
            if charge["status"] == "succeeded"
        ],
        refunded=refunded,
        deliveries=(await world.control.get("carrier/orders"))["orders"],
        violations=len((await world.control.get("violations"))["violations"]),
        own_ends=len(world.bot.own_ends),
        stranded=stranded,
        sent=messages.sent(journal),
        killed_at=world.bot.killed_at,
        purses=purses,
    )
