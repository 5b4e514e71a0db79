"""The payments courier: asks the payment platform, and stores what it answered as an event.

The adapter finds by our own ids what was done before (`bot.services.platform_requests`), so a
request whose outcome is unknown, or that a crash left in doubt, is asked again as it is. What a
subscriber asked for leaves in order: a page is closed after it was opened, or could not be.
"""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Final

import structlog

from bot.domain.errors import PlatformError, PlatformRefused, PlatformUnavailable
from bot.runtime.backoff import Backoff
from bot.runtime.clock import Clock
from bot.runtime.codec import platform_request_from_json
from bot.runtime.marks import Marks
from bot.runtime.request_courier import RequestCourier
from bot.services.events import Effect, NewEvent, Store
from bot.services.platform import PaymentPlatform, PlatformNotice, PlatformPayment
from bot.services.platform_requests import (
    AskedInVain,
    ChargeCard,
    CheckoutNotOpened,
    CheckoutOpened,
    DisputeSeen,
    ExpireCheckout,
    ForgetCard,
    LookUpDispute,
    LookUpPayment,
    LookUpRefunds,
    NoticesRead,
    OpenCheckout,
    PaymentSeen,
    PlatformAnswer,
    PlatformRequest,
    ReadNotices,
    RefundCharge,
    RefundsSeen,
)

SOURCE: Final = "payments"
NOTICES: Final = "stripe"
_PAGE_PATIENCE: Final = timedelta(seconds=45)
"""Somebody looks at the chat and waits for it."""
_CHARGE_ENDS: Final = timedelta(seconds=75)
"""A charge that was cut off has come to an end at the platform after that."""
_CHARGE_PATIENCE: Final = timedelta(minutes=3)
"""How long it is looked for, past the time in which it may begin."""
_PATIENCE: Final = timedelta(days=1)

_log = structlog.get_logger(__name__)


def notice_event(notice: PlatformNotice) -> NewEvent:
    """The notice as an event: polled or brought by the webhook, it is stored once."""
    payload = json.dumps({"subject": notice.subject, "ref": notice.ref})
    return NewEvent(NOTICES, notice.id, "platform_notice", payload)


class PlatformCourier(RequestCourier[PlatformRequest]):
    """``at_once`` bounds the calls under way."""

    name = "payments"
    source = SOURCE

    def __init__(
        self,
        platform: PaymentPlatform,
        store: Store,
        marks: Marks,
        clock: Clock,
        *,
        at_once: int = 16,
    ) -> None:
        super().__init__(platform_request_from_json, store, marks, clock)
        self._platform = platform
        self._at_once = asyncio.Semaphore(at_once)

    async def _answer(self, effect: Effect, request: PlatformRequest) -> PlatformAnswer | None:
        """Asks until there is an answer or patience ends; None when no answer is to be given."""
        backoff = Backoff(0.5, 30.0)
        while True:
            try:
                async with self._at_once, self.on_the_wire():
                    return await self._ask(request)
            except PlatformRefused as refused:
                _log.error("platform_refused", kind=effect.kind, code=refused.code)
                return _refused(request, refused.code)
            except PlatformError as error:
                if not self._may_wait(effect, request):
                    _log.warning("platform_unavailable", kind=effect.kind, error=str(error))
                    return _failure(request, "unavailable")
                await self._clock.pause(backoff.next_s())
            except Exception as fault:
                # Nonsense that the adapter did not expect: asking again would only repeat it.
                _log.exception("platform_adapter_failed", effect=effect.id, kind=effect.kind)
                return _failure(request, type(fault).__name__)

    def _may_wait(self, effect: Effect, request: PlatformRequest) -> bool:
        """Notices are read again by a timer, so that reading them never waits."""
        match request:
            case ReadNotices():
                return False
            case OpenCheckout():
                patience = _PAGE_PATIENCE
            case ChargeCard():
                return self._clock.now() < request.begins_by + _CHARGE_PATIENCE
            case _:
                patience = _PATIENCE
        return self._clock.now() - effect.created_at < patience

    async def _ask(  # noqa: PLR0911 - an answer each
        self, request: PlatformRequest
    ) -> PlatformAnswer | None:
        platform = self._platform
        match request:
            case OpenCheckout(terms):
                return CheckoutOpened(terms.payment_id, await platform.open_checkout(terms))
            case ExpireCheckout():
                return PaymentSeen(request.payment_id, await self._expire(request), request.why)
            case ChargeCard():
                return PaymentSeen(request.payment_id, await self._charge(request))
            case ForgetCard(card):
                await platform.forget_card(card)
                return None
            case LookUpPayment(ref, payment_id):
                return PaymentSeen(payment_id, await self._look_up(ref, payment_id))
            case RefundCharge(key, charge_id, amount):
                return RefundsSeen([await platform.refund(key, charge_id, amount)])
            case LookUpRefunds(ref):
                return RefundsSeen(await platform.refunds(ref))
            case LookUpDispute(ref):
                return DisputeSeen(await platform.dispute(ref))
            case ReadNotices(cursor):
                return self._bring(await self._notices_since(cursor))

    async def _expire(self, request: ExpireCheckout) -> PlatformPayment | None:
        ref = request.ref
        if ref is None:
            found = await self._platform.find_payment(request.payment_id)
            ref = found.ref if found is not None else None
        return await self._platform.expire(ref) if ref is not None else None

    async def _charge(self, request: ChargeCard) -> PlatformPayment | None:
        """A charge that is too late to begin is only looked for. That there is none is believed
        once one that was cut off must have ended."""
        if self._clock.now() < request.begins_by:
            return await self._platform.charge_saved(
                request.payment_id, request.card, request.amount, request.title
            )
        found = await self._platform.find_payment(request.payment_id)
        if found is None and self._clock.now() < request.begins_by + _CHARGE_ENDS:
            raise PlatformUnavailable("it may still come")
        return found

    async def _look_up(self, ref: str | None, payment_id: str | None) -> PlatformPayment | None:
        if ref is not None:
            return await self._platform.payment(ref)
        return await self._platform.find_payment(payment_id) if payment_id is not None else None

    async def _notices_since(self, cursor: str | None) -> list[PlatformNotice]:
        """A cursor that the platform no longer knows is forgotten: the last day is read anew."""
        try:
            return await self._platform.notices_since(cursor)
        except PlatformRefused:
            if cursor is None:
                raise
            return await self._platform.notices_since(None)

    def _bring(self, notices: list[PlatformNotice]) -> NoticesRead | None:
        """Each is an event of its own; the answer is how far they were read."""
        for notice in notices:
            self._marks.tell(notice_event(notice))
        return NoticesRead(notices[-1].id) if notices else None


def _refused(request: PlatformRequest, code: str) -> PlatformAnswer | None:
    """The platform's final word. It looked for the charge before it refused to make it."""
    if isinstance(request, ChargeCard):
        return PaymentSeen(request.payment_id, None)
    return _failure(request, code)


def _failure(request: PlatformRequest, code: str) -> PlatformAnswer | None:
    """What to answer for a request that came to nothing. How a charge ended is looked for by the
    reconciliation, which hears when that is in vain, and what notices brought up by later ones."""
    match request:
        case OpenCheckout(terms):
            return CheckoutNotOpened(terms.payment_id)
        case ExpireCheckout() | RefundCharge() | ForgetCard() | LookUpPayment():
            return AskedInVain(request, code)
        case _:
            return None
