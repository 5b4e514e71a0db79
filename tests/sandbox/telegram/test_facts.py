"""The facts that the sandbox keeps to are the official ones."""

from __future__ import annotations

import json

import pytest

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.methods import METHODS
from tests.sandbox.extract_facts import FACTS, extract, official_file

OFFICIAL = official_file()


@pytest.mark.skipif(OFFICIAL is None, reason="no official bot-api-*.json in SPECS")
def test_the_facts_are_those_of_the_official_file() -> None:
    assert OFFICIAL is not None
    official = json.loads(OFFICIAL.read_text("utf-8"))
    assert json.loads(FACTS.read_text("utf-8")) == extract(official)


def test_the_facts_cover_exactly_the_methods_that_the_sandbox_has() -> None:
    assert METHODS.keys() == facts.METHODS.keys()


def test_every_result_can_be_checked() -> None:
    for method, fact in facts.METHODS.items():
        assert not any(facts.is_unknown(returned) for returned in fact["returns"]), method


def test_a_message_of_the_wrong_shape_is_found() -> None:
    chat = {"id": 1, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat}
    assert facts.what_is_wrong_with("Message", message) is None
    assert facts.what_is_wrong_with("Message", {"date": 1, "chat": chat}) == (
        "Message.message_id is missing"
    )
    assert facts.what_is_wrong_with("Message", message | {"chat": {"id": "1", "type": "x"}}) == (
        "Message.chat.id must be an integer"
    )
    assert facts.what_is_wrong_with("Message", message | {"mood": "fine"}) == (
        "Message.mood is not a field of Message"
    )


def test_an_array_is_found_wrong_at_its_element() -> None:
    problem = facts.what_is_wrong_with_result("getUpdates", [{"update_id": 1}, {"update_id": True}])
    assert problem == "result[1].update_id must be an integer"


def test_a_discriminator_has_its_fixed_value() -> None:
    user = {"id": 1, "is_bot": False, "first_name": "x"}
    wrong = {"status": "friend", "user": user}
    assert facts.what_is_wrong_with_result("getChatMember", wrong) is not None
    assert facts.what_is_wrong_with_result("getChatMember", wrong | {"status": "member"}) is None
