"""Bot API calls as the runtime makes them: a method, JSON in, JSON out, and named refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from telegram.error import NetworkError

from bot.runtime.http import AiohttpRequest, File, json_body, multipart_body

_READ_S: Final = 15.0
_UPLOAD_READ_S: Final = 60.0


class ApiRefused(Exception):
    """Telegram answered, and did not do it.

    ``retry_after_s`` is set when it says when to come back (429).
    """

    def __init__(self, code: int, description: str, retry_after_s: float | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after_s = retry_after_s


class TokenRefused(Exception):
    """Telegram does not know the bot's token: nothing can be done until it is set right."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram refuses the bot's token: it was revoked or mistyped. "
            "Ask @BotFather for the token and set it."
        )


class BotApi:
    """The Bot API of one bot. ``base_url`` is without the token, ``https://api.telegram.org/bot``.

    python-telegram-bot's own methods build and parse objects that nobody here needs: what is in the
    outbox is JSON already.
    """

    def __init__(self, request: AiohttpRequest, base_url: str, token: str) -> None:
        self._request = request
        self._root = f"{base_url}{token}/"

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        files: Mapping[str, File] | None = None,
        *,
        read_timeout_s: float | None = None,
    ) -> Any:
        """The call's ``result``. ``files`` by the name of their form field.

        Raises `TokenRefused`, `ApiRefused`, `bot.runtime.http.NotSent`, and any other
        `telegram.error.NetworkError` when it is not known whether it was done (a 5xx, too).
        """
        if files:
            status, answer = await self._request.send(
                "POST",
                self._root + method,
                multipart_body(parameters, files),
                read_timeout_s=_UPLOAD_READ_S,
            )
        else:
            status, answer = await self._request.send(
                "POST",
                self._root + method,
                json_body(parameters),
                read_timeout_s=read_timeout_s or _READ_S,
            )
        return _result(status, answer)


def _result(status: int, answer: bytes) -> Any:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NetworkError(f"status {status}")
    try:
        body = json.loads(answer)
    except (ValueError, RecursionError) as error:  # nested without end: a proxy's, not Telegram's
        raise NetworkError(f"status {status} without JSON") from error
    if isinstance(body, dict) and body.get("ok") is True:
        return body.get("result")
    if status < HTTPStatus.BAD_REQUEST or not isinstance(body, dict):
        raise NetworkError(f"status {status} without a result")
    if status == HTTPStatus.UNAUTHORIZED:
        raise TokenRefused
    wait_s = (body.get("parameters") or {}).get("retry_after")
    raise ApiRefused(status, str(body.get("description") or ""), wait_s)
