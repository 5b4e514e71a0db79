"""How a bot gets its updates: by long poll, or by webhook."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.account import Webhook
from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.errors import bad_request, conflict
from bot.sandbox.telegram.methods.table import Method

_LONGEST_POLL_S = 50
_WEBHOOK_IS_SET = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


async def get_updates(call: Call) -> list[dict[str, Any]]:
    """Updates that wait, or the first to come within the timeout (real seconds, at most 50)."""
    if call.bot.webhook.url:
        raise conflict(_WEBHOOK_IS_SET)
    least, most = facts.limits("getUpdates", "limit")
    limit = call.values.get("limit", most)
    call.bot.updates.allow(call.values.get("allowed_updates"))
    call.bot.updates.confirm(call.values.get("offset", 0))
    timeout_s = min(max(call.values.get("timeout", 0), 0), _LONGEST_POLL_S)
    return await call.bot.updates.poll(limit if least <= limit <= most else most, timeout_s)


async def set_webhook(call: Call) -> bool:
    """Post updates to an address; an empty one ends that."""
    url = call.values.get("url", "")
    secret = call.values.get("secret_token", "")
    if url:
        _check_address(url)
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    if call.values.get("drop_pending_updates"):
        call.bot.updates.clear()
    call.bot.updates.allow(call.values.get("allowed_updates"))
    call.bot.updates.end_poll()
    connections = call.values.get("max_connections", Webhook.max_connections)
    call.bot.webhook = Webhook(url, secret, connections)
    call.telegram.webhook_changed(call.bot)
    return True


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if not _is_loopback(parts.hostname or ""):
        raise bad_request("bad webhook: the sandbox posts to loopback addresses only")
    if parts.scheme not in ("http", "https"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def delete_webhook(call: Call) -> bool:
    """Back to long polling."""
    if call.values.get("drop_pending_updates"):
        call.bot.updates.clear()
    call.bot.webhook = Webhook()
    call.telegram.webhook_changed(call.bot)
    return True


async def get_webhook_info(call: Call) -> dict[str, Any]:
    """The webhook, and how many updates wait."""
    webhook = call.bot.webhook
    info: dict[str, Any] = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": call.bot.updates.pending(),
    }
    if call.bot.updates.allowed:
        info["allowed_updates"] = call.bot.updates.allowed
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.last_error_message:
        info["last_error_date"] = webhook.last_error_date
        info["last_error_message"] = webhook.last_error_message
    return info


METHODS: dict[str, Method] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
