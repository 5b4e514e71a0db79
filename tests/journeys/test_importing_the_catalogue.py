"""`python -m bot catalogue import` against a running bot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import cataloguing
from bot.catalogue import read_plans, written
from bot.domain.money import Money
from bot.refunding import Refused
from tests.journeys.acts import linked
from tests.stage import Stage


async def test_an_imported_price_is_what_the_next_subscriber_sees(stage: Stage) -> None:
    lin = await linked(stage)
    plans = read_plans(await cataloguing.export(stage.database), "CNY", "exported")
    monthly = next(plan for plan in plans if plan.code == "M30")
    text = written([replace(monthly, price=Money(20_900, "CNY"))])
    wanted = await cataloguing.look(stage.database, text, "CNY", "plans.toml")
    said = [line async for line in cataloguing.put(stage.database, wanted)]
    assert said == [
        "It is on sale so. Open quotes are confirmed anew; paid orders keep their terms."
    ]
    await lin.sends("/renew")
    assert "¥209" in lin.sees_last
    assert "季卡" not in lin.sees_last
    again = await cataloguing.look(stage.database, text, "CNY", "plans.toml")
    assert not again.difference


async def test_an_import_of_what_was_on_sale_before_is_refused(stage: Stage) -> None:
    await linked(stage)
    text = await cataloguing.export(stage.database)
    plans = read_plans(text, "CNY", "exported")
    looked = await cataloguing.look(stage.database, written(plans[:1]), "CNY", "plans.toml")
    first = await cataloguing.look(stage.database, written(plans[1:]), "CNY", "plans.toml")
    async for _ in cataloguing.put(stage.database, first):
        pass
    with pytest.raises(Refused, match="Nothing was imported"):
        async for _ in cataloguing.put(stage.database, looked):
            pass
