"""From the plan to the payment, and what is refused on the way."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.plan import BillingCycle
from tests.handlers.facts import plan
from tests.handlers.rehearsal import Person, Rehearsal, Staged


async def confirms(person: Person, data: str = "v1:plan:M30") -> str:
    """Chooses a plan; the order's id."""
    await person.presses_data(data)
    return person.data("支付").split(":")[2]


async def opens_invoice(person: Person) -> Staged:
    order_id = await confirms(person)
    await person.presses_data(f"v1:pay:{order_id}:invoice")
    return next(each for each in person.saw if each.method == "sendInvoice")


async def test_paying_from_the_wallet_shows_the_order_being_activated(lin: Person) -> None:
    await lin.sends("/renew")
    await lin.presses("月卡")
    shown = await lin.presses("支付")
    assert "激活中" in shown
    assert "已支付" in shown
    assert "submit_order" in lin.methods


async def test_two_taps_on_pay_are_one_order(lin: Person) -> None:
    order_id = await confirms(lin)
    await lin.presses_data(f"v1:pay:{order_id}:wallet")
    shown = await lin.presses_data(f"v1:pay:{order_id}:wallet")
    assert order_id in shown
    assert "submit_order" not in lin.methods


async def test_days_are_tapped_or_typed(lin: Person) -> None:
    assert "要几天" in await lin.presses_data("v1:plan:D1")
    assert "应付 <b>¥105.00</b>" in await lin.presses("7 天")
    await lin.presses_data("v1:plan:D1")
    assert "1 到 30" in await lin.sends("31")
    assert "1 到 30" in await lin.sends("many")
    assert "1 到 30" in await lin.sends_sticker()
    assert "应付 <b>¥450.00</b>" in await lin.sends("30")


async def test_typing_days_goes_on_after_a_restart(stage: Rehearsal, lin: Person) -> None:
    await lin.presses_data("v1:plan:D1")
    await stage.restarts()
    assert "应付 <b>¥30.00</b>" in await lin.sends("2")


async def test_text_while_confirming_shows_the_same_order_again(lin: Person) -> None:
    order_id = await confirms(lin)
    assert "请点下面的按钮" in await lin.sends("pay now please")
    assert order_id in lin.data("支付")


async def test_the_invoice_carries_the_payment_and_nothing_else_about_us(lin: Person) -> None:
    invoice = (await opens_invoice(lin)).parameters
    assert invoice["currency"] == "CNY"
    assert invoice["prices"] == [{"label": "月卡", "amount": 19900}]
    assert "provider_token" not in invoice, "a secret has no place in the store"
    assert 1 <= len(invoice["payload"].encode()) <= 128
    assert "LEB-" not in invoice["payload"]
    assert len(invoice["title"]) <= 32


async def test_the_keyboard_waits_while_the_invoice_is_created(lin: Person) -> None:
    await opens_invoice(lin)
    calls = [method for method in lin.methods if method != "answerCallbackQuery"]
    assert calls == ["editMessageReplyMarkup", "sendInvoice", "editMessageText"]
    waiting = lin.saw[lin.methods.index("editMessageReplyMarkup")].parameters["reply_markup"]
    assert waiting["inline_keyboard"] == [[{"text": "⏳ 正在创建…", "disabled": {}}]]


async def test_a_second_tap_sends_no_second_invoice(lin: Person) -> None:
    order_id = await confirms(lin)
    await lin.presses_data(f"v1:pay:{order_id}:invoice")
    await lin.presses_data(f"v1:pay:{order_id}:invoice")
    assert "sendInvoice" not in lin.methods


async def test_pre_checkout_is_approved_in_the_answer_lane(lin: Person) -> None:
    payload = (await opens_invoice(lin)).parameters["payload"]
    answer = await lin.is_about_to_pay(payload, 19900)
    assert answer.parameters == {"pre_checkout_query_id": "pc1", "ok": True}
    assert answer.lane == 0


async def test_pre_checkout_is_refused_with_its_reason_before_money_moves(
    stage: Rehearsal, lin: Person
) -> None:
    payload = (await opens_invoice(lin)).parameters["payload"]
    wrong_amount = await lin.is_about_to_pay(payload, 1)
    assert wrong_amount.parameters["ok"] is False
    assert "价格已变动" in wrong_amount.parameters["error_message"]
    somebody = stage.person(1002, "en", "Ana")
    theirs = await somebody.is_about_to_pay(payload, 19900)
    assert "made for somebody else" in theirs.parameters["error_message"]
    unknown = await somebody.is_about_to_pay("never-made", 19900)
    assert "do not know this invoice" in unknown.parameters["error_message"]


async def test_a_payment_moves_the_order_and_the_same_notice_again_does_nothing(
    lin: Person,
) -> None:
    payload = (await opens_invoice(lin)).parameters["payload"]
    assert "激活中" in await lin.pays(payload, 19900)
    assert "submit_order" in lin.methods
    await lin.pays(payload, 19900)
    assert lin.saw == []


async def test_a_second_charge_is_said_to_come_back(lin: Person) -> None:
    payload = (await opens_invoice(lin)).parameters["payload"]
    await lin.pays(payload, 19900, "charge-1")
    assert "重复扣款" in await lin.pays(payload, 19900, "charge-2")


async def test_a_payment_for_nothing_that_we_know_is_kept_and_said(lin: Person) -> None:
    assert "没有与之相符的订单" in await lin.pays("never-made", 500)


async def test_who_paid_somebody_elses_invoice_is_told_where_the_money_is(
    stage: Rehearsal, lin: Person
) -> None:
    payload = (await opens_invoice(lin)).parameters["payload"]
    somebody = stage.person(1002, "en", "Ana")
    assert "does not match any order" in await somebody.pays(payload, 19900)


async def test_a_payment_does_not_end_what_is_being_typed(lin: Person) -> None:
    payload = (await opens_invoice(lin)).parameters["payload"]
    await lin.sends("/link")
    await lin.pays(payload, 19900)
    assert "验证码已通过短信发送" in await lin.sends("+85261001003")


async def test_cancelling_says_that_nothing_was_charged(lin: Person) -> None:
    await confirms(lin)
    shown = await lin.presses("取消")
    assert "已关闭" in shown
    assert "未扣款" in shown


async def test_a_price_that_changed_is_shown_before_anything_is_paid(
    stage: Rehearsal, lin: Person
) -> None:
    order_id = await confirms(lin)
    dearer = plan("M30", BillingCycle.MONTHLY, 30, 209, "月卡", "Monthly")
    async with stage.store.unit() as unit:
        unit.catalogue.put_on_sale(replace(dearer, version=2), 1, stage.clock.now())
    shown = await lin.presses_data(f"v1:pay:{order_id}:wallet")
    assert "价格有变动，现为 ¥209.00；未扣款。" in shown
    assert "submit_order" not in lin.methods


async def test_a_wallet_too_small_for_the_plan_does_not_offer_itself(lin: Person) -> None:
    await lin.presses_data("v1:plan:Q90")
    assert lin.data("支付").endswith(":invoice")


async def test_the_wallet_cannot_be_forced_by_an_old_button(lin: Person) -> None:
    order_id = await confirms(lin, "v1:plan:Q90")
    shown = await lin.presses_data(f"v1:pay:{order_id}:wallet")
    assert "余额不足" in shown
    assert "未扣款" in shown


async def test_a_button_of_somebody_else_reads_and_writes_nothing(
    stage: Rehearsal, lin: Person
) -> None:
    order_id = await confirms(lin)
    ana = stage.person(1002, "en", "Ana")
    for data in (
        f"v1:pay:{order_id}:wallet",
        f"v1:cancel:{order_id}",
        f"v1:order:{order_id}",
        f"v1:card:{order_id}",
        f"v1:receipt:{order_id}",
        f"v1:pdf:{order_id}",
        f"v1:confirm:{order_id}:wallet",
        f"v1:methods:{order_id}",
    ):
        shown = await ana.presses_data(data)
        assert "You have no such order" in shown, data
        assert "199" not in shown, data
    for data in ("v1:line:1", "v1:unlink:1", "v1:unlink!:1"):
        assert "not linked to your chat" in await ana.presses_data(data), data
    assert "📶 LEB · •••• 1001" in await lin.sends("/start")


async def test_a_way_to_pay_that_does_not_exist_is_refused(lin: Person) -> None:
    order_id = await confirms(lin)
    assert "暂不支持" in await lin.presses_data(f"v1:pay:{order_id}:gold")


async def test_a_withdrawn_plan_is_no_longer_sold(lin: Person) -> None:
    shown = await lin.presses_data("v1:plan:GONE")
    assert "此套餐已下架" in shown
    assert "未扣款" in shown


async def test_without_a_line_renewing_leads_to_linking(omar: Person) -> None:
    await omar.sends("/renew")
    assert "verify your number" in await omar.presses("Monthly")


async def expires(stage: Rehearsal, payload: str) -> None:
    """Nobody paid within the half hour, as far as we know."""
    async with stage.store.unit() as unit:
        payment = await unit.payments.get(payload)
    assert payment is not None
    stage.clock.advance(timedelta(minutes=40))
    timer, pay = {"order_id": payment.order_id}, stage.use.of_dialogues.pay
    await stage.happens(lambda unit: pay.on_expiry_due(unit, timer))


async def test_a_charge_after_expiry_reopens_the_order_and_says_so(
    stage: Rehearsal, lin: Person
) -> None:
    payload = (await opens_invoice(lin)).parameters["payload"]
    await expires(stage, payload)
    shown = await lin.pays(payload, 19900)
    assert "您的付款已到账" in shown
    assert "submit_order" in lin.methods


async def test_a_charge_after_expiry_and_a_new_price_goes_back_and_says_so(
    stage: Rehearsal, lin: Person
) -> None:
    payload = (await opens_invoice(lin)).parameters["payload"]
    await expires(stage, payload)
    dearer = plan("M30", BillingCycle.MONTHLY, 30, 209, "月卡", "Monthly")
    async with stage.store.unit() as unit:
        unit.catalogue.put_on_sale(replace(dearer, version=2), 1, stage.clock.now())
    shown = await lin.pays(payload, 19900)
    assert "款项将全额退回" in shown
    assert "submit_order" not in lin.methods


async def test_a_charge_of_another_amount_is_looked_at_by_a_person(lin: Person) -> None:
    payload = (await opens_invoice(lin)).parameters["payload"]
    shown = await lin.pays(payload, 100)
    assert "正由人工核查" in shown
    assert "submit_order" not in lin.methods
