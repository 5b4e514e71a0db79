"""The ground of a walk, on which people, platform, carrier and time do what they like in any order.

After each step the whole check of `tests.services.books` holds, every account of the ledger is what
`expected` works out from what was told, and the carrier has nothing that was not paid. At the end
everything outstanding is heard once, the platform is compared once, and then the books come to what
truly moved outside.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from bot.domain.coupon import Coupon, Share
from bot.domain.errors import Refusal
from bot.domain.ledger import wallet_of
from bot.domain.offer import currency_of
from bot.domain.order import Order, OrderStatus, TopUp
from bot.domain.payment import Charge, Payment, PaymentMethod, Settlement, Way
from bot.domain.plan import Plan
from bot.domain.subscriber import Subscriber
from bot.services.compare_answers import CompareAnswers
from bot.services.follow_stars import FollowStars
from bot.services.keep_card import keep_card
from bot.services.platform import SavedCard
from bot.services.reconcile import Reconcile
from bot.services.stars_requests import StarsMove
from bot.services.watch_platform import WatchPlatform
from storage import migrate
from storage.database import Database
from storage.unit import SqliteStore, SqliteUnit
from tests.clocks import StoppedClock
from tests.services.books import breaches
from tests.services.shop import Shop, catalogue, found_line, yuan
from tests.services.walk import expected
from tests.services.walk.expected import Told, ToldCharge
from tests.services.walk.outside import Outside

Done = TypeVar("Done")
Item = TypeVar("Item")
Work = Callable[[SqliteUnit], Awaitable[Done]]

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
OPENING = yuan(220)
COUPONS = [
    Coupon("FEW", yuan(5), offered=True, max_uses=3),
    Coupon("TENTH", Share(1000), offered=True, max_uses=3),
]
"""An amount, which is good in money, and a share, which is good in Stars as well."""
USES = {coupon.code: coupon.max_uses or 0 for coupon in COUPONS}
TAILS = ("1001", "1002")
"""The last digits of the two lines."""


class Crash(Exception):
    """The process is gone just before the commit."""


class ReadingStars(FollowStars):
    """What a charge in the list must do is worked out just before it is taken."""

    def __init__(self, shop: Shop, foresee: Callable[[Any, Charge, PaymentMethod], Any]) -> None:
        super().__init__(shop.settle, shop.follow_refund, shop.operators)
        self._foresee = foresee

    async def take(self, unit: Any, move: StarsMove) -> None:
        if not move.is_refund:
            charge = Charge(
                move.charge_id, move.payment_id or "", move.person_id, move.amount, "", move.at
            )
            await self._foresee(unit, charge, PaymentMethod.STARS)
        await super().take(unit, move)


class Watch(WatchPlatform):
    """Notices are brought by the walk itself."""

    async def on_read_due(self, unit: Any, _timer: dict[str, Any]) -> None:
        return


@cache
def blank() -> bytes:
    """A database of the newest schema."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blank.db"
        migrate.upgrade(path)
        return path.read_bytes()


def chosen(items: Sequence[Item], pick: int) -> Item | None:
    """One of them; the smaller the pick, the newer."""
    return items[-1 - pick % len(items)] if items else None


class Ground(RuleBasedStateMachine):
    """The shop on a database of its own, what is outside, and what was told."""

    figures: ClassVar[Counter[str]] = Counter()
    """Of all walks of this process."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self._folder = Path(tempfile.mkdtemp(prefix="walk-"))
        self.path = self._folder / "bot.db"
        self.path.write_bytes(blank())
        self._stack = AsyncExitStack()
        self.people: list[Subscriber] = []
        self.cards: dict[int, Way] = {}
        self.orders: list[Order] = []
        self.payments: dict[str, tuple[Order, Payment]] = {}
        self.outside = Outside()
        self.crashes_next = False
        self._foreseen: list[tuple[Charge, PaymentMethod, Settlement]] = []
        self.run(self._begin())

    async def _begin(self) -> None:
        clock = StoppedClock(NOW)
        database = await self._stack.enter_async_context(Database(self.path))
        self.shop = Shop(SqliteStore(database, clock.now), clock)
        self.shop.watch = Watch(clock)
        self.shop.reconcile = Reconcile(
            clock, self.shop.operators, has_platform=True, takes_stars=True
        )
        self.shop.compare = CompareAnswers(
            self.shop.reconcile,
            self.shop.follow_payment,
            self.shop.follow_refund,
            self.shop.fulfil,
            ReadingStars(self.shop, self.foresee),
        )
        self.plans: dict[str, Plan] = {plan.code: plan for plan in catalogue()}
        self.on_sale = set(self.plans)
        await self.shop.put_on_sale(list(self.plans.values()))
        opened_with = {}
        for subscriber_id, tail in zip((7001, 7002), TAILS, strict=True):
            line = await self.shop.link_contact(subscriber_id, found_line(tail))
            await self.shop.fund(line, OPENING)
            await self.shop.read(line, valid_until=NOW + timedelta(days=10))
            opened_with[str(wallet_of(line.id))] = OPENING
            self.people.append(await self.shop.subscriber(subscriber_id))
            await self.keep_a_card(subscriber_id)
        self.told = Told(opened_with)
        for coupon in COUPONS:
            await self.shop.issue(coupon)

    async def keep_a_card(self, subscriber_id: int) -> None:
        card = SavedCard(f"pm_{subscriber_id}", f"cus_{subscriber_id}", "visa", "4242", 12, 2030)
        async with self.shop.unit() as unit:
            await keep_card(unit, subscriber_id, card, NOW)
            [kept] = await unit.cards.of(subscriber_id)
        self.cards[subscriber_id] = Way(PaymentMethod.CARD, kept.id)

    def run(self, work: Awaitable[Done]) -> Done:
        return self.loop.run_until_complete(_coroutine(work))

    # ── deciding ──────────────────────────────────────────────────────────────────────────────────

    def decide(self, work: Work[Done]) -> Done | None:
        """One event, decided; None when it was refused. After a crash it is decided again, as if
        it had never been."""
        return self.run(self._decide(work))

    def do(self, work: Work[Any]) -> None:
        self.decide(work)

    async def _decide(self, work: Work[Done]) -> Done | None:
        if self.crashes_next:
            self.crashes_next = False
            await self._crash(work)
        try:
            async with self.shop.unit() as unit:
                done = await work(unit)
        except Refusal as refused:
            self.figures[type(refused).__name__] += 1
            return None
        self.figures["events decided"] += 1
        return done

    async def _crash(self, work: Work[Any]) -> None:
        before = self._dump()
        try:
            async with self.shop.unit() as unit:
                await work(unit)
                raise Crash
        except Crash:
            self.figures["crashes"] += 1
        except Refusal:
            return
        assert self._dump() == before, "a decision that crashed has left something behind"

    def _dump(self) -> list[str]:
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as database:
            return list(database.iterdump())

    # ── charges ───────────────────────────────────────────────────────────────────────────────────

    def tell_charge(self, charge: Charge, method: PaymentMethod, tell: Work[Any]) -> None:
        """Tells of money that moved, having worked out what it must do."""

        async def foresee_and_tell(unit: SqliteUnit) -> None:
            await self.foresee(unit, charge, method)
            await tell(unit)

        self.tell_charges(foresee_and_tell)

    def tell_charges(self, tell: Work[Any]) -> None:
        """Tells of any number of charges, each of which is foreseen on the way."""

        async def tell_anew(unit: SqliteUnit) -> None:
            self._foreseen.clear()
            await tell(unit)

        self.do(tell_anew)
        for charge, method, must in self._foreseen:
            if must is not Settlement.DUPLICATE_NOTICE:
                known = self.payments.get(charge.payment_id)
                order_id = known[0].id if known is not None else None
                self.told.charges[charge.id] = ToldCharge(method, charge.amount, order_id, must)
            self.figures[f"charges: {must}"] += 1
            self.figures[f"charges by {method}"] += 1

    async def foresee(self, unit: Any, charge: Charge, method: PaymentMethod) -> None:
        self._foreseen.append((charge, method, await self._must(unit, charge)))

    async def _must(self, unit: SqliteUnit, charge: Charge) -> Settlement:
        if charge.id in self.told.charges:
            return Settlement.DUPLICATE_NOTICE
        known = self.payments.get(charge.payment_id)
        if known is None:
            return Settlement.UNKNOWN_PAYMENT
        order = await unit.orders.get(known[0].id)
        payment = await unit.payments.get(known[1].id)
        assert order is not None
        assert payment is not None
        paid = {OrderStatus.AWAITING_PAYMENT, OrderStatus.CANCELLED, OrderStatus.EXPIRED}
        if order.status not in paid:
            return Settlement.SECOND_CHARGE
        is_payers = payment.method.is_hosted or charge.payer_id == payment.subscriber_id
        if charge.amount != payment.amount or not is_payers:
            return Settlement.MISMATCH
        if order.status is OrderStatus.AWAITING_PAYMENT:
            return Settlement.PAID
        if await unit.lines.holder(order.line_id) != order.subscriber_id:
            return Settlement.TOO_LATE
        if isinstance(order.buys, TopUp):
            return Settlement.REOPENED
        plan = self.plans[order.renewal.plan_code]
        still_sold = plan.code in self.on_sale and plan.version == order.renewal.plan_version
        has_coupon = await _can_have_its_coupon(unit, order)
        return Settlement.REOPENED if still_sold and has_coupon else Settlement.TOO_LATE

    def stored(self, order: Order) -> Order:
        return self.run(self.shop.order(order))

    def way(self, order: Order, name: str) -> Way:
        is_kept = name == "kept card"
        return self.cards[order.subscriber_id] if is_kept else Way(PaymentMethod(name))

    def owner(self, order: Order) -> Subscriber:
        return next(who for who in self.people if who.id == order.subscriber_id)

    # ── what must hold ────────────────────────────────────────────────────────────────────────────

    def look_over(self) -> None:
        """After every step."""
        must_be_the_same("breaches of the books", breaches(self.path), {})
        books = expected.read(self.path)
        stands = {account: minor for account, minor in books.balances.items() if minor}
        must_be_the_same("accounts", stands, expected.balances(self.told, books))
        must = {charge_id: charge.did for charge_id, charge in self.told.charges.items()}
        must_be_the_same("what charges did", books.settlements, must)
        bought = {
            each.order_id
            for each in self.told.charges.values()
            if each.did in {Settlement.PAID, Settlement.REOPENED}
        } | self.told.wallet_orders
        placed = {key.split(":")[1] for key in self.outside.orders}
        assert placed <= bought, "the carrier has an order that nobody paid"
        ready = {each.id for each in books.orders.values() if _is_on_a_line(each)}
        assert ready <= placed, "an order is called ready that the carrier never had"
        for code, most in USES.items():
            assert self.run(self.shop.uses_of(code)) <= most

    def look_back(self) -> None:
        """When nothing is outstanding any more: the books are what truly happened."""
        self.look_over()
        books = expected.read(self.path)
        assert books.settlements.keys() == self.outside.taken.keys(), "a charge was lost"
        for method in PaymentMethod:
            if method is not PaymentMethod.WALLET:
                currency = currency_of(method, OPENING.currency)
                stands = books.balances.get((f"clearing:{method}", currency), 0)
                held = self.outside.held_by(method)
                assert -stands == held, f"{method}: the books hold {-stands}, the platform {held}"
        owed = [each.key for each in books.refunds if each.waits_for_telegram]
        assert not owed, f"Stars were not asked back, or not often enough: {owed}"
        ready = {f"order:{o.id}:fulfil" for o in books.orders.values() if _is_on_a_line(o)}
        in_review = {f"order:{o.id}:fulfil" for o in books.orders.values() if o.status == "review"}
        assert ready <= self.outside.delivered, "called ready, and not on the line"
        given = self.outside.delivered - self.outside.kept
        assert given <= ready | in_review, "on the line, and not called ready"
        for order in books.orders.values():
            assert order.status not in {"quoted", "awaiting_payment", "paid", "fulfilling"}, order
        self.figures["charged but undelivered"] += sum(
            minor for (account, _), minor in books.balances.items() if account == "deferred"
        ) - sum(o.price for o in books.orders.values() if o.status == "review" and _holds(o))
        self.figures["walks"] += 1
        for order in books.orders.values():
            self.figures[f"{order.buys}s: {order.status}"] += 1
        for by in self.outside.refunds.values():
            self.figures[f"refunds: {'ours' if by.key else 'in the dashboard'}, {by.state}"] += 1
        for move in self.outside.moves_of_stars:
            self.figures["Stars: back" if move.is_refund else "Stars: charged"] += 1
        for dispute in self.outside.disputes.values():
            self.figures[f"disputes: {dispute.state}"] += 1

    def teardown(self) -> None:
        self.run(self._stack.aclose())
        self.loop.close()
        shutil.rmtree(self._folder)


def must_be_the_same(what: str, found: dict[Any, Any], must: dict[Any, Any]) -> None:
    differ = {
        name: (found.get(name), must.get(name))
        for name in found.keys() | must.keys()
        if found.get(name) != must.get(name)
    }
    assert not differ, f"{what} (is, must be): {differ}"


def _is_on_a_line(order: expected.StoredOrder) -> bool:
    return order.status == "fulfilled" and order.buys == "renewal"


def _holds(order: expected.StoredOrder) -> bool:
    return order.was_paid and order.reason != "refund_failed"


async def _can_have_its_coupon(unit: SqliteUnit, order: Order) -> bool:
    if order.discount is None:
        return True
    coupon = await unit.coupons.get(order.discount.code)
    return coupon is not None and coupon.used < USES[coupon.code]


async def _coroutine(work: Awaitable[Done]) -> Done:
    return await work
