"""What each failure of the platform means."""

import logging
import socket
from typing import Any

import pytest

from bot.domain.errors import (
    PlatformError,
    PlatformOutcomeUnknown,
    PlatformRefused,
    PlatformUnavailable,
)
from bot.payments.stripe import StripePlatform, StripeSettings
from tests.loopback import SetClock
from tests.payments.scripted import (
    PAGES,
    REFUNDS,
    SECRET_KEY,
    Scripted,
    error,
    listing,
    page,
    refund,
    saying,
    terms,
)


async def fails(url: str, clock: SetClock, expected: type[PlatformError], *, reads: bool) -> str:
    """The text of the error with which a call fails."""
    settings = StripeSettings(SECRET_KEY, "https://t.me/leb", base_url=url, timeout_s=0.3)
    async with StripePlatform(settings, clock) as platform:
        with pytest.raises(expected) as failure:
            await (platform.dispute("dp_1") if reads else platform.open_checkout(terms()))
    assert type(failure.value) is expected
    assert failure.value.__suppress_context__ or failure.value.__context__ is None
    return str(failure.value)


@pytest.mark.parametrize("reads", [True, False])
async def test_where_nobody_listens_nothing_was_done(clock: SetClock, reads: bool) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        assert await fails(url, clock, PlatformUnavailable, reads=reads) == "no connection"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(None, id="no answer ever"),
        pytest.param(b"", id="hung up"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{", id="cut off"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", id="no JSON"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", id="no object"),
        pytest.param(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", id="sent on"),
    ],
)
async def test_after_the_request_left_the_outcome_is_unknown_unless_it_only_read(
    clock: SetClock, said: bytes | None
) -> None:
    async with saying(said) as url:
        await fails(url, clock, PlatformOutcomeUnknown, reads=False)
        await fails(url, clock, PlatformUnavailable, reads=True)


@pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504])
async def test_a_server_error_is_an_unknown_outcome_unless_the_call_only_read(
    api: Scripted, stripe: StripePlatform, status: int
) -> None:
    api.answers(f"POST {PAGES}", error(None, "api_error"), status)
    api.answers("GET /v1/disputes/dp_1", error(None, "api_error"), status)
    with pytest.raises(PlatformOutcomeUnknown):
        await stripe.open_checkout(terms())
    with pytest.raises(PlatformUnavailable):
        await stripe.dispute("dp_1")


@pytest.mark.parametrize(
    ("status", "body"), [(429, error("rate_limit")), (400, error("rate_limit")), (429, b"slow")]
)
async def test_too_many_requests_are_not_done(
    api: Scripted, stripe: StripePlatform, status: int, body: Any
) -> None:
    api.answers(f"POST {PAGES}", body, status)
    with pytest.raises(PlatformUnavailable):
        await stripe.open_checkout(terms())


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, error("amount_too_small"), "amount_too_small"),
        (400, error(None), "invalid_request_error"),
        (401, error(None), "invalid_request_error"),
        (403, error("account_closed"), "account_closed"),
        (404, error("resource_missing"), "resource_missing"),
        (402, error("card_declined", "card_error"), "card_declined"),
        (404, b"<html>not found</html>", "404"),
        (400, {"error": "invalid_client"}, "400"),
        (400, [], "400"),
    ],
)
async def test_a_refusal_is_final_and_told_by_the_platforms_code(
    api: Scripted, stripe: StripePlatform, status: int, body: Any, code: str
) -> None:
    api.answers(f"POST {PAGES}", body, status)
    with pytest.raises(PlatformRefused) as refused:
        await stripe.open_checkout(terms())
    assert refused.value.code == code


async def test_an_answer_of_another_shape_is_nonsense_not_a_crash(
    api: Scripted, stripe: StripePlatform
) -> None:
    api.answers(f"POST {PAGES}", page(url=None))
    api.answers(f"GET {REFUNDS}", listing(url=REFUNDS))
    api.answers(f"POST {REFUNDS}", refund(charge=None))
    api.answers("GET /v1/disputes/dp_1", {"id": "dp_1", "object": "dispute"})
    with pytest.raises(PlatformOutcomeUnknown):
        await stripe.open_checkout(terms())
    with pytest.raises(PlatformOutcomeUnknown):
        await stripe.refund("refund:1", "ch_1", terms().amount)
    with pytest.raises(PlatformUnavailable):
        await stripe.dispute("dp_1")


async def test_nothing_is_sent_a_second_time_by_itself(
    api: Scripted, stripe: StripePlatform
) -> None:
    api.answers(f"POST {PAGES}", error(None, "api_error"), 500, {"Stripe-Should-Retry": "true"})
    with pytest.raises(PlatformOutcomeUnknown):
        await stripe.open_checkout(terms())
    assert len(api.asked) == 1


async def test_a_key_is_not_carried_to_where_an_answer_points(
    api: Scripted, stripe: StripePlatform
) -> None:
    api.answers(f"POST {PAGES}", {}, 307, {"Location": f"{api.url}/elsewhere"})
    api.answers("POST /elsewhere", page())
    with pytest.raises(PlatformOutcomeUnknown):
        await stripe.open_checkout(terms())
    assert [asked.path for asked in api.asked] == [PAGES]


async def test_no_line_of_the_log_holds_an_address_a_key_or_a_body(
    api: Scripted, stripe: StripePlatform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    api.answers(f"POST {PAGES}", page())
    api.answers(f"POST {PAGES}", error("amount_too_small"), 400)
    await stripe.open_checkout(terms())
    with pytest.raises(PlatformRefused):
        await stripe.open_checkout(terms(title="another"))
    for secret in (SECRET_KEY, api.url, "cs_1", "月卡", "a message"):
        assert secret not in caplog.text


async def test_the_platform_learns_nothing_of_this_machine(
    api: Scripted, stripe: StripePlatform, clock: SetClock
) -> None:
    api.answers(f"POST {PAGES}", page(), headers={"Request-Id": "req_1"})
    for _ in range(2):
        await stripe.open_checkout(terms())
    for asked in api.asked:
        assert "x-stripe-client-telemetry" not in asked.headers
        assert "telemetry_id" not in asked.headers["x-stripe-client-user-agent"]
        assert "platform" not in asked.headers["x-stripe-client-user-agent"]


async def test_it_is_told_plainly_that_the_platform_was_not_opened(clock: SetClock) -> None:
    closed = StripePlatform(StripeSettings(SECRET_KEY, "https://t.me/leb"), clock)
    with pytest.raises(RuntimeError, match="async with"):
        await closed.dispute("dp_1")


def test_settings_do_not_show_their_secrets() -> None:
    shown = repr(StripeSettings("sk_live_1", "https://t.me/leb", "whsec_1"))
    assert "sk_live_1" not in shown
    assert "whsec_1" not in shown
