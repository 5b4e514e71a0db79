"""What the ``?start=`` of a deep link names, as the press of the button that names the same."""

from __future__ import annotations

import re
from typing import Final

from handlers.buttons import Action, Press

_TARGET: Final = re.compile(r"(plan|order|faq)_([A-Za-z0-9-]{1,32})|line_([0-9]{1,18})")
_NAMED: Final = {"plan": Action.PLAN, "order": Action.ORDER, "faq": Action.ANSWER}


def press_of(target: str) -> Press | None:
    """None for what is no target of ours."""
    named = _TARGET.fullmatch(target)
    if named is None:
        return None
    kind, name, line_id = named.groups()
    if line_id is not None:
        return Press(Action.LINE, number=int(line_id))
    return Press(_NAMED[kind], name)
