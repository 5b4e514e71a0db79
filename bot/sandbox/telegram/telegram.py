"""The sandbox's Telegram: people, bots, chats, and what is on its way to the bots."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.account import Account
from bot.sandbox.telegram.chats import Chat, Stored
from bot.sandbox.telegram.faults import Faults
from bot.sandbox.telegram.journal import Journal
from bot.sandbox.telegram.membership import member_field, outside_field
from bot.sandbox.telegram.people import Person
from bot.sandbox.telegram.webhook import post_updates

Publish = Callable[[str, dict[str, Any]], None]


class Clock(Protocol):
    """The sandbox's clock, as Telegram uses it."""

    def timestamp(self) -> float:
        """Unix seconds."""


class Telegram:
    """Everything Telegram keeps. `publish` tells those who look at the sandbox."""

    def __init__(
        self,
        clock: Clock,
        publish: Publish,
        *,
        flood: bool = True,
        callback_answer_s: float = 15,
        strict: bool = True,
    ) -> None:
        self.clock = clock
        self.publish = publish
        self.has_flood_control = flood
        self.is_strict = strict
        self.faults = Faults()
        self.journal = Journal()
        self.violations: list[dict[str, Any]] = []
        self.people: dict[int, Person] = {}
        self.bots: dict[str, Account] = {}
        self._callback_answer_s = callback_answer_s
        self._posting: dict[str, asyncio.Task[None]] = {}

    def add_person(self, person: Person) -> None:
        """Somebody gets a Telegram account, or changes it."""
        self.people[person.id] = person

    def add_people(self, people: Iterable[Person]) -> None:
        """Several people at once."""
        for person in people:
            self.add_person(person)

    def add_bot(self, token: str, username: str, bot_id: int | None = None) -> Account:
        """A bot with its token; the number before the colon is its id unless told otherwise."""
        identity = bot_id if bot_id is not None else int(token.partition(":")[0])
        account = Account(token, username, identity, self.clock.timestamp, self._callback_answer_s)
        self.bots[token] = account
        return account

    def pending_updates(self, token: str) -> int:
        """How many updates a bot has not confirmed yet."""
        return self.bots[token].updates.pending()

    def chat_with(self, bot: Account, person: Person) -> Chat:
        """The private chat of a bot and a person, as yet closed when they never met."""
        chat = bot.chats.get(person.id)
        if chat is None:
            chat = bot.chats[person.id] = Chat(person.as_chat(), [person.id])
        return chat

    def add_group(self, bot: Account, chat: Chat, adder: Person) -> None:
        """A bot is added to a group by one of its members; it is told by my_chat_member."""
        before = outside_field(bot.as_user(), kicked=False)
        bot.chats[chat.id] = chat
        chat.is_open = True
        self._tell_standing(bot, chat, adder, before)

    def change_standing(
        self, bot: Account, chat: Chat, by: Person, *, kicked: bool, rights: list[str] | None
    ) -> None:
        """A bot is thrown out of a group, taken back, or given other rights by a member."""
        before = self.standing(bot, chat)
        chat.is_blocked, chat.rights = kicked, rights
        self._tell_standing(bot, chat, by, before)
        self.publish("group", {"chat_id": chat.id})

    def standing(self, bot: Account, chat: Chat) -> dict[str, Any]:
        """The Bot API's `ChatMember` of a bot in a chat."""
        if chat.is_blocked:
            return outside_field(bot.as_user(), kicked=True)
        return member_field(bot.as_user(), chat.rights)

    def _tell_standing(self, bot: Account, chat: Chat, by: Person, before: dict[str, Any]) -> None:
        self.deliver(
            bot,
            "my_chat_member",
            {
                "chat": chat.value,
                "from": by.as_user(),
                "date": int(self.clock.timestamp()),
                "old_chat_member": before,
                "new_chat_member": self.standing(bot, chat),
            },
        )

    def deliver(self, bot: Account, kind: str, content: dict[str, Any]) -> None:
        """Queue an update for a bot, checked against the specification."""
        times = 2 if self.faults.on_update("duplicate-update") else 1
        update = bot.updates.put(kind, content, times=times)
        if update is None:
            return
        if bot.updates.pending() > 1 and self.faults.on_update("reorder"):
            bot.updates.swap_last_two()
        if problem := facts.what_is_wrong_with("Update", update):
            self.violation("update", problem, update)

    def post(
        self, bot: Account, chat: Chat, sender: dict[str, Any], content: dict[str, Any]
    ) -> Stored:
        """Put a message into a chat where everyone sees it; bots are told by `deliver`."""
        stored = bot.new_message(chat, sender, content)
        self.publish("message", {"chat_id": chat.id, "message": stored.seen()})
        return stored

    def violation(self, where: str, problem: str, subject: dict[str, Any]) -> None:
        """Remember what is not as the specification wants it."""
        self.violations.append({"where": where, "problem": problem, "subject": subject})

    def webhook_changed(self, bot: Account) -> None:
        """Begin, end or redirect the posting of a bot's updates."""
        if bot.token in self._posting:
            self._posting.pop(bot.token).cancel()
        if bot.webhook.url:
            self._posting[bot.token] = asyncio.create_task(post_updates(bot))

    def start(self) -> None:
        """Go on posting to the webhooks that are set."""
        for bot in self.bots.values():
            self.webhook_changed(bot)

    async def stop(self) -> None:
        """End all posting, and let go of whoever waits for an answer."""
        for bot in self.bots.values():
            bot.updates.end_poll()
            bot.callbacks.close()
            bot.payments.close()
        posting = list(self._posting.values())
        self._posting.clear()
        for task in posting:
            task.cancel()
        await asyncio.gather(*posting, return_exceptions=True)

    def snapshot(self) -> dict[str, Any]:
        """People and bots as JSON; the journal and faults are of the moment."""
        return {
            "people": [person.as_dict() for person in self.people.values()],
            "bots": [bot.snapshot() for bot in self.bots.values()],
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Take over what was saved."""
        self.add_people(Person(**kept) for kept in saved["people"])
        for kept in saved["bots"]:
            self.add_bot(kept["token"], kept["username"], kept["id"]).restore(kept)
