"""What people do in their Telegram: write, press, share, pay, block."""

from bot.sandbox.telegram.person.paying import OUTCOMES, pay
from bot.sandbox.telegram.person.pressing import press
from bot.sandbox.telegram.person.side import CannotDo, Side
from bot.sandbox.telegram.person.writing import (
    block,
    edit,
    forward_contact,
    send_photo,
    send_sticker,
    share_contact,
    write,
)

__all__ = [
    "OUTCOMES",
    "CannotDo",
    "Side",
    "block",
    "edit",
    "forward_contact",
    "pay",
    "press",
    "send_photo",
    "send_sticker",
    "share_contact",
    "write",
]
