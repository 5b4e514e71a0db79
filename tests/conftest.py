"""What holds for every test."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest

from tests.canaries import Watch

_watch = Watch()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked ``careless`` hands secrets to the log on purpose."""
    _watch.begin(as_written=item.get_closest_marker("careless") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, Any, Any]:
    """Fails a test during which a secret or a phone number came to stand in a log line."""
    torn_down = yield
    leaks = _watch.end()
    assert not leaks, "\n".join(leaks)
    return torn_down


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Where NOTHING_SKIPPED is set, a test that cannot run has failed: no browser, no files to hold
    us against, is then a fault of the machine."""
    report = yield
    if os.environ.get("NOTHING_SKIPPED") and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
    return report
