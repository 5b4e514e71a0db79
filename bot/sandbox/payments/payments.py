"""The payments platform as the world of the sandbox holds it."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from pydantic import TypeAdapter
from starlette.routing import BaseRoute

from bot.sandbox.payments.book import Book
from bot.sandbox.payments.checkout import Checkout
from bot.sandbox.payments.checkout_api import CheckoutApi
from bot.sandbox.payments.control import PaymentsControl
from bot.sandbox.payments.customers_api import CustomersApi
from bot.sandbox.payments.events_api import EventsApi
from bot.sandbox.payments.faults import Faults
from bot.sandbox.payments.gate import Gate, Journal
from bot.sandbox.payments.giving_back import GivingBack
from bot.sandbox.payments.intents_api import IntentsApi
from bot.sandbox.payments.model import Event, State
from bot.sandbox.payments.notices import Notices
from bot.sandbox.payments.pay_page import PayPage
from bot.sandbox.payments.refunds_api import RefundsApi
from bot.sandbox.payments.till import Till

_LOOK_EVERY_S = 1.0

_STATE = TypeAdapter(State)


class Clock(Protocol):
    """The one clock of the sandbox."""

    @property
    def version(self) -> int:
        """Grows by one at every jump."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""

    async def sleep_until(self, instant: datetime) -> None:
        """Return once the clock has reached the instant."""

    async def wait_for_jump(self, after: int, timeout_s: float) -> None:
        """Return once the clock has jumped, or after real seconds."""


class Payments:
    """A payments platform with one account, that of `merchant`.

    `changed` is called when something happened, also by itself.
    """

    def __init__(self, clock: Clock, merchant: str, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._clock = clock
        self._faults = Faults()
        self._journal = Journal()
        self._notices = Notices(self._faults)
        self._book = Book(clock, self._told)
        till = Till(self._book, self._faults)
        self._checkout = Checkout(self._book, till, self._faults)
        self._giving_back = GivingBack(self._book, self._faults)
        self._page = PayPage(self._book, self._checkout, self.settle, merchant)
        self._apis = (
            CheckoutApi(self._book, self._checkout),
            IntentsApi(self._book, till),
            RefundsApi(self._book, self._giving_back),
            CustomersApi(self._book, till),
            EventsApi(self._book),
        )
        self._looking: asyncio.Task[None] | None = None

    @property
    def violations(self) -> list[dict[str, Any]]:
        """Requests that misused the API: `{where, problem, subject}`."""
        return self._journal.violations

    def routes(self) -> list[BaseRoute]:
        """The Stripe API, to be mounted under /stripe."""
        gate = Gate(self._book, self._faults, self._journal, self.settle)
        return [*(route for api in self._apis for route in api.routes(gate)), gate.unknown()]

    def page_routes(self) -> list[BaseRoute]:
        """The hosted pay page, /pay/{session}, and its files."""
        return self._page.routes()

    def control_routes(self) -> list[BaseRoute]:
        """The control API, to be mounted under /sandbox/payments."""
        return PaymentsControl(
            self._book,
            self._checkout,
            self._giving_back,
            self._faults,
            self._journal,
            self.settle,
        ).routes()

    def settle(self) -> None:
        """Carry out whatever came due: sessions expire, refunds end."""
        state = self._book.state
        for identity in self._book.came_due():
            if identity in state.sessions:
                self._checkout.came_due(state.sessions[identity])
            elif identity in state.refunds:
                self._giving_back.came_due(state.refunds[identity])

    def start(self) -> None:
        """Begin to look for what comes due, so that notices go out by themselves."""
        self._looking = asyncio.get_running_loop().create_task(self._look())

    async def close(self) -> None:
        """Stop looking and sending."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        await self._notices.close()

    def snapshot(self) -> dict[str, Any]:
        """Everything the platform would still know after a restart, as JSON."""
        state: dict[str, Any] = _STATE.dump_python(self._book.state, mode="json")
        return state

    def restore(self, saved: dict[str, Any]) -> None:
        """Go on from a snapshot."""
        self._book.load(_STATE.validate_python(saved))

    async def _look(self) -> None:
        while True:
            self.settle()
            await self._clock.wait_for_jump(self._clock.version, _LOOK_EVERY_S)

    def _told(self, event: Event) -> None:
        self._changed()
        self._notices.tell(event, self._book)
