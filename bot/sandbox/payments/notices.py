"""Notices of events, posted to the endpoints and signed as Stripe signs them.

The scheme: header `Stripe-Signature: t=<seconds>,v1=<hex>`, where v1 is the HMAC-SHA256 of
`<seconds>.<raw body>` under the endpoint's secret (Stripe documentation, "Webhook signatures").
"""

import asyncio
import hashlib
import hmac
import json
from datetime import timedelta

import aiohttp

from bot.sandbox.payments.bodies import event_body
from bot.sandbox.payments.book import Book
from bot.sandbox.payments.faults import NOTICES, Faults, Kind
from bot.sandbox.payments.model import Endpoint, Event

_ANSWER_WITHIN = aiohttp.ClientTimeout(total=10)
_PAUSES_S = (0.2, 0.5, 1, 2, 5, 10, 30)  # Stripe tries for three days; seconds do here


def signature(body: bytes, secret: str, at: int) -> str:
    """The value of the header `Stripe-Signature`; `at` in Unix seconds."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"


class Notices:
    """Posts each event to each endpoint that wants it, and again until it is accepted."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._posting: set[asyncio.Task[None]] = set()
        self._held_back: list[Event] = []

    def tell(self, event: Event, book: Book) -> None:
        """Send the notice of an event on its way; faults strike those that somebody wants."""
        if not any(endpoint.wants(event.type) for endpoint in book.state.endpoints.values()):
            return
        fault = self._faults.take(event.type, NOTICES)
        kind = fault.kind if fault else None
        if kind is Kind.NOTICE_LOST:
            return
        if kind is Kind.NOTICE_REORDERED:
            self._held_back.append(event)
            return
        late = timedelta(milliseconds=fault.delay_ms if fault and kind is Kind.NOTICE_LATE else 0)
        following = [event] * (2 if kind is Kind.NOTICE_DOUBLE else 1) + self._held_back
        self._held_back = []
        for endpoint in book.state.endpoints.values():
            wanted = [event for event in following if endpoint.wants(event.type)]
            if wanted:
                self._begin(book, endpoint, wanted, late)

    async def close(self) -> None:
        """Stop sending."""
        tasks = list(self._posting)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, book: Book, endpoint: Endpoint, events: list[Event], late: timedelta) -> None:
        task = asyncio.get_running_loop().create_task(_deliver(book, endpoint, events, late))
        self._posting.add(task)
        task.add_done_callback(self._posting.discard)


async def _deliver(book: Book, endpoint: Endpoint, events: list[Event], late: timedelta) -> None:
    await book.sleep_until(book.today() + late)
    async with aiohttp.ClientSession(timeout=_ANSWER_WITHIN) as session:
        for event in events:
            await _post_until_accepted(session, book, endpoint, event)


async def _post_until_accepted(
    session: aiohttp.ClientSession, book: Book, endpoint: Endpoint, event: Event
) -> None:
    body = json.dumps(event_body(event), ensure_ascii=False).encode()
    for pause_s in (*_PAUSES_S, None):
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(body, endpoint.secret, book.now()),
        }
        try:
            async with session.post(endpoint.url, data=body, headers=headers) as answer:
                if answer.ok:
                    return
        except (aiohttp.ClientError, TimeoutError):
            pass  # the listener was away: it is tried again
        if pause_s is None or endpoint.id not in book.state.endpoints:
            return
        await asyncio.sleep(pause_s)
