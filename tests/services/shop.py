"""The services over a real store, with a stopped clock, and the outside played by the test.

What is asked of the carrier is collected; a test answers it. Time passes by `pass_time`, which
decides every timer at its own instant on the way.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from json import loads
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.catalogue import read_catalogue
from bot.domain.coupon import Coupon
from bot.domain.ledger import (
    OPENING,
    Account,
    Journal,
    JournalKind,
    Posting,
    opening_balance,
    wallet_of,
)
from bot.domain.line import Iccid, Line, LineStatus, Msisdn, Reading
from bot.domain.money import STARS, Money
from bot.domain.offer import Offer
from bot.domain.order import Order
from bot.domain.payment import Charge, Payment, PaymentMethod, Settlement, Way
from bot.domain.plan import Plan
from bot.domain.subscriber import Subscriber
from bot.domain.top_up import TopUpBounds
from bot.runtime.codec import (
    platform_request_from_json,
    request_from_json,
    stars_request_from_json,
)
from bot.services.apply_coupon import ApplyCoupon
from bot.services.ask_another import AskAnother
from bot.services.authority import Authority
from bot.services.auto_renew import AutoRenew
from bot.services.choose_method import ChooseMethod
from bot.services.close_case import CloseCase
from bot.services.compare_answers import CompareAnswers
from bot.services.follow_payment import FollowPayment
from bot.services.follow_refund import FollowRefund
from bot.services.follow_stars import FollowStars
from bot.services.fulfil_order import FulfilOrder
from bot.services.know_subscriber import KnowSubscriber
from bot.services.link_line import LinkLine
from bot.services.open_case import OpenCase
from bot.services.pay_for_another import PayForAnother
from bot.services.pay_order import Payable, PayOrder
from bot.services.platform_requests import PlatformRequest
from bot.services.ports import (
    CarrierCapabilities,
    FoundLine,
)
from bot.services.read_account import ReadAccount
from bot.services.read_orders import ReadOrders
from bot.services.read_shared_order import ReadSharedOrder
from bot.services.reconcile import Reconcile
from bot.services.refund_order import RefundOrder
from bot.services.relay_support import RelaySupport
from bot.services.renew_line import Quote, RenewLine
from bot.services.requests import (
    CancelOrder,
    CarrierRequest,
    FindLine,
    LineFound,
    LookUpOrder,
    ReadLine,
    SubmitOrder,
)
from bot.services.settle_payment import SettlePayment
from bot.services.stars_requests import StarsRequest
from bot.services.stock_catalogue import StockCatalogue
from bot.services.take_back_order import TakeBackOrder
from bot.services.take_reading import TakeReading
from bot.services.top_up_wallet import TopUpWallet
from bot.services.watch_line import WatchLine
from bot.services.watch_platform import WatchPlatform
from storage.unit import SqliteStore, SqliteUnit
from tests.clocks import StoppedClock
from tests.services.carrier_side import Asked, CarrierSide
from tests.services.notebook import Notebook, NoTopics, Pages

CURRENCY = "CNY"
SHANGHAI = "Asia/Shanghai"
BESIDE_THE_WALLET = (
    PaymentMethod.INVOICE,
    PaymentMethod.CARD,
    PaymentMethod.ALIPAY,
    PaymentMethod.WECHAT_PAY,
)
STARS_ONLY = Offer({STARS: [PaymentMethod.STARS]})
OFFER = Offer({CURRENCY: BESIDE_THE_WALLET, **STARS_ONLY.by_currency})
CATALOGUE = Path(__file__).parents[2] / "bot" / "catalogue.toml"
CAPABILITIES = CarrierCapabilities(
    wallet=True, daily_counter=True, throttle_state=True, texts=True, shortest_poll_s=30
)


def yuan(amount: int) -> Money:
    return Money(amount * 100, CURRENCY)


def found_line(tail: str, iccid: str | None = "898600000000000{tail}") -> FoundLine:
    """The carrier's line whose number and card end with those four digits."""
    return FoundLine(
        ref=f"ref-{tail}",
        msisdn=Msisdn(f"+861380000{tail}"),
        iccid=None if iccid is None else Iccid(iccid.format(tail=tail)),
        zone=SHANGHAI,
        status=LineStatus.ACTIVE,
    )


TOP_UP_NAMES = {"zh_Hans": "余额充值", "en": "Wallet top-up"}
TOP_UPS = TopUpBounds(yuan(10), yuan(2000))


class Shop(CarrierSide):
    def __init__(self, store: SqliteStore, clock: StoppedClock) -> None:
        self._store = store
        self.clock = clock
        self.notices = Notebook()
        self.know = KnowSubscriber(clock)
        self.link = LinkLine(clock, self.notices, lambda language, code: f"LEB: {code}, {language}")
        self.account = ReadAccount(clock, CAPABILITIES, CURRENCY)
        self.watch_lines = WatchLine(clock, self.notices, CAPABILITIES)
        self.readings = TakeReading(
            clock, self.notices, self.watch_lines, CURRENCY, opening_balances=True
        )
        self.renew = RenewLine(clock, "LEB", OFFER, TOP_UPS)
        self.top_ups = TopUpWallet(self.renew, TOP_UPS)
        self.refund = RefundOrder(clock, self.notices)
        self.operators = Pages()
        relay = RelaySupport(clock, self.notices, NoTopics(), self.operators, None)
        self.open_case = OpenCase(clock, self.notices, self.operators, relay)
        self.close_case = CloseCase(clock, Authority(), self.notices, relay)
        self.fulfil = FulfilOrder(clock, self.notices, self.refund, self.open_case, self.close_case)
        self.take_back = TakeBackOrder(clock, self.notices, self.refund)
        self.settle = SettlePayment(clock, self.notices, self.fulfil)
        self.payments = PayOrder(clock, self.notices, self.renew, self.settle, OFFER, TOP_UP_NAMES)
        self.ask_another = AskAnother(clock, self.renew, self.payments, OFFER)
        self.for_another = PayForAnother(clock, self.notices, ReadSharedOrder(clock, OFFER))
        self.methods = ChooseMethod(clock, OFFER.for_money(CURRENCY))
        self.auto = AutoRenew(clock, self.notices, self.renew, self.payments, BESIDE_THE_WALLET)
        self.orders = ReadOrders(clock)
        self.coupons = ApplyCoupon(clock, ZoneInfo(SHANGHAI))
        self.stock = StockCatalogue(clock)
        self.follow_payment = FollowPayment(clock, self.notices, self.settle, self.operators)
        self.follow_refund = FollowRefund(
            clock, self.notices, self.refund, self.take_back, self.operators
        )
        self.watch = WatchPlatform(clock)
        self.reconcile = Reconcile(clock, self.operators, has_platform=True, takes_stars=False)
        self.compare = CompareAnswers(
            self.reconcile,
            self.follow_payment,
            self.follow_refund,
            self.fulfil,
            FollowStars(self.settle, self.follow_refund, self.operators),
        )
        self._asked: list[CarrierRequest | PlatformRequest | StarsRequest] = []

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[SqliteUnit]:
        """One event's transaction; what it asked of the outside is collected once it commits."""
        async with self._store.unit() as unit:
            yield unit
        read = {
            "carrier": request_from_json,
            "payments": platform_request_from_json,
            "stars": stars_request_from_json,
        }
        self._asked += [
            read[effect.courier](effect.kind, effect.payload)
            for effect in unit.effects.staged
            if effect.courier in read
        ]

    def asked(self, kind: type[Asked]) -> list[Asked]:
        """What was asked of the outside in this way since the last time of asking."""
        found: list[Asked] = []
        found += (each for each in self._asked if isinstance(each, kind))
        self._asked = [each for each in self._asked if not isinstance(each, kind)]
        return found

    @property
    def asks_about_an_order(self) -> bool:
        """Whether the carrier has yet to answer a question about an order."""
        return any(isinstance(each, SubmitOrder | LookUpOrder) for each in self._asked)

    @property
    def asks_to_cancel(self) -> list[str]:
        """The orders that the carrier has yet to cancel, or not."""
        return [each.order_id for each in self._asked if isinstance(each, CancelOrder)]

    def heard(self) -> list[tuple[str, int | str]]:
        """What was said since the last time, see `tests.services.notebook`."""
        return self.notices.read()

    # ── people, lines, plans ──────────────────────────────────────────────────────────────────────

    async def meet(self, subscriber_id: int, name: str = "林") -> Subscriber:
        async with self.unit() as unit:
            return await self.know.meet(unit, subscriber_id, name, "zh_Hans")

    async def link_contact(self, subscriber_id: int, found: FoundLine) -> Line:
        """Links a line by the subscriber's own contact, and forgets that it was said."""
        await self.meet(subscriber_id)
        async with self.unit() as unit:
            request = FindLine(subscriber_id, found.msisdn, challenge_id=None)
            await self.link.on_line_found(unit, LineFound(request, found))
            line = (await unit.lines.of(subscriber_id))[-1]
        self.heard()
        return line

    async def subscriber(self, subscriber_id: int) -> Subscriber:
        async with self.unit() as unit:
            known = await unit.subscribers.find(subscriber_id)
        assert known is not None
        return known

    async def put_on_sale(self, plans: Sequence[Plan]) -> None:
        async with self.unit() as unit:
            assert await self.stock.first_time(unit, plans)

    async def issue(self, coupon: Coupon) -> None:
        async with self.unit() as unit:
            unit.coupons.issue(coupon, self.clock.now())

    async def uses_of(self, code: str) -> int:
        """How many orders hold or used the coupon."""
        async with self.unit() as unit:
            coupon = await unit.coupons.get(code)
        assert coupon is not None
        return coupon.used

    async def reprice(self, code: str, price: Money) -> None:
        async with self.unit() as unit:
            plan = await unit.catalogue.current(code)
            assert plan is not None
            dearer = replace(plan, version=plan.version + 1, price=price)
            unit.catalogue.put_on_sale(dearer, 0, self.clock.now())

    async def withdraw(self, code: str) -> None:
        async with self.unit() as unit:
            unit.catalogue.withdraw(code, self.clock.now())

    async def read(self, line: Line, **said: object) -> None:
        """A reading arrives; what it does not say is not reported."""
        blank: dict[str, object] = dict.fromkeys(
            (
                "plan_code", "valid_until", "used_today_bytes", "high_speed_cap_bytes",
                "throttled", "base_rate_kbps", "next_reset_at", "wallet",
            )
        )  # fmt: skip
        reading = Reading(line.id, self.clock.now(), "test", **(blank | said))  # type: ignore[arg-type]
        async with self.unit() as unit:
            unit.readings.put(reading, self.clock.now())

    # ── money ─────────────────────────────────────────────────────────────────────────────────────

    async def fund(self, line: Line, held: Money) -> None:
        async with self.unit() as unit:
            unit.ledger.post(opening_balance(line.id, held), self.clock.now())

    async def balance(self, account: Account) -> Money:
        async with self.unit() as unit:
            return await unit.ledger.balance(account, CURRENCY)

    async def wallet(self, line: Line) -> Money:
        return await self.balance(wallet_of(line.id))

    async def quote(self, subscriber: Subscriber, code: str = "M30", periods: int = 1) -> Quote:
        async with self.unit() as unit:
            return await self.renew.quote(unit, subscriber, code, periods)

    async def pay(self, subscriber: Subscriber, order: Order, way: PaymentMethod | Way) -> Payable:
        chosen = way if isinstance(way, Way) else Way(way)
        async with self.unit() as unit:
            return await self.payments.pay(unit, subscriber, order.id, chosen)

    async def pay_by_wallet(self, subscriber: Subscriber, order: Order) -> Payable:
        return await self.pay(subscriber, order, PaymentMethod.WALLET)

    async def paid_by_wallet(self, subscriber: Subscriber, line: Line) -> Order:
        """A month, paid a moment ago, which only the carrier has not heard of yet."""
        await self.fund(line, yuan(199))
        order = (await self.quote(subscriber)).order
        await self.pay_by_wallet(subscriber, order)
        self.heard()
        self.asked(ReadLine)
        return await self.order(order)

    async def top_up(self, subscriber: Subscriber, amount: Money) -> Order:
        """Quoted, and not confirmed yet."""
        async with self.unit() as unit:
            return (await self.top_ups.quote(unit, subscriber, amount)).order

    async def topped_up(self, subscriber: Subscriber, amount: Money) -> Order:
        """Paid by invoice a moment ago."""
        order = await self.top_up(subscriber, amount)
        assert await self.charged(self.charge_of(await self.open_invoice(subscriber, order)))
        self.heard()
        return await self.order(order)

    async def unlink(self, subscriber: Subscriber, line: Line) -> None:
        async with self.unit() as unit:
            await self.link.unlink(unit, subscriber, line.id)
        self.heard()

    async def open_invoice(self, subscriber: Subscriber, order: Order) -> Payment:
        payment = (await self.pay(subscriber, order, PaymentMethod.INVOICE)).payment
        assert payment is not None
        return payment

    async def cancel(self, subscriber: Subscriber, order: Order) -> Order:
        async with self.unit() as unit:
            return await self.payments.cancel(unit, subscriber, order.id)

    def charge_of(self, payment: Payment) -> Charge:
        """A fresh charge that pays the payment as agreed."""
        return Charge(
            id=f"ch_{secrets.token_hex(4)}",
            payment_id=payment.id,
            payer_id=payment.subscriber_id,
            amount=payment.amount,
            platform_ref="provider-1",
            charged_at=self.clock.now(),
        )

    async def charged(self, charge: Charge) -> Settlement:
        async with self.unit() as unit:
            return await self.settle.settle_charge(unit, charge)

    async def order(self, order: Order) -> Order:
        """The order as it is stored now."""
        async with self.unit() as unit:
            stored = await unit.orders.get(order.id)
        assert stored is not None
        return stored

    # ── taking back ───────────────────────────────────────────────────────────────────────────────

    async def fund_more(self, line: Line, amount: Money) -> None:
        """Money in the wallet that no opening balance explains."""
        postings = (Posting(OPENING, -amount), Posting(wallet_of(line.id), amount))
        key = f"test:{secrets.token_hex(4)}"
        async with self.unit() as unit:
            journal = Journal(key, JournalKind.OPENING_BALANCE, None, postings)
            unit.ledger.post(journal, self.clock.now())

    async def wants_back(self, subscriber: Subscriber, order: Order) -> None:
        async with self.unit() as unit:
            await self.take_back.by_subscriber(unit, subscriber, order.id)

    async def operator_refunds(self, order: Order) -> None:
        async with self.unit() as unit:
            await self.take_back.by_operator(unit, order.id, "asked by phone")

    async def operator_has_sent(self, order: Order, charge_id: str | None = None) -> None:
        async with self.unit() as unit:
            await self.refund.mark_sent(unit, order.id, charge_id)

    # ── time ──────────────────────────────────────────────────────────────────────────────────────

    async def pass_time(self, **length: float) -> None:
        """Lets the time pass (as in `timedelta`); timers are decided when they are due."""
        end = self.clock.now() + timedelta(**length)
        while await self._decide_next_timer(not_after=end):
            pass
        self.clock.set(end)

    async def until_next_timer(self) -> timedelta:
        """Lets time pass until the next timer, and decides it; how long that took."""
        before = self.clock.now()
        assert await self._decide_next_timer(not_after=before + timedelta(days=366))
        return self.clock.now() - before

    async def _decide_next_timer(self, not_after: datetime) -> bool:
        async with self.unit() as unit:
            due_at = await unit.due_timers.next_due()
            if due_at is None or due_at > not_after:
                return False
            self.clock.set(max(due_at, self.clock.now()))
            (timer,) = await unit.due_timers.take_due(due_at, 1)
            decide = {
                "order_expiry": self.payments.on_expiry_due,
                "auto_renewal": self.auto.on_due,
                "line_watch": self.watch_lines.on_due,
                "order_look": self.fulfil.on_look_due,
                "order_delay": self.fulfil.on_delay_due,
                "order_submission": self.fulfil.on_submission_due,
                "order_cancel": self.take_back.on_due,
                "platform_read": self.watch.on_read_due,
                "reconcile": self.reconcile.on_due,
                "reconcile_end": self.reconcile.on_end_due,
            }[timer.kind]
            await decide(unit, loads(timer.payload))
        return True


def catalogue() -> list[Plan]:
    return read_catalogue(CATALOGUE, CURRENCY)
