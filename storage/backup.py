"""Backups, taken while the bot writes, and restored only after they have passed the checks."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.services.events import StoreFailed
from storage.checks import examine
from storage.database import make_private, open_reader
from storage.lockfile import only_process


class FaultyBackup(StoreFailed):
    """The copy does not pass the checks; nothing was put in place."""


async def back_up(database: Path, into: Path) -> None:
    """Writes one whole, compact copy of the present state; it appears under its name only when it
    has passed the checks and is on the disk.

    Raises `FaultyBackup`, `StoreFailed` when there is such a file already or none can be written.
    """
    if await asyncio.to_thread(into.exists):
        raise StoreFailed(f"{into} exists already: choose another name")
    with _draft_of(into) as copy:
        async with open_reader(database) as reader:
            await reader.execute("VACUUM INTO :path", path=str(copy))
        await _check(copy)
        await asyncio.to_thread(_put_in_place, copy, into)


async def restore(backup: Path, database: Path) -> Path | None:
    """Puts a copy of the backup in the place of the database, which is kept beside it under the
    name returned (None when there was none).

    Raises `storage.lockfile.DatabaseInUse` while the bot runs, `FaultyBackup`, `StoreFailed` when
    the backup cannot be read.
    """
    with only_process(database), _draft_of(database) as copy:
        await asyncio.to_thread(_copy, backup, copy)
        await _check(copy)
        kept = await asyncio.to_thread(_set_aside, database)
        await asyncio.to_thread(_put_in_place, copy, database)
        return kept


@contextmanager
def _draft_of(name: Path) -> Iterator[Path]:
    """An empty private file beside the name, gone afterwards unless it was put in place."""
    draft = _beside(name, ".draft")
    draft.unlink(missing_ok=True)
    make_private(draft)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


async def _check(copy: Path) -> None:
    errors = [finding.text for finding in await examine(copy) if finding.is_error]
    if errors:
        raise FaultyBackup("; ".join(errors))


def _copy(backup: Path, copy: Path) -> None:
    try:
        shutil.copyfile(backup, copy)
    except OSError as error:
        raise StoreFailed(f"{backup} cannot be copied: {error.strerror}") from error


def _set_aside(database: Path) -> Path | None:
    """Keeps the database under a free name. Its write-ahead log must not meet the restored file,
    and holds the last commits if the bot was killed: it goes along."""
    if not database.exists():
        return None
    number = 1
    while (kept := _beside(database, f".before-restore-{number}")).exists():
        number += 1
    os.link(database, kept)
    for suffix in ("-wal", "-shm"):
        if (companion := _beside(database, suffix)).exists():
            companion.rename(_beside(kept, suffix))
    return kept


def _put_in_place(file: Path, name: Path) -> None:
    """Renames the file once it is on the disk, and waits until the new name is there too."""
    _sync(file)
    file.replace(name)
    _sync(name.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
