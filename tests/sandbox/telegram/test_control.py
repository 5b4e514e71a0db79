"""The control API: people, the clock, the journal, the bot's process, what happens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.world import World
from tests.sandbox.telegram.sides import BotSide, Control, Phone, Refused, callback, inline, until
from tests.sandbox.telegram.test_payments import invoice


async def test_the_cast_is_there(control: Control) -> None:
    people = (await control.get("users"))["users"]
    assert [person["id"] for person in people] == [1001, 1002, 1003, 1004, 9001, 9002]
    assert people[0]["phone"] == "+8613800001001"


async def test_people_can_be_added(control: Control, bot: BotSide) -> None:
    await control.post("users", id=7, first_name="Zoë", language_code="fr")
    await Phone(control, 7).send("bonjour")
    message = await bot.next("message")
    assert message["from"] == {
        "id": 7,
        "is_bot": False,
        "first_name": "Zoë",
        "language_code": "fr",
    }


async def test_only_newer_messages_are_asked_for(control: Control, lin: Phone) -> None:
    sent = await lin.send("newer")
    first_id = sent["message"]["message_id"] - 1
    newer = (await control.get(f"users/1001/messages?after={first_id}"))["messages"]
    assert [message["text"] for message in newer] == ["newer"]


async def test_a_blocked_bot_cannot_be_written_to(lin: Phone) -> None:
    await lin.block()
    assert (await lin.chat())["blocked"] is True
    with pytest.raises(Refused, match="unblock"):
        await lin.send("hello?")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("users", {"id": "x", "first_name": "X"}),
        ("users", {"first_name": "X"}),
        ("users/1001/send", {}),
        ("users/1001/send", {"text": 5}),
        ("users/1001/send", {"text": "  "}),
        ("users/1001/send", {"edit": 999, "text": "x"}),
        ("users/1001/send", {"forward_contact": "x"}),
        ("users/1001/send", {"text": "x", "chat_id": -5}),
        ("users/4242/send", {"text": "x"}),
        ("users/1001/press", {}),
        ("users/1001/press", {"button": "x", "wait_s": "long"}),
        ("users/1001/pay", {"outcome": "free"}),
        ("groups", {"id": 5, "title": "x", "members": [1001]}),
        ("groups", {"id": -5, "title": "x", "members": "everyone"}),
        ("clock", {"now": "yesterday"}),
        ("clock", {"now": "2026-11-22T15:00:00"}),
        ("clock", {"advance_s": 1e300}),
        ("clock", {"advance_s": 1e12}),
        ("clock", {"advance_s": "nan"}),
        ("bots", {"token": "x", "username": "x_bot"}),
        ("bots", {"token": "1000000:SANDBOX", "username": "x_bot"}),
    ],
)
async def test_bad_input_is_a_4xx_with_an_error(
    control: Control, path: str, body: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refused:
        await control.post(path, **body)
    assert 400 <= refused.value.status < 500
    assert refused.value.body["error"]


async def test_a_body_that_is_no_json_is_a_400(control: Control) -> None:
    for body in (b"{", b"[1]", b"\xff", b"NaN", b'{"text": "\\ud800"}', b"[" * 100_000):
        address = f"{control.url}/sandbox/users/1001/send"
        async with control.session.post(address, data=body) as answer:
            assert answer.status == 400
            assert "error" in await answer.json()


async def test_an_unknown_path_is_a_404_in_json(control: Control) -> None:
    with pytest.raises(Refused) as refused:
        await control.get("nowhere")
    assert (refused.value.status, refused.value.body) == (404, {"error": "Not Found"})


async def test_a_text_that_is_too_long_goes_out_in_parts(bot: BotSide, lin: Phone) -> None:
    await bot.forgets_updates()
    await lin.send("x" * 5000)
    assert [len((await bot.next("message"))["text"]) for _ in range(2)] == [4096, 904]


async def test_the_clock_is_set_and_advanced(control: Control, world: World) -> None:
    await control.post("clock", now="2026-11-22T15:00:00+08:00")
    assert world.clock.now().isoformat().startswith("2026-11-22T07:00:00")
    await control.advance(3600)
    reading = await control.get("clock")
    assert reading["now"].startswith("2026-11-22T08:00:00")
    assert reading["version"] == 2


async def test_a_jump_of_the_clock_is_waited_for(control: Control) -> None:
    version = (await control.get("clock"))["version"]
    waiting = asyncio.create_task(control.get(f"clock?after={version}&timeout=30"))
    await asyncio.sleep(0)
    await control.advance(60)
    assert (await asyncio.wait_for(waiting, 5))["version"] == version + 1


async def test_messages_bear_the_sandboxs_time(control: Control, lin: Phone) -> None:
    await control.post("clock", now="2030-01-01T00:00:00+00:00")
    sent = (await lin.send("late"))["message"]
    assert sent["date"] == pytest.approx(1893456000, abs=5)


async def test_the_journal_tells_what_the_bot_asked(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await bot.says("hi")
    with pytest.raises(Refused):
        await bot.call("sendMessage", chat_id=1002, text="x")
    found = (await control.get("journal?method=sendmessage"))["requests"]
    assert [(entry["status"], entry["parameters"]["text"]) for entry in found] == [
        (200, "hi"),
        (403, "x"),
    ]
    one_chat = (await control.get("journal?chat_id=1002"))["requests"]
    assert [entry["description"] for entry in one_chat] == [
        "Forbidden: bot can't initiate conversation with a user"
    ]
    assert (await control.get(f"journal?after={one_chat[0]['id']}"))["requests"] == []


async def test_the_sandbox_is_ready_while_the_bot_polls(control: Control, bot: BotSide) -> None:
    assert await control.get("health") == {"ready": False}

    async def is_ready() -> bool:
        return (await control.get("health"))["ready"] is True

    async def is_away() -> bool:
        return not await is_ready()

    polling = asyncio.create_task(bot.updates(timeout=30))
    await until(is_ready)
    polling.cancel()
    await until(is_away)


class Process:
    """A bot's process, which only remembers."""

    def __init__(self) -> None:
        self.running = True

    async def kill(self) -> None:
        self.running = False

    async def start(self) -> None:
        self.running = True


async def test_a_supervised_bot_is_killed_and_started(control: Control, world: World) -> None:
    world.supervisor = Process()
    assert (await control.post("bot/kill"))["running"] is False
    assert (await control.get("bot"))["supervised"] is True
    assert (await control.post("bot/start"))["running"] is True


async def test_without_a_supervisor_nobody_kills_the_bot(control: Control) -> None:
    assert (await control.get("bot"))["supervised"] is False
    with pytest.raises(Refused) as refused:
        await control.post("bot/kill")
    assert refused.value.status == 409


async def events(answer: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Server-sent events as pairs of kind and data."""
    kind = ""
    async for raw in answer.content:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))


async def test_whatever_happens_is_streamed(control: Control, bot: BotSide, lin: Phone) -> None:
    async with control.session.get(f"{control.url}/sandbox/events") as answer:
        stream = events(answer)
        sent = await bot.says("one")
        where = {"chat_id": 1001, "message_id": sent["message_id"]}
        await bot.call("editMessageText", **where, text="two")
        await bot.call("deleteMessage", **where)
        await bot.says("three", reply_markup={"keyboard": [[{"text": "x"}]]})
        await bot.call("sendChatAction", chat_id=1001, action="typing")
        await lin.block()
        await control.advance(5)
        seen = [await anext(stream) for _ in range(8)]
    assert [kind for kind, _ in seen] == [
        *("message", "edited", "deleted", "message", "keyboard", "action", "blocked", "clock")
    ]
    assert seen[1][1]["message"]["text"] == "two"
    assert seen[2][1] == where


async def test_answers_and_payments_and_the_process_are_streamed(
    control: Control, bot: BotSide, lin: Phone, world: World
) -> None:
    await bot.says(reply_markup=inline(callback("Go", "go")))
    await bot.forgets_updates()
    async with control.session.get(f"{control.url}/sandbox/events") as answer:
        stream = events(answer)
        pressing = lin.pressing("Go")
        query = await bot.next("callback_query")
        await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="done")
        await pressing
        sent = await invoice(bot)
        await lin.paying(outcome="cancel")
        world.supervisor = Process()
        await control.post("bot/kill")
        seen = [await anext(stream) for _ in range(4)]
    assert seen[0] == (
        "callback",
        {
            "user_id": 1001,
            "query_id": query["id"],
            "data": "go",
            "toast": "done",
            "alert": None,
            "url": None,
        },
    )
    paid = {"user_id": 1001, "message_id": sent["message_id"], "outcome": "cancelled"}
    assert seen[2] == ("invoice", paid)
    assert seen[3][0] == "bot"
    assert seen[3][1]["running"] is False


async def test_the_page_is_served(control: Control) -> None:
    for path, kind in (("/", "text/html"), ("/page/app.js", "text/javascript")):
        async with control.session.get(control.url + path) as answer:
            assert answer.status == 200
            assert answer.content_type == kind
