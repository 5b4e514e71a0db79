"""`expand[]=…`: objects where only their ids would stand (Stripe API reference, "Expanding")."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.payments import bodies, money_bodies
from bot.sandbox.payments.bodies import Body
from bot.sandbox.payments.errors import misused
from bot.sandbox.payments.model import State

_DEEPEST = 4


def expanded(body: Body, paths: list[str], state: State) -> Body:
    """The body with what these paths name, such as `payment_intent.latest_charge`.

    Raises ApiError 400 for a path that leads to nothing that could be shown.
    """
    for path in paths:
        parts = path.split(".")
        if len(parts) > _DEEPEST:
            raise misused("You cannot expand more than 4 levels of a property.", "expand")
        _expand(body, parts, path, state)
    return body


def _expand(body: Body, parts: list[str], path: str, state: State) -> None:
    name, *rest = parts
    if body.get("object") == "checkout.session" and name == "line_items":
        body[name] = bodies.items_body(state.sessions[body["id"]])
    elif name not in body:
        raise misused(f"This property cannot be expanded ({path}).", "expand")
    value = body[name]
    if isinstance(value, str):
        value = body[name] = _object(value, path, state)
    for inner in value if isinstance(value, list) else [value]:
        if rest and isinstance(inner, dict):
            _expand(inner, rest, path, state)


def _object(identity: str, path: str, state: State) -> Body:
    kinds: dict[str, Callable[[], Any]] = {
        "ch": lambda: money_bodies.charge_body(state.charges[identity], state),
        "cus": lambda: bodies.customer_body(state.customers[identity]),
        "pi": lambda: money_bodies.intent_body(state.intents[identity], state),
        "pm": lambda: bodies.method_body(state.methods[identity]),
    }
    show = kinds.get(identity.partition("_")[0])
    if show is None:
        raise misused(f"This property cannot be expanded ({path}).", "expand")
    body: Body = show()
    return body
