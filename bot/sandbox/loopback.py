"""The sandbox speaks to nobody beyond this machine."""

import ipaddress
from urllib.parse import urlsplit


def on_loopback(address: str) -> bool:
    """Whether an http address stays on this machine."""
    parts = urlsplit(address)
    if parts.scheme != "http" or not parts.hostname:
        return False
    try:
        return parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False
