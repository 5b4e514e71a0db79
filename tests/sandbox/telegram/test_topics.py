"""A group with topics: what a bot may do in it, and what Telegram tells of it."""

from __future__ import annotations

import pytest

from bot.sandbox.cast import OPERATORS_GROUP
from bot.sandbox.telegram.membership import RIGHTS
from bot.sandbox.world import World
from tests.sandbox.telegram.sides import BotSide, Control, Json, Phone, Refused

GROUP = f"groups/{OPERATORS_GROUP}"


@pytest.fixture
def operator(control: Control) -> Phone:
    """The owner, who is in the group."""
    return Phone(control, 9001)


async def opened(bot: BotSide, name: str = "Lin") -> int:
    """A topic of the bot's, whose service message the bot has taken."""
    topic = await bot.call("createForumTopic", chat_id=OPERATORS_GROUP, name=name)
    await bot.next("message")
    thread_id: int = topic["message_thread_id"]
    return thread_id


async def says(bot: BotSide, thread_id: int, text: str = "hello") -> Json:
    """The bot writes into the topic."""
    where = {"chat_id": OPERATORS_GROUP, "message_thread_id": thread_id}
    sent: Json = await bot.call("sendMessage", text=text, **where)
    return sent


async def within(operator: Phone, thread_id: int) -> list[Json]:
    """The topic as the operator sees it."""
    path = f"users/{operator.id}/messages?chat_id={OPERATORS_GROUP}&thread_id={thread_id}"
    messages: list[Json] = (await operator.control.get(path))["messages"]
    return messages


async def topics(control: Control) -> list[Json]:
    """Those of the operators' group."""
    [group] = (await control.get("groups?member=9001"))["groups"]
    found: list[Json] = group["topics"]
    return found


async def test_the_operators_have_a_forum_and_the_bot_manages_its_topics(
    control: Control, bot: BotSide
) -> None:
    [group] = (await control.get("groups?member=9002"))["groups"]
    assert (group["id"], group["is_forum"], group["members"]) == (
        OPERATORS_GROUP,
        True,
        [9001, 9002],
    )
    assert (await control.get("groups?member=1001"))["groups"] == []
    me = await bot.call("getChatMember", chat_id=OPERATORS_GROUP, user_id=1000000)
    assert (me["status"], me["can_manage_topics"]) == ("administrator", True)
    assert (await bot.call("getChat", chat_id=OPERATORS_GROUP))["is_forum"] is True


async def test_a_topic_is_a_thread_for_both_sides(bot: BotSide, operator: Phone) -> None:
    created = await bot.call(
        "createForumTopic", chat_id=OPERATORS_GROUP, name="Lin", icon_color=0xFFD67E
    )
    thread_id = created["message_thread_id"]
    assert (created["name"], created["icon_color"]) == ("Lin", 0xFFD67E)
    told = await bot.next("message")
    assert (told["message_id"], told["forum_topic_created"]["name"]) == (thread_id, "Lin")
    sent = await says(bot, thread_id)
    assert (sent["is_topic_message"], sent["message_thread_id"]) == (True, thread_id)
    await operator.send("answer", chat_id=OPERATORS_GROUP, thread_id=thread_id)
    heard = await bot.next("message")
    assert (heard["message_thread_id"], heard["is_topic_message"]) == (thread_id, True)
    assert [message.get("text") for message in await within(operator, thread_id)] == [
        None,
        "hello",
        "answer",
    ]


async def test_what_is_written_in_a_topic_replies_to_the_message_that_opened_it(
    bot: BotSide, operator: Phone
) -> None:
    thread_id = await opened(bot)
    sent = await says(bot, thread_id)
    assert sent["reply_to_message"]["forum_topic_created"]["name"] == "Lin"
    where = {"chat_id": OPERATORS_GROUP, "thread_id": thread_id}
    await operator.send("to that", **where, reply_to=sent["message_id"])
    assert (await bot.next("message"))["reply_to_message"]["text"] == "hello"


async def test_what_is_outside_of_topics_has_no_thread(bot: BotSide, operator: Phone) -> None:
    await opened(bot)
    await operator.send("to all", chat_id=OPERATORS_GROUP)
    heard = await bot.next("message")
    assert "message_thread_id" not in heard
    with pytest.raises(Refused, match=r"^Bad Request: message thread not found$"):
        await says(bot, 1000)


async def test_a_group_numbers_its_messages_by_itself(bot: BotSide, lin: Phone) -> None:
    private = (await lin.sees())[0]["message_id"]
    assert private == await opened(bot)


async def test_topics_are_renamed_closed_and_opened_again(control: Control, bot: BotSide) -> None:
    thread_id = await opened(bot)
    where = {"chat_id": OPERATORS_GROUP, "message_thread_id": thread_id}
    assert await bot.call("editForumTopic", **where, name="Lin Xiao") is True
    assert (await bot.next("message"))["forum_topic_edited"] == {"name": "Lin Xiao"}
    assert await bot.call("closeForumTopic", **where) is True
    assert (await bot.next("message"))["forum_topic_closed"] == {}
    [topic] = await topics(control)
    assert (topic["name"], topic["is_closed"]) == ("Lin Xiao", True)
    await says(bot, thread_id, "an administrator may")
    assert await bot.call("reopenForumTopic", **where) is True
    assert (await bot.next("message"))["forum_topic_reopened"] == {}


async def test_what_stands_already_is_not_modified(bot: BotSide) -> None:
    thread_id = await opened(bot)
    where = {"chat_id": OPERATORS_GROUP, "message_thread_id": thread_id}
    for method, more in (
        ("editForumTopic", {"name": "Lin"}),
        ("reopenForumTopic", {}),
    ):
        with pytest.raises(Refused, match=r"^Bad Request: TOPIC_NOT_MODIFIED$"):
            await bot.call(method, **where, **more)
    assert await bot.call("editForumTopic", **where) is True
    await bot.call("closeForumTopic", **where)
    with pytest.raises(Refused, match=r"^Bad Request: TOPIC_NOT_MODIFIED$"):
        await bot.call("closeForumTopic", **where)


async def test_a_deleted_topic_is_gone_with_its_messages(
    control: Control, bot: BotSide, operator: Phone
) -> None:
    thread_id = await opened(bot)
    await says(bot, thread_id)
    where = {"chat_id": OPERATORS_GROUP, "message_thread_id": thread_id}
    assert await bot.call("deleteForumTopic", **where) is True
    assert await topics(control) == []
    with pytest.raises(Refused, match=r"message thread not found"):
        await says(bot, thread_id)
    for method in ("editForumTopic", "closeForumTopic", "reopenForumTopic", "deleteForumTopic"):
        with pytest.raises(Refused, match=r"^Bad Request: TOPIC_ID_INVALID$"):
            await bot.call(method, **where, **({"name": "x"} if method[0] == "e" else {}))
    with pytest.raises(Refused, match=r"no topic"):
        await operator.send("hello?", chat_id=OPERATORS_GROUP, thread_id=thread_id)


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("  ", "title must be non-empty"), ("字" * 129, "TOPIC_TITLE_INVALID")],
)
async def test_a_topic_has_a_name_of_at_most_128_characters(
    bot: BotSide, name: str, refusal: str
) -> None:
    with pytest.raises(Refused, match=refusal):
        await bot.call("createForumTopic", chat_id=OPERATORS_GROUP, name=name)
    await bot.call("createForumTopic", chat_id=OPERATORS_GROUP, name="字" * 128)


async def test_an_icon_has_one_of_six_colours(bot: BotSide) -> None:
    with pytest.raises(Refused, match=r"^Bad Request: invalid icon color specified$"):
        await bot.call("createForumTopic", chat_id=OPERATORS_GROUP, name="x", icon_color=0)


async def test_without_the_right_a_bot_opens_no_topic_and_changes_none_of_others(
    control: Control, bot: BotSide
) -> None:
    foreign = await control.post(f"{GROUP}/topics", name="Ours")
    await control.post(f"{GROUP}/bot", standing="administrator", rights=["can_pin_messages"])
    for method, more, refusal in (
        ("createForumTopic", {"name": "x"}, "not enough rights to create a topic"),
        ("editForumTopic", {"name": "x"}, "not enough rights to edit the topic"),
        ("closeForumTopic", {}, "not enough rights to close or open the topic"),
        ("deleteForumTopic", {}, "not enough rights to delete the topic"),
    ):
        where = {} if method == "createForumTopic" else {"message_thread_id": foreign["id"]}
        with pytest.raises(Refused, match=rf"^Bad Request: {refusal}$"):
            await bot.call(method, chat_id=OPERATORS_GROUP, **where, **more)


async def test_only_who_manages_topics_writes_in_a_closed_one(
    control: Control, bot: BotSide
) -> None:
    thread_id = await opened(bot)
    await control.post(f"{GROUP}/topics/{thread_id}", closed=True)
    await says(bot, thread_id)
    await control.post(f"{GROUP}/bot", standing="member")
    with pytest.raises(Refused, match=r"^Bad Request: TOPIC_CLOSED$"):
        await says(bot, thread_id)


async def test_a_private_chat_and_a_plain_group_are_no_forum(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await control.post("groups", id=-200, title="Friends", members=[1001], rights=list(RIGHTS))
    for chat_id in (1001, -200):
        with pytest.raises(Refused, match=r"^Bad Request: the chat is not a forum$"):
            await bot.call("createForumTopic", chat_id=chat_id, name="x")
    with pytest.raises(Refused, match="no topics"):
        await control.post("groups/-200/topics", name="x")


async def test_a_bot_that_was_thrown_out_hears_and_says_nothing_there(
    control: Control, bot: BotSide, operator: Phone
) -> None:
    thread_id = await opened(bot)
    await control.post(f"{GROUP}/bot", standing="kicked", by=9002)
    told = await bot.next("my_chat_member")
    assert (told["from"]["id"], told["old_chat_member"]["status"]) == (9002, "administrator")
    assert told["new_chat_member"]["status"] == "kicked"
    where = {"chat_id": OPERATORS_GROUP, "message_thread_id": thread_id}
    for method, more in (
        ("sendMessage", {"text": "x"}),
        ("closeForumTopic", {}),
        ("sendChatAction", {"action": "typing"}),
    ):
        with pytest.raises(Refused, match=r"^Forbidden: bot was kicked from the supergroup chat$"):
            await bot.call(method, **where, **more)
    await operator.send("among us", chat_id=OPERATORS_GROUP, thread_id=thread_id)
    await control.post(f"{GROUP}/topics", name="Without the bot")
    await control.post(f"{GROUP}/bot", standing="administrator")
    assert (await bot.next("my_chat_member"))["new_chat_member"]["can_manage_topics"] is True
    await says(bot, thread_id)


async def test_what_people_do_to_topics_is_told(control: Control, bot: BotSide) -> None:
    topic = await control.post(f"{GROUP}/topics", name="Ours", by=9002)
    told = await bot.next("message")
    assert (told["from"]["id"], told["forum_topic_created"]["name"]) == (9002, "Ours")
    path = f"{GROUP}/topics/{topic['id']}"
    await control.post(path, name="Theirs", closed=True)
    assert (await bot.next("message"))["forum_topic_edited"]["name"] == "Theirs"
    assert "forum_topic_closed" in await bot.next("message")
    with pytest.raises(Refused, match="TOPIC_NOT_MODIFIED"):
        await control.post(path, closed=True)
    await control.delete(path)
    assert await bot.updates() == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("groups/-5/bot", {"standing": "member"}),
        ("groups/1001/bot", {"standing": "member"}),
        (f"{GROUP}/bot", {"standing": "creator"}),
        (f"{GROUP}/bot", {"standing": "administrator", "rights": ["can_fly"]}),
        (f"{GROUP}/bot", {"standing": "member", "by": 1001}),
        (f"{GROUP}/topics", {}),
        (f"{GROUP}/topics/7", {"closed": True}),
        ("groups/x/topics", {"name": "x"}),
        ("users/1001/send", {"text": "x", "chat_id": OPERATORS_GROUP}),
        ("users/9001/block", {"chat_id": OPERATORS_GROUP}),
        ("users/9001/send", {"text": "x", "chat_id": OPERATORS_GROUP, "reply_to": 5}),
    ],
)
async def test_bad_input_is_a_4xx(control: Control, lin: Phone, path: str, body: Json) -> None:
    with pytest.raises(Refused) as refused:
        await control.post(path, **body)
    assert 400 <= refused.value.status < 500


async def test_twenty_messages_a_minute_pass_into_a_group(
    control: Control, bot: BotSide, world: World
) -> None:
    world.telegram.has_flood_control = True
    thread_id = await opened(bot)
    for _ in range(20):
        await says(bot, thread_id)
        await control.advance(2)
    with pytest.raises(Refused, match=r"^Too Many Requests: retry after (19|20)$"):
        await says(bot, thread_id)
    await control.advance(20)
    await says(bot, thread_id)
