"""The payment platform as the operator's settings describe it, and what listens for its notices and
tells how the bot fares."""

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
from storage.figures import Figures, read_figures


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
    """Serves how the bot fares where the settings want that, and the webhook of its platform.

    Raises `OSError` when the address cannot be had.
    """
    if settings.web_port is None:
        yield
        return
    from bot.vitals import Vitals  # noqa: PLC0415
    from bot.web import Webhook, create_app, serving  # noqa: PLC0415

    async def store_notice(notice: PlatformNotice) -> None:
        async with store.unit() as unit:
            stored = await unit.inbox.add([notice_event(notice)], clock.now())
        undecided.offer(stored)

    async def figures() -> Figures:
        return await read_figures(settings.database.expanduser(), clock.now())

    webhook = None
    if platform is not None:
        secret = settings.stripe_webhook_secret
        key = secret.get_secret_value() if secret is not None else None
        webhook = Webhook(platform, key, store_notice, clock)
    app = create_app(Vitals(runtime.health, figures, clock), webhook)
    async with serving(app, settings.web_host, settings.web_port):
        yield
