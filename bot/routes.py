"""Who decides what is not a Telegram update: the services by the kind of the event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.catalogue import read_plans
from bot.domain.operator import Role
from bot.runtime import announcement_courier, telegram_courier
from bot.runtime.decide import Route
from bot.services.compare_answers import CompareAnswers
from bot.services.count_audience import CountAudience
from bot.services.follow_payment import FollowPayment
from bot.services.follow_refund import FollowRefund
from bot.services.fulfil_order import FulfilOrder
from bot.services.platform_port import Operators
from bot.services.platform_requests import (
    AskedInVain,
    ExpireCheckout,
    ForgetCard,
    LookUpPayment,
    RefundCharge,
)
from bot.services.read_statistics import ReadStatistics
from bot.services.reconcile import Reconcile
from bot.services.refund_order import RefundOrder
from bot.services.requests import CancelOrder, FindLine, ReadLine, RequestFailed, SubmitOrder
from bot.services.run_announcement import RunAnnouncement
from bot.services.take_reading import TakeReading
from bot.services.unit import Unit
from bot.services.watch_line import WatchLine
from bot.services.watch_platform import WatchPlatform
from handlers import Services
from handlers.desk.pages import ChatPages


@dataclass(frozen=True, slots=True)
class Use:
    """The services, each built once."""

    of_dialogues: Services
    watch_lines: WatchLine
    take: TakeReading
    fulfil: FulfilOrder
    refund: RefundOrder
    follow_payment: FollowPayment
    follow_refund: FollowRefund
    watch: WatchPlatform
    run_announcement: RunAnnouncement
    count_audience: CountAudience
    reconcile: Reconcile
    compare: CompareAnswers
    statistics: ReadStatistics
    operators: Operators
    pages: ChatPages


def routes(use: Use) -> dict[str, Route]:
    """Who decides what is not a Telegram update, by the event's kind."""
    link, pay, know = use.of_dialogues.link, use.of_dialogues.pay, use.of_dialogues.know
    take_back, relay = use.of_dialogues.take_back, use.of_dialogues.relay

    async def request_failed(unit: Unit, answer: RequestFailed) -> None:
        match answer.request:
            case FindLine() as request:
                await link.on_lookup_failed(unit, request)
            case SubmitOrder() as request:
                await use.fulfil.on_refused(unit, request.order_id, answer.error)
            case CancelOrder() as request:
                await take_back.on_failed(unit, request, answer.error)
            case ReadLine() as request:
                await use.watch_lines.on_read(unit, request.line_id)
            case _:
                """The last known reading stays, with its age."""

    async def refund_wanted(unit: Unit, command: dict[str, Any]) -> None:
        await take_back.by_operator(unit, command["order_id"], command["note"])

    async def refund_was_sent(unit: Unit, command: dict[str, Any]) -> None:
        await use.refund.mark_sent(unit, command["order_id"], command["charge_id"])

    async def catalogue_wanted(unit: Unit, command: dict[str, Any]) -> None:
        wanted = read_plans(command["catalogue"], command["currency"], "the catalogue")
        seen = [(code, version) for code, version in command["seen"]]
        await use.of_dialogues.keep_plans.replace_all_at_terminal(unit, seen, wanted)

    async def role_wanted(unit: Unit, command: dict[str, Any]) -> None:
        await use.of_dialogues.keep_operators.appoint_at_terminal(
            unit, command["subscriber_id"], Role(command["role"])
        )

    async def asked_in_vain(unit: Unit, answer: AskedInVain) -> None:
        match answer.request:
            case ExpireCheckout() as request:
                await use.follow_payment.on_not_closed(unit, request)
            case RefundCharge() as request:
                await use.follow_refund.on_not_sent(unit, request, answer.code)
                await use.compare.on_asked_in_vain(unit, request, answer.code)
            case LookUpPayment() as request:
                await use.compare.on_asked_in_vain(unit, request, answer.code)
            case ForgetCard() as request:
                await use.operators.page(
                    unit, "card_not_forgotten", card=request.card.ref, code=answer.code
                )

    async def blocked(unit: Unit, event: dict[str, Any]) -> None:
        know.mark_blocked(unit, event["chat_id"])

    return {
        "line_found": link.on_line_found,
        "line_missing": link.on_line_missing,
        "reading_taken": use.take.on_reading,
        "usage_read": use.take.on_usage,
        "order_answered": use.compare.on_order_answered,
        "order_outcome_unknown": use.compare.on_order_outcome_unknown,
        "cancel_answered": take_back.on_answered,
        "request_failed": request_failed,
        "line_watch": use.watch_lines.on_due,
        "auto_renewal": use.of_dialogues.auto_renew.on_due,
        "order_expiry": pay.on_expiry_due,
        "order_look": use.fulfil.on_look_due,
        "order_submission": use.fulfil.on_submission_due,
        "order_cancel": take_back.on_due,
        "order_delay": use.fulfil.on_delay_due,
        "refund_wanted": refund_wanted,
        "refund_was_sent": refund_was_sent,
        "role_wanted": role_wanted,
        "catalogue_wanted": catalogue_wanted,
        "operators_page": use.pages.on_due,
        "checkout_opened": use.follow_payment.on_opened,
        "checkout_not_opened": use.follow_payment.on_not_opened,
        "payment_seen": use.compare.on_payment_seen,
        "refunds_seen": use.compare.on_refunds_seen,
        "stars_read": use.compare.on_stars_read,
        "stars_not_read": use.compare.on_stars_not_read,
        "topic_opened": relay.on_topic_opened,
        "topic_not_opened": relay.on_topic_not_opened,
        "topic_not_told": relay.on_topic_not_told,
        "topic_not_removed": relay.on_topic_not_removed,
        "passed_on": relay.on_passed_on,
        "not_passed_on": relay.on_not_passed_on,
        "passed_back": relay.on_passed_back,
        "not_passed_back": relay.on_not_passed_back,
        "statistics_counted": use.statistics.on_counted,
        "statistics_not_counted": use.statistics.on_not_counted,
        "dispute_seen": use.follow_refund.on_dispute,
        "asked_in_vain": asked_in_vain,
        "notices_read": use.watch.on_read,
        "platform_notice": use.watch.on_notice,
        "platform_read": use.watch.on_read_due,
        "announcement_start": use.run_announcement.on_start_due,
        "announcement_count": use.count_audience.on_count_due,
        "announcement_plan": use.run_announcement.on_plan_due,
        "announcement_go": use.run_announcement.on_go_due,
        "announcement_progress": use.run_announcement.on_progress_due,
        announcement_courier.RESTED: use.run_announcement.on_rested,
        announcement_courier.REFUSED: use.run_announcement.on_refused,
        "reconcile": use.reconcile.on_due,
        "reconcile_end": use.reconcile.on_end_due,
        "reconcile_wanted": use.reconcile.on_wanted,
        telegram_courier.BLOCKED: blocked,
    }
