"""The carrier of the sandbox: TM Forum Open APIs with a simulated network behind them."""

from bot.sandbox.carrier.answers import Exchange
from bot.sandbox.carrier.carrier import Carrier

__all__ = ["Carrier", "Exchange"]
