"""Keep a card for next time, where its holder agreed, and forget it when they say so.

The platform keeps the card; here stands by what it can be told apart, and the platform's key. What
is forgotten is never charged again from that moment on, whenever the platform hears of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.domain.errors import PaymentMethodUnavailable
from bot.services.card_port import KeptCard
from bot.services.platform import SavedCard
from bot.services.platform_requests import ForgetCard
from bot.services.unit import Unit

MOST_KEPT: Final = 3
"""No further card is offered to be kept."""


async def keep_card(unit: Unit, subscriber_id: int, card: SavedCard, now: datetime) -> None:
    """A card that is kept already, and was typed in again, takes its own former place."""
    for known in await unit.cards.of(subscriber_id):
        if known.card.ref == card.ref:
            return
        if _looks_of(known.card) == _looks_of(card):
            unit.cards.renew(known.id, card, now)
            unit.outbox.platform(ForgetCard(known.card))
            return
    unit.cards.keep(subscriber_id, card, now)


def forget_card(unit: Unit, card: KeptCard, now: datetime) -> None:
    unit.cards.remove(card.id, now)
    unit.outbox.platform(ForgetCard(card.card))


async def own_card(unit: Unit, subscriber_id: int, card_id: int) -> KeptCard:
    """The card, if it is kept for the subscriber. Raises `PaymentMethodUnavailable`."""
    for card in await unit.cards.of(subscriber_id):
        if card.id == card_id:
            return card
    raise PaymentMethodUnavailable(str(card_id))


async def chargeable_card(unit: Unit, subscriber_id: int, card_id: int, now: datetime) -> KeptCard:
    """The subscriber's own card, if it has not expired. Raises `PaymentMethodUnavailable`."""
    card = await own_card(unit, subscriber_id, card_id)
    if card.is_expired(now):
        raise PaymentMethodUnavailable(str(card_id))
    return card


def _looks_of(card: SavedCard) -> tuple[object, ...]:
    return card.brand, card.last_four, card.expires_month, card.expires_year
