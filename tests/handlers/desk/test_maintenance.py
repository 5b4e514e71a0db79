"""Maintenance: nothing new is bought, what is paid goes on, and everybody is told."""

from __future__ import annotations

import pytest

from bot.domain.operator import Deed, Role
from bot.domain.order import OrderStatus
from tests.handlers.desk.conftest import Appointed, audited
from tests.handlers.rehearsal import Person, Rehearsal
from tests.handlers.test_checkout import opens_invoice


async def pauses(owner: Person) -> None:
    await owner.sends("/desk")
    await owner.presses("🧑‍🔧")
    await owner.presses("Pause")


async def at_the_invoice(lin: Person) -> str:
    """An order that waits for its invoice to be paid; the payload."""
    return str((await opens_invoice(lin)).parameters["payload"])


@pytest.mark.parametrize("step", ["/renew", "/topup", "v1:renew", "v1:days:M30:1", "v1:amount:0"])
async def test_purchases_are_refused_with_words(
    appointed: Appointed, lin: Person, step: str
) -> None:
    await pauses(await appointed(Role.OWNER))
    shown = await (lin.sends(step) if step.startswith("/") else lin.presses_data(step))
    assert "系统维护中，暂停购买" in shown
    assert "未发生任何变更" in shown or "未扣款" in shown


async def test_whoever_writes_is_told_and_still_answered(appointed: Appointed, lin: Person) -> None:
    await pauses(await appointed(Role.OWNER))
    shown = await lin.sends("/start")
    assert "暂时不能购买" in shown
    assert "¥236.00" in shown


async def test_a_quote_made_before_is_not_paid(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    await lin.sends("/renew")
    await lin.presses("月卡")
    pay = lin.data("支付")
    await pauses(await appointed(Role.OWNER))
    assert "系统维护中" in await lin.presses_data(pay)
    async with stage.store.unit() as unit:
        assert await unit.orders.of(lin.id, 9, 0) == []


async def test_a_pre_checkout_of_an_order_confirmed_before_is_refused_before_money_moves(
    appointed: Appointed, lin: Person
) -> None:
    payload = await at_the_invoice(lin)
    owner = await appointed(Role.OWNER)
    await pauses(owner)
    answer = await lin.is_about_to_pay(payload, 19900)
    assert answer.parameters["ok"] is False
    assert "系统维护中，未扣款" in answer.parameters["error_message"]
    await owner.presses("Open")
    assert (await lin.is_about_to_pay(payload, 19900)).parameters["ok"] is True


async def test_a_payment_already_made_is_processed(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    payload = await at_the_invoice(lin)
    assert (await lin.is_about_to_pay(payload, 19900)).parameters["ok"] is True
    await pauses(await appointed(Role.OWNER))
    await lin.pays(payload, 19900)
    async with stage.store.unit() as unit:
        (order,) = await unit.orders.of(lin.id, 1, 0)
    assert order.status is OrderStatus.PAID


async def test_it_survives_a_restart_and_each_switch_is_audited_once(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    owner = await appointed(Role.OWNER)
    await pauses(owner)
    await owner.presses_data("v1:pause")
    await stage.restarts()
    assert "系统维护中" in await lin.sends("/renew")
    await owner.presses_data("v1:unpause")
    assert "选择套餐" in await lin.sends("/renew")
    entries = await audited(stage)
    assert [each.deed for each in entries] == [Deed.MAINTAIN] * 2
    assert [each.after for each in entries] == [{"purchases": "open"}, {"purchases": "paused"}]
