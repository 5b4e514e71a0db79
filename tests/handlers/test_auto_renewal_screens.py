"""Auto-renewal in the chat: what is agreed to, what is announced, what did not happen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.auto_renewal import AutoRenewal, Missed
from bot.domain.order import OrderStatus
from bot.domain.payment import PaymentMethod, Way
from bot.services.auto_renew import OwnRenewal
from handlers.buttons import parse
from handlers.screens import auto_renewal as screens
from handlers.screens import orders, settings
from handlers.screens.screen import Screen
from handlers.texts import Texts
from tests.handlers.facts import EN, ENDS_AT, LINE, MONTHLY, NOW, QUARTERLY, WORDS, ZH, card, yuan
from tests.handlers.reading import labels, seen
from tests.handlers.rehearsal import Person, Rehearsal
from tests.handlers.test_method_screens import VISA

WALLET, BY_VISA = Way(PaymentMethod.WALLET), Way(PaymentMethod.CARD, VISA.id)
AGREED = AutoRenewal(LINE.id, 1001, "M30", yuan(199), WALLET, NOW, ENDS_AT)


def own(renewal: AutoRenewal | None = None, **more: object) -> OwnRenewal:
    plan = MONTHLY if renewal is not None else None
    known = OwnRenewal(
        LINE, renewal, plan, [MONTHLY, QUARTERLY], [WALLET, BY_VISA], [VISA], ENDS_AT, NOW
    )
    return replace(known, **more)  # type: ignore[arg-type]


def data(screen: Screen) -> list[str]:
    return [key.press.data for row in screen.keys for key in row if key.press is not None]


def test_it_is_off_and_says_what_turning_it_on_would_mean() -> None:
    screen = screens.auto_renewal(ZH, own())
    assert seen(screen).split("\n")[0] == "♻️ 自动续费未开启 · •••• 1001"
    assert "到期前三天先通知您" in seen(screen)
    assert labels(screen) == ["♻️ 月卡", "♻️ 季卡", "◀ 返回"]


def test_the_ways_that_can_be_charged_are_offered_and_a_reminder_for_all_others() -> None:
    screen = screens.choose_way(EN, own(), MONTHLY)
    assert labels(screen) == ["💰 Wallet balance", "💳 Visa •• 4242", "🔔 Remind me only", "◀ Back"]
    assert data(screen)[:3] == [
        "v1:autoway:M30@1:wallet:1",
        "v1:autoway:M30@1:card-7:1",
        "v1:autoway:M30@1:remind:1",
    ]


def test_before_it_is_on_it_says_what_when_from_which_and_how_to_stop() -> None:
    assert seen(screens.ask(ZH, own(), MONTHLY, BY_VISA)).split("\n") == [
        "开启自动续费？",
        "月卡 30 天 · •••• 1001：¥199.00",
        "首次扣款：12月7日，即已购时长全部到期的前一天。",
        "支付方式：Visa •• 4242",
        "自动使用您最优惠的优惠券；价格若有变动会提前告知。",
        "可随时关闭：在这里，或在提前三天的通知里。",
    ]
    assert "v1:autoon:M30@1:card-7:1" in data(screens.ask(ZH, own(), MONTHLY, BY_VISA))


@pytest.mark.parametrize("t", WORDS)
def test_a_reminder_promises_that_nothing_is_charged(t: Texts) -> None:
    screen = screens.ask(t, own(), MONTHLY, None)
    assert any(word in seen(screen) for word in ("不会扣款", "不會扣款", "Nothing is charged"))


def test_once_on_it_says_what_comes_next() -> None:
    screen = screens.auto_renewal(EN, own(AGREED))
    assert "Monthly, ¥199.00, paid with: wallet balance" in seen(screen)
    assert "Next payment: Dec 7" in seen(screen)
    assert labels(screen) == ["♻️ Monthly", "♻️ Quarterly", "⏹ Turn off", "◀ Back"]


@pytest.mark.parametrize(
    ("renewal", "more", "words"),
    [
        (AGREED.done(), {}, "Nothing more is charged before Dec 8"),
        (replace(AGREED, way=None), {}, "You are reminded on Dec 5"),
        (replace(AGREED, end_at=None), {"covered_until": None}, "No plan is running"),
        (AGREED, {"plan": None}, "The plan is no longer sold"),
    ],
)
def test_every_state_is_said(renewal: AutoRenewal, more: dict[str, object], words: str) -> None:
    assert words in seen(screens.auto_renewal(EN, own(renewal, **more)))


def test_the_announcement_has_plan_amount_method_date_and_the_ways_out() -> None:
    announced = AGREED.announced(yuan(199), ENDS_AT - timedelta(days=3))
    screen = screens.ahead(ZH, announced, MONTHLY, LINE, [], yuan(236))
    assert seen(screen).split("\n") == [
        "♻️ 即将自动续费",
        "月卡 30 天 · •••• 1001：¥199.00",
        "将于 12月7日 15:00 扣款，支付方式：余额。",
        "您无需操作；不想续费，可以跳过或关闭。",
    ]
    assert labels(screen) == ["⏭ 跳过一次", "⏹ 关闭"]
    skip = parse(data(screen)[0])
    assert skip is not None
    assert (screens.end_named(skip.name), skip.number) == (ENDS_AT, LINE.id)


def test_a_wallet_that_is_too_short_is_said_while_it_can_be_filled() -> None:
    announced = AGREED.announced(yuan(199), ENDS_AT - timedelta(days=3))
    assert "The wallet holds ¥3.00 now" in seen(
        screens.ahead(EN, announced, MONTHLY, LINE, [], yuan(3))
    )
    by_card = replace(announced, way=BY_VISA)
    assert "wallet" not in seen(screens.ahead(EN, by_card, MONTHLY, LINE, [VISA], yuan(3)))


def test_a_changed_price_is_announced_with_the_old_one() -> None:
    dearer = replace(MONTHLY, version=2, price=yuan(209))
    announced = AGREED.announced(yuan(209), ENDS_AT - timedelta(days=3))
    assert "it was ¥199.00, it is now ¥209.00" in seen(
        screens.ahead(EN, announced, dearer, LINE, [], yuan(236))
    )


@pytest.mark.parametrize("why", list(Missed))
@pytest.mark.parametrize("t", WORDS)
def test_what_was_missed_is_told_with_the_way_to_renew_that_line(t: Texts, why: Missed) -> None:
    screen = screens.missed(t, AGREED.announced(yuan(199), NOW), MONTHLY, LINE, why)
    assert data(screen) == ["v1:renewline:1", "v1:auto:1"]
    charged = any(
        word in seen(screen)
        for word in ("未扣款", "未被扣款", "没有扣款", "沒有扣款", "Nothing was")
    )
    assert charged == (why is not Missed.ONLY_REMINDED)


def test_a_renewal_by_itself_says_so() -> None:
    screen = screens.renewed(EN, card(paid_with="wallet", paid_at=NOW))
    assert seen(screen).startswith("♻️ Renewed automatically")
    assert "Paid ¥199.00 with: wallet balance" in seen(screen)


@pytest.mark.parametrize("name", ["", "M30", "M30@", "M30@x", "@", "M30@9999999999"])
def test_a_button_that_names_no_version_names_none_that_is_sold(name: str) -> None:
    assert screens.plan_named(name)[1] == 0


def test_a_button_that_names_no_instant_names_one_long_ago() -> None:
    assert screens.end_named("x").year == 1970


def test_settings_and_the_card_of_a_delivered_renewal_lead_there() -> None:
    assert "♻️ Auto-renewal" in labels(settings.settings(EN))
    delivered = card(status=OrderStatus.FULFILLED, fulfilled_at=NOW, receipt_number=1)
    assert "♻️ Auto-renewal" in labels(orders.order_card(EN, delivered))
    assert "♻️ Auto-renewal" not in labels(orders.order_card(EN, card()))


# ── the dialogue ──────────────────────────────────────────────────────────────────────────────────


async def turns_on(lin: Person) -> str:
    await lin.sends("/settings")
    await lin.presses("自动续费")
    await lin.presses("月卡")
    await lin.presses("余额")
    return await lin.presses("开启")


async def test_it_is_turned_on_and_off(lin: Person) -> None:
    assert "自动续费已开启" in await turns_on(lin)
    assert "已关闭" in await lin.presses("关闭")
    assert "自动续费未开启" in await lin.sends("/autorenew")


async def test_it_is_announced_skipped_and_told(stage: Rehearsal, lin: Person) -> None:
    await turns_on(lin)
    stage.clock.set(ENDS_AT - timedelta(days=3))
    auto = stage.use.of_dialogues.auto_renew
    lin.saw = await stage.happens(lambda unit: auto.on_due(unit, {"line_id": 1}))
    assert "即将自动续费" in lin.text
    shown = await lin.presses("跳过一次")
    assert "已跳过" in shown
    assert "到期前不会再扣款" in shown


async def test_a_price_that_changed_is_shown_before_it_is_agreed_to(
    stage: Rehearsal, lin: Person
) -> None:
    await lin.presses_data("v1:autoway:M30@1:wallet:1")
    async with stage.store.unit() as unit:
        dearer = replace(MONTHLY, version=2, price=yuan(209))
        unit.catalogue.put_on_sale(dearer, 1, stage.clock.now())
    shown = await lin.presses("开启")
    assert "¥209.00" in shown
    assert "自动续费已开启" not in shown
    assert "自动续费已开启" in await lin.presses("开启")


@pytest.mark.parametrize(
    "pressed",
    [
        "v1:autoon:M30@1:alipay:1",
        "v1:autoon:M30@1:card-9:1",
        "v1:autoon:M30@1:nonsense:1",
        "v1:autoway:D1@1:wallet:1",
        "v1:autoon:M30@1:wallet:99",
        "v1:autooff:99",
        "v1:skip:1:99",
        "v1:renewline:99",
    ],
)
async def test_what_is_not_offered_or_not_ones_own_changes_nothing(
    stage: Rehearsal, lin: Person, pressed: str
) -> None:
    shown = await lin.presses_data(pressed)
    assert "未扣款" in shown or "没有" in shown
    async with stage.store.unit() as unit:
        assert await unit.auto_renewals.get(1) is None


async def test_the_reminder_renews_the_line_it_is_about(stage: Rehearsal, lin: Person) -> None:
    assert "选择套餐" in await lin.presses_data("v1:+renewline:1")
