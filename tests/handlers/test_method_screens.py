"""Ways to pay: the default of the line, kept cards, their removal, the consent at checkout."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.payment import Payment, PaymentMethod, PaymentStatus, Way
from bot.services.card_port import KeptCard
from bot.services.choose_method import OwnWays, ways_by
from bot.services.platform import SavedCard
from handlers.screens import methods, order_events, orders, settings
from handlers.screens.renew import choose_method, confirm
from handlers.texts import Texts
from tests.handlers.facts import EN, LINE, NOW, WORDS, ZH, card, quote
from tests.handlers.reading import labels, seen
from tests.handlers.rehearsal import Person, Rehearsal

VISA = KeptCard(7, 1001, SavedCard("pm_1", "cus_1", "visa", "4242", 12, 2030), NOW)
OLD = KeptCard(8, 1001, SavedCard("pm_2", "cus_1", "unionpay", "0005", 10, 2026), NOW)
HOSTED = [PaymentMethod.CARD, PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY]
PAGE, KEEPING = Way(PaymentMethod.CARD), Way(PaymentMethod.CARD, keeps_card=True)
BY_VISA = Way(PaymentMethod.CARD, 7)


def own(default: Way | None = None, *cards: KeptCard) -> OwnWays:
    ways = ways_by([PaymentMethod.WALLET, *HOSTED], cards, NOW)
    return OwnWays(LINE, ways, list(cards), default, NOW)


def test_what_is_proposed_is_marked() -> None:
    screen = methods.methods(ZH, own(BY_VISA, VISA))
    assert labels(screen) == [
        "💰 余额",
        "● Visa •• 4242",
        "💳 银行卡",
        "🔵 支付宝",
        "🟢 微信支付",
        "🕘 同上次",
        "🗑 删除银行卡",
        "◀ 返回",
    ]
    assert "💳 支付方式 · •••• 1001" in seen(screen)
    assert "Visa •• 4242：已保存，有效期至 12/30" in seen(screen)


def test_without_a_choice_the_last_time_is_marked_and_there_is_nothing_to_remove() -> None:
    assert labels(methods.methods(EN, own()))[-2:] == ["● As last time", "◀ Back"]


def test_an_expired_card_is_told_and_not_offered() -> None:
    screen = methods.methods(EN, own(None, OLD))
    assert "UnionPay •• 0005: expired 10/26" in seen(screen)
    assert not any("0005" in label for label in labels(screen))
    assert "💳 UnionPay •• 0005" in labels(methods.cards(EN, own(None, OLD)))


@pytest.mark.parametrize("t", WORDS)
def test_a_card_is_removed_with_the_safe_key_first(t: Texts) -> None:
    safe, danger = (row[0] for row in methods.forget_card(t, VISA).keys)
    assert (safe.style, danger.style) == (None, "danger")
    assert danger.press is not None
    assert danger.press.data == "v1:forget!:7"


@pytest.mark.parametrize("t", WORDS)
def test_as_many_ways_as_can_be_fit_the_screen(t: Texts) -> None:
    master = replace(VISA.card, brand="mastercard", last_four="4444")
    three = [replace(VISA, id=number, card=master) for number in (7, 8, 9)]
    ways = ways_by([PaymentMethod.WALLET, PaymentMethod.INVOICE, *HOSTED], three, NOW)
    screen = methods.methods(t, OwnWays(LINE, ways, three, ways[1], NOW))
    assert max(len(label) for label in labels(screen)) <= 20
    assert len(labels(choose_method(t, quote(ways=ways, cards=three)))) == len(ways) + 2


def test_settings_lead_to_the_ways_to_pay() -> None:
    assert "💳 Payment methods" in labels(settings.settings(EN))


# ── at checkout ───────────────────────────────────────────────────────────────────────────────────


def test_a_card_is_not_kept_unless_that_is_asked_for() -> None:
    screen = confirm(ZH, quote(ways=[PAGE]), None)
    assert "此卡仅用于本次支付，不会保存。" in seen(screen)
    assert "☐ 保存此卡" in labels(screen)
    [pay], [keep, _], *_ = screen.keys
    assert pay.press is not None
    assert keep.press is not None
    assert (pay.press.detail, keep.press.detail) == ("card", "card-keep")


@pytest.mark.parametrize("t", WORDS)
def test_consent_says_what_is_kept_and_how_it_is_undone(t: Texts) -> None:
    screen = confirm(t, quote(ways=[PAGE]), KEEPING)
    assert "/methods" in seen(screen)
    [pay], [keep, _], *_ = screen.keys
    assert pay.press is not None
    assert keep.press is not None
    assert (pay.press.detail, keep.press.detail) == ("card-keep", "card")


def test_a_kept_card_is_named_and_there_is_nothing_to_agree_to() -> None:
    screen = confirm(EN, quote(ways=[BY_VISA, PAGE], cards=[VISA]), None)
    assert "Pay with: Visa •• 4242" in seen(screen)
    assert not any("Save the card" in label for label in labels(screen))
    assert "💳 Visa •• 4242" in labels(choose_method(EN, quote(ways=[BY_VISA], cards=[VISA])))


def test_no_other_way_than_a_card_asks_for_consent() -> None:
    for way in (Way(PaymentMethod.WALLET), Way(PaymentMethod.ALIPAY)):
        screen = confirm(EN, quote(ways=[way, PAGE]), replace(way, keeps_card=True))
        assert not any("Save the card" in label for label in labels(screen))


@pytest.mark.parametrize("t", WORDS)
def test_a_charge_under_way_has_no_page_and_nothing_to_cancel(t: Texts) -> None:
    shown = orders.order_card(t, replace(card(), payment=_charging()))
    keys = [key for row in shown.keys for key in row]
    actions = {key.press.action for key in keys if key.press is not None}
    assert {"pay", "methods", "cancel"}.isdisjoint(actions)


def test_a_declined_card_leads_to_other_ways() -> None:
    screen = order_events.card_declined(EN, card(), VISA)
    assert "Visa •• 4242 was declined" in seen(screen)
    assert "You were not charged" in seen(screen)
    assert labels(screen) == ["💳 Pay another way", "💳 Payment page", "🧾 Order"]


def test_a_card_whose_bank_wants_its_holder_leads_to_the_page_first() -> None:
    screen = order_events.card_needs_holder(ZH, card(), VISA)
    assert "尚未扣款" in seen(screen)
    assert screen.keys[0][0].press is not None
    assert screen.keys[0][0].press.data == "v1:pay:LEB-2611-8K3F:card"


def _charging() -> Payment:
    return Payment(
        "p", card().order.id, 1001, PaymentMethod.CARD, card().order.total,
        PaymentStatus.PROCESSING, NOW, NOW, card_id=7,
    )  # fmt: skip


# ── the dialogue ──────────────────────────────────────────────────────────────────────────────────


async def keeps_visa(stage: Rehearsal) -> None:
    async with stage.store.unit() as unit:
        unit.cards.keep(1001, VISA.card, datetime(2026, 11, 1, tzinfo=UTC))


async def test_a_default_is_chosen_and_proposed(stage: Rehearsal, lin: Person) -> None:
    await lin.sends("/methods")
    assert lin.data("● ") == lin.data("同上次")
    await lin.presses("Telegram")
    assert lin.data("● ").startswith("v1:way:invoice:")
    assert "支付方式：" in await lin.presses_data("v1:plan:M30")
    assert ":invoice" in lin.data("支付")
    await lin.sends("/methods")
    await lin.presses("同上次")
    await lin.presses_data("v1:plan:M30")
    assert ":wallet" in lin.data("支付")


async def test_a_card_is_removed_after_one_question(stage: Rehearsal, lin: Person) -> None:
    await keeps_visa(stage)
    assert "Visa •• 4242" in await lin.sends("/methods")
    await lin.presses("删除银行卡")
    assert "删除 Visa •• 4242？" in await lin.presses("Visa")
    shown = await lin.presses("🗑 删除")
    assert "已删除" in shown
    assert "Visa" not in shown
    assert "forget_card" in lin.methods
    await lin.presses_data("v1:forget!:1")
    assert "forget_card" not in lin.methods


async def test_a_foreign_card_or_line_is_nobodys_button(stage: Rehearsal, lin: Person) -> None:
    await keeps_visa(stage)
    omar = stage.person(1003, "en", "Omar Haddad")
    await omar.sends("/start")
    for data in ("v1:forget:1", "v1:way:invoice:1"):
        shown = await omar.presses_data(data)
        assert "no money moved" in shown
        assert "Visa" not in shown
    await omar.presses_data("v1:forget!:1")
    assert "forget_card" not in omar.methods
