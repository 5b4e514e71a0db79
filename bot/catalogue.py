"""The operator's catalogue file (TOML): read into plans and coupons, and written from plans."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.domain.coupon import Coupon, Share
from bot.domain.money import STARS, Money
from bot.domain.plan import BillingCycle, FairUsePolicy, Plan

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


class CatalogueUnreadable(Exception):
    """The file is not a catalogue; the text says where and why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _FairUse(_Strict):
    high_speed_cap_bytes: int = Field(gt=0)
    base_rate_kbps: int = Field(gt=0)
    reset_zone: str
    countries: int = Field(gt=0)

    @field_validator("reset_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (OSError, KeyError, ValueError) as error:
            raise ValueError(f"{name!r} is not a time zone") from error

    @property
    def policy(self) -> FairUsePolicy:
        return FairUsePolicy(self.high_speed_cap_bytes, self.base_rate_kbps, self.reset_zone)


class _Plan(_Strict):
    code: str = Field(pattern=r"^[A-Z0-9]{1,12}$")
    cycle: BillingCycle
    days: int = Field(gt=0, le=366)
    price: Decimal = Field(gt=0)
    stars: int | None = Field(None, gt=0)
    names: dict[str, str]
    fair_use: _FairUse | None = None
    """Where its terms are not those of the catalogue."""

    @field_validator("names")
    @classmethod
    def _has_an_english_name(cls, names: dict[str, str]) -> dict[str, str]:
        if not names.get("en"):
            raise ValueError("a name in English, en, is needed")
        return names

    def as_plan(self, currency: str, of_all: _FairUse) -> Plan:
        price = Money.from_decimal(self.price, currency)
        if price.decimal != self.price:
            raise CatalogueUnreadable(f"{self.code}: {currency} has no price of {self.price}")
        terms = self.fair_use or of_all
        return Plan(
            code=self.code,
            version=1,
            cycle=self.cycle,
            days=self.days,
            price=price,
            fair_use=terms.policy,
            countries=terms.countries,
            names=self.names,
            stars=None if self.stars is None else Money(self.stars, STARS),
        )


class _Coupon(_Strict):
    """What is not said does not restrict."""

    code: str = Field(pattern=r"^[A-Z0-9]{3,16}$")
    amount: Decimal | None = Field(None, gt=0)
    basis_points: int | None = Field(None, gt=0, le=10_000)
    offered: bool = True
    cycles: frozenset[BillingCycle] = frozenset()
    first_renewal: bool = False
    once_a_subscriber: bool = False
    minimum: Decimal | None = Field(None, gt=0)
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    max_uses: int | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _one_way_off(self) -> Self:
        if (self.amount is None) == (self.basis_points is None):
            raise ValueError(f"{self.code}: either amount or basis_points")
        return self

    def as_coupon(self, currency: str) -> Coupon:
        off = None if self.amount is None else Money.from_decimal(self.amount, currency)
        minimum = None if self.minimum is None else Money.from_decimal(self.minimum, currency)
        return Coupon(
            code=self.code,
            off=off or Share(self.basis_points or 0),
            offered=self.offered,
            cycles=self.cycles,
            first_renewal=self.first_renewal,
            once_a_subscriber=self.once_a_subscriber,
            minimum=minimum,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            max_uses=self.max_uses,
        )


class _Catalogue(_Strict):
    fair_use: _FairUse
    plan: list[_Plan] = Field(min_length=1)
    coupon: list[_Coupon] = []

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        codes = [each.code for each in self.plan]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"plan: {', '.join(twice)} more than once")
        return self


def read_catalogue(path: Path, currency: str) -> list[Plan]:
    """The plans in the file's order, each as version 1. Raises `CatalogueUnreadable`."""
    return read_plans(catalogue_file(path), currency, str(path))


def read_plans(text: str, currency: str, name: str) -> list[Plan]:
    """The plans of a file of that name. Raises `CatalogueUnreadable`."""
    read = _read(text, name)
    try:
        return [each.as_plan(currency, read.fair_use) for each in read.plan]
    except CatalogueUnreadable as why:
        raise CatalogueUnreadable(f"{name}: {why}") from why


def read_coupons(path: Path, currency: str) -> list[Coupon]:
    """The coupons of the same file. Raises `CatalogueUnreadable`."""
    return [each.as_coupon(currency) for each in _read(catalogue_file(path), str(path)).coupon]


def coupons_named(text: str, name: str) -> int:
    """How many coupons the file's text names. Raises `CatalogueUnreadable`."""
    return len(_read(text, name).coupon)


def catalogue_file(path: Path) -> str:
    """The file's text. Raises `CatalogueUnreadable`."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueUnreadable(f"{path}: {error}") from error


def written(plans: Sequence[Plan]) -> str:
    """The file that reads as these plans; one at least. The first one's fair use stands for all;
    where another differs, it stands with the plan."""
    of_all = _fair_use(plans[0])
    parts = ["\n".join(["[fair_use]", *(f"{name} = {value}" for name, value in of_all.items())])]
    for plan in plans:
        own = _fair_use(plan)
        parts.append(_plan(plan, None if own == of_all else own))
    return "\n\n".join(parts) + "\n"


def _plan(plan: Plan, fair_use: dict[str, str] | None) -> str:
    names = {
        key if _BARE_KEY.fullmatch(key) else _text(key): _text(name)
        for key, name in plan.names.items()
    }
    lines = [
        "[[plan]]",
        f"code = {_text(plan.code)}",
        f"cycle = {_text(plan.cycle)}",
        f"days = {plan.days}",
        f"price = {_text(f'{plan.price.decimal:f}')}",
        f"names = {_table(names)}",
    ]
    if plan.stars is not None:
        lines.append(f"stars = {plan.stars.minor}")
    if fair_use is not None:
        lines.append(f"fair_use = {_table(fair_use)}")
    return "\n".join(lines)


def _fair_use(plan: Plan) -> dict[str, str]:
    return {
        "high_speed_cap_bytes": f"{plan.fair_use.high_speed_cap_bytes:_}",
        "base_rate_kbps": str(plan.fair_use.base_rate_kbps),
        "reset_zone": _text(plan.fair_use.reset_zone),
        "countries": str(plan.countries),
    }


def _table(values: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{key} = {value}" for key, value in values.items()) + " }"


def _text(value: str) -> str:
    """TOML's strings are JSON's, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _read(text: str, name: str) -> _Catalogue:
    try:
        return _Catalogue.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueUnreadable(f"{name}: {error}") from error
    except ValidationError as error:
        raise CatalogueUnreadable("\n".join([f"{name}:", *_mistakes(error)])) from error


def _mistakes(error: ValidationError) -> list[str]:
    """``plan 2, days: …``, a line each, counted as people count."""
    told = []
    for each in error.errors():
        place = ""
        for part in each["loc"]:
            place += f" {part + 1}" if isinstance(part, int) else f", {part}"
        why = each["msg"].removeprefix("Value error, ")
        told.append(f"  {place.removeprefix(', ')}: {why}" if place else f"  {why}")
    return told
