"""Refusals as Stripe words them: `{"error": {type, code, message, param, decline_code, …}}`.

Types and codes are those of the Stripe API reference, "Errors" and "Error codes".
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class ApiError(Exception):
    """A request that is answered with an error. `details` are further fields of the body.

    `is_misuse`: the caller asked what the API does not understand.
    """

    status: int
    type: str
    message: str
    code: str | None = None
    param: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    is_misuse: bool = False

    def as_body(self) -> dict[str, Any]:
        """The answer's body."""
        named = {"type": self.type, "message": self.message, "code": self.code, "param": self.param}
        given = {name: value for name, value in named.items() if value is not None}
        return {"error": given | self.details}


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    """400: this cannot be asked, or not now."""
    return ApiError(400, "invalid_request_error", message, code, param)


def misused(message: str, param: str, code: str = "parameter_invalid") -> ApiError:
    """400: a parameter is unknown, missing or not what the API knows."""
    return ApiError(400, "invalid_request_error", message, code, param, is_misuse=True)


def missing(kind: str, identity: str, *, param: str | None = None) -> ApiError:
    """An object that does not exist: 404 as the thing asked for, 400 as a parameter."""
    return ApiError(
        404 if param is None else 400,
        "invalid_request_error",
        f"No such {kind}: '{identity}'",
        "resource_missing",
        param or "id",
    )


def unauthorized(message: str) -> ApiError:
    """401: the key is missing or wrong."""
    return ApiError(401, "invalid_request_error", message)


def server_error(status: int, message: str) -> ApiError:
    """5xx: the platform's own fault."""
    return ApiError(status, "api_error", message)


def card_error(decline_code: str, intent: dict[str, Any]) -> ApiError:
    """402: the card was not charged; the body carries the intent as it now stands."""
    problem = intent["last_payment_error"]
    details = {
        "charge": intent["latest_charge"],
        "decline_code": decline_code,
        "payment_intent": intent,
        "payment_method": problem["payment_method"],
    }
    return ApiError(402, "card_error", problem["message"], problem["code"], None, details)
