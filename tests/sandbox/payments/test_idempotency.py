"""Idempotency keys: one effect, one answer, whatever that was."""

from __future__ import annotations

import pytest
import stripe

from bot.sandbox.world import World
from tests.sandbox.payments.shop import Shop, price

DAY = 24 * 3600


async def test_the_same_key_gives_the_same_answer_and_one_session(shop: Shop) -> None:
    first = await shop.opens(key="payment:1:checkout")
    again = await shop.opens(key="payment:1:checkout")
    assert again.id == first.id
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len((await shop.client.v1.checkout.sessions.list_async()).data) == 1


async def test_the_replayed_answer_is_the_first_one_even_after_a_change(shop: Shop) -> None:
    session = await shop.opens(key="payment:1:checkout")
    await shop.is_paid(session.id)
    assert (await shop.opens(key="payment:1:checkout")).status == "open"


async def test_a_key_with_other_parameters_is_an_error(shop: Shop, world: World) -> None:
    await shop.opens(key="payment:1:checkout")
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        await shop.opens(key="payment:1:checkout", line_items=[price(1_00)])
    assert len(world.payments.violations) == 1


async def test_a_refused_card_is_replayed(shop: Shop) -> None:
    saved = await shop.saves_a_card("4000000000000341")
    refusals = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refused:
            await shop.charges_off_session(*saved, key="renewal:1")
        refusals.append(refused.value)
    assert refusals[0].json_body == refusals[1].json_body
    intents = await shop.client.v1.payment_intents.list_async({"customer": saved[0]})
    assert len(intents.data) == 2  # the checkout that saved the card, and one renewal


@pytest.mark.parametrize("done", [True, False])
async def test_a_500_is_replayed_and_only_looking_tells_whether_it_was_done(
    shop: Shop, *, done: bool
) -> None:
    saved = await shop.saves_a_card()
    await shop.faces(kind="stored-500", operation="intent-create", times=1, done=done)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as failed:
            await shop.charges_off_session(*saved, key="renewal:1")
        assert failed.value.http_status == 500
    query = "metadata['payment']:'renewal-1'"
    found = await shop.client.v1.payment_intents.search_async({"query": query})
    assert len(found.data) == (1 if done else 0)
    assert (await shop.charges_off_session(*saved, key="renewal:1:again")).status == "succeeded"


async def test_a_call_that_broke_after_it_was_done_is_replayed(shop: Shop) -> None:
    await shop.faces(kind="timeout-after-accept", operation="session-create", times=1)
    with pytest.raises(stripe.APIConnectionError):
        await shop.opens(key="payment:1:checkout")
    session = await shop.opens(key="payment:1:checkout")
    listed = await shop.client.v1.checkout.sessions.list_async()
    assert [one.id for one in listed.data] == [session.id]


async def test_a_request_that_fails_validation_does_not_use_up_its_key(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        await shop.asks({"mode": "payment"}, key="payment:1:checkout")
    assert (await shop.opens(key="payment:1:checkout")).status == "open"


async def test_a_key_is_forgotten_after_a_day(shop: Shop) -> None:
    first = await shop.opens(key="payment:1:checkout")
    await shop.control.advance(DAY + 60)
    assert (await shop.opens(key="payment:1:checkout")).id != first.id
