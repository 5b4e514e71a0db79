"""What forgetting a person does to every table: the register of personal data as statements, and by
hand what that can only call emptied.

Each takes its parameters out of the same values: ``subscriber_id``; ``pseudonym``, under which the
books go on; ``stranger``, under which is what is only counted; ``at``; and of a line ``line_id``,
``msisdn``, ``nameless``, ``seal``, ``credited``.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from bot.domain.announcement import DeliveryStatus
from bot.domain.line import LineStatus
from bot.domain.operator import Deed
from bot.domain.support import CaseStatus
from storage.announcement_tables import announcement_clicks, announcements, deliveries
from storage.announcement_tables import announcement_tallies as tallies
from storage.desk_tables import audit
from storage.personal_data import REGISTER, Erased, Holding
from storage.runtime_tables import conversations
from storage.statements import Statement
from storage.support_tables import support_cases, support_messages
from storage.tables import (
    cancellations,
    lines,
    link_challenges,
    metadata,
    order_events,
    orders,
    payments,
    subscribers,
)

_ONLY_COUNTED: Final = (deliveries, announcement_clicks)
"""How many they were stays true under a number that nothing else goes by."""
_CONVERSATION: Final = "chat"
"""The one that there is in each chat (`handlers.routing`)."""
_me: Final[BindParameter[int]] = bindparam("subscriber_id")
_pseudonym: Final[BindParameter[int]] = bindparam("pseudonym")
_line: Final[BindParameter[int]] = bindparam("line_id")
_msisdn: Final[BindParameter[str]] = bindparam("msisdn")
_at: Final[BindParameter[int]] = bindparam("at")


def _rename(holding: Holding, column: str) -> Statement:
    new = bindparam("stranger") if holding.table in _ONLY_COUNTED else _pseudonym
    emptied = {name: null() for name in holding.emptied.split()}
    held = holding.table.c[column]
    return Statement(update(holding.table).where(held == _me).values({column: new, **emptied}))


def _remove(holding: Holding) -> Statement:
    column, whose = (holding.line, _line) if holding.line else (holding.person, _me)
    return Statement(delete(holding.table).where(holding.table.c[column] == whose))


_removed: Final = [
    REGISTER[table.name]
    for table in reversed(metadata.sorted_tables)  # what refers to others goes before them
    if table.name in REGISTER and REGISTER[table.name].erased is Erased.REMOVED
]
_RENAMES: Final = [
    _rename(each, column)
    for each in REGISTER.values()
    if each.erased is Erased.RENAMED
    for column in each.person.split()
]
_on_the_wire = and_(
    deliveries.c.chat_id == _me, deliveries.c.status == DeliveryStatus.SENDING.value
)


def _tally(status: DeliveryStatus, change: int) -> Statement:
    row = select(deliveries.c.announcement_id, literal(status.value), literal(change))
    counted = insert(tallies).from_select(
        ["announcement_id", "name", "number"], row.where(_on_the_wire)
    )
    return Statement(
        counted.on_conflict_do_update(
            index_elements=["announcement_id", "name"],
            set_={"number": tallies.c.number + counted.excluded.number},
        )
    )


# How it ends is told under an id that nobody is known by then.
_LOSE_SIGHT: Final = [
    _tally(DeliveryStatus.SENDING, -1),
    _tally(DeliveryStatus.UNCERTAIN, 1),
    Statement(update(deliveries).where(_on_the_wire).values(status=DeliveryStatus.UNCERTAIN.value)),
]


def _empty_challenges(which: ColumnElement[bool]) -> Statement:
    """The rows stay for their ids: what the carrier still answers about a challenge names it so."""
    closed_at = func.coalesce(link_challenges.c.closed_at, _at)
    emptied = ("code_hash", "line_ref", "iccid", "zone", "line_status", "code_proved_at")
    return Statement(
        update(link_challenges)
        .where(which)
        .values({"msisdn": "", "closed_at": closed_at, **dict.fromkeys(emptied, null())})
    )


_their_orders = select(orders.c.id).where(orders.c.subscriber_id == _pseudonym)
_their_cases = select(support_cases.c.id).where(support_cases.c.subscriber_id == _pseudonym)
_EMPTY: Final = [
    Statement(delete(support_messages).where(support_messages.c.case_id.in_(_their_cases))),
    Statement(
        update(support_cases)
        .where(
            support_cases.c.subscriber_id == _pseudonym, support_cases.c.status == CaseStatus.OPEN
        )
        .values(status=CaseStatus.CLOSED, closed_at=_at)
    ),
    Statement(
        update(order_events)
        .where(order_events.c.order_id.in_(_their_orders), order_events.c.detail.is_not(None))
        .values(detail=null())
    ),
    Statement(
        update(cancellations).where(cancellations.c.order_id.in_(_their_orders)).values(note=null())
    ),
    Statement(
        delete(conversations).where(
            conversations.c.name == _CONVERSATION, conversations.c.key == bindparam("chat_key")
        )
    ),
    Statement(
        update(audit)
        .where(audit.c.subject == cast(_me, Text))
        .values(subject=cast(_pseudonym, Text))
    ),
]
_ADD_PSEUDONYM: Final = Statement(
    insert(subscribers).from_select(
        ["id", "name", "language", "language_chosen", "created_at", "blocked_at"],
        select(
            _pseudonym, literal(""), subscribers.c.language, subscribers.c.language_chosen, _at, _at
        ).where(subscribers.c.id == _me),
    )
)
_DROP_PSEUDONYM: Final = Statement(
    delete(subscribers).where(
        subscribers.c.id == _pseudonym,
        *(
            ~exists(select(1).where(column == _pseudonym))
            for column in (
                orders.c.subscriber_id,
                orders.c.paid_by,
                payments.c.subscriber_id,
                support_cases.c.subscriber_id,
                link_challenges.c.subscriber_id,
            )
        ),
    )
)

OF_A_LINE: Final = [
    _empty_challenges(link_challenges.c.msisdn == _msisdn),
    Statement(
        update(lines)
        .where(lines.c.id == _line)
        .values(
            ref=bindparam("seal"),
            msisdn=bindparam("nameless"),
            iccid=null(),
            status=LineStatus.UNKNOWN,
        )
    ),
    Statement(
        update(audit)
        .where(
            audit.c.deed == Deed.CREDIT,
            audit.c.subject == bindparam("credited"),
            func.json_extract(audit.c.after, "$.reason").is_not(None),
        )
        .values(after=func.json_remove(audit.c.after, "$.reason"))
    ),
    Statement(
        update(announcements)
        .where(announcements.c.audience_value == _msisdn)
        .values(audience_value="")
    ),
    *(_remove(each) for each in _removed if each.line),
]
"""For each line that nobody else holds since, before the links go."""
OF_THE_PERSON: Final = [
    _ADD_PSEUDONYM,
    _empty_challenges(link_challenges.c.subscriber_id == _me),
    Statement(
        update(link_challenges)
        .where(link_challenges.c.subscriber_id == _me)
        .values(subscriber_id=_pseudonym)
    ),
    *_LOSE_SIGHT,
    *_RENAMES,
    *_EMPTY,
    *(_remove(each) for each in _removed if not each.line),
    _DROP_PSEUDONYM,
]
"""In this order; a pseudonym that nothing is kept under is nobody's need."""
