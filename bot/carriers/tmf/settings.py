"""How one operator bends the TM Forum standard: addresses, credentials, names, units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.errors import CarrierError, OutOfFunds, OutOfStock, PriceChanged

#: SI prefixes are powers of ten, IEC prefixes powers of two. An operator whose "GB" is 2³⁰ says so
#: in its settings; a unit that is not listed is not guessed.
BYTES_BY_UNIT: Mapping[str, int] = {
    "byte": 1,
    "bytes": 1,
    "B": 1,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
}

ERRORS_BY_CODE: Mapping[str, type[CarrierError]] = {
    "outOfFunds": OutOfFunds,
    "outOfStock": OutOfStock,
    "priceChanged": PriceChanged,
}


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Every request carries the key in a header."""

    key: str = field(repr=False)
    header: str = "apikey"


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """OAuth 2 client credentials (RFC 6749, 4.4): every request carries a bearer token."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class TmfFields:
    """Where the operator puts what we read: fields and its own characteristics."""

    line_filter: str = "productSerialNumber"
    bucket_amount: str = "remainingValue"
    used_counter: str = "used"
    high_speed_cap_bytes: str = "highSpeedCapBytes"
    base_rate_kbps: str = "baseRateKbps"
    reset_zone: str = "resetZone"
    iccid: str = "iccid"
    msisdn: str = "msisdn"
    usage_country: str = "level"
    """Of a usage counter: the country in which it counted, as ISO 3166-1 alpha-2. The standard has
    no field of its own for it; anything else that stands there is no country."""


@dataclass(frozen=True, slots=True)
class TmfSettings:
    """One operator's Open APIs. A base path of None: the operator does not offer that API."""

    base_url: str
    auth: ApiKey | ClientCredentials
    ordering: str = "/tmf-api/productOrderingManagement/v4"
    inventory: str = "/tmf-api/productInventory/v4"
    balance: str | None = "/tmf-api/prepayBalanceManagement/v4"
    usage: str | None = "/tmf-api/usageConsumption/v4"
    communication: str | None = "/tmf-api/communicationManagement/v4"
    fields: TmfFields = field(default_factory=TmfFields)
    bytes_by_unit: Mapping[str, int] = field(default_factory=lambda: BYTES_BY_UNIT)
    errors_by_code: Mapping[str, type[CarrierError]] = field(default_factory=lambda: ERRORS_BY_CODE)
    transaction_header: str | None = None
    """A header that the operator wants to hold a fresh id on each request."""
    default_zone: str = "Asia/Shanghai"
    """The reset zone of a line whose product names none."""
    text_sender: str = "LEB"
    usage_span_days: int = 31
    """The longest span that one usage query may cover."""
    shortest_poll_s: int = 60
    connect_timeout_s: float = 5
    timeout_s: float = 15
    usage_looks: int = 6
    """How often the result of a usage query is looked at: at once, then after 0.2, 0.4 … s."""
