"""What each call may ask: the part of the Stripe API's parameters that the sandbox knows.

Whatever else is sent is refused, so that a test fails rather than believes in it. In particular
`payment_method_types` is no parameter any more: `allowed_payment_method_types` is.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.sandbox.loopback import on_loopback
from bot.sandbox.payments.errors import ApiError, misused
from bot.sandbox.payments.form import Fields
from bot.sandbox.payments.model import Method

Parsed = TypeVar("Parsed", bound="Parameters")


def _loopback(address: str) -> str:
    if not on_loopback(address):
        raise ValueError("must be an http address on loopback")
    return address


Text = Annotated[str, Field(min_length=1, max_length=5_000)]
Short = Annotated[str, Field(min_length=1, max_length=200)]
Url = Annotated[str, Field(pattern="^(https?|tg)://", max_length=5_000)]
LoopbackUrl = Annotated[str, AfterValidator(_loopback)]
Currency = Annotated[str, Field(pattern="^[a-z]{3}$")]
Amount = Annotated[int, Field(ge=0, le=99_999_999)]
MetadataOf = Annotated[
    dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=500)]],
    Field(max_length=50),
]


class Strict(BaseModel):
    """Nothing beyond what is named."""

    model_config = ConfigDict(extra="forbid")


class Parameters(Strict):
    """What every call may ask: to see objects where ids stand."""

    expand: list[str] = []


class Range(Strict):
    """Bounds of an instant, in Unix seconds."""

    gt: int | None = None
    gte: int | None = None
    lt: int | None = None
    lte: int | None = None

    def holds(self, instant: int) -> bool:
        """Whether an instant lies within the bounds."""
        return (
            (self.gt is None or instant > self.gt)
            and (self.gte is None or instant >= self.gte)
            and (self.lt is None or instant < self.lt)
            and (self.lte is None or instant <= self.lte)
        )


class Paging(Parameters):
    """A part of a list, newest first."""

    limit: Annotated[int, Field(ge=1, le=100)] = 10
    starting_after: Short | None = None
    ending_before: Short | None = None
    created: Range | int | None = None


class ProductData(Strict):
    name: Text
    description: Text | None = None


class PriceData(Strict):
    currency: Currency
    unit_amount: Amount
    product_data: ProductData


class LineItem(Strict):
    price_data: PriceData
    quantity: Annotated[int, Field(ge=1, le=999)]


class PaymentIntentData(Strict):
    description: Text | None = None
    metadata: MetadataOf = {}
    setup_future_usage: Literal["off_session", "on_session"] | None = None


class CardOptions(Strict):
    setup_future_usage: Literal["off_session", "on_session"] | None = None


class WechatPayOptions(Strict):
    client: Literal["web", "android", "ios"]


class PaymentMethodOptions(Strict):
    card: CardOptions = CardOptions()
    wechat_pay: WechatPayOptions | None = None


class SessionCreate(Parameters):
    """POST /v1/checkout/sessions."""

    mode: Literal["payment"]
    line_items: Annotated[list[LineItem], Field(min_length=1, max_length=100)]
    success_url: Url
    cancel_url: Url | None = None
    allowed_payment_method_types: Annotated[list[Method], Field(min_length=1)] | None = None
    payment_method_options: PaymentMethodOptions = PaymentMethodOptions()
    payment_intent_data: PaymentIntentData = PaymentIntentData()
    client_reference_id: Short | None = None
    customer: Short | None = None
    customer_creation: Literal["always", "if_required"] | None = None
    customer_email: Short | None = None
    expires_at: int | None = None
    locale: Annotated[str, Field(pattern="^(auto|[a-z]{2,3}(-[A-Z0-9]{2,3})?)$")] | None = None
    metadata: MetadataOf = {}
    submit_type: Literal["auto", "book", "donate", "pay"] | None = None
    ui_mode: Literal["hosted_page"] = "hosted_page"

    @property
    def saves_card(self) -> bool:
        """Whether a card is kept, to be charged off-session."""
        asked = (
            self.payment_intent_data.setup_future_usage,
            self.payment_method_options.card.setup_future_usage,
        )
        return "off_session" in asked


class SessionList(Paging):
    """GET /v1/checkout/sessions."""

    customer: Short | None = None
    payment_intent: Short | None = None
    status: Literal["open", "complete", "expired"] | None = None


class IntentCreate(Parameters):
    """POST /v1/payment_intents: a saved card is charged, here and now."""

    amount: Annotated[int, Field(ge=1, le=99_999_999)]
    currency: Currency
    customer: Short
    payment_method: Short
    confirm: Literal["true"]
    off_session: Literal["true"]
    allowed_payment_method_types: Annotated[list[Method], Field(min_length=1)] | None = None
    description: Text | None = None
    error_on_requires_action: bool = False
    metadata: MetadataOf = {}


class IntentList(Paging):
    """GET /v1/payment_intents."""

    customer: Short | None = None


class Search(Parameters):
    """GET /v1/payment_intents/search."""

    query: Text
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    page: Short | None = None


class IntentCancel(Parameters):
    """POST /v1/payment_intents/{id}/cancel."""

    cancellation_reason: (
        Literal["abandoned", "duplicate", "fraudulent", "requested_by_customer"] | None
    ) = None


class CustomerCreate(Parameters):
    """POST /v1/customers."""

    name: Text | None = None
    email: Text | None = None
    phone: Text | None = None
    description: Text | None = None
    preferred_locales: list[Short] = []
    metadata: MetadataOf = {}


class CustomerList(Paging):
    """GET /v1/customers."""

    email: Text | None = None


class MethodList(Paging):
    """GET /v1/payment_methods and /v1/customers/{id}/payment_methods."""

    customer: Short | None = None
    type: Method | None = None


class RefundCreate(Parameters):
    """POST /v1/refunds: of a charge, or of an intent's."""

    charge: Short | None = None
    payment_intent: Short | None = None
    amount: Annotated[int, Field(ge=1)] | None = None
    reason: Literal["duplicate", "fraudulent", "requested_by_customer"] | None = None
    metadata: MetadataOf = {}


class OfPayment(Paging):
    """GET /v1/refunds, /v1/disputes."""

    charge: Short | None = None
    payment_intent: Short | None = None


class ChargeList(Paging):
    """GET /v1/charges."""

    customer: Short | None = None
    payment_intent: Short | None = None


class EventList(Paging):
    """GET /v1/events."""

    type: Text | None = None
    types: Annotated[list[Text], Field(max_length=20)] | None = None


class EndpointCreate(Parameters):
    """POST /v1/webhook_endpoints. The sandbox speaks to loopback only."""

    url: LoopbackUrl
    enabled_events: Annotated[list[Text], Field(min_length=1)]
    description: Text | None = None
    metadata: MetadataOf = {}


def parsed(model: type[Parsed], fields: Fields) -> Parsed:
    """The fields as parameters. Raises ApiError 400, worded for the first that is wrong."""
    try:
        return model.model_validate(fields)
    except ValidationError as problem:
        raise _refusal(problem) from None


def _refusal(problem: ValidationError) -> ApiError:
    first = problem.errors()[0]
    name = _bracketed(first["loc"])
    match first["type"]:
        case "extra_forbidden":
            return misused(f"Received unknown parameter: {name}", name, "parameter_unknown")
        case "missing":
            return misused(f"Missing required param: {name}.", name, "parameter_missing")
        case "int_parsing":
            return misused(f"Invalid integer: {first['input']}", name, "parameter_invalid_integer")
        case _:
            return misused(f"Invalid {name}: {first['msg']}", name)


def _bracketed(location: Sequence[Any]) -> str:
    root, *rest = map(str, location)
    return root + "".join(f"[{part}]" for part in rest)
