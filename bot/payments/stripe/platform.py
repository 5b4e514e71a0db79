"""The payment platform port over Stripe: Checkout pages, saved cards, refunds, events.

Whatever must happen once goes out under a key made of our id. The platform keeps the answer under
the key and repeats it, even a failure; so after one that is repeated, what was made is looked for
by our id in its metadata, and only if nothing is there the next key is used. Keys live 24 hours:
what moves money is looked for before it is asked at all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypeVar

import stripe

from bot.domain.errors import PlatformOutcomeUnknown, PlatformRefused, PlatformUnavailable
from bot.domain.money import Money
from bot.payments.stripe import answers, notices, requests
from bot.payments.stripe.answers import payment_id as id_of
from bot.payments.stripe.settings import StripeSettings
from bot.payments.stripe.wire import Declined, KeyTaken, Wire
from bot.services.platform import (
    Checkout,
    CheckoutTerms,
    PlatformDispute,
    PlatformNotice,
    PlatformPayment,
    PlatformRefund,
    SavedCard,
)
from bot.services.ports import Clock

if TYPE_CHECKING:
    from stripe import StripeObject

MOST_KEYS: Final = 3
PAGE: Final = 100
#: More than this is not looked through: whoever asks is told so, not that nothing was found.
MOST_LISTED: Final = 5_000
#: A page lives a day at most.
RECENT: Final = timedelta(hours=25)
FIRST_NOTICES: Final = timedelta(days=1)

_PAGE_PARTS: Final = ["payment_intent.latest_charge", "payment_intent.payment_method"]
_INTENT_PARTS: Final = ["latest_charge", "payment_method"]

T = TypeVar("T")


class _Listed(Protocol):
    def auto_paging_iter(self) -> Any: ...


class StripePlatform:
    """One operator's account at Stripe. Use it with `async with`."""

    def __init__(self, settings: StripeSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._wire = Wire(settings.connect_timeout_s, settings.timeout_s)
        base_url = settings.base_url
        self._api = stripe.StripeClient(
            settings.secret_key,
            http_client=self._wire,
            base_addresses={"api": base_url.rstrip("/")} if base_url is not None else {},
        ).v1

    async def __aenter__(self) -> Self:
        self._wire.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._wire.close_async()

    async def open_checkout(self, terms: CheckoutTerms) -> Checkout:
        """Opens the page once for the payment. It outlives the terms by half an hour: `expire` it.

        Raises `PlatformRefused` for a page that was opened before and has closed since.
        """
        params = requests.ask_for_page(terms, self._settings.return_url)

        async def send(key: str) -> Checkout:
            session = await self._api.checkout.sessions.create_async(
                params, {"idempotency_key": key}
            )
            page = answers.read_checkout(_plain(session))
            if page is None:
                raise PlatformOutcomeUnknown("nonsense: the answer is not an open page")
            return page

        async def look() -> Checkout | None:
            session = await self._recent_session(terms.payment_id)
            if session is None:
                return None
            page = answers.read_checkout(session)
            if page is None:
                raise PlatformRefused("page_closed")
            return page

        return await _once(f"payment:{terms.payment_id}:open", send, look)

    async def payment(self, ref: str) -> PlatformPayment:
        if ref.startswith("cs_"):
            return await self._page(ref)
        intent = await self._api.payment_intents.retrieve_async(ref, {"expand": _INTENT_PARTS})
        return await self._payment_of(_plain(intent))

    async def find_payment(self, payment_id: str) -> PlatformPayment | None:
        """Recent ones are found in the lists, which hold what has just been made; older ones by
        the platform's search, which does not (Stripe, "Search": a minute behind, or more)."""
        if (session := await self._recent_session(payment_id)) is not None:
            return await self._page(session["id"])
        intents = await self._api.payment_intents.list_async(
            {"created": {"gte": self._seconds_ago(RECENT)}, "limit": PAGE}
        )
        if (intent := await _first(intents, payment_id)) is None:
            found = await self._api.payment_intents.search_async(
                {"query": f"metadata['{requests.PAYMENT_ID}']:'{payment_id}'", "limit": 1}
            )
            intent = await _first(found, payment_id)
        return None if intent is None else await self.payment(intent["id"])

    async def expire(self, ref: str) -> PlatformPayment:
        """Without a key of ours: a second request is refused by itself, and a key would repeat a
        failure for a day."""
        try:
            if ref.startswith("cs_"):
                await self._api.checkout.sessions.expire_async(ref)
            else:
                await self._api.payment_intents.cancel_async(ref)
        except PlatformRefused:
            """It is over already, or gone: what it has become is told below."""
        return await self.payment(ref)

    async def charge_saved(
        self, payment_id: str, card: SavedCard, amount: Money, title: str
    ) -> PlatformPayment:
        params = requests.ask_for_charge(payment_id, card, amount, title)

        async def send(key: str) -> PlatformPayment:
            try:
                intent = await self._api.payment_intents.create_async(
                    params, {"idempotency_key": key}
                )
            except Declined as declined:
                return answers.read_intent(declined.intent)
            return answers.read_intent(_plain(intent))

        async def look() -> PlatformPayment | None:
            intents = await self._api.payment_intents.list_async(
                {"customer": card.customer_ref, "limit": PAGE}
            )
            intent = await _first(intents, payment_id)
            return None if intent is None else await self.payment(intent["id"])

        if (charged := await look()) is not None:
            return charged
        return await _once(f"payment:{payment_id}:charge", send, look)

    async def forget_card(self, card: SavedCard) -> None:
        try:
            await self._api.payment_methods.detach_async(card.ref)
        except PlatformRefused as refused:
            if refused.code != "resource_missing" and await self._is_kept(card):
                raise

    async def refund(self, key: str, charge_id: str, amount: Money) -> PlatformRefund:
        params = requests.ask_for_refund(key, charge_id, amount)

        async def send(idempotency_key: str) -> PlatformRefund:
            refund = await self._api.refunds.create_async(
                params, {"idempotency_key": idempotency_key}
            )
            try:
                return answers.read_refund(_plain(refund))
            except PlatformUnavailable as nonsense:
                raise PlatformOutcomeUnknown(str(nonsense)) from None

        async def look() -> PlatformRefund | None:
            refunds = await self.refunds(charge_id)
            return next((refund for refund in refunds if refund.key == key), None)

        if (made := await look()) is not None:
            return made
        return await _once(key, send, look)

    async def refunds(self, ref: str) -> list[PlatformRefund]:
        if ref.startswith(("re_", "pyr_")):
            return [answers.read_refund(_plain(await self._api.refunds.retrieve_async(ref)))]
        listed = await self._api.refunds.list_async({"charge": ref, "limit": PAGE})
        return [answers.read_refund(body) async for body in _all(listed)]

    async def dispute(self, ref: str) -> PlatformDispute:
        return answers.read_dispute(_plain(await self._api.disputes.retrieve_async(ref)))

    async def notices_since(self, cursor: str | None) -> list[PlatformNotice]:
        """At most some thousands after a cursor; the rest follows the last of them. Raises
        `PlatformRefused` for a cursor that the platform no longer knows (30 days)."""
        if cursor is not None:
            listed = await self._api.events.list_async({"ending_before": cursor, "limit": PAGE})
            return await _notices(listed)
        since = self._seconds_ago(FIRST_NOTICES)
        listed = await self._api.events.list_async({"created": {"gte": since}, "limit": PAGE})
        return (await _notices(listed))[::-1]

    def read_notice(self, raw: bytes, headers: Mapping[str, str], now: datetime) -> PlatformNotice:
        return notices.read_signed(raw, headers, self._settings.webhook_secret, now)

    async def _page(self, ref: str) -> PlatformPayment:
        session = await self._api.checkout.sessions.retrieve_async(ref, {"expand": _PAGE_PARTS})
        return answers.read_page(_plain(session))

    async def _payment_of(self, intent: dict[str, Any]) -> PlatformPayment:
        """An intent that a page made is told by its page, which may wait for another card."""
        if requests.MADE_BY_PAGE in answers.part(intent, "metadata"):
            pages = await self._api.checkout.sessions.list_async(
                {"payment_intent": intent["id"], "limit": 1}
            )
            async for session in _all(pages):
                return await self._page(session["id"])
        return answers.read_intent(intent)

    async def _recent_session(self, payment_id: str) -> dict[str, Any] | None:
        sessions = await self._api.checkout.sessions.list_async(
            {"created": {"gte": self._seconds_ago(RECENT)}, "limit": PAGE}
        )
        return await _first(sessions, payment_id)

    async def _is_kept(self, card: SavedCard) -> bool:
        try:
            method = await self._api.payment_methods.retrieve_async(card.ref)
        except PlatformRefused:
            return False
        return _plain(method).get("customer") is not None

    def _seconds_ago(self, span: timedelta) -> int:
        return int((self._clock.now() - span).timestamp())


async def _once(
    key: str, send: Callable[[str], Awaitable[T]], look: Callable[[], Awaitable[T | None]]
) -> T:
    """Sends under the key, and under a further one only while that is taken and nothing found."""
    for turn in range(MOST_KEYS):
        try:
            return await send(f"{key}:{turn + 1}" if turn else key)
        except KeyTaken:
            if (made := await look()) is not None:
                return made
    raise PlatformOutcomeUnknown("a failure is kept under every key")


async def _all(listed: _Listed) -> AsyncIterator[dict[str, Any]]:
    """All entries, page by page, in the order in which the platform gives them: the newest first,
    but after a cursor the oldest first."""
    async for entry in listed.auto_paging_iter():
        yield _plain(entry)


async def _first(listed: _Listed, payment_id: str) -> dict[str, Any] | None:
    """The newest entry that was made for our payment."""
    count = 0
    async for entry in _all(listed):
        if id_of(entry) == payment_id:
            return entry
        count += 1
        if count == MOST_LISTED:
            raise PlatformUnavailable("more than can be looked through")
    return None


async def _notices(listed: _Listed) -> list[PlatformNotice]:
    found: list[PlatformNotice] = []
    async for event in _all(listed):
        if (notice := notices.read_event(event)) is not None:
            found.append(notice)
        if len(found) == MOST_LISTED:
            break
    return found


def _plain(thing: StripeObject) -> dict[str, Any]:
    return thing.to_dict()
