"""The dialogues. `register` puts every handler into the application, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ChatMemberHandler, TypeHandler

from bot.services.advise_plan import AdvisePlan
from bot.services.announce import Announce
from bot.services.apply_coupon import ApplyCoupon
from bot.services.ask_another import AskAnother
from bot.services.authority import Authority
from bot.services.auto_renew import AutoRenew
from bot.services.change_preferences import ChangePreferences
from bot.services.choose_method import ChooseMethod
from bot.services.close_case import CloseCase
from bot.services.follow_refund import FollowRefund
from bot.services.forget_subscriber import ForgetSubscriber
from bot.services.keep_coupons import KeepCoupons
from bot.services.keep_operators import KeepOperators
from bot.services.keep_plans import KeepPlans
from bot.services.know_subscriber import KnowSubscriber
from bot.services.link_line import LinkLine
from bot.services.maintain import Maintain
from bot.services.open_case import OpenCase
from bot.services.pay_for_another import PayForAnother
from bot.services.pay_order import PayOrder
from bot.services.ports import Clock
from bot.services.read_account import ReadAccount
from bot.services.read_audit import ReadAudit
from bot.services.read_bills import ReadBills
from bot.services.read_desk import ReadDesk
from bot.services.read_orders import ReadOrders
from bot.services.read_statistics import ReadStatistics
from bot.services.read_support import ReadSupport
from bot.services.relay_support import RelaySupport
from bot.services.renew_line import RenewLine
from bot.services.serve_subscriber import ServeSubscriber
from bot.services.settle_payment import SettlePayment
from bot.services.take_back_order import TakeBackOrder
from bot.services.top_up_wallet import TopUpWallet
from handlers.account import AccountDialogue
from handlers.advice import AdviceDialogue
from handlers.auto_renewal import AutoRenewalDialogue
from handlers.bills import BillsDialogue
from handlers.branding import Branding
from handlers.checkout import CheckoutDialogue
from handlers.coupons import CouponsDialogue
from handlers.deep_links import DeepLinks
from handlers.desk.announce import AnnounceDialogue
from handlers.desk.announcement_notices import ChatAnnouncementNotices
from handlers.desk.announcements import AnnouncementsDialogue
from handlers.desk.coupons import DeskCouponsDialogue
from handlers.desk.home import DeskDialogue
from handlers.desk.lookup import LookUpDialogue
from handlers.desk.maintenance import MaintenanceDialogue
from handlers.desk.operators import OperatorsDialogue
from handlers.desk.plans import PlansDialogue
from handlers.desk.statistics import StatisticsDialogue
from handlers.desk.support import CasesDialogue
from handlers.door import Door
from handlers.errors import Errors
from handlers.fallback import Fallback
from handlers.faq import FaqDialogue
from handlers.home import Home
from handlers.legal import LegalDialogue
from handlers.link import LinkDialogue
from handlers.methods import MethodsDialogue
from handlers.notifications import NotificationsDialogue
from handlers.orders import OrdersDialogue
from handlers.own_data import OwnDataDialogue
from handlers.pause import Pause
from handlers.renew import RenewDialogue
from handlers.routing import Dialogue, conversation, handled
from handlers.settings import SettingsDialogue
from handlers.shared_orders import SharedOrdersDialogue
from handlers.start import StartDialogue
from handlers.support import SupportDialogue
from handlers.support_group import SupportGroup
from handlers.topup import TopUpDialogue

_FIRST, _PAUSE, _DIALOGUES, _LAST = -2, -1, 0, 1


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases that the dialogues call."""

    know: KnowSubscriber
    link: LinkLine
    account: ReadAccount
    renew: RenewLine
    advise: AdvisePlan
    methods: ChooseMethod
    top_up: TopUpWallet
    pay: PayOrder
    ask_another: AskAnother
    pay_for_another: PayForAnother
    settle: SettlePayment
    orders: ReadOrders
    forget: ForgetSubscriber
    bills: ReadBills
    coupons: ApplyCoupon
    take_back: TakeBackOrder
    auto_renew: AutoRenew
    preferences: ChangePreferences
    authority: Authority
    keep_operators: KeepOperators
    audit: ReadAudit
    desk: ReadDesk
    statistics: ReadStatistics
    serve: ServeSubscriber
    keep_plans: KeepPlans
    keep_coupons: KeepCoupons
    maintain: Maintain
    announce: Announce
    refunds: FollowRefund
    support: ReadSupport
    open_case: OpenCase
    close_case: CloseCase
    relay: RelaySupport


def register(
    application: Application[Any, Any, Any, Any, Any, Any],
    services: Services,
    clock: Clock,
    branding: Branding,
    support_group: int | None,
) -> Errors:
    """Adds every handler and returns what tells of refusals and errors.

    Of the dialogues, the first one that wants an update gets it, and no other: payments come first
    and outside any conversation, groups and edits never reach a dialogue, and what no dialogue
    waits for is answered last.
    """
    door = Door(clock, services.know)
    home = Home(services.account, branding)
    checkout = CheckoutDialogue(
        services.pay, services.settle, services.orders, services.refunds, branding
    )
    support = SupportDialogue(services.support, services.open_case, services.orders)
    fallback = Fallback(home, support)
    renew = RenewDialogue(services.renew)
    orders = OrdersDialogue(services.orders, services.take_back)
    coupons = CouponsDialogue(services.coupons, services.renew)
    faq = FaqDialogue(services.account, services.orders, branding)
    group = SupportGroup(
        support_group,
        services.relay,
        services.open_case,
        services.close_case,
        services.authority,
        services.desk,
    )
    shared_orders = SharedOrdersDialogue(
        services.ask_another, services.pay_for_another, services.orders, branding
    )
    links = DeepLinks(services.link, home, renew, orders, coupons, faq, shared_orders)
    told = ChatAnnouncementNotices(clock, services.announce.rate_per_s, services.announce.zone)
    look_up = LookUpDialogue(services.authority, services.desk, services.serve)
    dialogues: list[Dialogue] = [
        StartDialogue(home, links, services.authority),
        LinkDialogue(services.link, links, look_up),
        AccountDialogue(services.account, home),
        renew,
        AdviceDialogue(services.advise),
        TopUpDialogue(services.top_up),
        checkout,
        shared_orders,
        coupons,
        orders,
        BillsDialogue(services.bills, branding),
        faq,
        support,
        MethodsDialogue(services.methods),
        AutoRenewalDialogue(services.auto_renew, services.renew, services.link),
        SettingsDialogue(services.know, services.link, home, services.authority),
        NotificationsDialogue(services.preferences),
        LegalDialogue(branding),
        OwnDataDialogue(services.forget),
        DeskDialogue(services.authority, services.audit, services.desk),
        StatisticsDialogue(services.authority, services.statistics),
        CasesDialogue(services.authority, services.support, services.close_case),
        look_up,
        AnnounceDialogue(services.authority, services.announce, told),
        AnnouncementsDialogue(services.authority, services.announce, told, links),
        OperatorsDialogue(services.authority, services.keep_operators),
        PlansDialogue(services.authority, services.keep_plans),
        DeskCouponsDialogue(services.authority, services.keep_coupons),
        MaintenanceDialogue(services.authority, services.maintain),
    ]
    pause = Pause(services.maintain)
    application.add_handler(TypeHandler(Update, door.meet), group=_FIRST)
    application.add_handler(TypeHandler(Update, pause.check), group=_PAUSE)
    application.add_handlers(
        [
            *checkout.outside_conversation(),
            ChatMemberHandler(handled(door.membership), ChatMemberHandler.MY_CHAT_MEMBER),
            *group.before_conversation(),
            *fallback.before_conversation(),
            conversation(dialogues),
            *fallback.after_conversation(),
        ],
        group=_DIALOGUES,
    )
    application.add_handler(CallbackQueryHandler(handled(door.let_go)), group=_LAST)
    return Errors(application, door, home, branding)
