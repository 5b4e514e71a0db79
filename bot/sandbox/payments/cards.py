"""Test cards, as Stripe's documentation lists them ("Testing"), and what becomes of a charge."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.payments.model import Failure


class Fate(StrEnum):
    """What the bank says to a card."""

    PAYS = "pays"
    DECLINES = "declines"
    LACKS_FUNDS = "lacks-funds"
    CONFIRMS_ONCE = "confirms-once"  # asks its holder, unless it was saved with their consent
    CONFIRMS_ALWAYS = "confirms-always"  # asks its holder each time, so never pays off-session
    DECLINES_LATER = "declines-later"  # can be saved, declines off-session


@dataclass(frozen=True)
class TestCard:
    """A card number that works nowhere but in a test."""

    brand: str
    funding: str
    fate: Fate


CARDS = {
    "4242424242424242": TestCard("visa", "credit", Fate.PAYS),
    "4000056655665556": TestCard("visa", "debit", Fate.PAYS),
    "5555555555554444": TestCard("mastercard", "credit", Fate.PAYS),
    "6200000000000005": TestCard("unionpay", "credit", Fate.PAYS),
    "4000000000000002": TestCard("visa", "credit", Fate.DECLINES),
    "4000000000009995": TestCard("visa", "credit", Fate.LACKS_FUNDS),
    "4000002500003155": TestCard("visa", "credit", Fate.CONFIRMS_ONCE),
    "4000002760003184": TestCard("visa", "credit", Fate.CONFIRMS_ALWAYS),
    "4000000000000341": TestCard("visa", "credit", Fate.DECLINES_LATER),
}

DECLINED = Failure("card_declined", "generic_decline", "Your card was declined.")
LACKING_FUNDS = Failure("card_declined", "insufficient_funds", "Your card has insufficient funds.")
NEEDS_HOLDER = Failure(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
NOT_CONFIRMED = Failure(
    "payment_intent_authentication_failure",
    None,
    "The provided PaymentMethod has failed authentication.",
)
WALLET_DECLINED = Failure(
    "payment_method_provider_decline",
    None,
    "The payment was declined by the payment method's provider.",
)


class BadCard(Exception):
    """The card's details cannot be right; `field` is number, expiry or cvc."""

    def __init__(self, field: str) -> None:
        super().__init__(f"the card's {field} is not valid")
        self.field = field


def read_number(text: str) -> str:
    """The digits of a test card's number. Raises BadCard for any other."""
    digits = re.sub(r"[ -]", "", text)
    if digits not in CARDS:
        raise BadCard("number")
    return digits


def read_expiry(text: str, year: int, month: int) -> tuple[int, int]:
    """Month and year of `MM/YY`, not before the present ones. Raises BadCard."""
    read = re.fullmatch(r"\s*([01]?[0-9])\s*/\s*(?:20)?([0-9]{2})\s*", text)
    if read is None:
        raise BadCard("expiry")
    exp_month, exp_year = int(read[1]), 2000 + int(read[2])
    if not 1 <= exp_month <= 12 or (exp_year, exp_month) < (year, month):
        raise BadCard("expiry")
    return exp_month, exp_year


def check_cvc(text: str) -> None:
    """Three digits, or four. Raises BadCard."""
    if not re.fullmatch(r"[0-9]{3,4}", text.strip()):
        raise BadCard("cvc")


def needs_holder(number: str) -> bool:
    """Whether the bank asks its holder when the card is used on a page."""
    return CARDS[number].fate in (Fate.CONFIRMS_ONCE, Fate.CONFIRMS_ALWAYS)


def refusal(number: str, *, off_session: bool) -> Failure | None:
    """Why the bank refuses a charge, None when it pays. On a page its holder has confirmed."""
    fate = CARDS[number].fate
    if fate is Fate.DECLINES or (off_session and fate is Fate.DECLINES_LATER):
        return DECLINED
    if fate is Fate.LACKS_FUNDS:
        return LACKING_FUNDS
    if off_session and fate is Fate.CONFIRMS_ALWAYS:
        return NEEDS_HOLDER
    return None
