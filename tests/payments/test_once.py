"""What must happen once: keys, what is kept under them, and looking before a new one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot.domain.errors import PlatformOutcomeUnknown, PlatformRefused
from bot.payments.stripe import StripePlatform
from bot.services.platform import PaymentState
from tests.payments.scripted import (
    CARD,
    CNY_199,
    INTENTS,
    PAGES,
    REFUNDS,
    REPLAYED,
    Scripted,
    error,
    intent,
    listing,
    page,
    refund,
    terms,
)


@dataclass
class Deed:
    """One thing that must happen once, and what the platform says of it."""

    do: Callable[[StripePlatform], Awaitable[Any]]
    path: str
    made: dict[str, Any]
    key: str

    async def is_done(self, stripe: StripePlatform) -> bool:
        return bool((await self.do(stripe)).ref == self.made["id"])


OPEN = Deed(lambda it: it.open_checkout(terms()), PAGES, page(), "payment:p1:open")
CHARGE = Deed(
    lambda it: it.charge_saved("p1", CARD, CNY_199, "月卡"), INTENTS, intent(), "payment:p1:charge"
)
REFUND = Deed(lambda it: it.refund("refund:1", "ch_1", CNY_199), REFUNDS, refund(), "refund:1")

DEEDS = pytest.mark.parametrize("deed", [OPEN, CHARGE, REFUND], ids=["open", "charge", "refund"])


def finds(api: Scripted, deed: Deed, *found: Any) -> None:
    api.answers(f"GET {deed.path}", listing(*found, url=deed.path))
    api.answers(f"GET {deed.path}/{deed.made['id']}", deed.made)


def keys(api: Scripted, deed: Deed) -> list[str]:
    return [asked.key for asked in api.calls(f"POST {deed.path}")]


@DEEDS
async def test_a_repeated_call_uses_the_same_key(
    api: Scripted, stripe: StripePlatform, deed: Deed
) -> None:
    finds(api, deed)
    api.answers(f"POST {deed.path}", error(None, "api_error"), 500)
    api.answers(f"POST {deed.path}", deed.made, headers=REPLAYED)
    with pytest.raises(PlatformOutcomeUnknown):
        await deed.do(stripe)
    assert await deed.is_done(stripe)
    assert keys(api, deed) == [deed.key] * 2


@DEEDS
async def test_a_failure_kept_under_the_key_gives_way_to_a_new_one_when_nothing_is_found(
    api: Scripted, stripe: StripePlatform, deed: Deed
) -> None:
    finds(api, deed)
    api.answers(f"POST {deed.path}", error(None, "api_error"), 500, REPLAYED)
    api.answers(f"POST {deed.path}", deed.made)
    assert await deed.is_done(stripe)
    assert keys(api, deed) == [deed.key, f"{deed.key}:2"]


@DEEDS
async def test_what_was_made_behind_a_kept_failure_is_found_by_our_id(
    api: Scripted, stripe: StripePlatform, deed: Deed
) -> None:
    if deed is not OPEN:
        finds(api, deed)  # when it is looked for before
    somebody_elses = deed.made | {"id": "other_1", "metadata": {}}
    finds(api, deed, somebody_elses, deed.made)
    api.answers(f"POST {deed.path}", error(None, "api_error"), 500, REPLAYED)
    assert await deed.is_done(stripe)
    assert keys(api, deed) == [deed.key]


@DEEDS
async def test_a_key_that_was_used_for_another_request_is_no_dead_end(
    api: Scripted, stripe: StripePlatform, deed: Deed
) -> None:
    finds(api, deed)
    api.answers(f"POST {deed.path}", error(None, "idempotency_error"), 400)
    api.answers(f"POST {deed.path}", deed.made)
    assert await deed.is_done(stripe)


@DEEDS
async def test_the_keys_come_to_an_end(api: Scripted, stripe: StripePlatform, deed: Deed) -> None:
    finds(api, deed)
    api.answers(f"POST {deed.path}", error(None, "api_error"), 500, REPLAYED)
    with pytest.raises(PlatformOutcomeUnknown):
        await deed.do(stripe)
    assert len(keys(api, deed)) == 3


@pytest.mark.parametrize("deed", [CHARGE, REFUND], ids=["charge", "refund"])
async def test_money_that_moved_under_a_key_that_is_gone_does_not_move_again(
    api: Scripted, stripe: StripePlatform, deed: Deed
) -> None:
    finds(api, deed, deed.made)
    assert await deed.is_done(stripe)
    assert keys(api, deed) == []


async def test_a_page_that_closed_behind_a_kept_failure_is_not_opened_again(
    api: Scripted, stripe: StripePlatform
) -> None:
    finds(api, OPEN, page(status="expired", url=None))
    api.answers(f"POST {PAGES}", error(None, "api_error"), 500, REPLAYED)
    with pytest.raises(PlatformRefused, match="page_closed"):
        await OPEN.do(stripe)
    assert len(keys(api, OPEN)) == 1


async def test_a_decline_is_looked_up_not_tried_again(
    api: Scripted, stripe: StripePlatform
) -> None:
    problem = {"code": "card_declined", "decline_code": "insufficient_funds"}
    failed = intent(status="requires_payment_method", last_payment_error=problem)
    api.answers(f"GET {INTENTS}", listing(failed, url=INTENTS))
    api.answers(f"GET {INTENTS}/pi_1", failed)
    payment = await stripe.charge_saved("p1", CARD, CNY_199, "月卡")
    assert (payment.state, payment.decline) == (PaymentState.FAILED, "insufficient_funds")
    assert keys(api, CHARGE) == []
