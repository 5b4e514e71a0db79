"""Refunds and disputes, from the API and from the dashboard."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.payments.shop import Shop
from tests.sandbox.telegram.sides import Refused


async def paid_intent(shop: Shop, method: str = "alipay") -> str:
    """The intent of a session that was paid."""
    session = await shop.opens(allowed_payment_method_types=[method])
    paid = await shop.is_paid(session.id)
    intent: str = paid["session"]["payment_intent"]["id"]
    return intent


async def test_a_refund_to_a_card_succeeds_at_once(shop: Shop) -> None:
    intent = await paid_intent(shop, "card")
    refund = await shop.client.v1.refunds.create_async(
        {"payment_intent": intent, "reason": "requested_by_customer", "metadata": {"order": "7"}}
    )
    assert (refund.status, refund.amount) == ("succeeded", 19_900)
    assert refund.metadata is not None
    assert refund.metadata["order"] == "7"
    assert (await shop.hears())[-2:] == ["refund.created", "charge.refunded"]
    [charge] = await shop.charged()
    assert (charge["amount_refunded"], charge["refunds"][0]["id"]) == (19_900, refund.id)


async def test_a_refund_to_a_wallet_is_pending_and_then_succeeds(shop: Shop) -> None:
    refund = await shop.client.v1.refunds.create_async({"payment_intent": await paid_intent(shop)})
    assert refund.status == "pending"
    await shop.control.advance(6)
    assert (await shop.client.v1.refunds.retrieve_async(refund.id)).status == "succeeded"
    assert (await shop.hears())[-1] == "refund.updated"


async def test_a_refund_may_fail_after_it_was_pending(shop: Shop) -> None:
    intent = await paid_intent(shop, "card")
    await shop.faces(kind="refund-fails", times=1)
    refund = await shop.client.v1.refunds.create_async({"payment_intent": intent})
    assert refund.status == "pending"
    await shop.control.advance(6)
    failed = await shop.client.v1.refunds.retrieve_async(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "unknown")
    assert (await shop.hears())[-2:] == ["refund.updated", "refund.failed"]
    [charge] = await shop.charged()
    assert charge["amount_refunded"] == 0


@pytest.mark.parametrize("outcome", ["succeeded", "failed"])
async def test_a_refund_waits_until_it_is_settled(shop: Shop, outcome: str) -> None:
    intent = await paid_intent(shop)
    await shop.faces(kind="refund-pending", times=1)
    refund = await shop.client.v1.refunds.create_async({"payment_intent": intent})
    await shop.control.advance(3600)
    assert (await shop.client.v1.refunds.retrieve_async(refund.id)).status == "pending"
    await shop.control.post(f"payments/refunds/{refund.id}/settle", outcome=outcome)
    assert (await shop.client.v1.refunds.retrieve_async(refund.id)).status == outcome


async def test_no_more_is_refunded_than_was_charged(shop: Shop) -> None:
    intent = await paid_intent(shop)
    refunds = shop.client.v1.refunds
    await refunds.create_async({"payment_intent": intent, "amount": 15_000})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        await refunds.create_async({"payment_intent": intent, "amount": 5_000})
    await refunds.create_async({"payment_intent": intent})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await refunds.create_async({"payment_intent": intent})
    assert refused.value.code == "charge_already_refunded"
    listed = await refunds.list_async({"payment_intent": intent})
    assert sum(refund.amount for refund in listed.data) == 19_900


async def test_what_was_not_charged_is_not_refunded(shop: Shop) -> None:
    session = await shop.opens(allowed_payment_method_types=["card"])
    tried = await shop.is_paid(session.id, outcome="declined")
    intent = tried["session"]["payment_intent"]["id"]
    with pytest.raises(stripe.InvalidRequestError, match="did not succeed"):
        await shop.client.v1.refunds.create_async({"payment_intent": intent})


async def test_a_refund_made_in_the_dashboard_is_told_like_any_other(shop: Shop) -> None:
    intent = await paid_intent(shop, "card")
    [charge] = await shop.charged()
    made = await shop.control.post(f"payments/charges/{charge['id']}/refund", amount=900)
    listed = await shop.client.v1.refunds.list_async({"payment_intent": intent})
    assert [(refund.id, refund.amount) for refund in listed.data] == [(made["id"], 900)]
    assert (await shop.hears())[-1] == "charge.refunded"
    with pytest.raises(Refused, match="greater than unrefunded"):
        await shop.control.post(f"payments/charges/{charge['id']}/refund", amount=19_900)


async def test_a_dispute_takes_the_money_and_bars_a_refund(shop: Shop) -> None:
    intent = await paid_intent(shop, "card")
    [charge] = await shop.charged()
    dispute = await shop.control.post(f"payments/charges/{charge['id']}/dispute")
    assert (await shop.hears())[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    listed = await shop.client.v1.disputes.list_async({"payment_intent": intent})
    assert [(one.id, one.status) for one in listed.data] == [(dispute["id"], "needs_response")]
    assert (await shop.client.v1.charges.retrieve_async(charge["id"])).disputed
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await shop.client.v1.refunds.create_async({"payment_intent": intent})
    assert refused.value.code == "charge_disputed"


@pytest.mark.parametrize(
    ("outcome", "event"),
    [("won", "charge.dispute.funds_reinstated"), ("lost", "charge.dispute.closed")],
)
async def test_a_dispute_is_decided_once(shop: Shop, outcome: str, event: str) -> None:
    await paid_intent(shop, "card")
    [charge] = await shop.charged()
    dispute = await shop.control.post(f"payments/charges/{charge['id']}/dispute")
    closing = f"payments/disputes/{dispute['id']}/close"
    await shop.control.post(closing, outcome=outcome)
    assert (await shop.client.v1.disputes.retrieve_async(dispute["id"])).status == outcome
    assert (await shop.hears())[-1] == event
    with pytest.raises(Refused, match=outcome):
        await shop.control.post(closing, outcome=outcome)


async def test_the_account_of_charges_says_which_payment_each_was(shop: Shop) -> None:
    await paid_intent(shop)
    intent: Any = await shop.charges_off_session(*await shop.saves_a_card())
    charges = await shop.charged()
    assert [charge["client_reference_id"] for charge in charges] == ["payment-1", "payment-1", None]
    assert charges[-1]["payment_intent"] == intent.id
    assert charges[-1]["metadata"] == {"payment": "renewal-1"}
    assert {charge["amount"] for charge in charges} == {19_900}
