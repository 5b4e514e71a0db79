"""Files: sent, downloaded, and their limits."""

from __future__ import annotations

from io import BytesIO

import aiohttp
import pytest
from PIL import Image

from bot.sandbox.telegram import files
from tests.sandbox.telegram.sides import BotSide, Control, Json, Phone, Refused


def picture(width: int = 40, height: int = 30) -> bytes:
    """A PNG."""
    content = BytesIO()
    Image.new("RGB", (width, height), "navy").save(content, "PNG")
    return content.getvalue()


async def upload(
    bot: BotSide, method: str, part: str, content: bytes, name: str = "usage.png", **fields: str
) -> Json:
    """Send a file by multipart."""
    form = aiohttp.FormData({"chat_id": "1001", **fields})
    form.add_field(part, content, filename=name)
    sent: Json = await bot.form(method, form)
    return sent


async def download(bot: BotSide, path: str) -> tuple[int, bytes]:
    """What stands at a path."""
    address = f"{bot.url}/file/bot{bot.token}/{path}"
    async with bot.session.get(address) as answer:
        return answer.status, await answer.read()


async def test_a_photo_is_sent_and_downloaded(bot: BotSide, lin: Phone) -> None:
    sent = await upload(
        bot, "sendPhoto", "photo", picture(), caption="*x*", parse_mode="MarkdownV2"
    )
    [size] = sent["photo"]
    assert (size["width"], size["height"], sent["caption"]) == (40, 30, "x")
    assert sent["caption_entities"][0]["type"] == "bold"
    file = await bot.call("getFile", file_id=size["file_id"])
    assert await download(bot, file["file_path"]) == (200, picture())


async def test_a_document_keeps_its_name(bot: BotSide, lin: Phone) -> None:
    sent = await upload(bot, "sendDocument", "document", b"a,b\n", "orders.csv")
    assert sent["document"]["file_name"] == "orders.csv"


async def test_a_file_is_sent_again_by_its_id(bot: BotSide, lin: Phone) -> None:
    sent = await upload(bot, "sendPhoto", "photo", picture())
    again = await bot.call("sendPhoto", chat_id=1001, photo=sent["photo"][0]["file_id"])
    assert again["photo"] == sent["photo"]


async def test_the_page_can_show_a_file(control: Control, bot: BotSide, lin: Phone) -> None:
    sent = await upload(bot, "sendPhoto", "photo", picture())
    address = f"{control.url}/sandbox/files/{sent['photo'][0]['file_id']}"
    async with control.session.get(address) as answer:
        assert await answer.read() == picture()


async def test_media_is_replaced_in_place(bot: BotSide, lin: Phone) -> None:
    sent = await upload(bot, "sendPhoto", "photo", picture())
    media = '{"type": "photo", "media": "attach://new", "caption": "wider"}'
    where = {"message_id": str(sent["message_id"]), "media": media}
    edited = await upload(bot, "editMessageMedia", "new", picture(60, 30), **where)
    assert (edited["photo"][0]["width"], edited["caption"]) == (60, "wider")


async def test_a_caption_is_edited(bot: BotSide, lin: Phone) -> None:
    sent = await upload(bot, "sendPhoto", "photo", picture())
    where = {"chat_id": 1001, "message_id": sent["message_id"]}
    assert (await bot.call("editMessageCaption", **where, caption="new"))["caption"] == "new"
    with pytest.raises(Refused, match="there is no text in the message to edit"):
        await bot.call("editMessageText", **where, text="new")


async def test_a_caption_has_at_most_1024_code_points(bot: BotSide, lin: Phone) -> None:
    await upload(bot, "sendPhoto", "photo", picture(), caption="字" * 1024)
    with pytest.raises(Refused, match=r"^Bad Request: message caption is too long$"):
        await upload(bot, "sendPhoto", "photo", picture(), caption="字" * 1025)


async def test_file_ids_are_good_for_their_bot_only(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    sent = await upload(bot, "sendPhoto", "photo", picture())
    file_id = sent["photo"][0]["file_id"]
    await control.post("bots", token="2000000:OTHER", username="other_bot")
    other = BotSide(bot.url, bot.session, "2000000:OTHER")
    await lin.send("/start", bot="other_bot")
    with pytest.raises(Refused, match="wrong file identifier"):
        await other.call("sendPhoto", chat_id=1001, photo=file_id)
    with pytest.raises(Refused, match="invalid file_id"):
        await other.call("getFile", file_id=file_id)


@pytest.mark.parametrize("content", [b"no picture", picture(10, 300), picture(9000, 1001)])
async def test_what_is_no_sensible_picture_is_no_photo(
    bot: BotSide, lin: Phone, content: bytes
) -> None:
    with pytest.raises(Refused, match=r"IMAGE_PROCESS_FAILED|PHOTO_INVALID_DIMENSIONS"):
        await upload(bot, "sendPhoto", "photo", content)


async def test_uploads_and_downloads_have_their_limits(
    bot: BotSide, lin: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (files.MAX_UPLOAD_BYTES, files.MAX_DOWNLOAD_BYTES) == (50 * 1024**2, 20 * 1024**2)
    monkeypatch.setattr(files, "MAX_UPLOAD_BYTES", 500)
    monkeypatch.setattr(files, "MAX_DOWNLOAD_BYTES", 200)
    sent = await upload(bot, "sendDocument", "document", b"x" * 300)
    with pytest.raises(Refused, match=r"^Bad Request: file is too big$"):
        await bot.call("getFile", file_id=sent["document"]["file_id"])
    with pytest.raises(Refused, match=r"Too Large") as refused:
        await upload(bot, "sendDocument", "document", b"x" * 501)
    assert refused.value.status == 413


async def test_an_unknown_path_is_not_found(bot: BotSide) -> None:
    assert (await download(bot, "photos/none.png"))[0] == 404


async def test_nothing_is_fetched_from_the_internet(bot: BotSide, lin: Phone) -> None:
    with pytest.raises(Refused, match="failed to get HTTP URL content"):
        await bot.call("sendPhoto", chat_id=1001, photo="https://example.com/a.png")
