"""One conversation a chat: commands and buttons work anywhere, steps wait for their answer."""

import pytest

from tests.handlers.rehearsal import Person, Rehearsal


async def test_a_command_of_another_dialogue_ends_what_was_under_way(lin: Person) -> None:
    await lin.sends("/link")
    assert "还没有订单" in await lin.sends("/orders")
    assert "没看懂" in await lin.sends("+8613800001001")


async def test_a_button_of_another_dialogue_ends_what_was_under_way(lin: Person) -> None:
    await lin.sends("/link")
    await lin.presses_data("v1:settings")
    assert "没看懂" in await lin.sends("+8613800001001")


async def test_cancel_leaves_everything_as_it_is(lin: Person) -> None:
    await lin.sends("/link")
    shown = await lin.sends("/cancel")
    assert "没有任何改动" in shown
    assert "📶 LEB" in shown
    assert "没看懂" in await lin.sends("+8613800001001")


async def test_an_unknown_command_is_answered_and_the_step_stays(lin: Person) -> None:
    await lin.sends("/link")
    assert "没看懂" in await lin.sends("/nonsense")
    assert "验证码已通过短信发送" in await lin.sends("+85261001003")


async def test_a_step_survives_a_restart(stage: Rehearsal, lin: Person) -> None:
    await lin.sends("/link")
    await stage.restarts()
    assert "验证码已通过短信发送" in await lin.sends("+85261001003")


async def test_an_old_keyboard_works_after_a_restart(stage: Rehearsal, lin: Person) -> None:
    await stage.restarts()
    assert "确认订单" in await lin.presses_data("v1:plan:M30")


@pytest.mark.parametrize("data", ["v0:home", "nonsense", "v1:plan", "v1:days:D1:x", "💥"])
async def test_an_expired_button_says_so_and_brings_a_fresh_screen(lin: Person, data: str) -> None:
    shown = await lin.presses_data(data)
    assert "此按钮已过期" in shown
    assert "📶 LEB" in shown


@pytest.mark.parametrize(
    "data",
    ["v1:home", "v1:refresh", "v1:chart", "v1:plan:GONE", "v0:x", "v1:order:LEB-2611-XXXX"],
)
async def test_every_press_is_answered_exactly_once(lin: Person, data: str) -> None:
    await lin.presses_data(data)
    assert lin.methods.count("answerCallbackQuery") == 1
    answer = next(each for each in lin.saw if each.method == "answerCallbackQuery")
    assert answer.lane == 0


async def test_a_press_edits_its_message_and_a_press_on_an_event_opens_a_fresh_panel(
    lin: Person,
) -> None:
    await lin.presses_data("v1:settings")
    assert "editMessageText" in lin.methods
    await lin.presses_data("v1:+settings")
    assert "sendMessage" in lin.methods


async def test_a_press_under_a_message_that_is_gone_opens_a_fresh_panel(lin: Person) -> None:
    chat = {"id": lin.id, "type": "private"}
    await lin.presses_data("v1:home", {"message_id": 9, "date": 0, "chat": chat})
    assert "sendMessage" in lin.methods


async def test_any_other_message_is_answered(lin: Person) -> None:
    assert "没看懂" in await lin.sends("你好")
    assert "没看懂" in await lin.sends_sticker()


async def test_what_telegram_notes_in_the_chat_is_not_answered(
    stage: Rehearsal, lin: Person
) -> None:
    await lin.sends("/link")
    chat = {"id": lin.id, "type": "private"}
    who = {"id": lin.id, "is_bot": False, "first_name": "林晓"}
    pinned = {"message_id": 4, "date": 1, "chat": chat, "text": "x"}
    note = {"message_id": 5, "date": 1, "chat": chat, "from": who, "pinned_message": pinned}
    assert await stage.decides({"message": note}) == []
    assert "验证码已通过短信发送" in await lin.sends("+85261001003")


async def test_a_channel_post_is_nobodys_business(stage: Rehearsal) -> None:
    channel = {"id": -9, "type": "channel", "title": "News"}
    post = {"message_id": 1, "date": 1, "chat": channel, "text": "/start"}
    assert await stage.decides({"channel_post": post}) == []


async def test_an_edited_message_repeats_nothing(lin: Person) -> None:
    shown = await lin.edits("/renew")
    assert "编辑不会生效" in shown
    assert "选择套餐" not in shown


async def test_a_group_gets_one_line_with_a_link_and_no_account_data(lin: Person) -> None:
    shown = await lin.writes_in_group("/usage")
    assert "https://t.me/leb_card_bot" in shown
    assert "1001" not in shown
    assert len(lin.saw) == 1
    assert await lin.writes_in_group("just talking") == ""


@pytest.mark.parametrize("kind", ["message", "edited_message"])
@pytest.mark.parametrize("chat", ["private", "group", "channel"])
async def test_what_comes_from_nobody_is_decided_without_a_word(
    stage: Rehearsal, kind: str, chat: str
) -> None:
    message = {"message_id": 5, "date": 1, "chat": {"id": 1001, "type": chat}, "text": "/usage"}
    assert await stage.decides({kind: message}) == []


async def test_somebody_in_a_group_does_not_become_a_subscriber(
    stage: Rehearsal, omar: Person
) -> None:
    await omar.writes_in_group("/start")
    async with stage.store.unit() as unit:
        assert await unit.subscribers.find(omar.id) is None


async def test_a_hostile_name_is_only_a_name(stage: Rehearsal) -> None:
    person = stage.person(7, "en", "<b>\u202eEvil\n</b>" + "x" * 200)
    shown = await person.sends("/start")
    assert "👋 &lt;b&gt;Evil &lt;/b&gt;xxx" in shown
    assert "x" * 33 not in shown
    assert "\u202e" not in shown


async def test_the_language_chosen_by_hand_stays(lin: Person) -> None:
    await lin.sends("/language")
    assert "Balance ¥236.00" in await lin.presses("English")
    assert "Choose a plan" in await lin.sends("/renew")


async def test_every_command_of_the_menu_is_answered_in_both_languages(
    stage: Rehearsal, lin: Person
) -> None:
    english = stage.person(1002, "en", "Ana")
    commands = "start usage renew orders help faq support settings language lines cancel"
    for command in [*commands.split(), "privacy", "terms", "paysupport", "link"]:
        for person in (lin, english):
            shown = await person.sends(f"/{command}")
            assert shown, command
            assert "did not understand" not in shown, command
            assert "没看懂" not in shown, command


async def test_our_own_fault_is_apologised_for_with_a_reference(
    stage: Rehearsal, lin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(stage.use.of_dialogues.orders), "page", breaks)
    shown = await lin.presses_data("v1:orders:0")
    assert "AB12CD" in shown
    assert lin.methods == ["sendMessage", "answerCallbackQuery"]


async def test_a_payment_that_cannot_be_checked_is_declined(
    stage: Rehearsal, lin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(stage.use.of_dialogues.settle), "check", breaks)
    answer = await lin.is_about_to_pay("whatever", 100)
    assert answer.parameters["ok"] is False
    assert "未扣款" in answer.parameters["error_message"]
