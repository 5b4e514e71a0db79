"""Whatever JSON a carrier answers, the adapter reads it or says that it is nothing."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.carriers.tmf import ApiKey, TmfFields, TmfSettings
from bot.carriers.tmf.orders import read_order
from bot.carriers.tmf.products import line_status, plan_in_force, read_product, read_wallet
from bot.carriers.tmf.usage import read_usage
from bot.domain.line import Msisdn

SETTINGS = TmfSettings("http://127.0.0.1:9", ApiKey("x"))
NAMES = (
    *("id", "state", "status", "startDate", "terminationDate", "productOffering", "name", "value"),
    *("productCharacteristic", "productOrderItem", "product", "note", "text", "usageConsumption"),
    *("bucketRefOrValue", "bucketCounter", "counterType", "consumptionPeriod", "amount", "units"),
    *("startDateTime", "endDateTime", "remainingValue", "usageType", "logicalResource"),
)
VALUES = (
    *("active", "done", "used", "monetary", "byte", "GB", "CNY", "iccid", "resetZone", "Asia"),
    *("highSpeedCapBytes", "2026-11-22T07:00:00Z", "0001-01-01T00:00:00+14:00", "1e999", "NaN"),
)
TEXTS = st.sampled_from(VALUES) | st.text("aZ0.-+:/é中\x00", max_size=6)
SCALARS = st.none() | st.booleans() | st.integers() | st.decimals() | TEXTS
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=15,
)
BODIES = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(BODIES)
def test_any_body_is_read_without_a_crash(body: dict[str, Any]) -> None:
    now = datetime(2026, 11, 22, 7, tzinfo=UTC)
    products = [read_product(body, TmfFields())]
    line_status(products)
    plan_in_force(products, now)
    read_wallet([body], Msisdn("+4915100000001"), TmfFields())
    read_usage(body, ZoneInfo("Asia/Shanghai"), SETTINGS)
    read_order(body)
