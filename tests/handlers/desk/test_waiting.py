"""What waits, and how operators hear of it: once, soon, and not more than once a minute."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.operator import Role
from bot.domain.order import Order
from bot.services.desk_view_port import Waiting
from bot.services.fulfil_order import UNANSWERED_LOOKS
from bot.services.requests import Look, OrderOutcomeUnknown
from handlers.screens.desk import waiting as screens
from handlers.texts import Texts
from tests.handlers.desk.conftest import Appointed
from tests.handlers.desk.test_lookup import renewed
from tests.handlers.facts import NOW, WORDS
from tests.handlers.reading import labels, seen
from tests.handlers.rehearsal import Person, Rehearsal, Staged


async def is_lost(stage: Rehearsal, order: Order) -> list[Staged]:
    silent = OrderOutcomeUnknown(order.id, Look(silent=UNANSWERED_LOOKS))
    return await stage.happens(lambda unit: stage.use.fulfil.on_outcome_unknown(unit, silent))


async def is_paged(stage: Rehearsal, what: str, **facts: str) -> list[Staged]:
    return await stage.happens(lambda unit: stage.use.operators.page(unit, what, **facts))


def to(staged: list[Staged], person: Person) -> list[str]:
    return [each.text for each in staged if each.parameters.get("chat_id") == person.id]


async def test_an_order_in_review_waits_at_the_desk_with_a_key_to_it(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    order = await renewed(stage, lin)
    await is_lost(stage, order)
    stage.clock.advance(timedelta(hours=2))
    support = await appointed(Role.SUPPORT)
    await support.sends("/desk")
    shown = await support.presses("Waiting 1")
    assert "In review" in shown
    assert "2 hours ago" in shown
    assert "in review" in await support.presses(order.id)


async def test_owners_and_finance_are_told_in_the_same_transaction_and_support_is_not(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    order = await renewed(stage, lin)
    owner, finance = await appointed(Role.OWNER, "zh-hans"), await appointed(Role.FINANCE)
    support = await appointed(Role.SUPPORT)
    staged = await is_lost(stage, order)
    (told,) = to(staged, owner)
    assert "有新的待处理事项" in told
    assert order.id in told
    assert "Order in review" in to(staged, finance)[0]
    assert to(staged, support) == []


async def test_what_comes_within_a_minute_goes_together_with_the_next_message(
    stage: Rehearsal, appointed: Appointed
) -> None:
    owner = await appointed(Role.OWNER)
    assert to(await is_paged(stage, "refund_failed", order="LEB-1"), owner)
    stage.clock.advance(timedelta(seconds=20))
    for order in ("LEB-2", "LEB-3"):
        assert to(await is_paged(stage, "refund_failed", order=order), owner) == []
    stage.clock.advance(timedelta(seconds=40))
    (told,) = to(await stage.happens(lambda unit: stage.use.pages.on_due(unit, {})), owner)
    assert "LEB-2" in told
    assert "LEB-3" in told
    assert "LEB-1" not in told
    assert await stage.happens(lambda unit: stage.use.pages.on_due(unit, {})) == []


async def test_the_same_is_told_once_and_again_only_after_a_while(
    stage: Rehearsal, appointed: Appointed
) -> None:
    owner = await appointed(Role.OWNER)
    assert to(await is_paged(stage, "refund_failed", order="LEB-1"), owner)
    stage.clock.advance(timedelta(minutes=5))
    assert to(await is_paged(stage, "refund_failed", order="LEB-1"), owner) == []
    stage.clock.advance(timedelta(minutes=56))
    assert to(await is_paged(stage, "refund_failed", order="LEB-1"), owner)


@pytest.mark.parametrize("t", WORDS)
@pytest.mark.parametrize("number", [0, 1, 2, 9])
def test_much_that_waits_is_paged(t: Texts, number: int) -> None:
    many = [Waiting(kind, f"LEB-2611-{n:04}", NOW) for n in range(4)
            for kind in ("review", "delayed", "refund", "dispute")]  # fmt: skip
    screen = screens.waiting(t, many, number, NOW)
    assert "16" in seen(screen)
    assert len(labels(screen)) <= 8


@pytest.mark.parametrize("t", WORDS)
def test_a_page_holds_ids_only_and_says_how_many_more(t: Texts) -> None:
    raised = [("order_in_review", {"order": f"LEB-{n}"}) for n in range(20)]
    assert "8" in seen(screens.page(t, raised))
    assert "LEB-11" in seen(screens.page(t, raised))
