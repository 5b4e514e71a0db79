"""An operator announces a picture, a clip or a file, as a person sends it; everybody gets it with
the words of their language, their own name and plan in them, formatted as the operator did."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chat import Subscriber
from tests.journeys.acts import linked
from tests.stage import Stage

OWNER, LIN, ANA = 9001, 1001, 1002
WORDS_ZH = "🎉 <b>{name}</b>，{plan} 还剩 {days_left} 天 &lt;3"
WORDS_EN = '<i>{name}</i>, see <a href="https://example.com/plans">our plans</a> 🎉'


def formatted(message: dict[str, Any]) -> list[tuple[str, str]]:
    """What is formatted, and how: offsets count UTF-16 units."""
    units = message["caption"].encode("utf-16-le")

    def words(entity: dict[str, Any]) -> str:
        start, length = 2 * entity["offset"], 2 * entity["length"]
        return str(units[start : start + length], "utf-16-le")

    return [(each["type"], words(each)) for each in message["caption_entities"]]


async def composes(owner: Subscriber, kind: str) -> None:
    """In both languages, and sees each once."""
    await owner.sends("/announce")
    await owner.attaches(kind, WORDS_ZH, parse_mode="HTML")
    await owner.presses("内容")
    await owner.presses("English")
    await owner.attaches(kind, WORDS_EN, parse_mode="HTML")
    await owner.presses("发给我")


async def goes_out(stage: Stage, owner: Subscriber) -> None:
    await owner.presses("发送…")
    await owner.presses("v1:go!")
    await stage.advances(seconds=6)
    await owner.looks()
    assert "已发完" in owner.sees


def with_file(person: Subscriber, kind: str) -> list[dict[str, Any]]:
    return [message for message in person.received if kind in message]


@pytest.mark.parametrize("kind", ["photo", "video", "document"])
async def test_it_arrives_in_each_readers_language_with_their_own_facts_is_corrected_and_recalled(
    stage: Stage, kind: str
) -> None:
    await stage.advances(hours=3)
    lin, ana = await linked(stage, LIN), await linked(stage, ANA)
    owner = stage.person(OWNER)
    await owner.sends("/start")
    await composes(owner, kind)
    chinese, english = with_file(owner, kind)
    assert chinese["caption"].endswith("– 还剩 – 天 <3")
    assert english["caption"].endswith(", see our plans 🎉")
    await goes_out(stage, owner)
    await lin.looks()
    [read] = with_file(lin, kind)
    assert read["caption"] == "🎉 林晓 (Lin Xiao)，月卡 还剩 16 天 <3"
    assert formatted(read) == [("bold", "林晓 (Lin Xiao)")]
    await ana.looks()
    [read] = with_file(ana, kind)
    assert read["caption"] == "Ana Duarte, see our plans 🎉"
    assert formatted(read) == [("italic", "Ana Duarte"), ("text_link", "our plans")]
    assert read["caption_entities"][1]["url"] == "https://example.com/plans"
    await owner.presses("报告")
    await owner.presses("✏️ English")
    await owner.sends("Good news, {name}.")
    await stage.advances(seconds=6)
    await ana.looks()
    [read] = with_file(ana, kind)
    assert read["caption"] == "Good news, Ana Duarte."
    await owner.looks()
    assert "公告 1 已更正完" in owner.sees_last
    await owner.presses("撤回")
    await owner.presses("v1:recall!:1")
    await stage.advances(seconds=6)
    await lin.looks()
    await ana.looks()
    assert with_file(lin, kind) == with_file(ana, kind) == []
    await owner.looks()
    assert "公告 1 已撤回完" in owner.sees_last


async def test_an_album_is_refused_with_the_reason(stage: Stage) -> None:
    owner = stage.person(OWNER)
    await owner.sends("/start")
    await owner.sends("/announce")
    await owner.attaches("photo", "一", album="7")
    await owner.attaches("photo", "二", album="7")
    assert "相册" in owner.sees_last
    await owner.attaches("photo", "只有一张")
    assert "只有一张" in owner.sees_last


async def test_what_telegram_takes_of_nobody_waits_and_becomes_another_message(
    stage: Stage,
) -> None:
    await stage.advances(hours=3)
    lin, owner = await linked(stage, LIN), stage.person(OWNER)
    await owner.sends("/start")
    await owner.sends("/announce")
    await owner.attaches("photo", "看图")
    await owner.presses("发给我")
    refusal = {"status": 400, "description": "Bad Request: IMAGE_PROCESS_FAILED", "times": 2}
    await stage.control("POST", "/faults", {"method": "sendPhoto", **refusal})
    await owner.presses("发送…")
    await owner.presses("v1:go!")
    await stage.advances(seconds=6)
    await owner.looks()
    assert "公告 1 已自动暂停" in owner.sees_last
    assert "IMAGE_PROCESS_FAILED" in owner.sees_last
    await owner.presses("打开公告")
    await owner.presses("✏️")
    assert "还没有人收到" in owner.sees_last
    await owner.sends("改为文字：{name}，新套餐上线")
    await owner.presses("继续")
    await stage.advances(seconds=6)
    await owner.looks()
    assert "公告 1 已发完" in owner.sees_last
    await lin.looks()
    read = [each for each in lin.received if "新套餐上线" in each.get("text", "")]
    assert [each["text"] for each in read] == ["改为文字：林晓 (Lin Xiao)，新套餐上线"]
    assert with_file(lin, "photo") == []
