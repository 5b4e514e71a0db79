"""One operator's account at Stripe."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StripeSettings:
    """``return_url`` is where the payer lands after paying or turning back: the bot's own chat.
    Being there proves nothing."""

    secret_key: str = field(repr=False)
    return_url: str
    webhook_secret: str | None = field(default=None, repr=False)
    """None: notices are only asked for, none is taken from a webhook."""
    base_url: str | None = None
    """Where the API is spoken to; None: Stripe's own address."""
    connect_timeout_s: float = 5
    timeout_s: float = 20
