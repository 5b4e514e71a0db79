"""Settings, help, the small print, refusals, the menu."""

from dataclasses import replace

import pytest

from bot.domain import errors
from bot.domain.errors import Refusal
from bot.domain.order import OrderStatus
from bot.domain.payment import PreCheckoutRefusal
from handlers.commands import menu_calls
from handlers.screens import faq, legal, refusals, settings
from handlers.texts import Texts
from tests.handlers.facts import (
    BRANDING,
    EN,
    ENDS_AT,
    LINE,
    NOW,
    WORDS,
    ZH,
    account,
    card,
    queued_plan,
)
from tests.handlers.reading import labels, seen
from tests.handlers.rehearsal import Person

REFUSALS: list[Refusal] = [
    errors.UnknownLine("1"),
    errors.UnknownPlan("X"),
    errors.UnknownOrder("X"),
    errors.PeriodsOutOfRange(1, 30),
    errors.WrongOrderStatus("LEB-2611-8K3F", "paid"),
    errors.WrongOrderStatus("LEB-2611-8K3F", "expired"),
    errors.InsufficientBalance("X"),
    errors.PaymentMethodUnavailable("X"),
    errors.TooManyTries(),
    errors.OrderUnderWay("LEB-2611-8K3F"),
    errors.StillOperator(),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("t", WORDS)
def test_a_refusal_says_what_failed_that_no_money_moved_and_what_next(
    t: Texts, refusal: Refusal
) -> None:
    screen = refusals.refused(t, refusal)
    what, money = seen(screen).split("\n")
    assert what
    said = ("no money moved", "not charged", "未扣款", "未重复扣款", "未重複扣款")
    assert any(word in money for word in said)
    assert labels(screen)


def test_our_own_fault_comes_with_a_reference_and_the_way_to_support() -> None:
    screen = refusals.broken(EN, "AB12CD", BRANDING)
    assert "AB12CD" in seen(screen)
    assert "no money moved" in seen(screen)
    assert "💬 Support" in labels(screen)


@pytest.mark.parametrize("refusal", list(PreCheckoutRefusal))
@pytest.mark.parametrize("t", WORDS)
def test_a_refused_pre_checkout_says_why(t: Texts, refusal: PreCheckoutRefusal) -> None:
    assert refusals.pre_checkout(t, refusal)


async def test_the_lines_can_be_unlinked_with_the_safe_key_first(lin: Person) -> None:
    await lin.sends("/lines")
    shown = await lin.presses("解绑")
    assert "解绑 +86 138 •••• 1001？" in shown
    keyboard = lin.saw[0].parameters["reply_markup"]["inline_keyboard"]
    assert [row[0]["text"] for row in keyboard] == ["◀ 保留", "🗑 解绑"]
    assert keyboard[1][0]["style"] == "danger"
    assert "✅ 已解绑" in await lin.presses("🗑")
    assert "先验证您的号码" in await lin.sends("/start")


def test_the_language_in_use_is_marked() -> None:
    assert labels(settings.languages(ZH))[:3] == ["● 简体中文", "繁體中文", "English"]


@pytest.mark.parametrize(("key", "words"), [("条款", "不限量"), ("隐私", "我们只保存")])
async def test_settings_lead_to_the_written_rules(lin: Person, key: str, words: str) -> None:
    await lin.sends("/settings")
    assert words in await lin.presses(key)
    assert "editMessageText" in lin.methods
    assert "阅读全文" in str(lin.saw)
    await lin.presses("返回")
    assert "⚙️ 设置" in lin.text


def test_cannot_renew_gives_the_steps_and_what_our_side_sees() -> None:
    shown = seen(faq.cannot_renew(ZH, account(), None))
    assert "系统显示：线路正常，高速可用（2 分钟前）。" in shown
    assert "Wi-Fi" in shown
    assert "重启" in shown


def test_cannot_renew_leads_to_an_order_that_waits_for_payment() -> None:
    screen = faq.cannot_renew(EN, account(), card())
    assert "order LEB-2611-8K3F waits for your payment" in seen(screen)
    assert "🧾 Order" in labels(screen)


def test_data_not_arrived_looks_at_the_last_order_first() -> None:
    paid = card(status=OrderStatus.FULFILLING, paid_at=NOW)
    shown = seen(faq.data_not_arrived(EN, account(), paid))
    assert "is paid and being activated" in shown
    assert "roaming" not in shown


def test_data_not_arrived_after_thirty_minutes_goes_straight_to_support() -> None:
    late = card(status=OrderStatus.FULFILLING, paid_at=NOW.replace(hour=6, minute=30))
    screen = faq.data_not_arrived(EN, account(), late)
    assert "takes longer than it should" in seen(screen)
    assert "💬 Support" in labels(screen)


def test_data_not_arrived_with_nothing_under_way_gives_the_steps() -> None:
    done = card(status=OrderStatus.FULFILLED)
    assert "roaming" in seen(faq.data_not_arrived(EN, account(), done))
    assert "roaming" in seen(faq.data_not_arrived(EN, None, None))


def test_changing_is_not_possible_and_the_next_plan_begins_after_all_others() -> None:
    running = seen(faq.change_plan(ZH, account(), None))
    assert "已购套餐不可修改" in running
    assert "12月8日 自动接续" in running
    queued = account(queued=[queued_plan(ENDS_AT)])
    assert "1月7日 自动接续" in seen(faq.change_plan(ZH, queued, None))


def test_an_unpaid_order_can_still_be_cancelled_for_another_plan() -> None:
    screen = faq.change_plan(EN, account(), card())
    assert "not paid yet: cancel it" in seen(screen)
    assert "🧾 Order" in labels(screen)


async def test_the_three_answers_are_live(lin: Person) -> None:
    await lin.sends("/help")
    for label, words in (
        ("无法续费", "系统显示"),
        ("流量没到账", "系统显示"),
        ("更改套餐", "不可修改"),
    ):
        assert words in await lin.presses(label)
        await lin.presses("返回")


@pytest.mark.parametrize("t", WORDS)
def test_the_small_print_is_there(t: Texts) -> None:
    for page in (legal.privacy(t, BRANDING), legal.terms(t, BRANDING), legal.payment_help(t)):
        assert len(seen(page)) > 40


def test_the_menu_is_set_in_both_languages() -> None:
    calls = menu_calls(BRANDING)
    menus = [parameters for method, parameters in calls if method == "setMyCommands"]
    assert [menu.get("language_code") for menu in menus] == ["zh", None]
    for menu in menus:
        names = [command["command"] for command in menu["commands"]]
        assert names == ["start", "usage", "renew", "orders", "help"]
        assert all(1 <= len(command["description"]) <= 256 for command in menu["commands"])


@pytest.mark.parametrize("count", [1, 3, 4, 9])
def test_however_many_lines_there_are_their_keys_take_four_rows_at_most(count: int) -> None:
    linked = [replace(LINE, id=number) for number in range(count)]
    switches = settings.line_list(EN, linked, linked[0]).keys[:-2]
    assert [key.press.number for row in switches for key in row if key.press] == list(range(count))


def test_the_list_of_lines_masks_every_number() -> None:
    screen = settings.line_list(EN, [LINE], LINE)
    assert "● +86 138 •••• 1001" in labels(screen)
    assert "13800001001" not in str(screen)
