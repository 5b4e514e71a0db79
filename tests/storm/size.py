"""How big a storm is, and how often each trouble strikes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Size:
    """How many renewals, kills and people; how long one life of the bot may last, in seconds."""

    renewals: int = 2_000
    kills: int = 200
    people: int = 200
    longest_life_s: float = 5.0
    log_level: str = "WARNING"


SHORT: Final = Size(renewals=24, kills=4, people=24, longest_life_s=2.0, log_level="DEBUG")

REFUSED: Final = 0.05
"""429 with a second to wait, on every method of the Bot API."""
FAILED: Final = 0.02
"""502, on every method."""
CUT_OFF: Final = 0.02
"""The connection drops after the call took effect, on what sends, edits or polls."""
ORDERS_UNANSWERED: Final = 0.02
"""The carrier accepts an order and never answers."""
ORDERS_REJECTED: Final = 0.01
"""The carrier accepts an order and rejects it later: the money must go back."""
NOTICES_DOUBLED: Final = 0.02
"""The notice of a payment comes twice."""
CHARGED_TWICE: Final = 0.01
"""One invoice is paid twice at once: two charges."""
NOTICES_LOST: Final = 0.01
"""The platform never sends the notice, or of Stars Telegram. It stands in its list, and of the
platform's in its own books."""
NOTICES_LATE: Final = 0.02
NOTICES_REORDERED: Final = 0.02
SLOW_MONEY: Final = 0.1
"""On the platform's page the payer has done their part before the money arrives."""
CALLS_UNANSWERED: Final = 0.02
"""The platform does what it was asked to, and never answers."""
CALLS_REFUSED: Final = 0.02
"""503 of the platform's."""
LISTS_REFUSED: Final = 0.7
"""503 when its list of notices is read, so that this does not make up for those that got lost."""
REFUNDS_PENDING: Final = 0.1
REFUNDED: Final = 0.03
"""An operator gives the money back by command, a moment after the order was paid."""
TOPPED_UP: Final = 0.2
"""Of what is not paid from the wallet: money for the wallet instead of a plan."""
MEDDLED: Final = 0.02
"""Somebody else presses the pay button of this order."""

SENDS_A_SECOND: Final = 200
"""Overall, for the bot and for the sandbox alike. Telegram's own limit of 30 would make the storm
last an hour and prove nothing more; the limit of one a second in each chat stays as it is."""

ACTIVATION: Final = timedelta(seconds=1)
"""How long the carrier takes to deliver."""
