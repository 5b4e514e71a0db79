"""The way in: linking a line; what the bot says of itself; what was not done."""

from __future__ import annotations

from typing import Final

from bot.domain import errors
from bot.domain.operator import Role
from bot.domain.order import OrderStatus
from bot.domain.payment import PreCheckoutRefusal
from handlers.buttons import Action, Press
from handlers.html import Html
from handlers.screens import legal, refusals, welcome
from tests.handlers.facts import BRANDING, LINE, ORDER, yuan
from tests.handlers.gallery.page import Page, page

_REFUSALS: Final[list[errors.Refusal]] = [
    errors.UnknownPlan("M30"),
    errors.UnknownOrder(ORDER.id),
    errors.UnknownLine("1"),
    errors.PeriodsOutOfRange(1, 30),
    errors.NotCancellable(ORDER.id),
    errors.WrongOrderStatus(ORDER.id, OrderStatus.PAID),
    errors.WrongOrderStatus(ORDER.id, OrderStatus.EXPIRED),
    errors.InsufficientBalance(ORDER.id),
    errors.TopUpsNotOffered(),
    errors.AmountOutOfRange(yuan(10), yuan(2000)),
    errors.PaymentMethodUnavailable("card"),
    errors.TooManyTries(),
    errors.TooFast(),
    errors.UnderMaintenance(),
    errors.TopUpSpent(ORDER.id),
    errors.NotAllowed(Role.SUPPORT),
    errors.UnknownSubject("LEB"),
    errors.PlanChanged("M30"),
    errors.CouponTaken("SUMMER"),
    errors.LastOwner(),
    errors.AnnouncementMoved(),
    errors.NotTested(),
    errors.NumberDiffers(1284),
    errors.TooLateToRecall(),
]


def _name_of(refusal: errors.Refusal) -> str:
    status = getattr(refusal, "status", None)
    return type(refusal).__name__ + (f", {status}" if status else "")


PAGES: Final[list[Page]] = [
    page(welcome.greeting, "", BRANDING, "林晓"),
    page(welcome.verify_number, "the key that shares it is below the chat", with_keyboard=True),
    page(welcome.verify_number, "on the way back", with_keyboard=False),
    page(welcome.not_your_contact, ""),
    page(welcome.looking_up, ""),
    page(welcome.ask_number, ""),
    page(welcome.ask_code, ""),
    page(welcome.ask_card_digits, ""),
    page(welcome.code_gone, ""),
    page(welcome.too_many_tries, ""),
    page(welcome.linked, "", LINE),
    page(welcome.line_not_found, ""),
    page(welcome.lookup_failed, ""),
    page(welcome.link_revoked, "", LINE),
    page(welcome.go_on, "", Press(Action.PLAN, "M30")),
    *(page(refusals.refused, _name_of(each), each) for each in _REFUSALS),
    page(refusals.toast, "", errors.CooldownRunning(42)),
    page(refusals.broken, "", "7F3A", BRANDING),
    page(refusals.expired_button, ""),
    page(refusals.not_understood, ""),
    page(refusals.edits_change_nothing, ""),
    page(refusals.paused, ""),
    page(refusals.private_only, "in a group", "https://t.me/LEBcardbot"),
    page(refusals.unplaced_payment, "", "¥199.00"),
    *(page(refusals.pre_checkout, each, each) for each in PreCheckoutRefusal),
    page(legal.privacy, "", BRANDING),
    page(legal.terms, "", BRANDING),
    page(legal.own_words, "the operator's file", Html("<b>Privacy</b>\nOur own words."), "privacy"),
    page(legal.payment_help, ""),
]
