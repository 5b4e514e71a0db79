"""Somebody else pays: what who asks and who pays read, each in their own language."""

import re
from datetime import timedelta

import pytest

from bot.services.ports import CarrierOrder, CarrierOrderState
from bot.services.requests import Look, OrderAnswered
from tests.handlers.rehearsal import Person, Rehearsal

NOT_VALID = "This payment link is not valid"
NAME = "妈妈的旅行卡"


async def asks(lin: Person) -> tuple[str, str]:
    """The order that 林晓 asks somebody else to pay, and what follows ``/start``."""
    await lin.sends("/start plan_M30")
    order_id = lin.data("支付").split(":")[2]
    await lin.presses("请人代付")
    found = re.search(r"https://t\.me/leb_card_bot\?start=(pay_[A-Za-z0-9_-]{22})", lin.text)
    assert found is not None
    return order_id, found[1]


async def chooses_the_invoice(person: Person) -> str:
    """The payload of the invoice that the person gets."""
    await person.presses("Card, in Telegram")
    (bill,) = [each for each in person.saw if each.method == "sendInvoice"]
    return str(bill.parameters["payload"])


async def paid(lin: Person, omar: Person) -> str:
    order_id, target = await asks(lin)
    await omar.sends(f"/start {target}")
    await omar.pays(await chooses_the_invoice(omar), 19900)
    return order_id


def to(person: Person, saw: Person) -> str:
    """What the last event brought to that person's chat."""
    return "\n".join(
        each.text for each in saw.saw if each.parameters.get("chat_id") == person.id
    )  # fmt: skip


async def test_who_asks_gets_a_link_to_send_on_below_the_orders_card(lin: Person) -> None:
    order_id, target = await asks(lin)
    assert lin.methods[:2] == ["editMessageText", "sendMessage"]
    card, link = (each.text for each in lin.saw[:2])
    assert order_id in card
    assert "等待支付" in card
    assert target in link
    assert "末四位" in link
    keys = [key for row in lin.saw[1].parameters["reply_markup"]["inline_keyboard"] for key in row]
    (share,) = [key["url"] for key in keys if "url" in key]
    assert share.startswith("https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fleb_card_bot")
    (copied,) = [key["copy_text"]["text"] for key in keys if "copy_text" in key]
    assert copied.endswith(target)
    assert len(copied) <= 256


async def test_who_follows_it_needs_no_line_and_reads_what_is_paid_for_and_no_more(
    stage: Rehearsal, lin: Person, omar: Person
) -> None:
    async with stage.store.unit() as unit:
        (line,) = await unit.lines.of(lin.id)
        unit.lines.rename(line.id, NAME)
    _, target = await asks(lin)
    shown = await omar.sends(f"/start {target}")
    assert "Somebody asks you to pay" in shown
    assert "Monthly, 30 days · •••• 1001" in shown
    assert "¥199.00" in shown
    for secret in (NAME, "林晓", "+86", "236", "12.4", "GB"):
        assert secret not in shown


async def test_the_link_of_ones_own_order_leads_to_its_card(lin: Person) -> None:
    order_id, target = await asks(lin)
    assert f"订单 <code>{order_id}</code>" in await lin.sends(f"/start {target}")


@pytest.mark.parametrize("kind", ["unknown", "expired", "ended"])
async def test_a_link_that_leads_nowhere_has_one_answer(
    stage: Rehearsal, lin: Person, omar: Person, kind: str
) -> None:
    _, target = await asks(lin)
    if kind == "expired":
        stage.clock.set(stage.clock.now() + timedelta(hours=12))
    elif kind == "ended":
        assert "代付链接已失效" in await lin.presses("作废链接")
    else:
        target = f"pay_{'x' * 22}"
    assert await omar.sends(f"/start {target}") == (
        "<b>🔗 This payment link is not valid (any more)</b>\n"
        "Nothing was charged. Ask whoever sent it to you for a new one."
    )


async def test_a_button_of_an_order_that_one_was_not_asked_to_pay_is_as_good_as_none(
    stage: Rehearsal, lin: Person, omar: Person
) -> None:
    order_id, target = await asks(lin)
    ana = stage.person(1002, "en", "Ana")
    await omar.sends(f"/start {target}")
    for action in ("shared_order", "sharedways", "sharedcard", "sharedpay"):
        detail = ":invoice" if action in {"sharedcard", "sharedpay"} else ""
        real = await ana.presses_data(f"v1:{action}:{order_id}{detail}")
        assert NOT_VALID in real
        assert real == await ana.presses_data(f"v1:{action}:LEB-2611-XXXX{detail}")
    for press in (f"v1:order:{order_id}", f"v1:pay:{order_id}:invoice", f"v1:cancel:{order_id}",
                  f"v1:ask:{order_id}", f"v1:unask:{order_id}", f"v1:receipt:{order_id}",
                  f"v1:qr:{order_id}"):  # fmt: skip
        assert "no such order" in await omar.presses_data(press)


async def test_the_invoice_is_the_payers_and_both_are_told_when_it_is_paid(
    stage: Rehearsal, lin: Person, omar: Person
) -> None:
    order_id, target = await asks(lin)
    await omar.sends(f"/start {target}")
    payload = await chooses_the_invoice(omar)
    assert "Your invoice is below" in omar.text
    assert (await lin.is_about_to_pay(payload, 19900)).parameters["ok"] is False
    assert (await omar.is_about_to_pay(payload, 19900)).parameters["ok"] is True
    await omar.pays(payload, 19900)
    thanks, news = to(omar, omar), to(lin, omar)
    assert "Thank you, your payment has arrived" in thanks
    assert "charge-1" in thanks
    assert "Paid by you, thank you" in thanks
    assert "有人为您付了这次续费" in news
    assert "由他人代付" in news
    assert "代付链接已失效" in news
    assert "Omar" not in news
    assert str(omar.id) not in news
    assert order_id in thanks


async def test_the_payer_is_told_when_it_is_on_the_line(
    stage: Rehearsal, lin: Person, omar: Person
) -> None:
    order_id = await paid(lin, omar)
    done = OrderAnswered(order_id, Look(), CarrierOrder(CarrierOrderState.DONE))
    omar.saw = await stage.happens(
        lambda unit: stage.use.fulfil.on_answered(unit, done)
    )  # fmt: skip
    assert "The plan you paid for is" in to(omar, omar)
    assert "套餐" in to(lin, omar)


async def test_the_payer_is_told_when_the_money_comes_back_and_the_holder_that_it_is_not_theirs(
    stage: Rehearsal, lin: Person, omar: Person
) -> None:
    order_id = await paid(lin, omar)
    rejected = OrderAnswered(order_id, Look(), CarrierOrder(CarrierOrderState.REJECTED))
    omar.saw = await stage.happens(lambda unit: stage.use.fulfil.on_answered(unit, rejected))
    assert "Your money is coming back" in to(omar, omar)
    assert "款项将全额退给付款人" in to(lin, omar)
    assert "您的款项" not in to(lin, omar)
    omar.saw = await stage.happens(lambda unit: _sent(stage, unit, order_id))
    assert "Your money was sent back" in to(omar, omar)
    assert "已退回" not in to(lin, omar) or "付款人" in to(lin, omar)


async def _sent(stage: Rehearsal, unit: object, order_id: str) -> None:
    await stage.use.refund.mark_sent(unit, order_id, None)  # type: ignore[arg-type]


async def test_who_pays_after_it_was_paid_reads_so_and_gets_the_money_back(
    stage: Rehearsal, lin: Person, omar: Person
) -> None:
    order_id, target = await asks(lin)
    await omar.sends(f"/start {target}")
    payload = await chooses_the_invoice(omar)
    await lin.presses_data(f"v1:pay:{order_id}:wallet")
    assert "This order is paid already" in to(omar, lin)
    assert (await omar.is_about_to_pay(payload, 19900)).parameters["ok"] is False
    await omar.pays(payload, 19900)
    assert "It had been paid already" in to(omar, omar)
    assert to(lin, omar) == ""
    assert "This order is paid already" in await omar.sends(f"/start {target}")


async def test_an_order_that_is_cancelled_says_so_where_the_payer_has_it_open(
    lin: Person, omar: Person
) -> None:
    order_id, target = await asks(lin)
    await omar.sends(f"/start {target}")
    await lin.presses_data(f"v1:cancel:{order_id}")
    assert "This order is closed" in to(omar, lin)


async def test_a_price_that_changed_is_said_before_anything_is_paid(
    stage: Rehearsal, lin: Person, omar: Person
) -> None:
    _, target = await asks(lin)
    await omar.sends(f"/start {target}")
    async with stage.store.unit() as unit:
        unit.catalogue.withdraw("M30", stage.clock.now())
    await omar.presses("Card, in Telegram")
    assert "The price has changed" in omar.text
    assert "sendInvoice" not in omar.methods


async def test_while_purchases_are_paused_nobody_is_asked_and_nobody_pays(
    stage: Rehearsal, lin: Person, omar: Person
) -> None:
    order_id, target = await asks(lin)
    await omar.sends(f"/start {target}")
    async with stage.store.unit() as unit:
        unit.maintenance.begin(9001, stage.clock.now())
    assert "maintenance" in await omar.presses("Card, in Telegram")
    assert "维护" in await lin.presses_data(f"v1:ask:{order_id}")
