"""Look at a screen as a person does: the words without the markup, the labels of the keys."""

from __future__ import annotations

import html
import re

from handlers.screens.screen import Screen


def seen(screen: Screen) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", screen.text))


def labels(screen: Screen) -> list[str]:
    return [key.label for line in screen.keys for key in line]
