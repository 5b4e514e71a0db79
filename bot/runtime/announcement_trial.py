"""Whether what keeps failing is the message, not its readers: nobody else is then to be tried.

A message that Telegram takes of nobody (broken markup, a file it does not know, an address in a
button that it does not like) would be refused a million times over. So each language's version is
on trial until one reader has it: once its first `TRIES` are all refused for what is in it, or when
nobody else is due and all were, the trial is lost. So it is when one call after another ends in
doubt although Telegram answers everything else: what is in doubt is never sent again.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

TRIES: Final = 20
MOST_DOUBTS: Final = 96
"""In a row. An outage puts in doubt what was on its way, thirty-two at most, and then is waited
for; this many say that it is not over."""


class Trial:
    """Of one announcement, while the courier goes through its deliveries."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._refused: Counter[str] = Counter()
        self._said: dict[str, str] = {}
        self._doubts = 0
        self.lost: str | None = None
        """Telegram's words, once it is lost."""

    def took(self, language: str) -> None:
        """A reader has it in that language."""
        self._taken.add(language)
        self._doubts = 0

    def refused(self, language: str, said: str) -> None:
        """For what is in it, with these words."""
        self._refused[language] += 1
        self._said[language] = said
        if language not in self._taken and self._refused[language] >= TRIES:
            self.lost = said

    def doubted(self, said: str) -> None:
        self._doubts += 1
        if self._doubts >= MOST_DOUBTS:
            self.lost = said

    def end(self) -> str | None:
        """Nobody else is due: Telegram's words of a version that nobody has, None without one."""
        untaken = (said for language, said in self._said.items() if language not in self._taken)
        return self.lost or next(untaken, None)
