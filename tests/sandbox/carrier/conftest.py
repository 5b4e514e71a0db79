"""The fixtures of a carrier over real HTTP."""

from tests.carrier_side import caller, carrier, carrier_url, clock, conformance, published

__all__ = ["caller", "carrier", "carrier_url", "clock", "conformance", "published"]
