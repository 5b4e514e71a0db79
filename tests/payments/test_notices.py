"""Notices: signed ones from a webhook, and the list of events."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.errors import ForgedNotice
from bot.payments.stripe import StripePlatform, StripeSettings
from bot.services.platform import Subject
from tests.loopback import SetClock
from tests.payments.scripted import NOW, SECRET_KEY, WEBHOOK_SECRET, Scripted, intent, listing

EVENTS = "/v1/events"


def event(
    number: int = 1, kind: str = "checkout.session.completed", **thing: Any
) -> dict[str, Any]:
    body = {"id": "cs_1", "object": "checkout.session"} | thing
    return {
        "id": f"evt_{number}",
        "object": "event",
        "type": kind,
        "created": int(NOW.timestamp()) + number,
        "data": {"object": body},
    }


def signed(raw: bytes, secret: str = WEBHOOK_SECRET, at: datetime = NOW) -> dict[str, str]:
    """The header that goes with a body: HMAC-SHA256 over the second, a dot and the raw bytes."""
    seconds = int(at.timestamp())
    mac = hmac.new(secret.encode(), f"{seconds}.".encode() + raw, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={seconds},v1={mac}"}


RAW = json.dumps(event(), ensure_ascii=False).encode()


def forged(stripe: StripePlatform, raw: bytes, headers: dict[str, str]) -> bool:
    with pytest.raises(ForgedNotice) as refused:
        stripe.read_notice(raw, headers, NOW)
    return str(refused.value) == ""


def test_a_signed_notice_is_read(stripe: StripePlatform) -> None:
    notice = stripe.read_notice(RAW, signed(RAW), NOW)
    assert (notice.id, notice.subject, notice.ref) == ("evt_1", Subject.PAYMENT, "cs_1")
    assert notice.at == NOW + timedelta(seconds=1)


def test_the_headers_name_may_come_in_any_case(stripe: StripePlatform) -> None:
    lower = {name.lower(): value for name, value in signed(RAW).items()}
    assert stripe.read_notice(RAW, lower, NOW).id == "evt_1"


def test_one_good_signature_among_several_is_enough(stripe: StripePlatform) -> None:
    header = signed(RAW)["Stripe-Signature"]
    rolling = {"Stripe-Signature": f"{header},v1={'0' * 64},v0=abc"}
    assert stripe.read_notice(RAW, rolling, NOW).id == "evt_1"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "t=,v1=",
        "t=now,v1=abc",
        "v1=abc",
        "t=1795330800",
        "t=1795330800,v1=ünïcödé",
        "t=1795330800,v0=" + "0" * 64,
        "t=" + "9" * 5000 + ",v1=abc",
    ],
)
def test_a_header_that_is_none_is_forged(stripe: StripePlatform, header: str) -> None:
    assert forged(stripe, RAW, {"Stripe-Signature": header})
    assert forged(stripe, RAW, {})


def test_another_secret_is_forged(stripe: StripePlatform) -> None:
    assert forged(stripe, RAW, signed(RAW, "whsec_other"))


def test_a_body_that_was_encoded_again_is_forged(stripe: StripePlatform) -> None:
    again = json.dumps(json.loads(RAW), separators=(",", ":")).encode()
    assert json.loads(again) == json.loads(RAW)
    assert forged(stripe, again, signed(RAW))


def test_a_notice_is_good_for_300_seconds_of_our_clock(stripe: StripePlatform) -> None:
    headers = signed(RAW)
    assert stripe.read_notice(RAW, headers, NOW + timedelta(seconds=300)).id == "evt_1"
    with pytest.raises(ForgedNotice):
        stripe.read_notice(RAW, headers, NOW + timedelta(seconds=301))


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe", b"[]", b"{}", b"null", b'{"id": "evt_1"}', b"[" * 100_000]
)
def test_what_is_signed_and_yet_no_event_is_no_notice(stripe: StripePlatform, raw: bytes) -> None:
    assert forged(stripe, raw, signed(raw))


@pytest.mark.parametrize("secret", [None, "", "  "])
def test_without_a_secret_every_notice_is_forged(clock: SetClock, secret: str | None) -> None:
    settings = StripeSettings(SECRET_KEY, "https://t.me/leb", secret)
    assert forged(StripePlatform(settings, clock), RAW, signed(RAW, secret or ""))


@pytest.mark.parametrize(
    ("kind", "thing", "subject"),
    [
        ("checkout.session.async_payment_succeeded", {}, Subject.PAYMENT),
        ("payment_intent.succeeded", intent(), Subject.PAYMENT),
        (
            "payment_intent.payment_failed",
            intent(metadata={"payment_id": "p1", "made_by_page": "yes"}),
            Subject.OTHER,
        ),
        ("charge.refunded", {"id": "ch_1", "object": "charge"}, Subject.REFUND),
        ("charge.refund.updated", {"id": "re_1", "object": "refund"}, Subject.REFUND),
        ("refund.failed", {"id": "re_1", "object": "refund"}, Subject.REFUND),
        ("charge.dispute.created", {"id": "dp_1", "object": "dispute"}, Subject.DISPUTE),
        ("charge.succeeded", {"id": "ch_1", "object": "charge"}, Subject.OTHER),
        ("balance.available", {"id": None, "object": "balance"}, Subject.OTHER),
        ("not.yet.invented", {"id": "x_1", "object": "unheard_of"}, Subject.OTHER),
    ],
)
def test_what_a_notice_is_about(
    stripe: StripePlatform, kind: str, thing: dict[str, Any], subject: Subject
) -> None:
    raw = json.dumps(event(1, kind, **thing)).encode()
    notice = stripe.read_notice(raw, signed(raw), NOW)
    assert notice.subject is subject
    assert notice.ref == (thing.get("id", "cs_1") or "")


async def test_notices_after_a_cursor_come_page_by_page_the_oldest_first(
    api: Scripted, stripe: StripePlatform
) -> None:
    api.answers(f"GET {EVENTS}", listing(event(3), event(2), url=EVENTS, has_more=True))
    api.answers(f"GET {EVENTS}", listing(event(4), url=EVENTS))
    found = await stripe.notices_since("evt_1")
    assert [notice.id for notice in found] == ["evt_2", "evt_3", "evt_4"]
    cursors = [asked.query["ending_before"] for asked in api.calls(f"GET {EVENTS}")]
    assert cursors == ["evt_1", "evt_3"]


async def test_without_a_cursor_the_last_day_is_told_the_oldest_first(
    api: Scripted, stripe: StripePlatform
) -> None:
    api.answers(f"GET {EVENTS}", listing(event(3), event(2), url=EVENTS, has_more=True))
    api.answers(f"GET {EVENTS}", listing(event(1), url=EVENTS))
    found = await stripe.notices_since(None)
    assert [notice.id for notice in found] == ["evt_1", "evt_2", "evt_3"]
    since = {asked.query["created[gte]"] for asked in api.calls(f"GET {EVENTS}")}
    assert since == {str(int((NOW - timedelta(days=1)).timestamp()))}


async def test_an_entry_that_is_no_event_is_passed_over(
    api: Scripted, stripe: StripePlatform
) -> None:
    api.answers(f"GET {EVENTS}", listing({"id": "evt_2"}, event(3), url=EVENTS))
    assert [notice.id for notice in await stripe.notices_since("evt_1")] == ["evt_3"]
