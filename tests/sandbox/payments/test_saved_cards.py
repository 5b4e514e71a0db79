"""Saved cards charged off-session, and looking for what became of it."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.payments.shop import Shop


async def test_a_saved_card_is_charged_without_its_holder(shop: Shop) -> None:
    intent = await shop.charges_off_session(*await shop.saves_a_card())
    assert (intent.status, intent.amount_received) == ("succeeded", 19_900)
    assert (await shop.hears())[-3:] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


async def test_a_bank_that_asked_once_pays_off_session(shop: Shop) -> None:
    intent = await shop.charges_off_session(*await shop.saves_a_card("4000002500003155"))
    assert intent.status == "succeeded"


@pytest.mark.parametrize(
    ("number", "code", "decline_code"),
    [
        ("4000000000000341", "card_declined", "generic_decline"),
        ("4000002760003184", "authentication_required", "authentication_required"),
    ],
)
async def test_a_refused_card_is_an_error_that_carries_the_intent(
    shop: Shop, number: str, code: str, decline_code: str
) -> None:
    saved = await shop.saves_a_card(number)
    with pytest.raises(stripe.CardError) as refused:
        await shop.charges_off_session(*saved)
    error: Any = refused.value.error
    assert (refused.value.http_status, error.code, error.decline_code) == (402, code, decline_code)
    assert error.payment_intent.status == "requires_payment_method"
    found = await shop.client.v1.payment_intents.retrieve_async(error.payment_intent.id)
    assert found.last_payment_error is not None
    assert found.last_payment_error.code == code


async def test_an_intent_is_found_by_its_metadata(shop: Shop) -> None:
    saved = await shop.saves_a_card()
    intent = await shop.charges_off_session(*saved, metadata={"payment": "renewal-7"})
    await shop.charges_off_session(*saved, metadata={"payment": "renewal-8"})
    intents = shop.client.v1.payment_intents
    found = await intents.search_async({"query": "metadata['payment']:'renewal-7'"})
    assert [one.id for one in found.data] == [intent.id]
    both = {"query": "metadata['payment']:'renewal-7' AND status:'canceled'"}
    none: Any = both
    assert (await intents.search_async(none)).data == []


async def test_a_search_is_paged(shop: Shop) -> None:
    saved = await shop.saves_a_card()
    made = [(await shop.charges_off_session(*saved)).id for _ in range(3)]
    asked: Any = {"query": "metadata['payment']:'renewal-1'", "limit": 2}
    found = await shop.client.v1.payment_intents.search_async(asked)
    assert [one.id async for one in found.auto_paging_iter()] == made[::-1]


async def test_a_search_that_cannot_be_read_is_refused(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="unable to parse"):
        await shop.client.v1.payment_intents.search_async({"query": "payment = 7"})


async def test_a_detached_card_is_never_charged_again(shop: Shop) -> None:
    customer, card = await shop.saves_a_card()
    await shop.client.v1.payment_methods.detach_async(card)
    assert (await shop.client.v1.customers.payment_methods.list_async(customer)).data == []
    with pytest.raises(stripe.InvalidRequestError, match="detached"):
        await shop.charges_off_session(customer, card)
    with pytest.raises(stripe.InvalidRequestError, match="not attached"):
        await shop.client.v1.payment_methods.detach_async(card)


async def test_a_card_of_somebody_else_is_not_charged(shop: Shop) -> None:
    _, card = await shop.saves_a_card()
    stranger = await shop.client.v1.customers.create_async({"name": "Ana"})
    with pytest.raises(stripe.InvalidRequestError):
        await shop.charges_off_session(stranger.id, card)


async def test_a_refused_intent_is_cancelled_and_a_paid_one_is_not(shop: Shop) -> None:
    customer, card = await shop.saves_a_card("4000000000000341")
    with pytest.raises(stripe.CardError) as refused:
        await shop.charges_off_session(customer, card)
    error: Any = refused.value.error
    intents = shop.client.v1.payment_intents
    cancelled = await intents.cancel_async(
        error.payment_intent.id, {"cancellation_reason": "abandoned"}
    )
    assert (cancelled.status, cancelled.cancellation_reason) == ("canceled", "abandoned")
    paid = await shop.charges_off_session(*await shop.saves_a_card())
    with pytest.raises(stripe.InvalidRequestError) as kept:
        await intents.cancel_async(paid.id)
    assert kept.value.code == "payment_intent_unexpected_state"


async def test_the_intent_of_a_session_is_cancelled_by_expiring_the_session(shop: Shop) -> None:
    session = await shop.opens(allowed_payment_method_types=["card"])
    tried = await shop.is_paid(session.id, outcome="declined")
    with pytest.raises(stripe.InvalidRequestError, match="Expire the Checkout Session"):
        await shop.client.v1.payment_intents.cancel_async(tried["session"]["payment_intent"]["id"])


async def test_customers_are_kept_and_listed(shop: Shop) -> None:
    customers = shop.client.v1.customers
    made = await customers.create_async({"email": "lin@example.com", "metadata": {"id": "1001"}})
    await customers.create_async({"email": "ana@example.com"})
    listed = await customers.list_async({"email": "lin@example.com"})
    assert [one.id for one in listed.data] == [made.id]
    kept = await customers.retrieve_async(made.id)
    assert kept.metadata is not None
    assert kept.metadata["id"] == "1001"
