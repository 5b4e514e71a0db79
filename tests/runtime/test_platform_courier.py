"""The payments courier: what it asks again, what it gives up, and what it tells."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import (
    PlatformError,
    PlatformOutcomeUnknown,
    PlatformRefused,
    PlatformUnavailable,
)
from bot.domain.money import Money
from bot.domain.payment import PaymentMethod
from bot.runtime.codec import answer_from_json
from bot.runtime.marks import Marks
from bot.runtime.platform_courier import NOTICES, PlatformCourier
from bot.runtime.undecided import Undecided
from bot.services.platform import (
    Checkout,
    CheckoutTerms,
    PaymentState,
    PlatformNotice,
    PlatformPayment,
    SavedCard,
    Subject,
)
from bot.services.platform_requests import (
    AskedInVain,
    ChargeCard,
    CheckoutNotOpened,
    CheckoutOpened,
    Closing,
    ExpireCheckout,
    ForgetCard,
    LookUpDispute,
    LookUpPayment,
    NoticesRead,
    OpenCheckout,
    PaymentSeen,
    PlatformAnswer,
    PlatformRequest,
    ReadNotices,
    RefundCharge,
)
from storage.database import Database
from storage.unit import SqliteStore
from tests.runtime.harness import at_noon

NOON = at_noon()
UNAVAILABLE, UNKNOWN = PlatformUnavailable("503"), PlatformOutcomeUnknown("no answer")
OPEN = OpenCheckout(
    CheckoutTerms(
        payment_id="p1",
        method=PaymentMethod.ALIPAY,
        amount=Money(19_900, "CNY"),
        title="月卡",
        language="zh_Hans",
        expires_at=NOON + timedelta(minutes=30),
        customer_ref=None,
        keep_card=False,
    )
)
PAGE = Checkout("cs_1", "https://pay.example/cs_1", NOON + timedelta(minutes=31))
REFUND = RefundCharge("order:o", "ch_1", Money(19_900, "CNY"))
EXPIRE = ExpireCheckout("p1", None, Closing.CANCEL)
CARD = SavedCard("pm_1", "cus_1", "visa", "4242", 12, 2030)
CHARGE = ChargeCard("p1", CARD, Money(19_900, "CNY"), "月卡", NOON + timedelta(seconds=45))


class HurryingClock:
    """Every pause is over at once; time has passed all the same."""

    def __init__(self) -> None:
        self._now = NOON

    def now(self) -> Any:
        return self._now

    async def pause(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


@dataclass
class FakePlatform:
    """Answers as told. ``trouble`` is raised by the next calls, one each; the last one for ever
    when ``lasting``."""

    trouble: list[Exception] = field(default_factory=list)
    lasting: bool = False
    has_payment: bool = True
    asked: list[tuple[str, object]] = field(default_factory=list)

    def _ask(self, what: str, of: object) -> None:
        self.asked.append((what, of))
        if self.trouble:
            raise self.trouble[0] if self.lasting else self.trouble.pop(0)

    async def open_checkout(self, terms: CheckoutTerms) -> Checkout:
        self._ask("open", terms.payment_id)
        return PAGE

    async def find_payment(self, payment_id: str) -> PlatformPayment | None:
        self._ask("find", payment_id)
        found = PlatformPayment(payment_id, "cs_1", PaymentState.OPEN)
        return found if self.has_payment else None

    async def charge_saved(
        self, payment_id: str, card: SavedCard, amount: Money, title: str
    ) -> PlatformPayment:
        self._ask("charge", payment_id)
        return PlatformPayment(payment_id, "pi_1", PaymentState.PAID, "ch_1", amount)

    async def forget_card(self, card: SavedCard) -> None:
        self._ask("forget", card.ref)

    async def expire(self, ref: str) -> PlatformPayment:
        self._ask("expire", ref)
        return PlatformPayment("p1", ref, PaymentState.EXPIRED)

    async def refund(self, key: str, charge_id: str, amount: Money) -> None:
        self._ask("refund", key)

    async def dispute(self, ref: str) -> None:
        self._ask("dispute", ref)

    async def notices_since(self, cursor: str | None) -> list[PlatformNotice]:
        self._ask("notices", cursor)
        return [PlatformNotice(f"evt_{each}", Subject.PAYMENT, "cs_1", NOON) for each in (1, 2)]


@dataclass
class Told:
    """What stands in the inbox afterwards."""

    answers: list[PlatformAnswer]
    notices: list[str]


@asynccontextmanager
async def storing(path: Path) -> AsyncIterator[SqliteStore]:
    async with Database(path) as database:
        yield SqliteStore(database, lambda: NOON)


async def told(path: Path, platform: FakePlatform, *requests: PlatformRequest) -> Told:
    """Carries the requests out, one after another."""
    clock: Any = HurryingClock()
    fake: Any = platform
    async with storing(path) as store:
        marks = Marks(store, Undecided(store), clock)
        courier = PlatformCourier(fake, store, marks, clock)
        async with store.unit() as unit:
            for request in requests:
                unit.outbox.platform(request, 1)
        for effect in unit.effects.staged:
            await courier.carry_out(effect)
        await marks.write()
        async with store.unit() as unit:
            events = await unit.inbox.undecided(100)
            assert await unit.effects.pending(courier.name, 0, 10) == []
    answers: list[Any] = [
        answer_from_json(event.kind, event.payload) for event in events if event.source != NOTICES
    ]
    return Told(answers, [event.source_id for event in events if event.source == NOTICES])


async def test_what_the_platform_answers_is_told(path: Path) -> None:
    assert (await told(path, FakePlatform(), OPEN)).answers == [CheckoutOpened("p1", PAGE)]


@pytest.mark.parametrize("trouble", [UNAVAILABLE, UNKNOWN])
async def test_in_trouble_the_same_is_asked_again(path: Path, trouble: PlatformError) -> None:
    platform = FakePlatform([trouble, trouble])
    assert (await told(path, platform, OPEN)).answers == [CheckoutOpened("p1", PAGE)]
    assert platform.asked == [("open", "p1")] * 3


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (OPEN, [CheckoutNotOpened("p1")]),
        (EXPIRE, [AskedInVain(EXPIRE, "unavailable")]),
        (REFUND, [AskedInVain(REFUND, "unavailable")]),
        (
            LookUpPayment(None, "pay_1"),
            [AskedInVain(LookUpPayment(None, "pay_1"), "unavailable")],
        ),
        (LookUpDispute("dp_1"), []),
        (ForgetCard(CARD), [AskedInVain(ForgetCard(CARD), "unavailable")]),
    ],
)
async def test_patience_ends(
    path: Path, request_: PlatformRequest, answer: list[PlatformAnswer]
) -> None:
    platform = FakePlatform([UNAVAILABLE], lasting=True)
    assert (await told(path, platform, request_)).answers == answer
    assert len(platform.asked) > 5


async def test_a_page_is_waited_for_less_long_than_a_refund(path: Path) -> None:
    page, refund = (FakePlatform([UNAVAILABLE], lasting=True) for _ in range(2))
    await told(path, page, OPEN)
    await told(path, refund, REFUND)
    assert len(page.asked) * 10 < len(refund.asked)


@pytest.mark.parametrize("trouble", [PlatformRefused("no"), ValueError("nonsense")])
async def test_what_is_refused_or_nonsense_is_not_asked_again(
    path: Path, trouble: Exception
) -> None:
    platform = FakePlatform([trouble])
    [answer] = (await told(path, platform, REFUND)).answers
    assert isinstance(answer, AskedInVain)
    assert platform.asked == [("refund", "order:o")]


async def test_a_page_of_which_nobody_knows_is_looked_for_by_our_id(path: Path) -> None:
    platform = FakePlatform()
    [answer] = (await told(path, platform, EXPIRE)).answers
    closed = PlatformPayment("p1", "cs_1", PaymentState.EXPIRED)
    assert answer == PaymentSeen("p1", closed, Closing.CANCEL)
    assert platform.asked == [("find", "p1"), ("expire", "cs_1")]


async def test_where_there_is_no_page_there_is_nothing_to_close(path: Path) -> None:
    platform = FakePlatform(has_payment=False)
    assert (await told(path, platform, EXPIRE)).answers == [PaymentSeen("p1", None, Closing.CANCEL)]


async def test_each_notice_is_an_event_however_often_it_is_read(path: Path) -> None:
    result = await told(path, FakePlatform(), ReadNotices(None), ReadNotices(None))
    assert result.notices == ["evt_1", "evt_2"]
    assert result.answers == [NoticesRead("evt_2")] * 2


async def test_a_cursor_that_the_platform_forgot_is_forgotten(path: Path) -> None:
    platform = FakePlatform([PlatformRefused("resource_missing")])
    assert (await told(path, platform, ReadNotices("evt_0"))).answers == [NoticesRead("evt_2")]
    assert platform.asked == [("notices", "evt_0"), ("notices", None)]


async def test_reading_notices_never_waits(path: Path) -> None:
    platform = FakePlatform([UNAVAILABLE], lasting=True)
    assert (await told(path, platform, ReadNotices(None))).answers == []
    assert len(platform.asked) == 1


async def test_a_kept_card_is_charged_and_told(path: Path) -> None:
    [answer] = (await told(path, FakePlatform([UNKNOWN]), CHARGE)).answers
    paid = PlatformPayment("p1", "pi_1", PaymentState.PAID, "ch_1", CHARGE.amount)
    assert answer == PaymentSeen("p1", paid)


async def test_a_charge_begins_while_it_may_and_later_is_only_looked_for(
    path: Path,
) -> None:
    platform = FakePlatform([UNAVAILABLE] * 7)
    await told(path, platform, CHARGE)
    asked = [what for what, _ in platform.asked]
    begun = asked.count("charge")
    assert asked == ["charge"] * begun + ["find"] * (len(asked) - begun)
    assert 1 < begun < len(asked)


async def test_a_charge_for_which_nobody_waits_may_begin_after_an_outage(path: Path) -> None:
    patient = replace(CHARGE, begins_by=NOON + timedelta(minutes=30))
    platform = FakePlatform([UNAVAILABLE] * 30)
    [answer] = (await told(path, platform, patient)).answers
    assert isinstance(answer, PaymentSeen)
    assert platform.asked == [("charge", "p1")] * 31


async def test_that_there_is_no_charge_is_believed_only_once_one_must_have_ended(
    path: Path,
) -> None:
    platform = FakePlatform([UNAVAILABLE] * 7, has_payment=False)
    assert (await told(path, platform, CHARGE)).answers == [PaymentSeen("p1", None)]
    assert [what for what, _ in platform.asked].count("find") > 2


async def test_a_charge_whose_end_nobody_can_tell_is_left_to_the_reconciliation(
    path: Path,
) -> None:
    platform = FakePlatform([UNKNOWN], lasting=True)
    assert (await told(path, platform, CHARGE)).answers == []


async def test_a_charge_that_the_platform_refuses_was_not_made(path: Path) -> None:
    platform = FakePlatform([PlatformRefused("resource_missing")])
    assert (await told(path, platform, CHARGE)).answers == [PaymentSeen("p1", None)]


async def test_a_card_is_forgotten_without_a_word(path: Path) -> None:
    platform = FakePlatform()
    assert (await told(path, platform, ForgetCard(CARD))).answers == []
    assert platform.asked == [("forget", "pm_1")]
