"""What the platform tells by itself: events by polling and by webhook, refunds, disputes."""

import asyncio
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette

from bot.domain.errors import PlatformRefused
from bot.domain.payment import PaymentMethod
from bot.services.platform import PlatformNotice, RefundState, Subject
from bot.web import WEBHOOK_PATH, Webhook, serving
from tests.payments.sandboxed.till import Till
from tests.payments.scripted import CNY_199, WEBHOOK_SECRET


def about(notices: list[PlatformNotice], subject: Subject) -> list[str]:
    """The refs of what is about one subject, in order."""
    return [notice.ref for notice in notices if notice.subject is subject]


async def test_polling_tells_each_step_of_a_payment_once(till: Till) -> None:
    page = await till.stripe.open_checkout(till.terms())
    await till.is_paid(page)
    first = await till.stripe.notices_since(None)
    assert about(first, Subject.PAYMENT) == [page.ref]

    other = await till.stripe.open_checkout(till.terms(PaymentMethod.ALIPAY))
    await till.is_paid(other, outcome="processing")
    await till.settles(other, "succeeded")
    then = await till.stripe.notices_since(first[-1].id)
    assert about(then, Subject.PAYMENT) == [other.ref, other.ref]
    assert not {notice.id for notice in first} & {notice.id for notice in then}
    assert await till.stripe.notices_since(then[-1].id) == []


async def test_polling_reads_more_than_one_page_of_events(till: Till) -> None:
    await till.pays_by_card()
    start = (await till.stripe.notices_since(None))[-1].id
    pages = [await till.stripe.open_checkout(till.terms()) for _ in range(30)]
    for page in pages:
        await till.control.post(f"payments/sessions/{page.ref}/pay")
    told = await till.stripe.notices_since(start)
    assert len(told) > 100
    assert about(told, Subject.PAYMENT) == [page.ref for page in pages]
    assert (await till.stripe.notices_since(None))[-len(told) :] == told


async def test_a_cursor_that_the_platform_does_not_know_is_refused(till: Till) -> None:
    with pytest.raises(PlatformRefused, match="resource_missing"):
        await till.stripe.notices_since("evt_none")


async def test_a_saved_cards_charge_tells_of_itself(till: Till) -> None:
    card = await till.keeps_a_card()
    cursor = (await till.stripe.notices_since(None))[-1].id
    charged = await till.stripe.charge_saved("p9", card, CNY_199, "月卡")
    told = about(await till.stripe.notices_since(cursor), Subject.PAYMENT)
    assert set(told) == {charged.ref}


async def test_a_refund_made_in_the_dashboard_is_told_and_is_not_ours(till: Till) -> None:
    charge_id = (await till.pays_by_card()).charge_id or ""
    await till.control.post(f"payments/charges/{charge_id}/refund", amount=5000)
    refs = about(await till.stripe.notices_since(None), Subject.REFUND)
    found = [refund for ref in refs for refund in await till.stripe.refunds(ref)]
    assert {(refund.key, refund.amount.minor, refund.charge_id) for refund in found} == {
        (None, 5000, charge_id)
    }


async def test_a_refund_is_pending_and_then_fails(till: Till) -> None:
    charge_id = (await till.pays_by_card()).charge_id or ""
    await till.faces("refund-create", "refund-pending")
    pending = await till.stripe.refund("refund:1", charge_id, CNY_199)
    assert pending.state is RefundState.PENDING
    await till.control.post(f"payments/refunds/{pending.ref}/settle", outcome="failed")
    (failed,) = await till.stripe.refunds(pending.ref)
    assert (failed.state, failed.reason, failed.key) == (RefundState.FAILED, "unknown", "refund:1")


async def test_more_than_was_charged_does_not_go_back(till: Till) -> None:
    charge_id = (await till.pays_by_card()).charge_id or ""
    await till.stripe.refund("refund:1", charge_id, CNY_199)
    with pytest.raises(PlatformRefused):
        await till.stripe.refund("refund:2", charge_id, CNY_199)


async def test_a_dispute_is_told_and_ends(till: Till) -> None:
    charge_id = (await till.pays_by_card()).charge_id or ""
    await till.control.post(f"payments/charges/{charge_id}/dispute")
    (ref, *_) = about(await till.stripe.notices_since(None), Subject.DISPUTE)
    dispute = await till.stripe.dispute(ref)
    assert (dispute.charge_id, dispute.amount, dispute.is_open) == (charge_id, CNY_199, True)
    await till.control.post(f"payments/disputes/{ref}/close", outcome="lost")
    assert not (await till.stripe.dispute(ref)).is_open


@dataclass
class Inbox:
    """What the webhook stored; repeated notices are one."""

    ids: list[str] = field(default_factory=list)
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    async def store(self, notice: PlatformNotice) -> None:
        self.ids.append(notice.id)
        self.grown.set()

    async def holds(self, ids: set[str]) -> bool:
        async with asyncio.timeout(5):
            while not ids <= set(self.ids):
                self.grown.clear()
                await self.grown.wait()
        return True


async def test_the_webhook_receives_what_polling_finds(till: Till) -> None:
    inbox = Inbox()
    webhook = Webhook(till.stripe, WEBHOOK_SECRET, inbox.store, till.world.clock)
    app = Starlette(routes=[webhook.route()])
    async with serving(app, "127.0.0.1", 0) as address:
        await till.control.post(
            "payments/webhook", url=address + WEBHOOK_PATH, secret=WEBHOOK_SECRET
        )
        await till.faces("checkout.session.completed", "notice-double")
        await till.pays_by_card()
        told = {notice.id for notice in await till.stripe.notices_since(None)}
        assert await inbox.holds(told)
        await till.control.delete("payments/webhook")
