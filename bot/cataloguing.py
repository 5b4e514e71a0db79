"""The catalogue commands: what is on sale as a file, and a file as what is on sale.

    export    what is on sale, as the file that `bot.catalogue` reads
    import    look at what differs, then leave the file for the bot, with what was on sale then;
              when that has changed meanwhile, the bot leaves everything as it is

A file replaces the plans on sale: what is not in it is withdrawn. Coupons are left alone: they are
kept at the desk, where each has been given to people or not.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.catalogue import coupons_named, read_plans, written
from bot.domain.plan import Plan
from bot.refunding import PATIENCE_S, Refused, is_done
from bot.services.differing_plans import Difference, differing
from bot.services.plan_terms import terms_of
from storage.catalogue import plans_on_sale
from storage.lockfile import is_in_use
from storage.refunds import operators_view

NOTHING_DIFFERS: Final = "Nothing differs: the file is what is on sale."


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was read, beside what is on sale."""

    text: str
    currency: str
    on_sale: list[Plan]
    wanted: list[Plan]
    coupons: int
    """How many the file names; they are left alone."""

    @property
    def left_alone(self) -> str | None:
        """What of the file is not imported."""
        if not self.coupons:
            return None
        stay = f"The {self.coupons} coupons in the file stay as they are"
        if self.coupons == 1:
            stay = "The coupon in the file stays as it is"
        return f"{stay}: coupons are kept at the desk."

    @property
    def difference(self) -> Difference:
        return differing(self.on_sale, self.wanted)

    def lines(self) -> Iterator[str]:
        found = self.difference
        for plan in found.added:
            terms = ", ".join(f"{name} {value}" for name, value in terms_of(plan).items())
            yield f"+ {plan.code}: added ({terms})"
        for current, plan in found.changed:
            yield from _changed(current, plan)
        for plan in found.withdrawn:
            yield f"- {plan.code}: withdrawn; what was bought goes on"
        if found.moved:
            were, are = ([each.code for each in plans] for plans in (self.on_sale, self.wanted))
            yield f"  order: {' '.join(were)} → {' '.join(are)}"


async def export(database: Path) -> str:
    """Raises `bot.refunding.Refused` where nothing is on sale."""
    plans = await plans_on_sale(database)
    if not plans:
        raise Refused("Nothing is on sale: the catalogue is filled when the bot first runs.")
    return written(plans)


async def look(database: Path, text: str, currency: str, name: str) -> Import:
    """Compares the file's text with what is on sale. Its prices are in the currency of what is on
    sale, else in that one. Raises `bot.catalogue.CatalogueUnreadable`."""
    on_sale = await plans_on_sale(database)
    if on_sale:
        currency = on_sale[0].price.currency
    wanted = read_plans(text, currency, name)
    return Import(text, currency, on_sale, wanted, coupons_named(text, name))


async def put(database: Path, wanted: Import, patience_s: float = PATIENCE_S) -> AsyncIterator[str]:
    """Has the bot sell what was looked at. Raises `bot.refunding.Refused`."""
    if not is_in_use(database):
        raise Refused(f"No bot runs on {database}. Start it, then import again. Nothing changed.")
    command = {
        "catalogue": wanted.text,
        "currency": wanted.currency,
        "seen": [(plan.code, plan.version) for plan in wanted.on_sale],
    }
    async with operators_view(database) as view:
        if not await is_done(database, view, "catalogue_wanted", command, patience_s):
            yield "The bot has not answered. It will do this as soon as it can."
            return
    if differing(await plans_on_sale(database), wanted.wanted):
        raise Refused("The catalogue was changed meanwhile. Nothing was imported; look again.")
    yield "It is on sale so. Open quotes are confirmed anew; paid orders keep their terms."


def _changed(current: Plan, plan: Plan) -> Iterator[str]:
    yield f"~ {plan.code}: version {current.version} is followed by a new one"
    before = terms_of(current)
    after = terms_of(plan)
    for name in dict.fromkeys([*before, *after]):
        was, becomes = before.get(name, "–"), after.get(name, "–")
        if was != becomes:
            yield f"    {name}: {was} → {becomes}"
