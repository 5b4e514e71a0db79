"""``python -m tests.fuzz``: hostile updates by the hundred thousand."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
from pathlib import Path

from bot.runtime.logs import set_up
from tests.fuzz.run import Report, fuzz


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--seed", type=int, help="the same dice again")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else secrets.randbelow(10**6)
    set_up("CRITICAL")
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    _tell(f"Hostile input {seed}: {asked.updates} updates. Kept in {folder}.")
    report = asyncio.run(fuzz(folder, asked.updates, seed, _tell))
    _tell(_summary(report))
    return 1 if report.troubles else 0


def _summary(report: Report) -> str:
    lines = [
        f"{report.updates} hostile updates in {report.seconds:.0f} s, made of"
        f" {report.kinds.total()} real ones of {len(report.kinds)} kinds;"
        f" {report.answered} good ones between them were answered.",
        f"{report.dead_letters.total()} were put aside:",
        *(f"{times:8}  {why}" for why, times in report.dead_letters.most_common(40)),
        *(f"RED  {trouble[:3000]}" for trouble in report.troubles[:20]),
    ]
    if report.troubles:
        lines.append(f"Red: {len(report.troubles)} troubles with seed {report.seed}.")
    else:
        lines.append("Green: each decided or put aside, and no money moved that nobody paid.")
    return "\n".join(lines)


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
