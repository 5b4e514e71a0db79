"""``python -m tests.services.walk``: many long walks over the money, and what happened on them."""

from __future__ import annotations

import argparse
import sys
import time

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.services.walk.rules import Walk


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.services.walk", description=__doc__)
    parser.add_argument("--walks", type=int, default=500)
    parser.add_argument("--steps", type=int, default=50)
    asked = parser.parse_args()
    began = time.monotonic()
    walking = settings(
        max_examples=asked.walks,
        stateful_step_count=asked.steps,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Walk, settings=walking)
    for what, times in sorted(Walk.figures.items()):
        sys.stdout.write(f"{times:8}  {what}\n")
    sys.stdout.write(f"{time.monotonic() - began:8.0f}  seconds\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
