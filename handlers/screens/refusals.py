"""What was not done: what failed, whether money moved, what to do next, a short reference."""

from __future__ import annotations

from typing import Final

from bot.domain.errors import (
    AmountOutOfRange,
    AnnouncementMoved,
    CooldownRunning,
    CouponTaken,
    InsufficientBalance,
    LastOwner,
    NotAllowed,
    NotCancellable,
    NotTested,
    NumberDiffers,
    OrderUnderWay,
    PayLinkEnded,
    PaymentMethodUnavailable,
    PeriodsOutOfRange,
    PlanChanged,
    Refusal,
    StillCounting,
    StillOperator,
    TooFast,
    TooLateToRecall,
    TooManyTries,
    TopUpsNotOffered,
    TopUpSpent,
    UnderMaintenance,
    UnknownLine,
    UnknownOrder,
    UnknownPlan,
    UnknownSubject,
    WrongOrderStatus,
)
from bot.domain.order import PAID_FOR
from bot.domain.payment import PreCheckoutRefusal
from handlers.branding import Branding
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, lines
from handlers.screens.screen import Key, Rows, Screen, rows
from handlers.texts import Texts

_OF_ANNOUNCING: Final = (
    AnnouncementMoved, NotTested, StillCounting, NumberDiffers, TooLateToRecall,
)  # fmt: skip


def refused(t: Texts, refusal: Refusal) -> Screen:
    return Screen(
        lines(bold(_what_failed(t, refusal)), _money(t, refusal)),
        _next(t, refusal),
        shows="refusal",
    )


def toast(t: Texts, refusal: CooldownRunning) -> str:
    """Nothing failed: what stands is fresh enough, and a word above it is all that is needed."""
    return t.plain("Just read. Again in {seconds} s.", seconds=refusal.seconds_left)


def broken(t: Texts, reference: str, branding: Branding) -> Screen:
    """Our fault; the reference leads support to it."""
    return Screen(
        lines(
            bold(t("Something went wrong on our side")),
            t("Nothing of what you just asked was done, and no money moved by it."),
            t("Please try again; if it stays so, tell support this reference: {reference}",
              reference=code(reference)),
        ),
        rows([Key(t.plain("💬 Support"), url=branding.support_url), _home(t)]),
        shows="broken",
    )  # fmt: skip


def expired_button(t: Texts) -> str:
    return t.plain("This button has expired. Here is a fresh screen.")


def not_understood(t: Texts) -> Screen:
    return Screen(
        lines(
            bold(t("I did not understand that")),
            t("I read buttons and commands: /usage, /renew, /orders, /help."),
        ),
        rows([Key(t.plain("💬 Help"), Press(Action.FAQ)), _home(t)]),
        shows="not understood",
    )


def edits_change_nothing(t: Texts) -> Html:
    return t("I read a message once: editing it changes nothing. Please send it again instead.")


def paused(t: Texts) -> Html:
    return t("🧑‍🔧 We are doing maintenance: nothing can be bought just now. What is paid is "
             "delivered as ever, and your line goes on working.")  # fmt: skip


def private_only(t: Texts, link: str) -> Html:
    return t("Your data is for your eyes only: talk to me in private, {link}", link=link)


def pre_checkout(t: Texts, refusal: PreCheckoutRefusal) -> str:  # noqa: PLR0911 - a sentence each
    """Why Telegram is told not to take the money."""
    match refusal:
        case PreCheckoutRefusal.ALREADY_PAID:
            return t.plain("This order is already paid. You were not charged again.")
        case PreCheckoutRefusal.CLOSED:
            return t.plain("This order is closed. Please order again; you were not charged.")
        case PreCheckoutRefusal.REPLACED:
            return t.plain("Another way to pay was chosen for this order since. Open the order "
                           "and choose again; you were not charged.")  # fmt: skip
        case PreCheckoutRefusal.PRICE_CHANGED:
            return t.plain("The price has changed. Please order again; you were not charged.")
        case PreCheckoutRefusal.WITHDRAWN:
            return t.plain("This plan is no longer sold. You were not charged.")
        case PreCheckoutRefusal.COUPON_LOST:
            return t.plain("The coupon on this order is gone. Please order again; "
                           "you were not charged.")  # fmt: skip
        case PreCheckoutRefusal.PAUSED:
            return t.plain(
                "We are doing maintenance. You were not charged; please try again later."
            )
        case PreCheckoutRefusal.NOT_YOURS:
            return t.plain("This invoice was made for somebody else. You were not charged.")
        case PreCheckoutRefusal.UNKNOWN:
            return t.plain("We do not know this invoice. You were not charged.")


def unplaced_payment(t: Texts, amount: str) -> Html:
    return t(
        "Your payment of {amount} arrived, but it fits no order. It is kept safe and a person "
        "looks at it.",
        amount=amount,
    )


def _what_failed(t: Texts, refusal: Refusal) -> Html:  # noqa: PLR0911, PLR0912 - a sentence each
    match refusal:
        case UnknownPlan():
            return t("This plan is no longer sold")
        case UnknownOrder():
            return t("You have no such order")
        case UnknownLine():
            return t("This line is not linked to your chat")
        case PeriodsOutOfRange():
            return t("Please choose from {lowest} to {highest} days", lowest=refusal.lowest,
                     highest=refusal.highest)  # fmt: skip
        case NotCancellable():
            return t("This renewal has begun, or is no longer waiting: it cannot be cancelled")
        case PayLinkEnded():
            return t("🔗 This payment link is not valid, or not any more")
        case WrongOrderStatus() if refusal.status in PAID_FOR:
            return t("Order {id} is already paid", id=refusal.order_id)
        case WrongOrderStatus():
            return t("Order {id} is closed or being paid", id=refusal.order_id)
        case InsufficientBalance():
            return t("Your wallet holds less than this order costs")
        case TopUpSpent():
            return t("The wallet no longer holds what this top-up put in: it cannot go back")
        case TopUpsNotOffered():
            return t("Topping up is not offered right now")
        case AmountOutOfRange():
            return t("A top-up of this size is not offered")
        case PaymentMethodUnavailable():
            return t("This way to pay is not offered right now")
        case TooManyTries():
            return t("Too many tries: please try again in an hour")
        case TooFast():
            return t("Slow down a little: what comes too fast is passed over")
        case AnnouncementMoved():
            return t("This announcement has moved on meanwhile")
        case NotTested():
            return t("Please send it to yourself first, as it is now")
        case StillCounting():
            return t("Its readers are still being counted: a moment, please")
        case NumberDiffers():
            return t("That is not the number of recipients: {number}", number=refusal.count)
        case TooLateToRecall():
            return t("Telegram takes messages back only within 48 hours")
        case NotAllowed():
            return t("Your role does not allow this")
        case UnderMaintenance():
            return t("🧑‍🔧 Nothing is sold just now: we are doing maintenance")
        case CouponTaken():
            return t("This code was issued before: choose another")
        case PlanChanged():
            return t("Somebody changed this plan meanwhile: look at it and change it again")
        case LastOwner():
            return t("The last owner stays: appoint another owner first")
        case OrderUnderWay():
            return t("Order {id} has to end before your data can be deleted", id=refusal.order_id)
        case StillOperator():
            return t("You serve at the desk: an owner has to take that role back first")
        case UnknownSubject():
            return t("The desk knows nothing of that name or number")
        case _:
            return t("This cannot be done right now")


def _money(t: Texts, refusal: Refusal) -> Html:
    if isinstance(refusal, WrongOrderStatus) and refusal.status in PAID_FOR:
        return t("You were not charged again.")
    if isinstance(refusal, PayLinkEnded):
        return t("Nothing was charged. Ask whoever sent it to you for a new one.")
    return t("Nothing was changed and no money moved.")


def _next(t: Texts, refusal: Refusal) -> Rows:
    order_id = getattr(refusal, "order_id", None)
    order = None
    of_order = isinstance(refusal, WrongOrderStatus | NotCancellable | OrderUnderWay)
    if of_order and order_id is not None:
        order = Key(t.plain("🧾 Order"), Press(Action.ORDER, order_id))
    elif isinstance(refusal, InsufficientBalance):
        order = Key(t.plain("💰 Top up the rest"), Press(Action.TOP_UP_FOR, refusal.order_id))
    elif isinstance(refusal, _OF_ANNOUNCING):
        order = Key(t.plain("📣 Announce"), Press(Action.ANNOUNCE))
    elif isinstance(refusal, NotAllowed | CouponTaken | LastOwner | PlanChanged | UnknownSubject):
        order = Key(t.plain("🛠 Desk"), Press(Action.DESK))
    elif isinstance(refusal, UnknownPlan | PeriodsOutOfRange):
        order = Key(t.plain("🔄 Choose a plan"), Press(Action.RENEW))
    return rows([order, _home(t)])


def _home(t: Texts) -> Key:
    return Key(t.plain("🏠 Home"), Press(Action.HOME))
