"""One process per database: a lock on ``<database>.lock`` that ends with the process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.services.events import StoreFailed


class DatabaseInUse(StoreFailed):
    """Another process has the database."""


@contextmanager
def only_process(database: Path) -> Iterator[None]:
    """Holds the database for this process, and makes its folder if need be.

    Raises `DatabaseInUse`, which names the holder, and `StoreFailed` when there can be no such
    file.

    The system lets go of the lock when the process ends, however it ends; the file stays.
    """
    lock = f"{database}.lock"
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreFailed(f"{lock} cannot be opened: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode() or "unknown"
            raise DatabaseInUse(
                f"{database} is in use by process {holder}: stop it first"
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)


def is_in_use(database: Path) -> bool:
    """Whether a process holds the database now. Takes the lock for a moment to find out, so it is
    for commands that a person gives."""
    try:
        descriptor = os.open(f"{database}.lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)
