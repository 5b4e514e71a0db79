"""Ways to pay for a line: the one that is proposed, the kept cards, and their removal."""

from __future__ import annotations

from typing import Final

from bot.domain.payment import Way
from bot.services.card_port import KeptCard
from bot.services.choose_method import OwnWays
from handlers.buttons import Action, Press
from handlers.html import Html, bold, lines
from handlers.screens import format as f
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.screens.ways import card_name, way_label
from handlers.texts import Texts

_WAY_ROWS: Final = 3


def methods(t: Texts, own: OwnWays, note: Html | None = None) -> Screen:
    """``●`` marks what is proposed; without a choice that is what paid last time."""
    ways = [_way_key(t, own, each) for each in own.ways]
    as_last_time = Press(Action.WAY, number=own.line.id)
    is_open = own.default is None
    label = t.plain("● As last time") if is_open else t.plain("🕘 As last time")
    remove = Key(t.plain("🗑 Remove a card"), Press(Action.KEPT_CARDS)) if own.cards else None
    return Screen(
        lines(
            note,
            bold(t("💳 Payment methods · {line}", line=f.tail(own.line.msisdn))),
            t("● is proposed first when this line is renewed. Tap another one to change that."),
            *(_kept(t, own, card) for card in own.cards),
        ),
        rows(
            *abreast(ways, max(2, -(-len(ways) // _WAY_ROWS))),
            [
                Key(label, as_last_time),
                remove,
                Key(t.plain("◀ Back"), Press(Action.SETTINGS)),
            ],
        ),
        shows="methods",
        subject=str(own.line.id),
    )


def cards(t: Texts, own: OwnWays) -> Screen:
    keys = [
        Key(f"💳 {card_name(t, card)}", Press(Action.FORGET_CARD, number=card.id))
        for card in own.cards
    ]
    return Screen(
        lines(
            bold(t("Which card is to be removed?")),
            *(_kept(t, own, card) for card in own.cards),
            None if own.cards else t("No card is kept."),
        ),
        rows(*abreast(keys, max(1, -(-len(keys) // _WAY_ROWS))), [_back(t)]),
        shows="kept cards",
    )


def forget_card(t: Texts, card: KeptCard) -> Screen:
    """The safe key comes first."""
    return Screen(
        lines(
            bold(t("Remove {card}?", card=card_name(t, card))),
            t("It is not charged any more, and is removed at the payment platform too. What was "
              "paid with it stays paid; an auto-renewal with it only reminds you."),
        ),
        rows(
            [Key(t.plain("◀ Keep it"), Press(Action.WAYS))],
            [
                Key(t.plain("🗑 Remove"), Press(Action.FORGET_CARD_SURELY, number=card.id),
                    style="danger")
            ],
        ),
        shows="forget card",
        subject=str(card.id),
    )  # fmt: skip


def _way_key(t: Texts, own: OwnWays, way: Way) -> Key:
    label = way_label(t, way, own.cards, is_chosen=way == own.default)
    return Key(label, Press(Action.WAY, way.name, own.line.id))


def _kept(t: Texts, own: OwnWays, card: KeptCard) -> Html:
    month = f"{card.card.expires_month:02}/{card.card.expires_year % 100:02}"
    if card.is_expired(own.now):
        return t("{card}: expired {month}", card=card_name(t, card), month=month)
    return t("{card}: kept, good through {month}", card=card_name(t, card), month=month)


def _back(t: Texts) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.WAYS))
