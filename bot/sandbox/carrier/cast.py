"""The catalogue of the carrier and the lines of the cast."""

from datetime import timedelta

from bot.sandbox.carrier.model import Line, Offering, local_day
from bot.sandbox.carrier.network import Network

ZONE = "Asia/Shanghai"
GB = 10**9

OFFERINGS = tuple(
    Offering(code, name, days, high_speed_cap_bytes=20 * GB, base_rate_kbps=1_000, zone=ZONE)
    for code, name, days in (("D1", "Daily", 1), ("M30", "Monthly", 30), ("Q90", "Quarterly", 90))
)

# What Lin Xiao used on the 29 days before today, in tenths of a GB, oldest first: two days
# beyond the cap, one without any data, a week in Japan.
_LIN_XIAO_HISTORY = (
    *(31, 44, 82, 127, 203, 65, 12, 9, 54, 71, 88, 143, 97, 20),
    *(0, 37, 112, 165, 214, 178, 96, 58, 41, 73, 119, 86, 152, 64, 105),
)
_JAPAN = range(15, 22)


def settle_in(network: Network) -> None:
    """Bring the cast's lines into an empty network, as they stand at the start of the clock."""
    _add_lin_xiao(network)
    _add_ana_duarte(network)
    _add_omar_haddad(network)


def _add_lin_xiao(network: Network) -> None:
    line = _line(network, "+8613800001001", "8985200000000001001", wallet_minor=236_00)
    network.give_plan(line, "M30", days_left=16 - 30)
    network.give_plan(line, "M30", days_left=16)
    today = local_day(network.now(), ZONE)
    for place, tenths in enumerate(_LIN_XIAO_HISTORY):
        day = today - timedelta(days=len(_LIN_XIAO_HISTORY) - place)
        if tenths:
            line.record(day, "JP" if place in _JAPAN else "CN", tenths * GB // 10)
    line.record(today, "CN", 124 * GB // 10)


def _add_ana_duarte(network: Network) -> None:
    line = _line(network, "+351912001002", "8985200000000001002")
    network.give_plan(line, "M30", days_left=-3)


def _add_omar_haddad(network: Network) -> None:
    line = _line(network, "+85261001003", "8985200000000001003")
    # Three days, so that he can be seen getting his speed back at the next reset.
    network.give_plan(line, "D1", days_left=3, periods=3)
    line.record(local_day(network.now(), ZONE), "JO", 203 * GB // 10)


def _line(network: Network, msisdn: str, iccid: str, wallet_minor: int = 0) -> Line:
    since = local_day(network.now(), ZONE) - timedelta(days=60)
    line = Line(msisdn, iccid, ZONE, since, wallet_minor=wallet_minor)
    network.add_line(line)
    return line
