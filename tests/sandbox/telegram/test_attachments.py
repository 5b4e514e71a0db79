"""What is no text, from either side: sent, copied into a topic, forwarded; and reactions."""

from __future__ import annotations

from pathlib import Path

import pytest
from telegram.constants import ReactionEmoji

from bot.sandbox.cast import OPERATORS_GROUP
from bot.sandbox.telegram.person import KINDS, attaching
from bot.sandbox.telegram.reactions import EMOJI
from tests.sandbox.telegram.sides import BotSide, Json, Phone, Refused
from tests.sandbox.telegram.test_files import upload
from tests.sandbox.telegram.test_topics import opened, within

CLIP = (Path(attaching.__file__).parent / "attachments" / "clip.mp4").read_bytes()
LIKE = [{"type": "emoji", "emoji": "👍"}]


@pytest.mark.parametrize("kind", KINDS)
async def test_whatever_a_person_sends_is_copied_into_a_topic(
    bot: BotSide, lin: Phone, kind: str
) -> None:
    thread_id = await opened(bot)
    await bot.forgets_updates()
    words = {} if kind == "sticker" else {"caption": "see /help"}
    sent = (await lin.sends(**{kind: True}, **words))["message"]
    assert (await bot.next("message"))[kind] == sent[kind]
    from_lin = {"from_chat_id": 1001, "message_id": sent["message_id"]}
    into = {"chat_id": OPERATORS_GROUP, "message_thread_id": thread_id}
    copied = await bot.call("copyMessage", **into, **from_lin)
    shown = (await within(Phone(lin.control, 9001), thread_id))[-1]
    assert (shown["message_id"], shown[kind]) == (copied["message_id"], sent[kind])
    assert shown.get("caption_entities") == sent.get("caption_entities")
    assert shown["from"]["is_bot"] is True
    forwarded = await bot.call("forwardMessage", **into, **from_lin)
    assert forwarded["forward_origin"]["sender_user"]["id"] == 1001
    assert forwarded["message_thread_id"] == thread_id


async def test_a_copy_may_have_other_words_where_words_stand(bot: BotSide, lin: Phone) -> None:
    photo = (await lin.sends(photo=True, caption="old"))["message"]["message_id"]
    text = (await lin.send("words"))["message"]["message_id"]
    for message_id in (photo, text):
        copy = {"chat_id": 1001, "from_chat_id": 1001, "message_id": message_id}
        await bot.call("copyMessage", **copy, caption="new")
    assert [message.get("caption") for message in (await lin.sees())[-2:]] == ["new", None]


async def test_what_happened_cannot_be_copied(bot: BotSide) -> None:
    thread_id = await opened(bot)
    service = {"from_chat_id": OPERATORS_GROUP, "message_id": thread_id}
    with pytest.raises(Refused, match=r"^Bad Request: message can't be copied$"):
        await bot.call("copyMessage", chat_id=OPERATORS_GROUP, **service)


async def test_a_video_is_sent_edited_and_sent_again_by_its_id(bot: BotSide, lin: Phone) -> None:
    sent = await upload(
        bot, "sendVideo", "video", CLIP, "news.mp4", caption="*new*", parse_mode="MarkdownV2",
        width="160", height="120", duration="1",
    )  # fmt: skip
    video = sent["video"]
    assert (video["width"], video["duration"], video["file_name"]) == (160, 1, "news.mp4")
    again = await bot.call("sendVideo", chat_id=1001, video=video["file_id"], has_spoiler=True)
    assert (again["video"], again["has_media_spoiler"]) == (video, True)
    where = {"chat_id": 1001, "message_id": sent["message_id"]}
    assert (await bot.call("editMessageCaption", **where, caption="old"))["caption"] == "old"
    file = await bot.call("getFile", file_id=video["file_id"])
    async with bot.session.get(f"{bot.url}/file/bot{bot.token}/{file['file_path']}") as answer:
        assert await answer.read() == CLIP


async def test_a_video_that_is_no_mpeg4_goes_out_as_a_file(bot: BotSide, lin: Phone) -> None:
    sent = await upload(bot, "sendVideo", "video", b"\x1aE\xdf\xa3webm", "news.webm")
    assert sent["document"]["file_name"] == "news.webm"
    assert "video" not in sent


async def test_a_voice_note_is_sent(bot: BotSide, lin: Phone) -> None:
    sent = await upload(bot, "sendVoice", "voice", b"OggS", "note.ogg", duration="3")
    assert sent["voice"]["duration"] == 3


async def test_a_person_formats_the_words_and_sends_several_as_an_album(
    bot: BotSide, lin: Phone
) -> None:
    words = {"caption": "🎉 <b>new</b>", "parse_mode": "HTML", "album": "7"}
    await bot.forgets_updates()
    for _ in range(2):
        sent = (await lin.sends(photo=True, **words))["message"]
        assert sent["caption"] == "🎉 new"
        assert sent["caption_entities"] == [{"type": "bold", "offset": 3, "length": 3}]
        assert (await bot.next("message"))["media_group_id"] == "7"
    with pytest.raises(Refused, match="can't parse"):
        await lin.send("<b>", parse_mode="HTML")


@pytest.mark.parametrize(
    "what", [{"sticker": True, "caption": "x"}, {"photo": True, "caption": "x" * 1025}]
)
async def test_words_under_what_bears_none_or_less_cannot_be_sent(lin: Phone, what: Json) -> None:
    with pytest.raises(Refused, match="no such words"):
        await lin.sends(**what)


async def test_a_reaction_stands_under_the_message_until_it_is_taken_away(
    bot: BotSide, lin: Phone
) -> None:
    where = {"chat_id": 1001, "message_id": (await lin.send("thanks"))["message"]["message_id"]}
    assert await bot.call("setMessageReaction", **where, reaction=LIKE) is True
    assert (await lin.sees())[-1]["reaction"] == "👍"
    assert await bot.call("setMessageReaction", **where) is True
    assert "reaction" not in (await lin.sees())[-1]


async def test_reactions_are_the_listed_ones_one_a_message(bot: BotSide, lin: Phone) -> None:
    assert {emoji.value for emoji in ReactionEmoji} == EMOJI
    where = {"chat_id": 1001, "message_id": (await lin.send("thanks"))["message"]["message_id"]}
    for reaction, refusal in (
        ([{"type": "emoji", "emoji": "❤️"}], "REACTION_INVALID"),
        ([{"type": "custom_emoji", "custom_emoji_id": "5"}], "REACTION_INVALID"),
        (LIKE * 2, "REACTIONS_TOO_MANY"),
    ):
        with pytest.raises(Refused, match=refusal):
            await bot.call("setMessageReaction", **where, reaction=reaction)
    with pytest.raises(Refused, match=r"^Bad Request: message to react not found$"):
        await bot.call("setMessageReaction", chat_id=1001, message_id=999, reaction=LIKE)


async def test_nobody_reacts_to_what_nobody_wrote(bot: BotSide) -> None:
    thread_id = await opened(bot)
    where = {"chat_id": OPERATORS_GROUP, "message_id": thread_id}
    with pytest.raises(Refused, match="REACTION_INVALID"):
        await bot.call("setMessageReaction", **where, reaction=LIKE)
