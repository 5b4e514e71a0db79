"""The other side of the adapter: whoever pays, disputes, or breaks the sandbox's platform."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from bot.domain.payment import PaymentMethod
from bot.payments.stripe import StripePlatform
from bot.sandbox.world import World
from bot.services.platform import Checkout, CheckoutTerms, PlatformPayment, SavedCard
from tests.payments import scripted
from tests.sandbox.telegram.sides import Control, Json


@dataclass
class Till:
    """The adapter, and the world in which it is."""

    stripe: StripePlatform
    world: World
    control: Control

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def terms(self, method: PaymentMethod = PaymentMethod.CARD, **changes: Any) -> CheckoutTerms:
        """A month that can be paid within half an hour; each is for a payment of its own."""
        given = {
            "payment_id": f"p{next(self._numbers)}",
            "method": method,
            "expires_at": self.world.clock.now() + timedelta(minutes=30),
        }
        return scripted.terms(**given | changes)

    async def is_paid(self, page: Checkout, **how: Any) -> PlatformPayment:
        """Somebody pays on the page, or tries to."""
        await self.control.post(f"payments/sessions/{page.ref}/pay", **how)
        return await self.stripe.payment(page.ref)

    async def settles(self, page: Checkout, outcome: str) -> PlatformPayment:
        """The money that was on its way arrives, or never will."""
        await self.control.post(f"payments/sessions/{page.ref}/settle", outcome=outcome)
        return await self.stripe.payment(page.ref)

    async def pays_by_card(self) -> PlatformPayment:
        return await self.is_paid(await self.stripe.open_checkout(self.terms()))

    async def keeps_a_card(self, number: str = "4242424242424242") -> SavedCard:
        page = await self.stripe.open_checkout(self.terms(keep_card=True))
        kept = (await self.is_paid(page, number=number)).kept_card
        assert kept is not None
        return kept

    async def faces(self, operation: str, kind: str, times: int = 1, **more: Any) -> None:
        """A fault is put in the adapter's way."""
        fault = {"operation": operation, "kind": kind, "times": times}
        await self.control.post("payments/faults", **fault | more)

    async def sessions(self) -> list[Json]:
        found: list[Json] = (await self.control.get("payments/sessions"))["sessions"]
        return found

    async def charges(self) -> list[Json]:
        """Every charge that took money."""
        found: list[Json] = (await self.control.get("payments/charges"))["charges"]
        return [charge for charge in found if charge["status"] == "succeeded"]
