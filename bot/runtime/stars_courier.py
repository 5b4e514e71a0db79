"""The Stars courier: asks Telegram to give Stars back, or what moves of them it lists, and stores
what it answered as an event.

Telegram lists who paid. Of a charge that is counted already nothing of that is taken in again, so
that who had their data deleted does not come back by it; and to give such a charge back, its payer
is looked for in the list.

Telegram gives a charge back once. So a request whose outcome is unknown, or that a crash left in
doubt, is made again as it is, and "already given back" means that it is done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import structlog
from telegram.error import NetworkError

from bot.domain.forgetting import is_pseudonym
from bot.domain.money import STARS, Money
from bot.runtime.backoff import Backoff
from bot.runtime.bot_api import ApiRefused, BotApi
from bot.runtime.clock import Clock
from bot.runtime.codec import Answer, stars_request_from_json
from bot.runtime.marks import Marks
from bot.runtime.rate import Rate
from bot.runtime.request_courier import GivenUp, RequestCourier
from bot.services.events import Effect, Store
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
from bot.services.unit import Lane

SOURCE: Final = "stars"
_BY_INVOICE: Final = "invoice_payment"
_ALREADY: Final = "CHARGE_ALREADY_REFUNDED"
_UNAVAILABLE: Final = "unavailable"
_PATIENCE: Final = timedelta(days=1)
_READING_PATIENCE: Final = timedelta(minutes=1)
"""A reading is asked for again by the next reconciliation."""

_log = structlog.get_logger(__name__)


class StarsCourier(RequestCourier[StarsRequest]):
    name = "stars"
    source = SOURCE

    def __init__(self, api: BotApi, store: Store, marks: Marks, clock: Clock, rate: Rate) -> None:
        super().__init__(stars_request_from_json, store, marks, clock)
        self._api = api
        self._rate = rate

    async def _answer(self, effect: Effect, request: StarsRequest) -> Answer:
        """Asks until Telegram has answered. Raises `GivenUp` when patience with a refund ends."""
        backoff = Backoff(0.5, 30.0)
        patience = _READING_PATIENCE if isinstance(request, ReadStars) else _PATIENCE
        while self._clock.now() - effect.created_at < patience:
            try:
                async with self._rate.turn(Lane.INTERACTIVE, None), self.on_the_wire():
                    return await self._ask(request)
            except NetworkError:
                await self._clock.pause(backoff.next_s())
            except ApiRefused as refusal:
                if refusal.code != HTTPStatus.TOO_MANY_REQUESTS:
                    return _refused(request, refusal)
                self._rate.refused(None, refusal.retry_after_s or 1.0)
        if isinstance(request, ReadStars):
            return StarsNotRead(_UNAVAILABLE)
        raise GivenUp(_UNAVAILABLE)

    async def _ask(self, request: StarsRequest) -> Answer:
        if isinstance(request, ReadStars):
            parameters: dict[str, Any] = {"offset": request.offset, "limit": PAGE}
            read = _read(request, await self._api.call("getStarTransactions", parameters))
            return replace(read, moves=await self._without_known_payers(read.moves))
        return await self._refund(request)

    async def _without_known_payers(self, moves: list[StarsMove]) -> list[StarsMove]:
        async with self._store.unit() as unit:
            return [
                replace(move, person_id=NOBODY)
                if move.is_refund or await unit.payments.has_charge(move.charge_id)
                else move
                for move in moves
            ]

    async def _refund(self, request: RefundStars) -> Answer:
        payer_id = request.payer_id
        if is_pseudonym(payer_id):
            payer_id = await self._payer_of(request.charge_id)
        parameters = {
            "user_id": payer_id,
            "telegram_payment_charge_id": request.charge_id,
        }
        await self._api.call("refundStarPayment", parameters)
        return _refund_seen(request, RefundState.DONE)

    async def _payer_of(self, charge_id: str) -> int:
        """Whom we forgot, and Telegram has not; `NOBODY` where it does not list the charge."""
        offset, listed = 0, PAGE
        while listed == PAGE:
            parameters = {"offset": offset, "limit": PAGE}
            page = _read(ReadStars(offset), await self._api.call("getStarTransactions", parameters))
            for move in page.moves:
                if move.charge_id == charge_id and not move.is_refund:
                    return move.person_id
            offset, listed = offset + page.listed, page.listed
        return NOBODY


def _refused(request: StarsRequest, refusal: ApiRefused) -> Answer:
    if isinstance(request, ReadStars):
        _log.error("stars_not_read", description=refusal.description)
        return StarsNotRead(refusal.description)
    if _ALREADY in refusal.description:
        return _refund_seen(request, RefundState.DONE)
    _log.error("stars_not_given_back", refund=request.key, description=refusal.description)
    return _refund_seen(request, RefundState.FAILED, refusal.description)


def _refund_seen(request: RefundStars, state: RefundState, why: str | None = None) -> RefundsSeen:
    charge_id = request.charge_id
    seen = PlatformRefund(charge_id, charge_id, request.amount, state, request.key, why)
    return RefundsSeen([seen])


def _read(request: ReadStars, result: Any) -> StarsRead:
    listed = result["transactions"]
    moves = [move for move in map(_move, listed) if move is not None]
    return StarsRead(request.offset, len(listed), moves)


def _move(transaction: dict[str, Any]) -> StarsMove | None:
    """None for what no invoice has to do with."""
    partner = transaction.get("source") or transaction.get("receiver") or {}
    if partner.get("transaction_type") != _BY_INVOICE:
        return None
    return StarsMove(
        charge_id=transaction["id"],
        payment_id=partner.get("invoice_payload"),
        person_id=partner["user"]["id"],
        amount=Money(transaction["amount"], STARS),
        at=datetime.fromtimestamp(transaction["date"], UTC),
        is_refund="receiver" in transaction,
    )
