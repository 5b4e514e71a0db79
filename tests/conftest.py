"""What holds for every test."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Where NOTHING_SKIPPED is set, a test that cannot run has failed: no browser, no files to hold
    us against, is then a fault of the machine."""
    report = yield
    if os.environ.get("NOTHING_SKIPPED") and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
    return report
