"""What people do in their Telegram: write, attach, press, share, pay, block."""

from bot.sandbox.telegram.person.attaching import KINDS, attach
from bot.sandbox.telegram.person.paying import OUTCOMES, pay
from bot.sandbox.telegram.person.pressing import press
from bot.sandbox.telegram.person.side import CannotDo, Side
from bot.sandbox.telegram.person.writing import (
    block,
    edit,
    forward_contact,
    share_contact,
    write,
)

__all__ = [
    "KINDS",
    "OUTCOMES",
    "CannotDo",
    "Side",
    "attach",
    "block",
    "edit",
    "forward_contact",
    "pay",
    "press",
    "share_contact",
    "write",
]
