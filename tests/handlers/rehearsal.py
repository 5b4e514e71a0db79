"""The dialogues on their own: a real store and real services, nobody outside.

An update is decided as the runtime decides it; what would have left is looked at.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from telegram import Update
from telegram.request import BaseRequest, RequestData

from bot.domain.errors import Refusal
from bot.domain.money import Money
from bot.routes import Use
from bot.runtime.application import DecidingApplication, build_application
from bot.runtime.persistence import ConversationPersistence
from bot.services.events import RuntimeUnit
from bot.services.ports import FoundLine
from bot.services.requests import FindLine, LineFound, ReadingTaken
from bot.services.stock_catalogue import StockCatalogue
from bot.services.unit import Unit
from bot.services_built import branding, build_services
from bot.settings import Settings
from handlers import register
from handlers.context import EventContext
from handlers.errors import Errors
from storage.database import Database
from storage.unit import SqliteStore
from tests.clocks import StoppedClock
from tests.handlers.facts import CAPABILITIES, CATALOGUE, LINE, NOW, reading

FOUND = FoundLine(LINE.ref, LINE.msisdn, LINE.iccid, LINE.zone, LINE.status)
WALLET = Money(23600, "CNY")
BOT = {"id": 1000000, "is_bot": True, "first_name": "LEB", "username": "leb_card_bot"}


class _NobodyOutside(BaseRequest):
    """Answers ``getMe`` and refuses the rest: a dialogue never reaches the network."""

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        assert url.endswith("/getMe"), f"a dialogue called {url}"
        return 200, json.dumps({"ok": True, "result": BOT}).encode()


@dataclass(frozen=True)
class Staged:
    """One Bot API call, or a request to the carrier, that would have left."""

    method: str
    parameters: dict[str, Any]
    slot: str | None
    lane: int
    raw: str = ""
    """The parameters as the outbox holds them."""

    @property
    def text(self) -> str:
        return str(self.parameters.get("text", ""))


class Rehearsal:
    def __init__(
        self,
        path: Path,
        store: SqliteStore,
        clock: StoppedClock,
        application: DecidingApplication,
        persistence: ConversationPersistence,
        use: Use,
        errors: Errors,
    ) -> None:
        self.path = path
        self.store = store
        self.clock = clock
        self.use = use
        self._application = application
        self._persistence = persistence
        self._errors = errors
        self._last_id = 100

    def person(
        self, person_id: int = 1001, language: str = "zh-hans", name: str = "林晓"
    ) -> Person:
        who = {"id": person_id, "is_bot": False, "first_name": name, "language_code": language}
        return Person(self, who)

    async def decides(self, update: dict[str, Any]) -> list[Staged]:
        """Decides the update; a refusal or an error is told in a second transaction."""
        parsed = Update.de_json({"update_id": self.next_id(), **update}, self._application.bot)
        try:
            async with self.store.unit() as unit:
                await self._application.decide(parsed, unit)
                return await self._staged(unit)
        except Exception as error:
            if not isinstance(error, Refusal | ZeroDivisionError):
                raise
            await self._application.forget()
            async with self.store.unit() as unit:
                await self._errors.tell(parsed, error, unit, "AB12CD")
                return await self._staged(unit)

    async def happens(self, what: Callable[[Unit], Awaitable[None]]) -> list[Staged]:
        """Something that is not an update: a carrier's answer, a timer, a notice."""
        async with self.store.unit() as unit:
            await what(unit)
            return await self._staged(unit)

    async def restarts(self) -> None:
        """Everything in memory is forgotten; the conversations come back from the store."""
        kept = await self._persistence.get_conversations("chat")
        for states in self._application._conversation_handler_conversations.values():
            states.data.clear()
            states.update_no_track(kept)

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    async def _staged(self, unit: RuntimeUnit) -> list[Staged]:
        """What was staged, after giving the messages of slots an id as Telegram would."""
        staged = list(unit.effects.staged)
        for effect in staged:
            if effect.slot and effect.chat_id and effect.kind.startswith("send"):
                unit.effects.fill_slot(effect.chat_id, effect.slot, self.next_id())
        return [
            Staged(each.kind, json.loads(each.payload), each.slot, each.lane, each.payload)
            for each in staged
        ]


@asynccontextmanager
async def rehearsal(path: Path, **given: Any) -> AsyncIterator[Rehearsal]:
    """The dialogues over a migrated database, with the catalogue on sale; ``given``: settings."""
    clock = StoppedClock(NOW)
    settings = Settings(
        _env_file=None,
        payment_provider_token=SecretStr("1:TEST"),
        opening_balances=True,
        texts_directory=path.parent / "texts",
        **given,
    )
    async with Database(path) as database:
        store = SqliteStore(database, clock.now)
        nobody: Any = _NobodyOutside()
        stopped: Any = clock
        persistence = ConversationPersistence(store, stopped)
        application = build_application(
            token="1000000:TEST",
            base_url="http://nobody.invalid/bot",
            request=nobody,
            persistence=persistence,
            context=EventContext,
        )
        use = build_services(settings, clock, _Capable())  # type: ignore[arg-type]
        errors = register(
            application, use.of_dialogues, clock, branding(settings), settings.support_group_id
        )
        await application.initialize()
        async with store.unit() as unit:
            await StockCatalogue(clock).first_time(unit, CATALOGUE)
        yield Rehearsal(path, store, clock, application, persistence, use, errors)


class _Capable:
    """Of the carrier, the services ask only what it can do."""

    capabilities = CAPABILITIES


class Person:
    """Somebody in their private chat with the bot; ``saw`` is what the last event brought."""

    def __init__(self, rehearsal: Rehearsal, who: dict[str, Any]) -> None:
        self._rehearsal = rehearsal
        self._who = who
        self.id: int = who["id"]
        self.saw: list[Staged] = []

    @property
    def text(self) -> str:
        """All words that the last event brought."""
        return "\n".join(each.text for each in self.saw if each.text)

    @property
    def methods(self) -> list[str]:
        return [each.method for each in self.saw]

    def data(self, label: str) -> str:
        """What the shown key whose label contains the text would say."""
        for each in reversed(self.saw):
            for row in each.parameters.get("reply_markup", {}).get("inline_keyboard", []):
                for key in row:
                    if label in key["text"]:
                        return str(key["callback_data"])
        raise AssertionError(f"no key {label!r} in {self.saw}")

    async def sends(self, text: str) -> str:
        entities = []
        if text.startswith("/"):
            entities = [
                {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
            ]
        return await self._writes({"text": text, "entities": entities})

    async def sends_sticker(self) -> str:
        sticker = {
            "file_id": "f", "file_unique_id": "u", "type": "regular", "width": 512, "height": 512,
            "is_animated": False, "is_video": False,
        }  # fmt: skip
        return await self._writes({"sticker": sticker})

    async def sends_photo(self, caption: str = "") -> str:
        photo = {"file_id": "p", "file_unique_id": "u", "width": 800, "height": 600}
        return await self._writes({"photo": [photo], "caption": caption})

    async def sends_contact(
        self, phone: str, user_id: int | None, *, forwarded: bool = False
    ) -> str:
        contact: dict[str, Any] = {"phone_number": phone, "first_name": "X"}
        if user_id is not None:
            contact["user_id"] = user_id
        message: dict[str, Any] = {"contact": contact}
        if forwarded:
            origin = {"type": "user", "date": 1, "sender_user": self._who}
            message["forward_origin"] = origin
        return await self._writes(message)

    async def forwards_message_of(self, person_id: int) -> str:
        sender = {"id": person_id, "is_bot": False, "first_name": "X"}
        origin = {"type": "user", "date": 1, "sender_user": sender}
        return await self._writes({"text": "hello", "forward_origin": origin})

    async def edits(self, text: str, message_id: int | None = None) -> str:
        edited = self._message({"text": text, "edit_date": 2})
        if message_id is not None:
            edited["message_id"] = message_id
        return await self._happens({"edited_message": edited})

    async def presses(self, label: str) -> str:
        return await self.presses_data(self.data(label))

    async def presses_data(
        self, data: str, message: Mapping[str, Any] | None = None, query_id: str = "q1"
    ) -> str:
        """Presses a button with that data under a message of the bot."""
        held = {
            "message_id": 50, "date": 1, "text": "…", "from": BOT, "chat": self._chat,
        }  # fmt: skip
        query = {
            "id": query_id, "from": self._who, "chat_instance": "c", "data": data,
            "message": dict(message or held),
        }  # fmt: skip
        return await self._happens({"callback_query": query})

    async def pays(self, payload: str, minor: int, charge_id: str = "charge-1") -> str:
        paid = {
            "currency": "CNY", "total_amount": minor, "invoice_payload": payload,
            "telegram_payment_charge_id": charge_id, "provider_payment_charge_id": "p-1",
        }  # fmt: skip
        return await self._writes({"successful_payment": paid})

    async def is_about_to_pay(self, payload: str, minor: int, currency: str = "CNY") -> Staged:
        query = {
            "id": "pc1", "from": self._who, "currency": currency, "total_amount": minor,
            "invoice_payload": payload,
        }  # fmt: skip
        await self._happens({"pre_checkout_query": query})
        assert self.methods == ["answerPreCheckoutQuery"]
        return self.saw[0]

    async def writes_in_group(self, text: str) -> str:
        group = {"id": -5, "type": "group", "title": "Trip"}
        entities = []
        if text.startswith("/"):
            entities = [
                {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
            ]
        message = {**self._message({"text": text, "entities": entities}), "chat": group}
        return await self._happens({"message": message})

    async def links_the_line(self) -> None:
        """By own contact; the carrier knows the number and has read the line."""
        await self.sends_contact("+8613800001001", self.id)
        link, take = self._rehearsal.use.of_dialogues.link, self._rehearsal.use.take
        found = LineFound(FindLine(self.id, LINE.msisdn, None), FOUND)
        await self._rehearsal.happens(lambda unit: link.on_line_found(unit, found))
        taken = ReadingTaken(reading(wallet=WALLET))
        self.saw = await self._rehearsal.happens(lambda unit: take.on_reading(unit, taken))

    async def _writes(self, content: dict[str, Any]) -> str:
        return await self._happens({"message": self._message(content)})

    async def _happens(self, update: dict[str, Any]) -> str:
        self.saw = await self._rehearsal.decides(update)
        return self.text

    def _message(self, content: dict[str, Any]) -> dict[str, Any]:
        return {
            "message_id": self._rehearsal.next_id(), "date": 1, "from": self._who,
            "chat": self._chat, **content,
        }  # fmt: skip

    @property
    def _chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": self._who["first_name"]}
