"""Real updates made hostile: fields lost, added, swapped, of the wrong type or size, forged.

An update is mutated up to four times and written as JSON by hand where that has no form for it.
Some hold nothing wrong but who sends them: a stranger presses another's buttons.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.fuzz import junk
from tests.fuzz.junk import Known

Update = dict[str, Any]
_Place = tuple[Any, Any]
"""A dictionary or list, and the key or index in it."""

_MOST_AT_ONCE: Final = 4
_SMALL: Final = 100
"""What holds so few values may stand two hundred times: more would be no update, but a flood."""
_UNTOUCHED_SHARE: Final = 0.1
_FIELDS: Final = (
    "text", "caption", "entities", "photo", "video", "voice", "document", "sticker", "contact",
    "reply_to_message", "forward_origin", "successful_payment", "refunded_payment", "invoice",
    "new_chat_members", "left_chat_member", "migrate_to_chat_id", "pinned_message", "via_bot",
    "sender_chat", "is_topic_message", "message_thread_id", "media_group_id", "web_app_data",
    "users_shared", "chat_shared", "poll", "dice", "location", "venue", "animation", "audio",
    "video_note", "story", "edit_date", "author_signature", "has_protected_content", "quote",
    "forum_topic_created", "forum_topic_closed", "write_access_allowed", "game", "order_info",
    "link_preview_options", "inline_message_id", "game_short_name", "shipping_option_id",
    "business_connection_id",
)  # fmt: skip
_KINDS: Final = (
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query",
    "chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query", "poll",
    "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "message_reaction",
    "business_message", "purchased_paid_media", "unheard_of",
)  # fmt: skip
_CHATS: Final = ("private", "group", "supergroup", "channel", "sender", "", "secret")


class Mutator:
    """``trusted``: people in whose name nothing hostile is sent; ``strangers`` send it instead."""

    def __init__(
        self,
        rng: random.Random,
        specimens: list[Update],
        known: Known,
        trusted: frozenset[int],
        strangers: list[int],
    ) -> None:
        self._rng = rng
        self._specimens = specimens
        self._known = known
        self._trusted = trusted
        self._strangers = strangers
        self._ways: tuple[Callable[[Update], None], ...] = (
            self._lose, self._add, self._replace, self._replace, self._swap, self._repeat,
            self._redate, self._forge_press, self._forge_press, self._forge_payment, self._type,
            self._type, self._rename, self._be_elsewhere, self._join,
        )  # fmt: skip

    def next(self, update_id: int) -> str:
        """The next update as raw JSON. Its id is most often the one that is given."""
        update = copy.deepcopy(self._rng.choice(self._specimens))
        if self._rng.random() >= _UNTOUCHED_SHARE:
            for _ in range(self._rng.randint(1, _MOST_AT_ONCE)):
                if any(_places(update)):  # something is left
                    self._rng.choice(self._ways)(update)
        self._send_by_stranger(update)
        update["update_id"] = update_id
        if self._rng.random() < 0.02:
            self._misnumber(update, update_id)
        return json.dumps(update)

    # ── ways to go wrong ──────────────────────────────────────────────────────────────────────────

    def _lose(self, update: Update) -> None:
        within, key = self._place(update)
        del within[key]

    def _add(self, update: Update) -> None:
        within = self._rng.choice([each for each in _containers(update) if isinstance(each, dict)])
        taken = self._subtree() if self._rng.random() < 0.5 else junk.value(self._rng)
        within[self._rng.choice(_FIELDS)] = taken

    def _replace(self, update: Update) -> None:
        within, key = self._place(update)
        within[key] = junk.value(self._rng)

    def _swap(self, update: Update) -> None:
        within, key = self._place(update)
        within[key] = self._subtree()

    def _repeat(self, update: Update) -> None:
        lists = [each for each in _containers(update) if isinstance(each, list) and each]
        if lists:
            chosen = self._rng.choice(lists)
            is_small = sum(1 for _ in _places(chosen)) < _SMALL
            chosen.extend(copy.deepcopy(chosen) * self._rng.choice((1, 1, 200 if is_small else 1)))

    def _redate(self, update: Update) -> None:
        for place in _places(update):
            if place[1] in ("date", "edit_date", "until_date") and self._rng.random() < 0.7:
                place[0][place[1]] = junk.instant(self._rng)

    def _forge_press(self, update: Update) -> None:
        query = update.get("callback_query")
        if isinstance(query, dict):
            query["data"] = junk.press(self._rng, self._known)

    def _forge_payment(self, update: Update) -> None:
        """Never one that holds good: then it would be a payment."""
        for within, key in list(_places(update)):
            payment = within[key]
            if not isinstance(payment, dict) or "invoice_payload" not in payment:
                continue
            payment["invoice_payload"] = self._rng.choice((*self._known.orders, "", junk.BIDI))
            payment["total_amount"] = self._rng.choice((0, -1, 1, 2**63, 19_900, 10**9))
            payment["currency"] = self._rng.choice(("CNY", "XTR", "cny", "", "EUR", junk.HTML))
            if "telegram_payment_charge_id" in payment:
                payment["telegram_payment_charge_id"] = f"forged_{self._rng.random()}"

    def _type(self, update: Update) -> None:
        for kind in ("message", "edited_message"):
            message = update.get(kind)
            if isinstance(message, dict):
                typed = junk.text(self._rng)
                message["text"] = typed
                length = len(typed.split(" ")[0])
                if typed.startswith("/"):
                    message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]

    def _rename(self, update: Update) -> None:
        """Another kind of update with the same content."""
        kind = next((key for key in update if key != "update_id"), None)
        if kind is not None:
            update[self._rng.choice(_KINDS)] = update.pop(kind)

    def _be_elsewhere(self, update: Update) -> None:
        for within, key in list(_places(update)):
            if key == "chat" and isinstance(within[key], dict):
                within[key] = {
                    **within[key],
                    "id": self._rng.choice((*self._known.numbers, -1001000009000, -5, 2**62)),
                    "type": self._rng.choice(_CHATS),
                }

    def _join(self, update: Update) -> None:
        """Two kinds in one."""
        other = copy.deepcopy(self._rng.choice(self._specimens))
        update.update({key: value for key, value in other.items() if key != "update_id"})

    # ── whose it is ───────────────────────────────────────────────────────────────────────────────

    def _send_by_stranger(self, update: Update) -> None:
        """Whoever is trusted sends nothing of this, nor does anything stand in their chats."""
        stranger = self._rng.choice(self._strangers)
        for within, key in list(_places(update)):
            if key == "id" and isinstance(within[key], int) and within[key] in self._trusted:
                within[key] = stranger

    def _misnumber(self, update: Update, update_id: int) -> None:
        kind = self._rng.random()
        if kind < 0.4:
            update["update_id"] = update_id - self._rng.randint(1, 1000)
        elif kind < 0.6:
            del update["update_id"]
        else:
            update["update_id"] = junk.value(self._rng)

    # ── places ────────────────────────────────────────────────────────────────────────────────────

    def _place(self, update: Update) -> _Place:
        """Seldom the whole content: then little is left to go wrong."""
        found = list(_places(update))
        deep = [place for place in found if place[0] is not update]
        return self._rng.choice(deep if deep and self._rng.random() < 0.95 else found)

    def _subtree(self) -> Any:
        within, key = self._place(self._rng.choice(self._specimens))
        return copy.deepcopy(within[key])


def _containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _containers(inner)


def _places(update: Update | list[Any]) -> Iterator[_Place]:
    for within in _containers(update):
        keys = list(within) if isinstance(within, dict) else range(len(within))
        for key in keys:
            if within is not update or key != "update_id":
                yield within, key
