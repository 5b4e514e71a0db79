"""Looking up and serving: what is found, done once, audited, and what the ledger says of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import ledger
from bot.domain.ledger import GOODWILL, wallet_of
from bot.domain.money import STARS, Money
from bot.domain.operator import Deed, Operator, Role
from bot.domain.order import Order, OrderStatus
from bot.services.fulfil_order import UNANSWERED_LOOKS
from bot.services.requests import Look, OrderOutcomeUnknown
from tests.handlers.desk.conftest import Appointed, audited, loses_the_role
from tests.handlers.facts import NOW, yuan
from tests.handlers.rehearsal import Person, Rehearsal


async def renewed(stage: Rehearsal, lin: Person) -> Order:
    """A month, paid from the wallet a moment ago."""
    await lin.sends("/renew")
    await lin.presses("月卡")
    await lin.presses("支付")
    return await order_of(stage, lin)


async def order_of(stage: Rehearsal, person: Person) -> Order:
    async with stage.store.unit() as unit:
        (order,) = await unit.orders.of(person.id, 1, 0)
    return order


async def searching(person: Person, what: str) -> str:
    await person.sends("/desk")
    await person.presses("🔎")
    return (await person.sends(what)).replace("<code>", "").replace("</code>", "")


def carrier_is_asked(person: Person) -> list[str]:
    return [each.method for each in person.saw if "order" in each.method]


@pytest.mark.parametrize(
    "typed",
    ["+86 138 0000 1001", "008613800001001", "13800001001", "00001001", "1001", "林", "林晓"],
)
async def test_a_person_is_found_by_number_digits_id_and_name(
    appointed: Appointed, lin: Person, typed: str
) -> None:
    support = await appointed(Role.SUPPORT)
    shown = await searching(support, typed)
    if "Which one?" in shown:
        shown = await support.presses("👤")
    assert "林晓" in shown
    assert "+8613800001001" in shown
    assert "¥236.00" in shown


@pytest.mark.parametrize("typed", ["001", "+999", "%", "_", "LEB-2611-XXXX", "'; DROP TABLE lines"])
async def test_what_is_not_there_is_not_found(
    appointed: Appointed, lin: Person, typed: str
) -> None:
    support = await appointed(Role.SUPPORT)
    assert "Nothing was found" in await searching(support, typed)


async def test_an_order_is_found_by_its_reference_in_whatever_case(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    order = await renewed(stage, lin)
    support = await appointed(Role.SUPPORT)
    shown = await searching(support, f" {order.id.lower()} ")
    assert order.id in shown
    assert "paid, activating" in shown


async def test_messages_that_failed_stand_on_the_card_by_their_reason_not_their_words(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    async with stage.store.unit() as unit:
        unit.outbox.telegram("sendMessage", {"chat_id": lin.id, "text": "secret"}, chat_id=lin.id)
    async with stage.store.unit() as unit:
        pending = await unit.outbox.pending("telegram", 0, 999)
        (mine,) = [each for each in pending if "secret" in str(each.payload)]
        unit.outbox.mark_failed(mine.id, "403 Forbidden: went away", stage.clock.now())
    support = await appointed(Role.SUPPORT)
    card = await searching(support, str(lin.id))
    if "went away" not in card:
        card = await support.presses_data(f"v1:person:{lin.id}")
    assert "went away" in card
    assert "secret" not in card


async def test_the_ledger_of_the_line_shows_its_movements(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    order = await renewed(stage, lin)
    support = await appointed(Role.SUPPORT)
    await searching(support, "+8613800001001")
    shown = await support.presses("Ledger")
    assert "opening balance" in shown
    assert "−¥199.00" in shown
    assert order.id in shown


async def test_a_refund_wants_a_second_tap_and_goes_through_the_carrier_once(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    order = await renewed(stage, lin)
    support = await appointed(Role.SUPPORT)
    await searching(support, order.id)
    assert "Refund ¥199.00?" in await support.presses("Refund")
    assert carrier_is_asked(support) == []
    confirm = support.data("Refund it")
    await support.presses_data(confirm)
    assert carrier_is_asked(support) == ["cancel_order"]
    await support.presses_data(confirm)
    assert carrier_is_asked(support) == []
    (entry,) = await audited(stage)
    assert (entry.deed, entry.subject, entry.who) == (Deed.REFUND, order.id, support.id)
    assert entry.before == {"status": "paid", "amount": "199.00"}


async def test_above_the_limit_support_is_offered_no_refund_and_gets_none_by_a_forged_key(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    async with stage.store.unit() as unit:
        unit.ledger.post(ledger.goodwill("test", 1, yuan(500)), stage.clock.now())
    await lin.sends("/renew")
    await lin.presses("季卡")
    await lin.presses("支付")
    order = await order_of(stage, lin)
    support = await appointed(Role.SUPPORT)
    await searching(support, order.id)
    with pytest.raises(AssertionError):
        support.data("Refund")
    for forged in ("refund", "refund!"):
        shown = await support.presses_data(f"v1:{forged}:{order.id}")
        assert "Your role does not allow this" in shown
    assert await audited(stage) == []
    finance = await appointed(Role.FINANCE)
    await finance.presses_data(f"v1:refund!:{order.id}")
    assert carrier_is_asked(finance) == ["cancel_order"]
    assert (await audited(stage))[0].deed is Deed.REFUND_ABOVE_LIMIT


async def test_the_open_refund_of_a_demoted_operator_fails(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    order = await renewed(stage, lin)
    support = await appointed(Role.SUPPORT)
    await searching(support, order.id)
    await support.presses("Refund")
    confirm = support.data("Refund it")
    await loses_the_role(stage, support)
    await support.presses_data(confirm)
    assert carrier_is_asked(support) == []
    assert await audited(stage) == []


async def test_an_order_in_review_is_retried_by_looking_first(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    order = await renewed(stage, lin)
    silent = OrderOutcomeUnknown(order.id, Look(silent=UNANSWERED_LOOKS))
    await stage.happens(lambda unit: stage.use.fulfil.on_outcome_unknown(unit, silent))
    support = await appointed(Role.SUPPORT)
    assert "in review" in await searching(support, order.id)
    await support.presses("Retry")
    assert carrier_is_asked(support) == ["look_up_order"]
    assert (await order_of(stage, lin)).status is OrderStatus.FULFILLING
    (entry,) = await audited(stage)
    assert entry.deed is Deed.RETRY
    assert (entry.before, entry.after) == ({"status": "review"}, {"status": "fulfilling"})


async def test_what_is_delivered_or_given_back_is_not_retried(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    order = await renewed(stage, lin)
    await stage.happens(lambda unit: stage.use.refund.give_back(unit, order, "test"))
    support = await appointed(Role.SUPPORT)
    await support.presses_data(f"v1:retry:{order.id}")
    assert carrier_is_asked(support) == []
    assert await audited(stage) == []


async def test_a_credit_is_a_journal_of_its_own_once_and_the_subscriber_reads_why(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    finance = await appointed(Role.FINANCE)
    await searching(finance, "+8613800001001")
    await finance.presses("Credit")
    question = await finance.sends("20 no service on Friday")
    assert "¥236.00 + ¥20.00 = ¥256.00" in question.replace("<b>", "").replace("</b>", "")
    confirm = finance.data("Credit it")
    await finance.presses_data(confirm)
    told = [each for each in finance.saw if each.parameters.get("chat_id") == lin.id]
    assert "您的余额已增加 ¥20.00" in told[0].text
    assert "no service on Friday" in told[0].text
    await finance.presses_data(confirm)
    async with stage.store.unit() as unit:
        assert await unit.ledger.balance(wallet_of(1), "CNY") == yuan(256)
        assert await unit.ledger.balance(GOODWILL, "CNY") == -yuan(20)
    (entry,) = await audited(stage)
    assert entry.after == {"wallet": "256.00", "reason": "no service on Friday"}


@pytest.mark.parametrize("typed", ["20", "twenty for nothing", "0 nothing", "-5 reason", "20  "])
async def test_a_credit_needs_an_amount_and_a_reason(
    stage: Rehearsal, appointed: Appointed, lin: Person, typed: str
) -> None:
    finance = await appointed(Role.FINANCE)
    await searching(finance, "+8613800001001")
    await finance.presses("Credit")
    assert "Credit it" not in str((await finance.sends(typed), finance.saw))


async def test_a_credit_above_the_largest_top_up_is_refused_with_the_limit(
    appointed: Appointed, lin: Person
) -> None:
    finance = await appointed(Role.FINANCE)
    await searching(finance, "+8613800001001")
    await finance.presses("Credit")
    assert "at most ¥2,000.00" in await finance.sends("2000.01 too much")


async def test_the_key_of_an_older_draft_confirms_nothing(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    finance = await appointed(Role.FINANCE)
    for amount in ("20 first", "30 second"):
        await searching(finance, "+8613800001001")
        await finance.presses("Credit")
        await finance.sends(amount)
        if amount.startswith("20"):
            older = finance.data("Credit it")
    await finance.presses_data(older)
    assert await audited(stage) == []


async def test_words_reach_the_subscriber_after_a_look_and_the_audit_keeps_only_their_number(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    support = await appointed(Role.SUPPORT)
    await searching(support, "+8613800001001")
    await support.presses("Write")
    assert "你好 &lt;b&gt;" in await support.sends("你好 <b>")
    await support.presses("Send it")
    told = [each for each in support.saw if each.parameters.get("chat_id") == lin.id]
    assert told[0].text == "💬 客服：你好 &lt;b&gt;"
    (entry,) = await audited(stage)
    assert (entry.deed, entry.after) == (Deed.WRITE, {"characters": 6})


async def test_the_desk_says_what_today_brought_and_money_only_to_those_who_may_read_it(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    await renewed(stage, lin)
    shown = await (await appointed(Role.OWNER)).sends("/desk")
    assert "Revenue today" in shown
    assert "Orders paid today: 1" in shown
    assert "Activating: 1 · delayed: 0" in shown
    assert "Revenue" not in await (await appointed(Role.SUPPORT)).sends("/desk")


async def test_revenue_today_names_every_currency_that_has_any(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    owner = await appointed(Role.OWNER)
    assert "Revenue today <b>¥0.00</b>\n" in await owner.sends("/desk")
    journals = [
        ledger.activation(order.id, order.price)
        for order in [await renewed(stage, lin), await renewed(stage, lin)]
    ]
    in_stars = replace(journals[1], postings=tuple(
        replace(each, amount=Money(1250 if each.amount.minor > 0 else -1250, STARS))
        for each in journals[1].postings
    ))  # fmt: skip
    async with stage.store.unit() as unit:
        unit.ledger.post(journals[0], NOW)
        unit.ledger.post(in_stars, NOW)
    assert "Revenue today <b>¥199.00</b> · <b>⭐\N{NO-BREAK SPACE}1,250</b>\n" in (
        await owner.sends("/desk")
    )


# ── a contact, a line that nobody holds, what stands open ─────────────────────────────────────────


@pytest.mark.parametrize(
    ("phone", "user_id"), [("8613800001001", None), ("+86 138 0000 1001", 5), ("449999999", 1001)]
)
async def test_a_contact_finds_by_its_number_else_by_its_telegram_id(
    appointed: Appointed, lin: Person, phone: str, user_id: int | None
) -> None:
    support = await appointed(Role.SUPPORT)
    await support.sends("/desk")
    await support.presses("🔎")
    shown = await support.sends_contact(phone, user_id)
    if "Which one?" in shown:
        shown = await support.presses("👤")
    assert "林晓" in shown
    assert "¥236.00" in shown


async def test_a_contact_of_nobody_known_is_not_found_and_the_search_goes_on(
    appointed: Appointed, lin: Person
) -> None:
    support = await appointed(Role.SUPPORT)
    await support.sends("/desk")
    await support.presses("🔎")
    assert "Nothing was found" in await support.sends_contact("449999999", 77)
    assert "林晓" in await support.sends("林")


async def test_only_an_operator_who_searches_looks_up_by_a_contact(
    stage: Rehearsal, appointed: Appointed, lin: Person, omar: Person
) -> None:
    support = await appointed(Role.SUPPORT)
    assert "林晓" not in await support.sends_contact("8613800001001", 1001)
    await support.sends("/desk")
    await support.presses("🔎")
    await support.sends_contact("8613800009002", support.id)
    assert "find_line" in support.methods, "the own contact links, as ever"
    await support.sends("/desk")
    await support.presses("🔎")
    await loses_the_role(stage, support)
    assert "林晓" not in await support.sends_contact("8613800001001", 1001)
    assert "林晓" not in await omar.sends_contact("8613800001001", 1001)


async def unlinks(stage: Rehearsal) -> None:
    async with stage.store.unit() as unit:
        unit.lines.unlink(1, NOW)


async def test_a_line_that_nobody_holds_has_a_card_and_leads_to_who_held_it(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    finance = await appointed(Role.FINANCE)
    await unlinks(stage)
    shown = await searching(finance, "+8613800001001")
    assert "Nobody has it linked now." in shown
    assert "¥236.00" in shown
    assert "opening balance" in await finance.presses("Ledger")
    assert "Nobody has it linked now." in await finance.presses("Back")
    assert "No line is linked." in await finance.presses("林晓")


async def test_a_line_that_nobody_holds_gets_no_credit_neither_by_an_old_key_nor_by_an_open_draft(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    finance = await appointed(Role.FINANCE)
    await searching(finance, "+8613800001001")
    await finance.presses("Credit")
    await finance.sends("20 no service on Friday")
    confirm = finance.data("Credit it")
    await unlinks(stage)
    await finance.presses_data(confirm)
    assert "Nobody has it linked now." in await finance.presses_data("v1:credit:1")
    async with stage.store.unit() as unit:
        assert await unit.ledger.balance(wallet_of(1), "CNY") == yuan(236)
    assert await audited(stage) == []


async def test_a_credit_stands_at_once_on_the_home_that_its_subscriber_has_open(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    finance = await appointed(Role.FINANCE)
    await lin.sends("/start")
    await searching(finance, "+8613800001001")
    await finance.presses("Credit")
    await finance.sends("20 no service on Friday")
    await finance.presses("Credit it")
    (redrawn,) = [
        each
        for each in finance.saw
        if each.method == "editMessageText" and each.parameters["chat_id"] == lin.id
    ]
    assert "¥256.00" in redrawn.text


async def test_an_order_that_stands_open_at_the_desk_is_redrawn_when_it_moves(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    order = await renewed(stage, lin)
    support, owner = await appointed(Role.SUPPORT), await appointed(Role.OWNER, "zh-hans")
    for operator in (support, owner):
        await searching(operator, order.id)
    staged = await stage.happens(
        lambda unit: stage.use.refund.give_back(unit, order, "by_operator")
    )
    redrawn = {each.parameters["chat_id"]: each.text for each in staged if "edit" in each.method}
    assert "Reason: taken back by an operator" in redrawn[support.id]
    assert "原因：运营人员撤销" in redrawn[owner.id]


@pytest.mark.parametrize("role", [None, Role.MARKETING])
async def test_an_order_that_stands_open_is_not_redrawn_for_whoever_may_look_up_no_more(
    stage: Rehearsal, appointed: Appointed, lin: Person, role: Role | None
) -> None:
    order = await renewed(stage, lin)
    support = await appointed(Role.SUPPORT)
    await searching(support, order.id)
    await loses_the_role(stage, support)
    if role is not None:
        async with stage.store.unit() as unit:
            unit.roles.grant(Operator(support.id, role, None, NOW))
    staged = await stage.happens(
        lambda unit: stage.use.refund.give_back(unit, order, "by_operator")
    )
    assert support.id not in [each.parameters.get("chat_id") for each in staged]
