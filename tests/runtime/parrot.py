"""A small bot with one of everything that the runtime carries: what the runtime's tests run."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.ext import (
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    ConversationHandler,
    MessageHandler,
    PreCheckoutQueryHandler,
    filters,
)

from bot.domain.errors import Refusal, UnknownPlan
from bot.domain.line import Msisdn
from bot.runtime.application import DecidingApplication
from bot.runtime.clock import Clock
from bot.runtime.decide import Route
from bot.services.events import RuntimeUnit
from bot.services.ports import CarrierOrderState
from bot.services.requests import (
    CancelAnswered,
    CancelOrder,
    FindLine,
    LineFound,
    LineMissing,
    LookUpOrder,
    OrderAnswered,
    OrderOutcomeUnknown,
    RequestFailed,
    SubmitOrder,
)
from bot.services.unit import Lane

NUMBER = Msisdn("+8613800001001")
WAITING_FOR_NAME = "waiting_for_name"
Context = CallbackContext[Any, Any, Any, Any]


class Parrot:
    """Repeats what it is told; some words do more."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.application: DecidingApplication
        self.decided: list[str] = []
        """The texts and events decided in this process, in order; rolled back ones too."""
        self.apology_fails = False
        self.picture = "square"

    @property
    def unit(self) -> RuntimeUnit:
        return self.application.unit

    def register(self, application: DecidingApplication) -> None:
        self.application = application
        application.add_handler(PreCheckoutQueryHandler(self.check_out))
        application.add_handler(CallbackQueryHandler(self.press))
        application.add_handler(
            ConversationHandler(
                entry_points=[CommandHandler("start", self.ask_name)],
                states={WAITING_FOR_NAME: [MessageHandler(filters.TEXT, self.greet)]},
                fallbacks=[],
                name="greeting",
                persistent=True,
            )
        )
        application.add_handler(MessageHandler(filters.TEXT, self.repeat))
        application.add_handler(MessageHandler(filters.Regex("trouble later"), self.boom), group=1)

    def routes(self) -> dict[str, Route]:
        return {
            "alarm": self.ring,
            "blocked": self.note_blocked,
            "line_found": self.tell_found,
            "line_missing": self.tell_missing,
            "order_answered": self.tell_ordered,
            "order_outcome_unknown": self.look,
            "cancel_answered": self.tell_cancelled,
            "request_failed": self.tell_failed,
        }

    # ── what people do ──

    async def ask_name(self, update: Any, _context: Context) -> str:
        await self.count("starts")
        self.say(update, "name?")
        return WAITING_FOR_NAME

    async def greet(self, update: Any, _context: Context) -> int:
        await self.count("greetings")
        self.say(update, f"hello {update.message.text}")
        if "boom" in update.message.text:
            raise ValueError("boom")
        return ConversationHandler.END

    async def press(self, update: Any, _context: Context) -> None:
        query = update.callback_query
        await self.count("presses")
        self.unit.outbox.telegram(
            "answerCallbackQuery",
            {"callback_query_id": query.id, "text": "pressed"},
            chat_id=None,
            lane=Lane.ANSWER,
        )
        self.show(query.from_user.id, f"pressed {query.data}", query.message.message_id)

    async def check_out(self, update: Any, _context: Context) -> None:
        self.decided.append("pre_checkout_query")
        self.unit.outbox.telegram(
            "answerPreCheckoutQuery",
            {"pre_checkout_query_id": update.pre_checkout_query.id, "ok": True},
            chat_id=None,
            lane=Lane.ANSWER,
        )

    async def repeat(self, update: Any, _context: Context) -> None:
        chat_id, words = update.message.chat_id, update.message.text
        self.decided.append(words)
        await self.count("texts")
        match words.split():
            case ["panel", *_]:
                self.send_panel(chat_id)
            case ["redraw", text]:
                self.show(chat_id, text)
            case ["chart"]:
                photo = {"$file": {"kind": self.picture, "name": "square.png", "side": 8}}
                self.unit.outbox.telegram(
                    "sendPhoto", {"chat_id": chat_id, "photo": photo}, chat_id=chat_id, slot="chart"
                )
            case ["paper"]:
                paper = {"$file": {"kind": self.picture, "name": "paper.pdf", "side": 8}}
                self.unit.outbox.telegram(
                    "sendDocument", {"chat_id": chat_id, "document": paper}, chat_id=chat_id
                )
            case ["alarm", seconds]:
                due_at = self.clock.now() + timedelta(seconds=int(seconds))
                self.unit.timers.set(f"alarm:{chat_id}", "alarm", {"chat_id": chat_id}, due_at)
            case ["find"]:
                self.unit.outbox.carrier(FindLine(chat_id, NUMBER, None))
            case ["order", order_id]:
                self.order(self.unit, order_id)
            case ["cancel", order_id]:
                self.unit.outbox.carrier(CancelOrder(order_id, order_id))
            case ["all", count]:
                self.announce(int(count))
            case ["refuse"]:
                raise UnknownPlan("none")
            case ["slow"]:
                await asyncio.sleep(0.2)
                self.say(update, words)
            case ["boom"]:
                self.say(update, "never said")
                raise ValueError("boom 1000000:SANDBOX-abcdefghijklmnopqrstuvwxyz")
            case _:
                self.say(update, words)

    async def boom(self, _update: Any, _context: Context) -> None:
        raise ValueError("boom")

    async def apologise(
        self, update: Update, error: Exception, unit: RuntimeUnit, reference: str
    ) -> None:
        if self.apology_fails:
            raise ValueError("no apology either")
        chat = update.effective_chat
        if chat is not None:
            words = type(error).__name__ if isinstance(error, Refusal) else f"sorry {reference}"
            unit.outbox.telegram("sendMessage", _message(chat.id, words), chat_id=chat.id)

    # ── what else happens ──

    async def ring(self, unit: Any, alarm: dict[str, Any]) -> None:
        self.decided.append("alarm")
        chat_id = alarm["chat_id"]
        unit.outbox.telegram("sendMessage", _message(chat_id, "ring"), chat_id=chat_id)

    async def note_blocked(self, unit: Any, blocked: dict[str, Any]) -> None:
        self.decided.append(f"blocked {blocked['chat_id']}")
        unit.counters.set("blocked", blocked["chat_id"])

    async def tell_found(self, unit: Any, answer: LineFound) -> None:
        self.decided.append(f"found {answer.line.ref}")

    async def tell_missing(self, unit: Any, answer: LineMissing) -> None:
        self.decided.append(f"missing {answer.request.msisdn}")

    async def tell_ordered(self, unit: Any, answer: OrderAnswered) -> None:
        self.decided.append(f"ordered {answer.order_id} {answer.order.state}")
        if answer.order.state is CarrierOrderState.NOT_FOUND:
            self.order(unit, answer.order_id)
            return
        unit.counters.set("ordered", (await unit.counters.get("ordered") or 0) + 1)

    async def look(self, unit: Any, answer: OrderOutcomeUnknown) -> None:
        self.decided.append(f"unknown {answer.order_id}")
        unit.outbox.carrier(LookUpOrder(answer.order_id, answer.order_id, answer.look))

    async def tell_cancelled(self, unit: Any, answer: CancelAnswered) -> None:
        self.decided.append(f"cancel {answer.order_id} {answer.outcome}")

    async def tell_failed(self, unit: Any, answer: RequestFailed) -> None:
        self.decided.append(f"failed {type(answer.request).__name__} {answer.error}")

    # ── words ──

    async def count(self, name: str) -> None:
        """Counts in the transaction itself, so that a decision made twice would show."""
        counters = self.unit.counters
        counters.set(name, (await counters.get(name) or 0) + 1)

    def say(self, update: Any, words: str) -> None:
        chat_id = update.effective_chat.id
        self.unit.outbox.telegram("sendMessage", _message(chat_id, words), chat_id=chat_id)

    def order(self, unit: Any, order_id: str) -> None:
        unit.outbox.carrier(SubmitOrder(order_id, order_id, "r", NUMBER, "M30", 1))

    def send_panel(self, chat_id: int) -> None:
        keys = {"inline_keyboard": [[{"text": "press", "callback_data": "key"}]]}
        message = {**_message(chat_id, "panel"), "reply_markup": keys}
        self.unit.outbox.telegram("sendMessage", message, chat_id=chat_id, slot="panel")

    def show(self, chat_id: int, words: str, message_id: int | None = None) -> None:
        message = _message(chat_id, words)
        if message_id is not None:
            message["message_id"] = message_id
        self.unit.outbox.telegram("editMessageText", message, chat_id=chat_id, slot="panel")

    def announce(self, count: int) -> None:
        for chat_id in range(2_000_000, 2_000_000 + count):
            self.unit.outbox.telegram(
                "sendMessage", _message(chat_id, "news"), chat_id=chat_id, lane=Lane.BULK
            )


def _message(chat_id: int, words: str) -> dict[str, Any]:
    return {"chat_id": chat_id, "text": words}
