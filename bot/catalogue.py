"""Reads the operator's catalogue file (TOML) into plans."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.money import Money
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
    names: dict[str, str]


class _Catalogue(_Strict):
    fair_use: _FairUse
    plan: list[_Plan] = Field(min_length=1)


def read_catalogue(path: Path, currency: str) -> list[Plan]:
    """The plans in the file's order, each as version 1. Raises `CatalogueUnreadable`."""
    try:
        read = _Catalogue.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError, UnicodeDecodeError) as error:
        raise CatalogueUnreadable(f"{path}: {error}") from error
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
        )
        for each in read.plan
    ]
