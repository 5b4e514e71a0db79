"""The payment platform as the operator's settings describe it, and the way in for its notices."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.runtime.clock import Clock
from bot.runtime.platform_courier import notice_event
from bot.runtime.run import Runtime
from bot.runtime.undecided import Undecided
from bot.services.events import Store
from bot.services.platform import PaymentPlatform, PlatformNotice
from bot.settings import Settings


@asynccontextmanager
async def opened_platform(
    settings: Settings, clock: Clock
) -> AsyncIterator[PaymentPlatform | None]:
    """None when the settings name none. Its library is loaded only then: that takes a while."""
    if settings.stripe_secret_key is None:
        yield None
        return
    from bot.payments.stripe import StripePlatform, StripeSettings  # noqa: PLC0415

    secret = settings.stripe_webhook_secret
    account = StripeSettings(
        secret_key=settings.stripe_secret_key.get_secret_value(),
        return_url=settings.payment_return_url,
        webhook_secret=secret.get_secret_value() if secret is not None else None,
        base_url=settings.stripe_api_url,
    )
    async with StripePlatform(account, clock) as platform:
        yield platform


@asynccontextmanager
async def listening(
    settings: Settings,
    platform: PaymentPlatform | None,
    runtime: Runtime,
    store: Store,
    undecided: Undecided,
    clock: Clock,
) -> AsyncIterator[None]:
    """Serves the webhook and the bot's health where the settings want that.

    Raises `OSError` when the address cannot be had.
    """
    if settings.web_port is None or platform is None:
        yield
        return
    from bot.web import create_app, serving  # noqa: PLC0415

    async def store_notice(notice: PlatformNotice) -> None:
        async with store.unit() as unit:
            stored = await unit.inbox.add([notice_event(notice)], clock.now())
        undecided.offer(stored)

    secret = settings.stripe_webhook_secret
    key = secret.get_secret_value() if secret is not None else None
    app = create_app(platform, key, store_notice, runtime.health, clock)
    async with serving(app, settings.web_host, settings.web_port):
        yield
