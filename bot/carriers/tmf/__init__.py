"""The carrier port over TM Forum Open APIs."""

from bot.carriers.tmf.carrier import TmfCarrier
from bot.carriers.tmf.settings import ApiKey, ClientCredentials, TmfFields, TmfSettings

__all__ = ["ApiKey", "ClientCredentials", "TmfCarrier", "TmfFields", "TmfSettings"]
