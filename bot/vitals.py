"""How the bot fares, over HTTP: for a service manager that starts it again, and for a Prometheus
that keeps its figures.

Healthy is a bot that hears Telegram and can read its database. What only an operator can settle
makes it no less healthy: it is counted, and a restart would not help.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.runtime.run import Health
from bot.services.events import StoreFailed
from bot.services.ports import Clock
from storage.figures import Figures

HEALTH_PATH: Final = "/health"
METRICS_PATH: Final = "/metrics"
#: A poll of Telegram's ends within half of this even when nothing happens.
DEAF_AFTER: Final = timedelta(seconds=60)
_PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"


class Vitals:
    def __init__(
        self,
        health: Callable[[], Health],
        figures: Callable[[], Awaitable[Figures]],
        clock: Clock,
    ) -> None:
        self._health = health
        self._figures = figures
        self._clock = clock

    def routes(self) -> list[Route]:
        return [
            Route(HEALTH_PATH, self._tell_health, methods=["GET"]),
            Route(METRICS_PATH, self._tell_metrics, methods=["GET"]),
        ]

    async def _tell_health(self, _request: Request) -> Response:
        health, figures = self._health(), await self._read()
        fares_well = self._fares_well(health, figures)
        return JSONResponse(
            {
                "healthy": fares_well,
                "last_poll_at": _iso(health.last_poll_at),
                "undecided": health.undecided,
                "pending": health.pending,
                "charged_not_delivered": figures.charged_not_delivered if figures else None,
                "last_reconciled_at": _iso(figures.reconciled_at if figures else None),
            },
            HTTPStatus.OK if fares_well else HTTPStatus.SERVICE_UNAVAILABLE,
        )

    async def _tell_metrics(self, _request: Request) -> Response:
        health, figures = self._health(), await self._read()
        lines = self._gauges(health, figures)
        return PlainTextResponse("".join(lines), media_type=_PROMETHEUS)

    async def _read(self) -> Figures | None:
        """None when the database cannot be read: that is told, and no reason to tell nothing."""
        try:
            return await self._figures()
        except StoreFailed:
            return None

    def _fares_well(self, health: Health, figures: Figures | None) -> bool:
        heard_at, now = health.last_poll_at, self._clock.now()
        heard = heard_at is not None and now - heard_at <= DEAF_AFTER
        return heard and health.fatal is None and figures is not None

    def _gauges(self, health: Health, figures: Figures | None) -> Iterator[str]:
        """What is not known is left out."""
        healthy = self._fares_well(health, figures)
        yield _gauge("healthy", "1 while Telegram and the database are heard.", int(healthy))
        yield _gauge("events_waiting", "Events that wait for their decision.", health.undecided)
        yield _gauge("effects_waiting", "Effects that wait or are on their way.", health.pending)
        yield from self._age("seconds_since_poll", "Since Telegram answered.", health.last_poll_at)
        if figures is None:
            return
        late = "Orders paid half an hour ago and not delivered."
        yield _gauge("charged_not_delivered", late, figures.charged_not_delivered)
        yield _gauge("disputes_open", "Charges that a bank looks at.", figures.disputes_open)
        yield _gauge("refunds_owed", "Refunds that wait to be sent.", figures.refunds_owed)
        since = "Since the last reconciliation ended."
        yield from self._age("seconds_since_reconciliation", since, figures.reconciled_at)

    def _age(self, name: str, what: str, since: datetime | None) -> Iterator[str]:
        if since is not None:
            yield _gauge(name, what, round((self._clock.now() - since).total_seconds()))


def _gauge(name: str, what: str, value: int) -> str:
    return f"# HELP bot_{name} {what}\n# TYPE bot_{name} gauge\nbot_{name} {value}\n"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
