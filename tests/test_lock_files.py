"""What a fresh clone installs: the lock files hold what pyproject.toml asks for, and no address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUNS = PROJECT["dependencies"]
TESTS = PROJECT["optional-dependencies"]["dev"]


def name_of(requirement: str) -> str:
    """`stripe[async]>=16.1` is stripe; names are compared as package indexes do (PEP 503)."""
    bare = re.split(r"[\[<>=!~; \\]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", bare).lower()


def pinned(file: str) -> dict[str, str]:
    """Each pinned package with all that stands under it."""
    entries = re.split(r"^(?=[A-Za-z0-9])", (ROOT / file).read_text(), flags=re.MULTILINE)
    return {name_of(entry): entry for entry in entries if "==" in entry}


@pytest.mark.parametrize(
    ("file", "asked"), [("requirements.txt", RUNS), ("requirements-dev.txt", [*RUNS, *TESTS])]
)
def test_every_dependency_asked_for_is_pinned_with_hashes(file: str, asked: list[str]) -> None:
    pins = pinned(file)
    assert {name_of(each) for each in asked} <= pins.keys()
    assert [name for name, entry in pins.items() if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_no_lock_file_names_an_address_to_install_from(file: str) -> None:
    assert re.findall(r"https?://|--\S*(?:index|host)\S*", (ROOT / file).read_text()) == []
