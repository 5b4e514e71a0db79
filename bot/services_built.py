"""The services, built once each and given to each other; what they need of the outside is given."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.domain.money import STARS
from bot.routes import Use
from bot.runtime.clock import Clock
from bot.runtime.paging import LoggedPages
from bot.services.advise_plan import AdvisePlan
from bot.services.announce import Announce
from bot.services.apply_coupon import ApplyCoupon
from bot.services.ask_another import AskAnother
from bot.services.authority import Authority
from bot.services.auto_renew import AutoRenew
from bot.services.change_preferences import ChangePreferences
from bot.services.choose_method import ChooseMethod
from bot.services.close_case import CloseCase
from bot.services.compare_answers import CompareAnswers
from bot.services.count_audience import CountAudience
from bot.services.follow_payment import FollowPayment
from bot.services.follow_refund import FollowRefund
from bot.services.follow_stars import FollowStars
from bot.services.forget_subscriber import ForgetSubscriber
from bot.services.fulfil_order import FulfilOrder
from bot.services.keep_coupons import KeepCoupons
from bot.services.keep_operators import KeepOperators
from bot.services.keep_plans import KeepPlans
from bot.services.know_subscriber import KnowSubscriber
from bot.services.link_line import LinkLine
from bot.services.maintain import Maintain
from bot.services.open_case import OpenCase
from bot.services.pay_for_another import PayForAnother
from bot.services.pay_order import PayOrder
from bot.services.ports import Carrier
from bot.services.read_account import ReadAccount
from bot.services.read_audit import ReadAudit
from bot.services.read_bills import ReadBills
from bot.services.read_desk import ReadDesk
from bot.services.read_orders import ReadOrders
from bot.services.read_shared_order import ReadSharedOrder
from bot.services.read_statistics import ReadStatistics
from bot.services.read_support import ReadSupport
from bot.services.reconcile import Reconcile
from bot.services.refund_order import RefundOrder
from bot.services.relay_support import RelaySupport
from bot.services.renew_line import RenewLine
from bot.services.run_announcement import RunAnnouncement
from bot.services.serve_subscriber import ServeSubscriber
from bot.services.settle_payment import SettlePayment
from bot.services.take_back_order import TakeBackOrder
from bot.services.take_reading import TakeReading
from bot.services.top_up_wallet import TopUpWallet
from bot.services.watch_line import WatchLine
from bot.services.watch_platform import WatchPlatform
from bot.settings import Settings
from handlers import Services
from handlers.branding import Branding
from handlers.desk.announcement_notices import ChatAnnouncementNotices
from handlers.desk.cards import DeskCards
from handlers.desk.notices import ChatDeskNotices
from handlers.desk.pages import ChatPages
from handlers.desk.statistics_notices import ChatStatisticsNotices
from handlers.notices import ChatNotices
from handlers.screens import goods, welcome
from handlers.support_notices import ChatSupportNotices
from handlers.topic_notices import ChatTopicNotices


def build_services(settings: Settings, clock: Clock, carrier: Carrier) -> Use:
    account = ReadAccount(clock, carrier.capabilities, settings.currency)
    orders = ReadOrders(clock)
    operators = ChatPages(clock, LoggedPages(), settings.operators_chat_id)
    shared_orders = ReadSharedOrder(clock, settings.offer)
    authority, zone = Authority(), ZoneInfo(settings.time_zone)
    cards = DeskCards(clock, zone, settings.refund_bound)
    notices = ChatNotices(
        clock, account, orders, shared_orders, branding(settings), operators, cards
    )
    refund = RefundOrder(clock, notices)
    support = ReadSupport(
        clock, orders, settings.support_hours, zone, timedelta(minutes=settings.support_wait_min)
    )
    of_support = ChatSupportNotices(support)
    relay = RelaySupport(
        clock, of_support, ChatTopicNotices(support), operators, settings.support_group_id
    )
    open_case = OpenCase(clock, of_support, operators, relay)
    close_case = CloseCase(clock, authority, of_support, relay)
    fulfil = FulfilOrder(clock, notices, refund, open_case, close_case)
    settle = SettlePayment(clock, notices, fulfil)
    top_ups = settings.top_up_bounds
    offer = settings.offer
    renew = RenewLine(clock, settings.order_prefix, offer, top_ups)
    pay = PayOrder(clock, notices, renew, settle, offer, goods.top_up_names())
    take_back = TakeBackOrder(clock, notices, refund)
    to_people = ChatDeskNotices()
    told = ChatAnnouncementNotices(clock, settings.send_rate_per_s, zone)
    run_announcement = RunAnnouncement(clock, told, zone)
    counting = CountAudience(clock, told)
    follow_payment = FollowPayment(clock, notices, settle, operators)
    follow_refund = FollowRefund(clock, notices, refund, take_back, operators)
    has_platform = settings.stripe_secret_key is not None
    takes_stars = bool(offer.methods(STARS))
    reconcile = Reconcile(clock, operators, has_platform=has_platform, takes_stars=takes_stars)
    follow_stars = FollowStars(settle, follow_refund, operators)
    figures = ChatStatisticsNotices(clock, zone, settings.currency)
    statistics = ReadStatistics(clock, authority, figures, zone)
    watch = WatchLine(clock, notices, carrier.capabilities)
    return Use(
        Services(
            know=KnowSubscriber(clock),
            link=LinkLine(clock, notices, partial(welcome.code_text, settings.brand_name)),
            account=account,
            renew=renew,
            advise=AdvisePlan(clock),
            methods=ChooseMethod(clock, offer.for_money(settings.currency)),
            top_up=TopUpWallet(renew, top_ups),
            pay=pay,
            ask_another=AskAnother(clock, renew, pay, offer),
            pay_for_another=PayForAnother(clock, notices, shared_orders),
            settle=settle,
            orders=orders,
            forget=ForgetSubscriber(clock),
            bills=ReadBills(),
            coupons=ApplyCoupon(clock, ZoneInfo(settings.time_zone)),
            take_back=take_back,
            preferences=ChangePreferences(watch),
            auto_renew=AutoRenew(clock, notices, renew, pay, offer.methods(settings.currency)),
            refunds=follow_refund,
            support=support,
            open_case=open_case,
            close_case=close_case,
            relay=relay,
            authority=authority,
            keep_operators=KeepOperators(clock, authority, to_people),
            audit=ReadAudit(zone),
            desk=ReadDesk(clock, zone, settings.currency, orders),
            statistics=statistics,
            keep_plans=KeepPlans(clock, authority),
            keep_coupons=KeepCoupons(clock, authority, settings.currency, zone),
            maintain=Maintain(clock, authority),
            serve=ServeSubscriber(
                clock,
                authority,
                to_people,
                notices,
                take_back,
                fulfil,
                relay,
                settings.refund_bound,
                top_ups,
            ),
            announce=Announce(
                clock,
                authority,
                counting,
                run_announcement,
                settings.announce_confirm_above,
                settings.send_rate_per_s,
                zone,
            ),
        ),
        watch,
        TakeReading(clock, notices, watch, settings.currency, settings.opening_balances),
        fulfil,
        refund,
        follow_payment,
        follow_refund,
        WatchPlatform(clock),
        run_announcement,
        counting,
        reconcile,
        CompareAnswers(reconcile, follow_payment, follow_refund, fulfil, follow_stars),
        statistics,
        operators,
        operators,
    )


def branding(settings: Settings) -> Branding:
    return Branding(
        name=settings.brand_name,
        support_url=settings.support_url,
        terms_url=settings.terms_url,
        privacy_url=settings.privacy_url,
        texts_directory=settings.texts_directory,
    )
