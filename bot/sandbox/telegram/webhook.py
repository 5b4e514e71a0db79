"""Posting updates to a bot's webhook, one after another, until each is accepted."""

from __future__ import annotations

import asyncio

import aiohttp

from bot.sandbox.telegram.account import Account

_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_ANSWER_WITHIN = aiohttp.ClientTimeout(total=30)
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 30.0


async def post_updates(bot: Account) -> None:
    """Post whatever is queued to the bot's webhook, for as long as it is let run."""
    async with aiohttp.ClientSession(timeout=_ANSWER_WITHIN) as session:
        pause_s = _FIRST_PAUSE_S
        while True:
            await bot.updates.arrival()
            update = bot.updates.peek(1)[0]
            problem = await _post(session, bot, update)
            if problem is None:
                bot.updates.confirm(update["update_id"] + 1)
                pause_s = _FIRST_PAUSE_S
                continue
            bot.webhook.last_error_date = int(bot.timestamp())
            bot.webhook.last_error_message = problem
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


async def _post(
    session: aiohttp.ClientSession, bot: Account, update: dict[str, object]
) -> str | None:
    """What went wrong, or None."""
    headers = {_SECRET: bot.webhook.secret_token} if bot.webhook.secret_token else {}
    try:
        async with session.post(bot.webhook.url, json=update, headers=headers) as answer:
            if answer.ok:
                return None
            return f"Wrong response from the webhook: {answer.status} {answer.reason}"
    except TimeoutError:
        return "Read timeout expired"
    except aiohttp.ClientError:
        return "Connection failed"
