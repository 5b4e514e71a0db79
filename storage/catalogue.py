"""The catalogue: plans, every version of them, and which version is on sale."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import bindparam, func, insert, select, update

from bot.domain.money import STARS, Money
from bot.domain.plan import BillingCycle, FairUsePolicy, Plan
from storage.database import Row, Transaction, open_reader
from storage.instants import to_micros
from storage.statements import Statement
from storage.tables import plans as t

_SELECT: Final = select(
    t.c.code, t.c.version, t.c.cycle, t.c.days, t.c.price_minor, t.c.currency,
    t.c.high_speed_cap_bytes, t.c.base_rate_kbps, t.c.reset_zone, t.c.countries, t.c.names,
    t.c.stars,
)  # fmt: skip
_WITH_CODE: Final = t.c.code == bindparam("code")
_NOT_WITHDRAWN: Final = t.c.withdrawn_at.is_(None)

_ON_SALE: Final = Statement(_SELECT.where(_NOT_WITHDRAWN).order_by(t.c.position, t.c.code))
_CURRENT: Final = Statement(_SELECT.where(_WITH_CODE, _NOT_WITHDRAWN))
_VERSION: Final = Statement(_SELECT.where(_WITH_CODE, t.c.version == bindparam("version")))
_LATEST_VERSION: Final = Statement(
    select(func.coalesce(func.max(t.c.version), 0)).where(_WITH_CODE)
)
_WITHDRAW: Final = Statement(
    update(t).where(_WITH_CODE, _NOT_WITHDRAWN).values(withdrawn_at=bindparam("at"))
)
_PLACE: Final = Statement(
    update(t).where(_WITH_CODE, _NOT_WITHDRAWN).values(position=bindparam("at_position"))
)
_PUT_ON_SALE: Final = Statement(
    insert(t).values({c.name: bindparam(c.name) for c in t.c if c.name != "withdrawn_at"})
)


class SqliteCatalogue:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def on_sale(self) -> list[Plan]:
        return [_plan(row) for row in await self._transaction.rows(_ON_SALE)]

    async def current(self, code: str) -> Plan | None:
        row = await self._transaction.row(_CURRENT, code=code)
        return _plan(row) if row else None

    async def version(self, code: str, version: int) -> Plan | None:
        row = await self._transaction.row(_VERSION, code=code, version=version)
        return _plan(row) if row else None

    async def latest_version(self, code: str) -> int:
        ((version,),) = await self._transaction.rows(_LATEST_VERSION, code=code)
        return int(version)

    def put_on_sale(self, plan: Plan, position: int, at: datetime) -> None:
        """A version is sold once: orders refer to it, so a stored one is refused."""
        self.withdraw(plan.code, at)
        self._transaction.write(
            _PUT_ON_SALE,
            code=plan.code,
            version=plan.version,
            cycle=plan.cycle,
            days=plan.days,
            price_minor=plan.price.minor,
            currency=plan.price.currency,
            high_speed_cap_bytes=plan.fair_use.high_speed_cap_bytes,
            base_rate_kbps=plan.fair_use.base_rate_kbps,
            reset_zone=plan.fair_use.reset_zone,
            countries=plan.countries,
            names=json.dumps(dict(plan.names), ensure_ascii=False),
            stars=None if plan.stars is None else plan.stars.minor,
            position=position,
            live_from_at=to_micros(at),
        )

    def place(self, code: str, position: int) -> None:
        self._transaction.write(_PLACE, code=code, at_position=position)

    def withdraw(self, code: str, at: datetime) -> None:
        self._transaction.write(_WITHDRAW, code=code, at=to_micros(at))


async def plans_on_sale(database: Path) -> list[Plan]:
    """Read beside the bot. Raises `bot.services.events.StoreFailed` as every reader does."""
    async with open_reader(database) as reader:
        return [_plan(row) for row in await reader.rows(_ON_SALE)]


def _plan(row: Row) -> Plan:
    (
        code, version, cycle, days, price_minor, currency,
        high_speed_cap_bytes, base_rate_kbps, reset_zone, countries, names, stars,
    ) = row  # fmt: skip
    return Plan(
        code=code,
        version=version,
        cycle=BillingCycle(cycle),
        days=days,
        price=Money(price_minor, currency),
        fair_use=FairUsePolicy(high_speed_cap_bytes, base_rate_kbps, reset_zone),
        countries=countries,
        names=json.loads(names),
        stars=None if stars is None else Money(stars, STARS),
    )
