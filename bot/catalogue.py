"""Reads the operator's catalogue file (TOML) into plans and coupons."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.domain.coupon import Coupon, Share
from bot.domain.money import STARS, Money
from bot.domain.plan import BillingCycle, FairUsePolicy, Plan


class CatalogueUnreadable(Exception):
    """The file is not a catalogue; the text says where and why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _FairUse(_Strict):
    high_speed_cap_bytes: int = Field(gt=0)
    base_rate_kbps: int = Field(gt=0)
    reset_zone: str
    countries: int = Field(gt=0)


class _Plan(_Strict):
    code: str = Field(pattern=r"^[A-Z0-9]{1,12}$")
    cycle: BillingCycle
    days: int = Field(gt=0, le=366)
    price: Decimal = Field(gt=0)
    stars: int | None = Field(None, gt=0)
    names: dict[str, str]


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


def read_catalogue(path: Path, currency: str) -> list[Plan]:
    """The plans in the file's order, each as version 1. Raises `CatalogueUnreadable`."""
    read = _read(path)
    terms = read.fair_use
    fair_use = FairUsePolicy(terms.high_speed_cap_bytes, terms.base_rate_kbps, terms.reset_zone)
    return [
        Plan(
            code=each.code,
            version=1,
            cycle=each.cycle,
            days=each.days,
            price=Money.from_decimal(each.price, currency),
            fair_use=fair_use,
            countries=terms.countries,
            names=each.names,
            stars=None if each.stars is None else Money(each.stars, STARS),
        )
        for each in read.plan
    ]


def read_coupons(path: Path, currency: str) -> list[Coupon]:
    """The coupons of the same file. Raises `CatalogueUnreadable`."""
    return [each.as_coupon(currency) for each in _read(path).coupon]


def _read(path: Path) -> _Catalogue:
    try:
        return _Catalogue.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError, UnicodeDecodeError) as error:
        raise CatalogueUnreadable(f"{path}: {error}") from error
