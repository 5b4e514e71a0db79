"""The cast's lines, and one to add, as the adapter knows them."""

from bot.domain.line import Msisdn
from tests.carrier_side import ANA_DUARTE, LIN_XIAO, OMAR_HADDAD

LIN, ANA, OMAR = Msisdn(LIN_XIAO), Msisdn(ANA_DUARTE), Msisdn(OMAR_HADDAD)
LIN_CARD, ANA_CARD, OMAR_CARD = (f"898520000000000100{n}" for n in (1, 2, 3))
TRAVELLER = Msisdn("+4915100000001")
TRAVELLER_CARD = "8900004915100000001"
