"""What makes the files that screens stage, by their kind (`bot.runtime.attachments`).

Each is loaded with the first file of its kind, on the thread that makes it: Pillow and reportlab
take long to load, and a start does not need them.
"""

from __future__ import annotations

from typing import Any, Final

from handlers.screens import table


def _usage(facts: dict[str, Any]) -> bytes:
    from handlers.screens import chart  # noqa: PLC0415 - see above

    return chart.draw(facts)


def _earnings(facts: dict[str, Any]) -> bytes:
    from handlers.screens.desk import earnings_chart  # noqa: PLC0415 - see above

    return earnings_chart.draw(facts)


def _paper(facts: dict[str, Any]) -> bytes:
    from handlers.screens import paper  # noqa: PLC0415 - see above

    return paper.typeset(facts)


RENDERERS: Final = {"usage": _usage, "earnings": _earnings, "paper": _paper, "table": table.write}
