"""Two processes never have one database."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.services.events import StoreFailed
from storage.lockfile import DatabaseInUse, is_in_use, only_process

HOLD = """
import sys
from pathlib import Path
from storage.lockfile import only_process
with only_process(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_who_has_the_database(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(DatabaseInUse, match=f"process {holder.pid}:"), only_process(path):
            pass
        holder.kill()
        holder.wait(10)
        with only_process(path):
            pass


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    with only_process(tmp_path / "new" / "db"):
        assert (tmp_path / "new").is_dir()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "no").touch()
    with pytest.raises(StoreFailed, match="cannot be opened"), only_process(tmp_path / "no" / "db"):
        pass


def test_the_database_is_free_again_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    for _ in range(2):
        with only_process(path):
            lock = tmp_path / "bot.db.lock"
            assert lock.read_text() == str(os.getpid())
            assert stat.S_IMODE(lock.stat().st_mode) == 0o600


def test_whether_a_process_has_the_database_can_be_asked(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    assert not is_in_use(path)
    with only_process(path):
        assert is_in_use(path)
    assert not is_in_use(path)
