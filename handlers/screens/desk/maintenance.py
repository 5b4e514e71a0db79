"""Whether purchases are paused, and what those who write then read."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.buttons import Action, Press
from handlers.html import bold, folded, lines
from handlers.screens import refusals
from handlers.screens.desk.home import desk_key
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts


def maintenance(t: Texts, words: Sequence[Texts], *, is_on: bool) -> Screen:
    state = t("🧑‍🔧 Purchases are paused") if is_on else t("🧑‍🔧 Purchases are open")
    switch = Key(t.plain("⏸ Pause purchases"), Press(Action.PAUSE_PURCHASES), style="danger")
    if is_on:
        switch = Key(t.plain("▶️ Open purchases"), Press(Action.OPEN_PURCHASES), style="success")
    return Screen(
        lines(
            bold(state),
            t("While they are paused, whoever writes reads this, and what was paid is "
              "delivered as ever:"),
            *(folded(refusals.paused(each)) for each in words),
        ),
        rows([switch], [desk_key(t)]),
        shows="maintenance",
    )  # fmt: skip
