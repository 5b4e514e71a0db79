"""What waits for an operator, and the message that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.services.desk_view_port import Waiting
from bot.services.relay_support import CASE_WAITS, GROUP_UNREACHABLE, TOPIC_NOT_REMOVED
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, escape, lines, narrow, short_name
from handlers.screens import format as f
from handlers.screens.desk.home import desk_key
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.texts import Texts

_A_PAGE: Final = 6
_MOST_TOLD: Final = 12


def waiting(t: Texts, things: Sequence[Waiting], number: int, now: datetime) -> Screen:
    last = max(0, (len(things) - 1) // _A_PAGE)
    number = min(number, last)
    shown = things[number * _A_PAGE : (number + 1) * _A_PAGE]
    listed = [
        t("{kind} · {id} · {age}", kind=bold(_kind(t, each.kind)), id=_about(each),
          age=f.ago(t, each.since, now))
        for each in shown
    ]  # fmt: skip
    keys = list(dict.fromkeys(_key(each) for each in shown))
    more = None
    if last:
        following = 0 if number == last else number + 1
        more = Key(t.plain("More ▶"), Press(Action.WAITING, number=following))
    return Screen(
        lines(
            bold(t("⏱ Waiting: {number}", number=len(things))),
            *(listed or [t("Nothing waits. ☕")]),
        ),
        rows(*abreast(keys, 2), [more, desk_key(t)]),
        shows="waiting",
    )


def page(t: Texts, raised: Sequence[tuple[str, Mapping[str, str]]]) -> Screen:
    """Ids only: it may be read in a group."""
    told = [_raised(t, what, facts) for what, facts in raised[:_MOST_TOLD]]
    rest = len(raised) - len(told)
    return Screen(
        lines(
            bold(t("⏱ Something new waits")),
            *told,
            t("… and {number} more", number=rest) if rest else None,
        ),
        rows([Key(t.plain("⏱ Waiting"), Press(Action.WAITING, number=0))]),
        shows="page",
    )


def _raised(t: Texts, what: str, facts: Mapping[str, str]) -> Html:
    known = {
        "order_in_review": t("Order in review"),
        "order_delayed": t("Activation delayed"),
        "refund_failed": t("Refund failed"),
        "charged_not_delivered": t("Charged but not delivered"),
        "refund_came_back": t("A refund came back"),
        "refund_refused": t("Refund refused by the platform"),
        "refund_fits_nothing": t("A refund that fits nothing"),
        "dispute": t("Dispute"),
        "dispute_of_unknown_charge": t("Dispute of an unknown charge"),
        "charge_fits_no_order": t("A charge that fits no order"),
        GROUP_UNREACHABLE: t("The support group is out of reach: see the bot's rights there"),
        CASE_WAITS: t("A subscriber waits for an answer"),
        TOPIC_NOT_REMOVED: t(
            "A topic of somebody who had their data deleted is still in the "
            "group: please delete it by hand"
        ),
        "card_not_forgotten": t("A removed card is still kept at the platform"),
    }
    ids = [code(value) for key, value in facts.items() if value]
    name = known.get(what) or known.get(what.partition("_")[0])  # a dispute with its state
    return lines(Html(" · ").join([name or escape(what), *ids]))


def _about(thing: Waiting) -> Html:
    return escape(short_name(thing.name)) if thing.case_id is not None else code(thing.order_id)


def _key(thing: Waiting) -> Key:
    if thing.case_id is not None:
        return Key(f"💬 {narrow(thing.name)}", Press(Action.DESK_CASE, number=thing.case_id))
    return Key(f"🧾 {thing.order_id}", Press(Action.DESK_ORDER, thing.order_id or ""))


def _kind(t: Texts, kind: str) -> Html:
    return {
        "review": t("In review"),
        "delayed": t("Delayed"),
        "refund": t("Refund failed"),
        "dispute": t("Dispute"),
        "support": t("Support"),
    }.get(kind) or escape(kind)
