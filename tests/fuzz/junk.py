"""Values that stand where they should not, and what people could be made to press or pay."""

from __future__ import annotations

import copy
import random
import string
from typing import Any, Final, NamedTuple

from handlers.buttons import Action, Press

BIDI: Final = "\u202e\u2066evil\u2069\u200b\u200f\ufeff"
HTML: Final = "<b>&amp;</i><script>alert(1)</script><tg-spoiler>&#0;"
LONE_SURROGATES: Final = "\ud800x\udfff"
_NESTED: Final = 120
_MEGABYTE: Final = 1_000_000

_PLAIN: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, 10**40, -(2**63), -(2**70),
    0.5, -0.0, 1e300, float("nan"), float("inf"), float("-inf"), "", " ", "0", "-1", "x", "\x00",
    "\n", "null", "NaN", "/start", "/", "@", "//", "1e999", BIDI, HTML, LONE_SURROGATES, "😀" * 70,
    "' OR 1=1 --", "%s%n{0}{x}", "../../etc/passwd", "字" * 200, [], {}, [None], [[]], {"": None},
    [{}], ["x"], {"id": 1}, {"$ref": "#"},
)  # fmt: skip
_DATES: Final = (0, -1, 1, 10**9, 2**31, 2**33, 253_402_300_800, 10**12, 10**18, -(10**12))
_COMMANDS: Final = (
    "start", "help", "renew", "usage", "orders", "coupons", "topup", "methods", "autorenew",
    "settings", "language", "faq", "support", "privacy", "terms", "paysupport", "desk", "announce",
    "cancel", "bills", "trip", "nonsense",
)  # fmt: skip
_SPECIAL: Final = "\n\t '\"<>&;:/\\@#%=+-_.,()[]{}０３九¥٣\u00a0\u2028"


class Known(NamedTuple):
    """Real things that are somebody's: what forged buttons and payments name."""

    orders: list[str]
    """Ids of orders, and of payments."""
    numbers: list[int]
    """Rows' ids, people's ids, message ids."""
    codes: list[str]
    """Of plans and coupons."""


def value(rng: random.Random) -> Any:
    """Something that is of the wrong type or size nearly everywhere."""
    kind = rng.random()
    if kind < 0.80:
        return copy.deepcopy(rng.choice(_PLAIN))  # it may be mutated in its turn
    if kind < 0.90:
        return rng.randint(-(2**66), 2**66)
    if kind < 0.95:
        return text(rng)
    if kind < 0.999:
        return nested(rng.randint(2, _NESTED), rng)
    return "M" * _MEGABYTE


def nested(depth: int, rng: random.Random) -> Any:
    inner: Any = copy.deepcopy(rng.choice(_PLAIN))
    for _ in range(depth):
        inner = [inner] if rng.random() < 0.5 else {"chat": inner}
    return inner


def text(rng: random.Random) -> str:
    """What could be typed: commands, numbers, codes, letters of all kinds."""
    kind = rng.random()
    if kind < 0.35:
        words = rng.choice(_COMMANDS)
        return f"/{words}{rng.choice(('', '@leb_card_sandbox_bot', ' ' + text(rng)))}"
    if kind < 0.6:
        return str(rng.choice((rng.randint(-5, 40), rng.randint(0, 10**13), rng.random())))
    letters = string.printable + _SPECIAL + "加载续费月卡日卡优惠" + BIDI
    return "".join(rng.choice(letters) for _ in range(rng.randint(1, 60)))


def instant(rng: random.Random) -> int:
    return rng.choice(_DATES)


def press(rng: random.Random, known: Known) -> str:
    """A button of any kind that there is, naming what is there, is not, or is somebody else's."""
    action = rng.choice(list(Action))
    wanted = Press(action, "name", 7, "name").data.split(":")[2:]
    fields = [
        str(rng.choice(known.numbers if each == "7" else known.orders + known.codes))
        for each in wanted
    ]
    if rng.random() < 0.3 and fields:
        fields[rng.randrange(len(fields))] = rng.choice(("", "0", "-1", "9" * 18, "x", "::", "字"))
    if rng.random() < 0.1:
        fields.append("more")
    version = rng.choice(("v1", "v1", "v1", "v1", "v0", "v2", ""))
    anew = rng.choice(("", "", "+", "!", "~"))
    return f"{version}:{anew}{':'.join([str(action), *fields])}"
