"""The reconcile command: has the running bot compare all that is open with the outside, and tells
what differed.

The bot does it by itself every ten minutes and at start, so nothing is left for one that does not
run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.reconciliation import Compared, Heard, Question, Round
from bot.refunding import PATIENCE_S, Refused, is_done, until
from bot.services.reconcile import LONGEST
from storage.lockfile import is_in_use
from storage.refunds import OperatorsView, OwedRefund, operators_view

_ROUND_PATIENCE_S: Final = LONGEST.total_seconds() + 30.0
_ASKED: Final = {
    Compared.PAYMENT: "Payments, at the payment platform",
    Compared.REFUND: "Refunds that are due, at the payment platform or Telegram",
    Compared.STARS_MOVE: "Stars, in Telegram's list",
    Compared.ORDER: "Orders that nobody looked after, at the carrier",
}

_INVOICES: Final = (
    "Provider invoices: not compared. Telegram lists no such charges; "
    "the provider's dashboard does."
)


@dataclass(frozen=True, slots=True)
class Report:
    """A finished round, and what an operator has to see to besides."""

    round: Round
    questions: list[Question]
    late: list[str]
    """Charged but not delivered."""
    by_hand: list[OwedRefund]
    """Refunds that no platform sends by itself."""
    in_review: list[str]

    @property
    def needs_operator(self) -> bool:
        asked = any(
            each.needs_operator or each.heard is not Heard.ANSWER for each in self.questions
        )
        return bool(asked or self.late or self.by_hand or self.in_review)

    def lines(self) -> Iterator[str]:
        started, finished = self.round.started_at, self.round.finished_at
        took = (finished - started).total_seconds() if finished is not None else 0.0
        yield f"Reconciled {started:%Y-%m-%d %H:%M:%S} UTC, in {took:.0f} s."
        for compared, what in _ASKED.items():
            yield f"  {what}: {self._counts(compared)}"
        yield f"  {_INVOICES}"
        yield from (_line(each) for each in self.questions if each.differed)
        yield from (_in_vain(each) for each in self.questions if each.heard is not Heard.ANSWER)
        yield f"{_mark(self.late)} Charged but not delivered: {_listed(self.late)}"
        yield f"{_mark(self.in_review)} Orders in review: {_listed(self.in_review)}"
        hands = sorted({each.order_id for each in self.by_hand})
        yield f"{_mark(hands)} Refunds to be sent by hand: {_listed(hands)}"

    def _counts(self, compared: Compared) -> str:
        asked = [each for each in self.questions if each.compared is compared]
        differed = sum(each.differed for each in asked)
        unheard = sum(each.heard is not Heard.ANSWER for each in asked)
        text = f"{len(asked)} asked after, {differed} differed"
        return f"{text}, {unheard} not answered" if unheard else text


async def reconcile(database: Path, patience_s: float = PATIENCE_S) -> Report:
    """Raises `bot.refunding.Refused` when no bot runs, or it does not answer."""
    if not is_in_use(database):
        raise Refused(
            f"No bot runs on {database}. It reconciles by itself as soon as it starts, "
            "and every ten minutes."
        )
    async with operators_view(database) as view:
        before = await view.last_reconciliation()
        last = before.id if before is not None else 0
        if not await is_done(database, view, "reconcile_wanted", {}, patience_s):
            raise Refused("The bot has not answered. It will do this as soon as it can.")

        async def is_over() -> bool:
            found = await view.last_reconciliation()
            return found is not None and found.id > last

        if not await until(is_over, patience_s + _ROUND_PATIENCE_S):
            raise Refused("The reconciliation has begun and does not end; the bot's log says why.")
        return await _report(view)


async def _report(view: OperatorsView) -> Report:
    done = await view.last_reconciliation()
    if done is None or done.finished_at is None:
        raise LookupError("reconciliation")
    return Report(
        done,
        await view.questions(done.id),
        await view.charged_but_not_delivered(done.finished_at),
        [each for each in await view.owed() if not each.goes_by_itself],
        await view.in_review(),
    )


def _line(question: Question) -> str:
    mark = "!" if question.needs_operator else "✓"
    return f"{mark} {_named(question)}: {question.was} → {question.became}"


def _in_vain(question: Question) -> str:
    why = question.was or "no answer yet; it is heard when it comes"
    return f"! {_named(question)}: {why}"


def _named(question: Question) -> str:
    compared = question.compared.replace("_", " ")
    return f"{question.order_id or 'no order'}, {compared} {question.subject}"


def _mark(listed: list[str]) -> str:
    return "!" if listed else "✓"


def _listed(order_ids: list[str]) -> str:
    return " ".join([str(len(order_ids)), *order_ids])
