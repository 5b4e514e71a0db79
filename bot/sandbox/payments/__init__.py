"""The payments platform of the sandbox: a part of the Stripe API, and its hosted pay page."""

from bot.sandbox.payments.payments import Payments

__all__ = ["Payments"]
