"""A start loads what it needs, and nothing that only a later moment may need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from storage import migrate

START = """
import sys
from pathlib import Path
import bot.__main__
from storage import migrate

migrate.upgrade(Path(sys.argv[1]))
loaded = {name.split(".")[0] for name in sys.modules}
print(sorted(loaded & {"alembic", "PIL", "reportlab"}))
"""


def test_a_start_loads_nothing_that_migrates_or_draws(tmp_path: Path) -> None:
    migrate.upgrade(tmp_path / "bot.db")
    started = subprocess.run(
        [sys.executable, "-c", START, tmp_path / "bot.db"],
        check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert started.stdout == "[]\n"
