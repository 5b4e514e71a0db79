"""A payment of which the payer's bank was asked to take it back, in words that blame nobody."""

from __future__ import annotations

from bot.domain.dispute import DisputeState
from handlers.html import Html
from handlers.texts import Texts


def in_words(t: Texts, state: DisputeState | None) -> str | None:
    """None where nothing is left to say: no dispute, or one after which the payment stands."""
    match state:
        case DisputeState.INQUIRY | DisputeState.OPEN:
            return t.plain("disputed at the bank")
        case DisputeState.LOST:
            return t.plain("taken back by the bank")
        case _:
            return None


def step(t: Texts, state: DisputeState | None) -> Html | None:
    """On the order's card."""
    match state:
        case DisputeState.INQUIRY | DisputeState.OPEN:
            return t("⚖️ Payment disputed at the bank; it decides")
        case DisputeState.LOST:
            return t("⚖️ The bank took the payment back")
        case _:
            return None
