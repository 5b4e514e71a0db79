"""The payment platform port over the Stripe API."""

from bot.payments.stripe.platform import StripePlatform
from bot.payments.stripe.settings import StripeSettings

__all__ = ["StripePlatform", "StripeSettings"]
