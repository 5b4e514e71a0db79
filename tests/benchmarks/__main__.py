"""``python -m tests.benchmarks``: this bot beside an echo of python-telegram-bot and of aiogram."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.benchmarks.report import table
from tests.benchmarks.run import DEFAULT, FULL, TINY, everything


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    how_much = parser.add_mutually_exclusive_group()
    how_much.add_argument(
        "--full", action="store_true", help="1,000,000 subscribers and recipients"
    )
    how_much.add_argument("--tiny", action="store_true", help="only to see that it runs")
    arguments = parser.parse_args()
    size = FULL if arguments.full else TINY if arguments.tiny else DEFAULT
    told = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        rows = asyncio.run(everything(Path(folder), size, told.print))
    Console(stderr=True, width=None if sys.stderr.isatty() else 140).print(table(rows))
    sys.stdout.write(json.dumps([row.as_json() for row in rows]) + "\n")


if __name__ == "__main__":
    main()
