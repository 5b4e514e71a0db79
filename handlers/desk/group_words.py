"""In which language a group of operators is written to."""

from __future__ import annotations

from bot.domain.language import ENGLISH
from bot.services.unit import Unit
from handlers.texts import Texts, texts


async def words_of_group(unit: Unit) -> Texts:
    """The words of its first owner, or of whoever comes first that has written to the bot."""
    for operator in await unit.roles.holders():
        known = await unit.subscribers.find(operator.subscriber_id)
        if known is not None:
            return texts(known.language)
    return texts(ENGLISH)
