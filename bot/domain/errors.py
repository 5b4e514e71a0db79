"""Refusals, each named for what it refuses.

A `Refusal` is an answer to a person: the decision is rolled back, the dialogue stays where it is,
and the screen says what failed, whether money moved and what to do next. What must be remembered
although it failed (a wrong code uses up a try) is a returned outcome, not a refusal.
A `CarrierError` is what a carrier's adapter raises; it never reaches a subscriber as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from bot.domain.money import Money
    from bot.domain.operator import Role


class DomainError(Exception):
    """The root of every error that this project names."""


class CurrencyMismatch(DomainError):
    """Two amounts of different currencies met; amounts are never converted."""


class UnbalancedJournal(DomainError):
    """The postings of a journal do not sum to zero in each currency."""


class ForbiddenTransition(DomainError):
    """The order machine has no such edge from the order's present status."""


class Refusal(DomainError):
    """Something a subscriber asked for that is not done; nothing was written."""

    #: Whether money has moved for the thing refused; the screen says so.
    money_moved: ClassVar[bool] = False


class NoLine(Refusal):
    """The subscriber has no linked line, and the thing asked for needs one."""


class UnknownLine(Refusal):
    """No such line among the subscriber's own."""


class UnknownPlan(Refusal):
    """No plan with that code is on sale: never was, or withdrawn."""


class UnknownOrder(Refusal):
    """No such order among the subscriber's own."""


class PeriodsOutOfRange(Refusal):
    """A number of days or periods that the plan does not sell."""

    def __init__(self, lowest: int, highest: int) -> None:
        super().__init__(f"between {lowest} and {highest}")
        self.lowest, self.highest = lowest, highest


class WrongOrderStatus(Refusal):
    """The order has moved on; what was asked no longer applies to it."""

    def __init__(self, order_id: str, status: str) -> None:
        super().__init__(f"{order_id} is {status}")
        self.order_id, self.status = order_id, status


class NotARenewal(Refusal):
    """The order buys no plan, and the thing asked for is about one."""


class InsufficientBalance(Refusal):
    """The wallet holds less than the order's total."""

    def __init__(self, order_id: str) -> None:
        super().__init__(order_id)
        self.order_id = order_id


class AmountOutOfRange(Refusal):
    """An amount that one top-up may not have."""

    def __init__(self, least: Money, most: Money) -> None:
        super().__init__(f"between {least.decimal} and {most.decimal} {most.currency}")
        self.least, self.most = least, most


class TopUpsNotOffered(Refusal):
    """The operator's settings offer no way to pay that fills a wallet."""


class TopUpSpent(Refusal):
    """The wallet no longer holds what the top-up put into it, or is somebody else's by now."""

    def __init__(self, order_id: str) -> None:
        super().__init__(order_id)
        self.order_id = order_id


class PaymentMethodUnavailable(Refusal):
    """The operator's settings do not offer this way to pay."""


class PayLinkEnded(Refusal):
    """No link that leads to that order was followed, or it was taken back: nobody is told which."""


class TooManyTries(Refusal):
    """More codes asked for or tried in the last hour than are allowed."""


class TooFast(Refusal):
    """More came from one person at once than is heard."""


class CooldownRunning(Refusal):
    """A reading was asked for again before the carrier's shortest interval had passed."""

    def __init__(self, seconds_left: int) -> None:
        super().__init__(f"{seconds_left} s")
        self.seconds_left = seconds_left


class NotCancellable(Refusal):
    """The renewal has begun, or is no longer in force: it stays as it is."""

    def __init__(self, order_id: str) -> None:
        super().__init__(order_id)
        self.order_id = order_id


class OrderUnderWay(Refusal):
    """An order of the subscriber's has not ended yet: their data cannot be deleted before it."""

    def __init__(self, order_id: str) -> None:
        super().__init__(order_id)
        self.order_id = order_id


class StillOperator(Refusal):
    """Who serves at the desk answers for it, and cannot be forgotten meanwhile."""


class NothingOwed(Refusal):
    """No refund of that order, or of that charge, waits to be sent."""


class SeveralOwed(Refusal):
    """More than one refund of that order waits to be sent: the charge has to be named."""


class NotAllowed(Refusal):
    """Of the desk, and not for this person: ``role`` is theirs, None when they are no operator."""

    def __init__(self, role: Role | None) -> None:
        super().__init__(role or "no operator")
        self.role = role


class UnknownSubject(Refusal):
    """No such order, person, plan or coupon is known at the desk."""


class PlanChanged(Refusal):
    """Somebody changed the plan while an operator was still writing."""


class UnderMaintenance(Refusal):
    """Nothing is sold just now."""


class TermUnreadable(DomainError):
    """A written term of a plan or a coupon that is none, or whose value cannot be."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


class CouponTaken(Refusal):
    """That code was issued before: a code is issued once."""


class LastOwner(Refusal):
    """Without its last owner nobody could appoint anybody."""


class AnnouncementMoved(Refusal):
    """The announcement has moved on: it was started, paused or ended meanwhile."""


class NotTested(Refusal):
    """The announcement is not let go before its author has seen it as it is now."""


class StillCounting(Refusal):
    """The recipients of the announcement are being counted: it takes seconds among a million."""


class NumberDiffers(Refusal):
    """The number of recipients that was typed is not how many there are."""

    def __init__(self, count: int) -> None:
        super().__init__(str(count))
        self.count = count


class TooLateToRecall(Refusal):
    """Telegram deletes a message for both sides only for 48 hours."""


class CarrierError(DomainError):
    """The root of what a carrier's adapter raises (carrier port)."""

    permanent: ClassVar[bool] = True
    operator_must_act: ClassVar[bool] = False
    """It stands in the way of every order alike, until an operator has mended it."""


class InvalidRequest(CarrierError):
    """The carrier refuses the request as malformed."""


class NotFound(CarrierError):
    """The carrier knows no such line, order or plan."""


class AuthFailed(CarrierError):
    """The carrier refuses our credentials."""

    operator_must_act = True


class OutOfFunds(CarrierError):
    """The operator's own account at the carrier is empty."""

    operator_must_act = True


class OutOfStock(CarrierError):
    """The carrier cannot deliver the plan now."""


class PriceChanged(CarrierError):
    """The carrier's price is no longer the one that the order carries."""


class WrongState(CarrierError):
    """The line is in a state in which the carrier does not do this."""


class RateLimited(CarrierError):
    """The carrier asks to come back later; nothing was done."""

    permanent = False

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"retry after {retry_after_s} s")
        self.retry_after_s = retry_after_s


class Unavailable(CarrierError):
    """The carrier did not take the request (no connection, 503): nothing was done, try again."""

    permanent = False


class OutcomeUnknown(CarrierError):
    """The request left, no answer came: it may have been carried out. Look before sending again."""

    permanent = False


class PlatformError(DomainError):
    """The root of what a payment platform's adapter raises (payment platform port)."""


class PlatformRefused(PlatformError):
    """The platform will not do it, or knows no such object: final. ``code`` is its own word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PlatformUnavailable(PlatformError):
    """The platform did not take the request (no connection, 429, 503): nothing was done."""


class PlatformOutcomeUnknown(PlatformError):
    """The request left, no usable answer came: look by our own id before asking again."""


class ForgedNotice(PlatformError):
    """A notice whose signature does not hold, or is too old."""
