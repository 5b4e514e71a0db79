"""The Stars courier: what it asks again, and what it takes for done."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram.error import NetworkError

from bot.domain.forgetting import new_pseudonym
from bot.domain.money import STARS, Money
from bot.domain.payment import Charge, Settlement
from bot.runtime.bot_api import ApiRefused
from bot.runtime.codec import answer_from_json
from bot.runtime.http import NotSent
from bot.runtime.marks import Marks
from bot.runtime.stars_courier import StarsCourier
from bot.runtime.undecided import Undecided
from bot.services.platform import PlatformRefund, RefundState
from bot.services.platform_requests import RefundsSeen
from bot.services.stars_requests import (
    NOBODY,
    PAGE,
    ReadStars,
    RefundStars,
    StarsMove,
    StarsNotRead,
    StarsRead,
    StarsRequest,
)
from storage.database import Database
from storage.unit import SqliteStore
from tests.runtime.harness import at_noon

NOON = at_noon()
PRICE = Money(1250, STARS)
REFUND = RefundStars("order:LEB-1", 1001, "stars-charge-1", PRICE)


class HurryingClock:
    """Every pause is over at once; time has passed all the same."""

    def __init__(self) -> None:
        self._now = NOON

    def now(self) -> Any:
        return self._now

    async def pause(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class FreeRate:
    """Lets every call go at once."""

    def turn(self, lane: object, chat_id: object) -> AbstractAsyncContextManager[None]:
        return nullcontext()

    def refused(self, chat_id: object, retry_after_s: float) -> None: ...


@dataclass
class FakeApi:
    """``trouble`` is raised by the next calls, one each; the last one for ever when ``lasting``."""

    trouble: list[Exception] = field(default_factory=list)
    lasting: bool = False
    result: Any = True
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    async def call(self, method: str, parameters: Mapping[str, Any]) -> Any:
        self.asked.append((method, parameters))
        if self.trouble:
            raise self.trouble[0] if self.lasting else self.trouble.pop(0)
        return self.result


async def answers(path: Path, api: FakeApi, request: StarsRequest = REFUND) -> list[Any]:
    """What stands in the inbox once that was asked for; nothing waits in the outbox then."""
    clock, fake = HurryingClock(), api
    async with Database(path) as database:
        store = SqliteStore(database, lambda: NOON)
        marks = Marks(store, Undecided(store), clock)  # type: ignore[arg-type]
        courier = StarsCourier(fake, store, marks, clock, FreeRate())  # type: ignore[arg-type]
        async with store.unit() as unit:
            unit.outbox.stars(request)
        (effect,) = unit.effects.staged
        await courier.carry_out(effect)
        await marks.write()
        async with store.unit() as unit:
            events = await unit.inbox.undecided(10)
            assert await unit.effects.pending(courier.name, 0, 10) == []
    return [answer_from_json(event.kind, event.payload) for event in events]


def seen(state: RefundState, why: str | None = None) -> RefundsSeen:
    refund = PlatformRefund("stars-charge-1", "stars-charge-1", PRICE, state, "order:LEB-1", why)
    return RefundsSeen([refund])


async def test_stars_go_back_to_who_paid_by_the_charge(path: Path) -> None:
    api = FakeApi()
    assert await answers(path, api) == [seen(RefundState.DONE)]
    asked = {"user_id": 1001, "telegram_payment_charge_id": "stars-charge-1"}
    assert api.asked == [("refundStarPayment", asked)]


@pytest.mark.parametrize(
    "trouble",
    [
        NotSent("no connection"),
        NetworkError("broken in the middle"),
        ApiRefused(429, "Too Many Requests: retry after 3", 3),
    ],
)
async def test_in_trouble_the_same_is_asked_again(path: Path, trouble: Exception) -> None:
    api = FakeApi([trouble, trouble])
    assert await answers(path, api) == [seen(RefundState.DONE)]
    assert len(api.asked) == 3


async def test_what_went_back_already_is_done(path: Path) -> None:
    """An earlier request was carried out, and its answer was lost."""
    refused = ApiRefused(400, "Bad Request: CHARGE_ALREADY_REFUNDED", None)
    assert await answers(path, FakeApi([NetworkError("lost"), refused])) == [seen(RefundState.DONE)]


async def test_what_telegram_does_not_give_back_is_told_as_failed(path: Path) -> None:
    refused = ApiRefused(400, "Bad Request: CHARGE_NOT_FOUND", None)
    failed = seen(RefundState.FAILED, "Bad Request: CHARGE_NOT_FOUND")
    assert await answers(path, FakeApi([refused])) == [failed]


async def test_patience_ends_and_what_is_owed_stays_owed(path: Path) -> None:
    api = FakeApi([NetworkError("down")], lasting=True)
    assert await answers(path, api) == []
    assert len(api.asked) > 5


# ── what Telegram lists ───────────────────────────────────────────────────────────────────────────


def transaction(way: str, **partner: Any) -> dict[str, Any]:
    """``way``: source of what comes in, receiver of what goes out."""
    by_invoice = {
        "type": "user",
        "transaction_type": "invoice_payment",
        "user": {"id": 1001, "is_bot": False, "first_name": "林晓"},
        "invoice_payload": "payment-1",
    }
    at = int(NOON.timestamp())
    return {"id": "stars-charge-1", "amount": 1250, "date": at, way: by_invoice | partner}


async def test_what_came_in_and_went_out_by_invoices_is_told_and_all_is_counted(
    path: Path,
) -> None:
    listed = [
        transaction("source"),
        transaction("receiver"),
        transaction("source", transaction_type="gift_purchase"),
        {"id": "w", "amount": 5000, "date": 1, "receiver": {"type": "fragment"}},
        {"id": "t", "amount": 1, "date": 1},
    ]
    api = FakeApi(result={"transactions": listed})
    move = StarsMove("stars-charge-1", "payment-1", 1001, PRICE, NOON, is_refund=False)
    moves = [move, replace(move, person_id=NOBODY, is_refund=True)]
    assert await answers(path, api, ReadStars(40)) == [StarsRead(40, 5, moves)]
    assert api.asked == [("getStarTransactions", {"offset": 40, "limit": 100})]


async def test_a_list_that_cannot_be_had_within_a_minute_is_told_as_not_read(path: Path) -> None:
    api = FakeApi([NetworkError("down")], lasting=True)
    assert await answers(path, api, ReadStars(0)) == [StarsNotRead("unavailable")]


async def test_a_list_that_telegram_refuses_is_told_with_its_reason(path: Path) -> None:
    refused = ApiRefused(400, "Bad Request: LIMIT_INVALID", None)
    said = await answers(path, FakeApi([refused]), ReadStars(0))
    assert said == [StarsNotRead("Bad Request: LIMIT_INVALID")]


class ListingApi(FakeApi):
    """Lists a page of somebody else's moves before the one that is looked for."""

    async def call(self, method: str, parameters: Mapping[str, Any]) -> Any:
        self.asked.append((method, parameters))
        if method != "getStarTransactions":
            return True
        others = [transaction("source", user={"id": 5}) | {"id": f"c{n}"} for n in range(PAGE)]
        later = [transaction("receiver", user={"id": 6}), transaction("source")]
        return {"transactions": others if parameters["offset"] == 0 else later}


async def test_stars_of_somebody_forgotten_go_back_to_whom_telegram_lists(path: Path) -> None:
    api = ListingApi()
    forgotten = replace(REFUND, payer_id=new_pseudonym())
    assert await answers(path, api, forgotten) == [seen(RefundState.DONE)]
    assert [asked.get("offset", asked.get("user_id")) for _, asked in api.asked] == [0, 100, 1001]


async def test_the_payer_of_a_charge_that_is_counted_is_not_taken_in_again(path: Path) -> None:
    async with Database(path) as database, SqliteStore(database, lambda: NOON).unit() as unit:
        charge = Charge("stars-charge-1", "payment-1", 1001, PRICE, "", NOON)
        await unit.payments.add_charge(charge, None, Settlement.UNKNOWN_PAYMENT)
    api = FakeApi(result={"transactions": [transaction("source")]})
    (read,) = await answers(path, api, ReadStars(0))
    assert [move.person_id for move in read.moves] == [NOBODY]
