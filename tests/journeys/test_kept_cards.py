"""A card that is kept with consent: the next renewal by a tap, what goes wrong, and its removal."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.chat import Subscriber
from tests.journeys.acts import becomes_ready, confirms, deliveries, linked, while_time_passes
from tests.journeys.test_hosted_payments import charges, is_polled, page_of, pays
from tests.stage import Stage

KEEPING = ("Monthly", "Pay another way", "Bank card", "Save the card", "Pay ¥")


async def keeps_a_card(stage: Stage, number: str = "4242424242424242") -> Subscriber:
    """Ana has paid a month on the page, and agreed to have the card kept."""
    ana = await linked(stage, 1002)
    await confirms(ana, *KEEPING)
    await pays(stage, number=number)
    await is_polled(stage, ana)
    await becomes_ready(stage, ana)
    assert "Your plan is ready" in ana.sees
    return ana


async def taps_pay(ana: Subscriber, card: str = "Visa •• 4242") -> None:
    await confirms(ana, "Quarterly")
    assert f"Pay with: {card}" in ana.sees_last
    await ana.presses("Pay ¥")
    await ana.looks()


async def detached(stage: Stage) -> int:
    made: list[dict[str, Any]] = (await stage.control("GET", "/payments/calls"))["calls"]
    return sum(each["path"].endswith("/detach") and each["status"] == 200 for each in made)


async def test_a_card_is_kept_charged_by_a_tap_and_removed(stage: Stage) -> None:
    ana = await keeps_a_card(stage)
    pages = len((await stage.control("GET", "/payments/sessions"))["sessions"])
    await taps_pay(ana)
    order_id = ana.order_id()
    assert "Paid" in ana.showing(order_id)["text"]
    await becomes_ready(stage, ana)
    assert await deliveries(stage, order_id) == 1
    assert [each["amount"] for each in await charges(stage)] == [179_00, 499_00]
    assert len((await stage.control("GET", "/payments/sessions"))["sessions"]) == pages
    await ana.sends("/methods")
    await ana.presses("Remove a card")
    await ana.presses("Visa •• 4242")
    await ana.presses("🗑 Remove")
    assert "This card is never charged again" in ana.sees_last
    await ana.looks()
    assert await detached(stage) == 1
    await confirms(ana, "Quarterly", "Pay another way")
    assert "4242" not in str(ana.received[-1])


async def test_a_card_that_is_not_to_be_kept_is_not_offered_again(stage: Stage) -> None:
    ana = await linked(stage, 1002)
    await confirms(ana, *(each for each in KEEPING if each != "Save the card"))
    assert (await page_of(stage))["customer"] is None
    await pays(stage)
    await is_polled(stage, ana)
    await becomes_ready(stage, ana)
    await confirms(ana, "Quarterly")
    assert "Pay with: bank card" in ana.sees_last


@pytest.mark.parametrize(
    ("number", "ending", "told"),
    [
        ("4000000000000341", "0341", "Visa •• 0341 was declined"),
        ("4000002760003184", "3184", "Your bank wants you to confirm this payment"),
    ],
)
async def test_a_card_that_the_bank_refuses_is_followed_by_the_page(
    stage: Stage, number: str, ending: str, told: str
) -> None:
    ana = await keeps_a_card(stage, number)
    await taps_pay(ana, f"Visa •• {ending}")
    assert told in ana.sees_last
    assert "You were not charged" in ana.sees_last
    order_id = ana.order_id()
    await ana.presses("Payment page")
    assert (await pays(stage))["outcome"] == "paid"
    await is_polled(stage, ana)
    await becomes_ready(stage, ana)
    assert await deliveries(stage, order_id) == 1
    assert [each["amount"] for each in await charges(stage)] == [179_00, 499_00]


async def test_twenty_taps_charge_once(stage: Stage) -> None:
    ana = await keeps_a_card(stage)
    await confirms(ana, "Quarterly")
    await ana.taps("Pay ¥", times=20)
    await ana.looks()
    await becomes_ready(stage, ana)
    assert len(await charges(stage)) == 2


@pytest.mark.parametrize("kind", ["timeout-after-accept", "stored-500", "outage"])
async def test_a_lost_answer_to_the_charge_charges_once(stage: Stage, kind: str) -> None:
    ana = await keeps_a_card(stage)
    fault = {"kind": kind, "operation": "intent-create", "times": 1}
    await stage.control("POST", "/payments/faults", fault)
    await while_time_passes(stage, taps_pay(ana))
    await becomes_ready(stage, ana)
    assert len(await charges(stage)) == 2
    assert await deliveries(stage, ana.order_id()) == 1


async def test_while_the_platform_is_down_nothing_is_charged_and_another_way_is_offered(
    stage: Stage,
) -> None:
    ana = await keeps_a_card(stage)
    await stage.control(
        "POST", "/payments/faults", {"kind": "outage", "operation": "intent-create"}
    )
    await while_time_passes(stage, taps_pay(ana))
    assert "The payment did not go through" in ana.sees_last
    await stage.control("DELETE", "/payments/faults")
    await ana.presses("Pay another way")
    await ana.presses("Alipay")
    await ana.presses("Pay ¥")
    assert (await pays(stage))["outcome"] == "paid"
    await is_polled(stage, ana)
    await becomes_ready(stage, ana)
    assert len(await charges(stage)) == 2


async def test_a_crash_between_the_charge_and_our_commit_charges_once(stage: Stage) -> None:
    ana = await keeps_a_card(stage)
    await confirms(ana, "Quarterly")
    pressed = {"button": "Pay ¥", "wait": False}
    await stage.control("POST", f"/users/{ana.id}/press", pressed)
    while len(await charges(stage)) < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await stage.crashes()
    await stage.returns()
    await ana.looks()
    await becomes_ready(stage, ana)
    assert len(await charges(stage)) == 2
    assert await deliveries(stage, ana.order_id()) == 1
