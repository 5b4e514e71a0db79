"""Lists by pages, and the search language, as far as the product needs them."""

import re
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from bot.sandbox.payments.bodies import Body, listing
from bot.sandbox.payments.errors import invalid, missing, misused
from bot.sandbox.payments.model import Intent
from bot.sandbox.payments.parameters import Paging, Range

_CLAUSE = re.compile(
    r"""\s*(?:metadata\[(?P<q>["'])(?P<key>[^"']+)(?P=q)\]|(?P<field>status|customer|currency))"""
    r"""\s*:\s*(?P<r>["'])(?P<value>[^"']*)(?P=r)\s*"""
)


class Listed(Protocol):
    """Anything that the API lists."""

    id: str
    created: int


Thing = TypeVar("Thing", bound=Listed)


def page(
    url: str, kind: str, things: Iterable[Thing], asked: Paging, show: Callable[[Thing], Body]
) -> Body:
    """The part of a list that is asked for, newest first. `kind` names what is missing."""
    if asked.starting_after and asked.ending_before:
        raise misused("You cannot use both starting_after and ending_before.", "ending_before")
    created = asked.created
    span = Range(gte=created, lte=created) if isinstance(created, int) else created
    found = [thing for thing in things if span is None or span.holds(thing.created)]
    found.reverse()
    if asked.ending_before:
        until = _position(found, asked.ending_before, kind, "ending_before")
        since = max(0, until - asked.limit)
        has_more = since > 0
    else:
        after = asked.starting_after
        since = _position(found, after, kind, "starting_after") + 1 if after else 0
        until = since + asked.limit
        has_more = until < len(found)
    return listing(url, [show(thing) for thing in found[since:until]], has_more=has_more)


def _position(found: list[Thing], identity: str, kind: str, param: str) -> int:
    for position, thing in enumerate(found):
        if thing.id == identity:
            return position
    raise missing(kind, identity, param=param)


def matcher(query: str) -> Callable[[Intent], bool]:
    """Whether an intent has what a query asks for: clauses of `name:'value'` joined by AND.

    Raises ApiError 400 for anything else of the search language.
    """
    wanted: list[tuple[str | None, str | None, str]] = []
    for clause in re.split(r"\bAND\b", query):
        read = _CLAUSE.fullmatch(clause)
        if read is None:
            raise invalid(f"We were unable to parse your search query: {query}", param="query")
        wanted.append((read["key"], read["field"], read["value"]))

    def matches(intent: Intent) -> bool:
        return all(
            (intent.metadata.get(key) if key else getattr(intent, field or "")) == value
            for key, field, value in wanted
        )

    return matches
