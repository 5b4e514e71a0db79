"""Notices: events of the platform, fetched from its list or received by a webhook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import stripe

from bot.domain.errors import ForgedNotice
from bot.payments.stripe.answers import Body, instant, part, text
from bot.payments.stripe.requests import MADE_BY_PAGE
from bot.services.platform import PlatformNotice, Subject

#: How old a signed notice may be; the platform signs each delivery anew.
TOLERANCE_S: Final = 300

_SUBJECTS: Final[Mapping[str, Subject]] = {
    "checkout.session": Subject.PAYMENT,
    "payment_intent": Subject.PAYMENT,
    "refund": Subject.REFUND,
    "dispute": Subject.DISPUTE,
}


def read_event(event: Body) -> PlatformNotice | None:
    """What an event is about; None when it is not an event."""
    thing = part(part(event, "data"), "object")
    event_id, ref, at = text(event, "id"), text(thing, "id"), instant(event.get("created"))
    if event_id is None or at is None:
        return None
    return PlatformNotice(event_id, _subject(event, thing), ref or "", at)


def _subject(event: Body, thing: Body) -> Subject:
    if event.get("type") == "charge.refunded":
        return Subject.REFUND
    if text(part(thing, "metadata"), MADE_BY_PAGE) and thing.get("object") == "payment_intent":
        # The page itself tells, and tells more: a declined card is not the end of a page.
        return Subject.OTHER
    return _SUBJECTS.get(text(thing, "object") or "", Subject.OTHER)


def read_signed(
    raw: bytes, headers: Mapping[str, str], secret: str | None, now: datetime
) -> PlatformNotice:
    """The notice, if the signature over its raw bytes holds and is not older than 300 s.

    The SDK compares the signature, in constant time; the age is measured here, by our own clock.
    Raises `ForgedNotice`, which never says why.
    """
    signature = next((v for name, v in headers.items() if name.lower() == "stripe-signature"), "")
    try:
        stripe.WebhookSignature.verify_header(raw, signature, secret)
        signed_at_s = _signed_at_s(signature)
        event: Any = json.loads(raw)
    except (stripe.SignatureVerificationError, ValueError, TypeError, RecursionError):
        raise ForgedNotice from None
    if signed_at_s < now.timestamp() - TOLERANCE_S:
        raise ForgedNotice
    notice = read_event(event) if isinstance(event, dict) else None
    if notice is None:
        raise ForgedNotice
    return notice


def _signed_at_s(signature: str) -> int:
    parts = (item.partition("=") for item in signature.split(","))
    return next(int(value) for name, _, value in parts if name == "t")
