"""What an edit becomes when its message is gone."""

from __future__ import annotations

import pytest

from bot.runtime.slots import as_new_message, is_gone, is_unchanged


def test_a_text_is_sent_as_it_would_have_been_edited() -> None:
    edit = {"chat_id": 1, "message_id": 5, "text": "x", "parse_mode": "HTML", "reply_markup": {}}
    sent = {"chat_id": 1, "text": "x", "parse_mode": "HTML", "reply_markup": {}}
    assert as_new_message("editMessageText", edit) == ("sendMessage", sent)


def test_a_photo_is_sent_with_the_words_of_its_media() -> None:
    media = {"type": "photo", "media": "attach://p", "caption": "c", "parse_mode": "HTML"}
    edit = {"chat_id": 1, "message_id": 5, "media": media, "reply_markup": {}}
    sent = {
        "chat_id": 1, "photo": "attach://p", "caption": "c", "parse_mode": "HTML",
        "reply_markup": {},
    }  # fmt: skip
    assert as_new_message("editMessageMedia", edit) == ("sendPhoto", sent)


@pytest.mark.parametrize("method", ["editMessageReplyMarkup", "editMessageCaption"])
def test_an_edit_of_a_part_of_a_message_has_no_counterpart(method: str) -> None:
    assert as_new_message(method, {"chat_id": 1, "message_id": 5}) is None


def test_telegram_says_that_a_message_is_gone_or_unchanged() -> None:
    assert is_gone("Bad Request: message to edit not found")
    assert is_gone("Bad Request: MESSAGE_ID_INVALID")
    assert not is_gone("Bad Request: chat not found")
    assert is_unchanged("Bad Request: message is not modified: specified new message content …")
