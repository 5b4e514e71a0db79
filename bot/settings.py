"""Every setting of the bot, read from the environment and from ``.env``.

`.env.example` holds each of them with its meaning and its default; a test keeps the two together.
"""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.money import Money, exponent
from bot.domain.offer import Offer
from bot.domain.support_hours import SupportHours
from bot.domain.top_up import TopUpBounds
from bot.ways_to_pay import (
    Methods,
    PaymentPolicy,
    check_named,
    check_offer,
    default_methods,
    offer_of,
    words,
)


def state_directory() -> Path:
    """Where a user's programs keep what must survive (XDG Base Directory Specification)."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "leb-card-bot"


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address that begins with http:// or https://")
    return value.rstrip("/")


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("must be the name of a time zone, such as Asia/Shanghai") from None
    return value


def _listed(value: object) -> object:
    return words(value) if isinstance(value, str) else value


def _long_enough(secret: SecretStr) -> SecretStr:
    """A shorter one stands in words of every kind, and would be taken out of the logs with them."""
    if len(secret) < _SHORTEST_SECRET:
        raise ValueError(f"a secret has at least {_SHORTEST_SECRET} characters")
    return secret


def _hours(value: object) -> object:
    return SupportHours.parse(value) if isinstance(value, str) else value


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


WebAddress = Annotated[str, AfterValidator(_web_address)]
ZoneName = Annotated[str, AfterValidator(_zone)]
Secret = Annotated[SecretStr, AfterValidator(_long_enough)]
OptionalSecret = Annotated[Secret | None, BeforeValidator(_empty_is_none)]
OptionalAddress = Annotated[WebAddress | None, BeforeValidator(_empty_is_none)]
TelegramIds = Annotated[
    list[Annotated[int, Field(gt=0, lt=2**52)]], NoDecode, BeforeValidator(_listed)
]
OptionalPath = Annotated[Path | None, BeforeValidator(_empty_is_none)]
OptionalChat = Annotated[int | None, BeforeValidator(_empty_is_none)]
OptionalGroup = Annotated[Annotated[int, Field(lt=0)] | None, BeforeValidator(_empty_is_none)]
Hours = Annotated[SupportHours, NoDecode, BeforeValidator(_hours)]
Port = Annotated[int, Field(ge=0, le=65_535)]
OptionalPort = Annotated[Port | None, BeforeValidator(_empty_is_none)]
_SHORTEST_SECRET: Final = 6

CarrierApi = Literal["ordering", "inventory", "balance", "usage", "communication"]
CarrierField = Literal[
    "line_filter", "bucket_amount", "used_counter", "high_speed_cap_bytes", "base_rate_kbps",
    "reset_zone", "iccid", "msisdn", "usage_country",
]  # fmt: skip


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", hide_input_in_errors=True)

    bot_token: OptionalSecret = None
    telegram_api_url: WebAddress = "https://api.telegram.org"
    send_rate_per_s: float = Field(default=29.7, gt=0, le=1000)

    database: Path = Field(default_factory=lambda: state_directory() / "bot.db")
    catalogue: Path = Path(__file__).parent / "catalogue.toml"

    brand_name: str = Field(default="LEB", min_length=1, max_length=24)
    order_prefix: str = Field(default="LEB", pattern=r"^[A-Z0-9]{2,6}$")
    support_url: WebAddress = "https://t.me/LEBsupport"
    terms_url: WebAddress = "https://example.com/leb/terms"
    privacy_url: WebAddress = "https://example.com/leb/privacy"
    texts_directory: OptionalPath = None
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    time_zone: ZoneName = "Asia/Shanghai"
    owners: TelegramIds = []
    announce_confirm_above: int = Field(default=500, ge=0)
    operators_chat_id: OptionalChat = None
    support_group_id: OptionalGroup = None
    support_hours: Hours = SupportHours()
    support_wait_min: int = Field(default=30, ge=1, le=10_080)
    refund_limit: Decimal = Field(default=Decimal(200), ge=0)

    payment_policy: PaymentPolicy = "external"
    payment_methods: Methods = Field(default_factory=default_methods)
    payment_provider_token: OptionalSecret = None
    stripe_secret_key: OptionalSecret = None
    stripe_webhook_secret: OptionalSecret = None
    stripe_api_url: OptionalAddress = None
    payment_return_url: WebAddress = "https://t.me"
    top_up_least: Decimal = Field(default=Decimal(10), gt=0)
    top_up_most: Decimal = Field(default=Decimal(2000), le=1_000_000_000)
    web_host: str = "127.0.0.1"
    web_port: OptionalPort = None
    opening_balances: bool = False

    carrier_url: OptionalAddress = None
    carrier_api_key: OptionalSecret = None
    carrier_api_key_header: str = "apikey"
    carrier_token_url: OptionalAddress = None
    carrier_client_id: str = ""
    carrier_client_secret: OptionalSecret = None
    carrier_paths: dict[CarrierApi, str | None] = Field(default_factory=dict)
    carrier_fields: dict[CarrierField, str] = Field(default_factory=dict)
    carrier_timeout_s: float = Field(default=15, gt=0)
    carrier_shortest_poll_s: int = Field(default=60, ge=1)

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    clock_url: OptionalAddress = None

    @property
    def offer(self) -> Offer:
        """What can be offered beside the wallet, by currency and in the operator's order."""
        return offer_of(
            self.payment_methods,
            self.currency,
            self.payment_policy,
            hosted=self.stripe_secret_key is not None,
            invoiced=self.payment_provider_token is not None,
        )

    @property
    def top_up_bounds(self) -> TopUpBounds:
        return TopUpBounds(
            Money.from_decimal(self.top_up_least, self.currency),
            Money.from_decimal(self.top_up_most, self.currency),
        )

    @property
    def refund_bound(self) -> Money:
        return Money.from_decimal(self.refund_limit, self.currency)

    @model_validator(mode="after")
    def _top_ups_are_possible(self) -> Settings:
        smallest = Decimal(1).scaleb(-exponent(self.currency))
        if any(each % smallest for each in (self.top_up_least, self.top_up_most)):
            raise ValueError(f"TOP_UP_LEAST and TOP_UP_MOST are multiples of {smallest}")
        if self.top_up_least > self.top_up_most:
            raise ValueError("TOP_UP_LEAST is more than TOP_UP_MOST")
        return self

    @model_validator(mode="after")
    def _payments_are_whole(self) -> Settings:
        check_named(self.payment_methods, self.currency, self.payment_policy)
        check_offer(self.offer)
        is_heard = self.web_port is not None and self.stripe_secret_key is not None
        if is_heard and self.stripe_webhook_secret is None:
            raise ValueError("WEB_PORT needs STRIPE_WEBHOOK_SECRET: notices must be signed")
        return self

    @model_validator(mode="after")
    def _carrier_is_whole(self) -> Settings:
        if self.carrier_url is None:
            return self
        by_key = self.carrier_api_key is not None
        by_client = self.carrier_token_url is not None and self.carrier_client_secret is not None
        if by_key == by_client:
            raise ValueError(
                "CARRIER_URL needs either CARRIER_API_KEY, or CARRIER_TOKEN_URL with "
                "CARRIER_CLIENT_ID and CARRIER_CLIENT_SECRET"
            )
        return self
