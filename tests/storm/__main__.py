"""``python -m tests.storm``: the storm, by command."""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.storm import size
from tests.storm.mutants import SAFEGUARDS, program_without
from tests.storm.process import WHOLE_BOT
from tests.storm.size import SHORT, Size
from tests.storm.storm import Report, storm
from tests.storm.teeth import bite


def main() -> int:
    arguments = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="storm-"))
    if arguments.teeth:
        return _try_teeth(folder)
    chosen = SHORT if arguments.short else Size()
    asked = {name: getattr(arguments, name) for name in ("renewals", "kills", "people")}
    chosen = replace(chosen, **{name: value for name, value in asked.items() if value is not None})
    seed = arguments.seed if arguments.seed is not None else secrets.randbelow(10**6)
    _tell(
        f"Storm {seed}: {chosen.renewals} renewals by {chosen.people} people, {chosen.kills} kills."
        f" Both sides allow {size.SENDS_A_SECOND} sends a second overall instead of 30, so that it"
        f" ends within minutes; one a second in each chat stays. Kept in {folder}."
    )
    program = program_without(arguments.without) if arguments.without else WHOLE_BOT
    report = asyncio.run(storm(folder, chosen, seed, _tell, program))
    _tell(_summary(report))
    sys.stdout.write(json.dumps(report.as_json()) + "\n")
    return 1 if report.red else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--renewals", type=int)
    parser.add_argument("--kills", type=int)
    parser.add_argument("--people", type=int)
    parser.add_argument("--seed", type=int, help="the same dice again")
    parser.add_argument("--short", action="store_true", help=f"{SHORT.kills} kills")
    parser.add_argument(
        "--without", choices=SAFEGUARDS, help="take a safeguard out of the bot: this must turn red"
    )
    parser.add_argument(
        "--teeth", action="store_true", help="no storm: try each safeguard's own scenario"
    )
    return parser.parse_args()


def _try_teeth(folder: Path) -> int:
    """0 when every scenario is green with its safeguard, and red without it."""
    bites = []
    for safeguard in SAFEGUARDS:
        tried = asyncio.run(bite(safeguard, folder / safeguard))
        verdict = "caught" if tried.is_right else "NOT CAUGHT"
        _tell(f"{verdict}  {safeguard}: with it {tried.with_it}, without it {tried.without_it}")
        bites.append(tried)
    return 0 if all(tried.is_right for tried in bites) else 1


def _summary(report: Report) -> str:
    counts = report.counts
    lines = [
        f"{counts['renewals']} renewals through {counts['kills']} kills in {report.seconds:.0f} s:"
        f" {counts['updates']} updates, {counts['charges']} charges, {counts['deliveries']} orders"
        f" at the carrier, {counts['given_back']} given back, {counts['top_ups']} top-ups.",
        f"{counts['messages_doubled']} of {counts['messages']} messages came twice;"
        f" for {counts['messages_in_doubt']} nobody could know.",
    ]
    if report.red:
        lines += [f"RED  {name}: {number}" for name, number in report.red.items()]
        lines += [f"     {what}" for what in report.troubles[:20]]
    else:
        lines.append("Green: nothing lost, nothing doubled.")
    return "\n".join(lines)


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
