"""Who is an operator: appointed and dismissed in the chat, asked of the database at every step."""

from __future__ import annotations

from json import dumps

import pytest

from bot.domain.operator import Deed, Operator, Role
from handlers.screens.desk import operators as screens
from handlers.texts import Texts
from tests.handlers.desk.conftest import Appointed, audited, loses_the_role
from tests.handlers.facts import NOW, WORDS
from tests.handlers.reading import labels, seen
from tests.handlers.rehearsal import Person, Rehearsal


async def roles(stage: Rehearsal) -> dict[int, Role]:
    async with stage.store.unit() as unit:
        return {each.subscriber_id: each.role for each in await unit.roles.holders()}


async def to_naming(owner: Person) -> None:
    await owner.sends("/desk")
    await owner.presses("👥")
    await owner.presses("➕")


@pytest.mark.parametrize("said", ["/desk", "/nonsense"])
async def test_to_others_the_desk_is_any_unknown_command(lin: Person, said: str) -> None:
    await lin.sends("/desk")
    desk = lin.saw
    await lin.sends("/nonsense")
    assert [(each.method, each.parameters) for each in desk] == [
        (each.method, each.parameters) for each in lin.saw
    ]


async def test_to_others_a_key_of_the_desk_is_any_expired_key(
    lin: Person, appointed: Appointed
) -> None:
    owner = await appointed(Role.OWNER)
    await owner.sends("/desk")
    key = owner.data("Audit")
    await lin.presses_data(key)
    desk = lin.saw
    await lin.presses_data("v0:gone")
    assert [each.parameters for each in desk] == [each.parameters for each in lin.saw]


async def test_an_owner_appoints_by_id_and_the_person_is_told_with_a_menu_of_commands(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    owner = await appointed(Role.OWNER)
    await to_naming(owner)
    assert "林晓" in await owner.sends(str(lin.id))
    question = await owner.presses("support")
    assert "They may: open the desk, look up, refunds, retry fulfilment" in question
    assert "✅ 1001 is support now." in await owner.presses("Appoint")
    told = [each for each in owner.saw if each.parameters.get("chat_id") == lin.id]
    assert "🛠 您现在是运营人员：客服" in told[-1].text
    menus = [each.parameters for each in owner.saw if each.method == "setMyCommands"]
    assert [each["scope"] for each in menus] == [{"type": "chat", "chat_id": lin.id}]
    assert menus[0]["commands"][:2] == [
        {"command": "desk", "description": "运营台"}, {"command": "start", "description": "首页"},
    ]  # fmt: skip
    assert (await roles(stage))[lin.id] is Role.SUPPORT
    (entry,) = await audited(stage)
    assert (entry.who, entry.deed, entry.subject) == (owner.id, Deed.KEEP_OPERATORS, "1001")
    assert (entry.before, entry.after) == (None, {"role": "support"})


async def test_a_person_is_named_by_a_forwarded_message(
    appointed: Appointed,
) -> None:
    owner = await appointed(Role.OWNER)
    await to_naming(owner)
    assert "Telegram id 1003" in _plain(await owner.forwards_message_of(1003))


async def test_what_names_nobody_is_asked_again(appointed: Appointed) -> None:
    owner = await appointed(Role.OWNER)
    await to_naming(owner)
    for nobody in ("Lin", "-5", "0", "1" * 17, str(2**60)):
        assert "That leads to nobody" in await owner.sends(nobody)
    assert "That leads to nobody" in await owner.sends_sticker()


async def test_whoever_never_wrote_can_be_appointed_and_has_the_menu_once_they_start(
    stage: Rehearsal, appointed: Appointed
) -> None:
    owner = await appointed(Role.OWNER)
    await to_naming(owner)
    assert "has not met this person" in await owner.sends("1003")
    await owner.presses("finance")
    await owner.presses("Appoint")
    assert "setMyCommands" not in owner.methods
    newcomer = stage.person(1003, "en", "Omar")
    await newcomer.sends("/start")
    assert newcomer.methods.count("setMyCommands") == 1


async def test_the_last_owner_can_neither_be_removed_nor_given_another_role(
    stage: Rehearsal, appointed: Appointed
) -> None:
    owner = await appointed(Role.OWNER)
    for label, act in (("Remove", "Remove"), ("support", "Appoint")):
        await owner.sends("/desk")
        await owner.presses("👥")
        await owner.presses("Op")
        await owner.presses(label)
        assert "The last owner cannot be removed" in await owner.presses(act)
    assert await roles(stage) == {owner.id: Role.OWNER}
    assert await audited(stage) == []


async def test_of_two_owners_one_can_go_and_is_told_with_the_menu_taken_back(
    stage: Rehearsal, appointed: Appointed
) -> None:
    owner = await appointed(Role.OWNER)
    other = await appointed(Role.OWNER, number=9100)
    await owner.sends("/desk")
    await owner.presses("👥")
    await owner.presses_data(f"v1:operator:{other.id}")
    await owner.presses("Remove")
    assert "9100 is no operator any more" in await owner.presses("Remove")
    assert owner.methods.count("deleteMyCommands") == 1
    assert await roles(stage) == {owner.id: Role.OWNER}
    assert "I did not understand that" in await other.sends("/desk")


async def test_who_leaves_by_their_own_hand_sees_no_list_of_operators(
    appointed: Appointed,
) -> None:
    await appointed(Role.OWNER)
    leaving = await appointed(Role.OWNER, number=9100)
    await leaving.presses_data("v1:dismiss:9100")
    shown = await leaving.presses("Remove")
    assert "You are no operator any more" in shown
    assert "9001" not in shown


async def test_the_open_confirmation_of_a_demoted_owner_fails(
    stage: Rehearsal, appointed: Appointed
) -> None:
    await appointed(Role.OWNER, number=9100)
    owner = await appointed(Role.OWNER)
    await to_naming(owner)
    await owner.sends("1003")
    await owner.presses("support")
    confirm = owner.data("Appoint")
    await loses_the_role(stage, owner)
    await owner.presses_data(confirm)
    assert 1003 not in await roles(stage)
    assert await audited(stage) == []


async def test_a_demoted_owner_who_is_typing_is_heard_no_more(
    stage: Rehearsal, appointed: Appointed
) -> None:
    owner = await appointed(Role.OWNER)
    await to_naming(owner)
    await loses_the_role(stage, owner)
    assert "I did not understand that" in await owner.sends("1003")


async def test_appointing_twice_is_one_appointment(stage: Rehearsal, appointed: Appointed) -> None:
    owner = await appointed(Role.OWNER)
    for _ in range(2):
        await owner.presses_data("v1:role!:support:1003")
    assert len(await audited(stage)) == 1


async def test_a_role_that_is_none_does_nothing(stage: Rehearsal, appointed: Appointed) -> None:
    owner = await appointed(Role.OWNER)
    assert "knows no such" in await owner.presses_data("v1:role!:king:1003")
    assert await roles(stage) == {owner.id: Role.OWNER}


async def test_the_first_owners_are_those_of_the_settings_once(stage: Rehearsal) -> None:
    keep = stage.use.of_dialogues.keep_operators
    await stage.happens(lambda unit: keep.appoint_first(unit, [9001, 9002]))
    assert await roles(stage) == {9001: Role.OWNER, 9002: Role.OWNER}
    await stage.happens(lambda unit: keep.dismiss(unit, 9001, 9002))
    await stage.happens(lambda unit: keep.appoint_first(unit, [9001, 9002]))
    assert await roles(stage) == {9001: Role.OWNER}


@pytest.mark.parametrize("t", WORDS)
@pytest.mark.parametrize("role", [*Role, None])
def test_the_question_names_the_person_what_the_role_allows_and_its_safe_key_first(
    t: Texts, role: Role | None
) -> None:
    screen = screens.surely(t, 1003, "<b>Omar", role)
    assert "<b>Omar" in seen(screen)
    assert "1003" in seen(screen)
    assert labels(screen)[0] == t.plain("◀ Keep as it is")
    assert screen.keys[1][0].style == "danger"


@pytest.mark.parametrize("t", WORDS)
def test_many_operators_are_paged_and_the_keys_fit(t: Texts) -> None:
    many = [Operator(9000 + n, Role.SUPPORT, None, NOW) for n in range(14)]
    names: dict[int, str | None] = {each.subscriber_id: "名" * 40 for each in many}
    for number in (0, 1, 2, 9):
        screen = screens.operators(t, many, names, number)
        assert all(len(label) <= 20 for label in labels(screen))
        assert len(dumps(screen.markup)) < 9000
    assert t.plain("More ▶") not in labels(screens.operators(t, many, names, 2))


def _plain(text: str) -> str:
    return text.replace("<code>", "").replace("</code>", "")
