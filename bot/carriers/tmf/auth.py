"""The credentials that a request to a TM Forum API carries."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp

from bot.carriers.tmf.settings import ApiKey, ClientCredentials
from bot.domain.errors import AuthFailed, Unavailable

#: A token is renewed this long before it ends, so that none ends on its way.
MARGIN_S = 30.0
DEFAULT_LIFE_S = 300.0


class Credentials:
    """An API key, or a bearer token that is fetched when it is needed and kept while it lives."""

    def __init__(self, auth: ApiKey | ClientCredentials) -> None:
        self._auth = auth
        self._token: str | None = None
        self._good_until = 0.0
        self._fetching = asyncio.Lock()

    async def headers(self, session: aiohttp.ClientSession) -> dict[str, str]:
        """The headers to send. Raises `AuthFailed` or `Unavailable` when no token can be had."""
        if isinstance(self._auth, ApiKey):
            return {self._auth.header: self._auth.key}
        async with self._fetching:
            if self._token is None or time.monotonic() >= self._good_until:
                await self._fetch(self._auth, session)
            return {"Authorization": f"Bearer {self._token}"}

    def refused(self) -> bool:
        """After a 401: whether another token could help. The refused one is forgotten."""
        had_token, self._token = self._token is not None, None
        return had_token

    async def _fetch(self, auth: ClientCredentials, session: aiohttp.ClientSession) -> None:
        form = {"grant_type": "client_credentials"}
        if auth.scope is not None:
            form["scope"] = auth.scope
        who = aiohttp.encode_basic_auth(auth.client_id, auth.client_secret)
        try:
            async with session.post(
                auth.token_url, data=form, headers={"Authorization": who}, allow_redirects=False
            ) as response:
                if 400 <= response.status < 500:
                    raise AuthFailed(f"no token: {response.status}")
                answer: Any = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
            raise Unavailable(f"no token: {type(problem).__name__}") from problem
        if not isinstance(answer, dict) or not isinstance(answer.get("access_token"), str):
            raise Unavailable("no token: nonsense")
        life = answer.get("expires_in")
        life_s = float(life) if isinstance(life, int | float) else DEFAULT_LIFE_S
        self._token = answer["access_token"]
        self._good_until = time.monotonic() + life_s - MARGIN_S
