"""The command line, as a person in a terminal meets it: its words, its exit code, no traceback."""

from __future__ import annotations

import contextlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from storage.lockfile import only_process


@dataclass(frozen=True)
class Ended:
    returncode: int
    stdout: str
    stderr: str


def command(*arguments: str, cwd: Path, **environment: str) -> Ended:
    """Runs a command in that folder; an exception that nobody turned into words is raised."""
    with contextlib.chdir(cwd):
        ended = CliRunner().invoke(app, arguments, env={"COLUMNS": "200", **environment})
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return Ended(ended.exit_code, ended.stdout, ended.stderr)


def test_run_without_a_token_says_in_three_steps_how_to_get_one(tmp_path: Path) -> None:
    ended = command("run", cwd=tmp_path)
    assert ended.returncode == 2
    assert "@BotFather" in ended.stderr
    assert all(f"{step}." in ended.stderr for step in (1, 2, 3))
    assert "make demo" in ended.stderr


def test_run_without_a_carrier_says_what_is_missing(tmp_path: Path) -> None:
    ended = command("run", cwd=tmp_path, BOT_TOKEN="1:AAAA")
    assert ended.returncode == 2
    assert "CARRIER_URL" in ended.stderr


def test_wrong_settings_are_listed_by_name_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CURRENCY=yuan\nTIME_ZONE=Beijing\n", "utf-8")
    ended = command("run", cwd=tmp_path)
    assert ended.returncode == 2
    assert "CURRENCY" in ended.stderr
    assert "TIME_ZONE" in ended.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", ".env cannot be read"),
        (b"CARRIER_PATHS={broken\n", "carrier_paths"),
        (b'CARRIER_PATHS={"billing": "/x"}\n', "CARRIER_PATHS.BILLING"),
        (b'CARRIER_FIELDS={"imei": "x"}\n', "CARRIER_FIELDS.IMEI"),
    ],
)
def test_settings_that_cannot_be_read_are_told_without_a_traceback(
    tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / ".env").write_bytes(content)
    ended = command("run", cwd=tmp_path)
    assert ended.returncode == 2
    assert said in ended.stderr


def test_a_second_bot_on_one_database_is_refused_and_names_the_first(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    with only_process(database):
        ended = command(
            "run",
            cwd=tmp_path,
            BOT_TOKEN="1:AAAA",
            CARRIER_URL="http://127.0.0.1:9",
            CARRIER_API_KEY="api-key",
            DATABASE=str(database),
        )
    assert ended.returncode == 1
    assert str(os.getpid()) in ended.stderr


def test_a_catalogue_that_cannot_be_read_is_told_with_its_place(tmp_path: Path) -> None:
    catalogue = tmp_path / "plans.toml"
    catalogue.write_text("[[plan]]\ncode = 'D1'\n", "utf-8")
    ended = command(
        "run",
        cwd=tmp_path,
        BOT_TOKEN="1:AAAA",
        CARRIER_URL="http://127.0.0.1:9",
        CARRIER_API_KEY="api-key",
        DATABASE=str(tmp_path / "bot.db"),
        CATALOGUE=str(catalogue),
    )
    assert ended.returncode == 1
    assert str(catalogue) in ended.stderr


def test_migrate_backup_doctor_and_restore_say_what_they_did(tmp_path: Path) -> None:
    database, copy = tmp_path / "bot.db", tmp_path / "copy.db"
    here = {"cwd": tmp_path, "DATABASE": str(database)}
    for arguments, said in (
        (["migrate"], "schema"),
        (["backup", str(copy)], "Backed up"),
        (["restore", str(copy)], "Restored"),
        (["doctor"], "sound"),
    ):
        ended = command(*arguments, **here)  # type: ignore[arg-type]
        assert ended.returncode == 0, ended.stderr
        assert said in ended.stdout


def test_doctor_without_a_database_says_so(tmp_path: Path) -> None:
    ended = command("doctor", cwd=tmp_path, DATABASE=str(tmp_path / "none.db"))
    assert ended.returncode == 2
    assert "no database" in ended.stderr


def test_doctor_tells_a_damaged_database_and_fails(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    database.write_bytes(b"SQLite format 3\0" + b"\xff" * 8192)
    ended = command("doctor", cwd=tmp_path, DATABASE=str(database))
    assert ended.returncode == 1


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("tomorrow", "not an instant"),
        ("2026-11-22T15:00:00", "zone"),
        ("0001-01-01T00:00:00+14:00", "does not reach"),
    ],
)
def test_a_start_of_the_clock_that_is_none_is_refused(tmp_path: Path, now: str, said: str) -> None:
    ended = command("demo", "--headless", "--port", "0", "--now", now, cwd=tmp_path)
    assert ended.returncode == 2
    assert said in ended.stderr


def test_a_port_in_use_is_told_with_another_to_try(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        database = str(tmp_path / "demo.db")
        ended = command("demo", "--headless", "--port", port, "--database", database, cwd=tmp_path)
    assert ended.returncode == 2
    assert "PORT=" in ended.stderr


def test_a_port_that_is_none_is_refused(tmp_path: Path) -> None:
    ended = command("demo", "--headless", "--port", "99999", cwd=tmp_path)
    assert ended.returncode == 2
    assert "65535" in ended.stderr


def test_a_second_demo_on_one_database_is_refused_and_leaves_the_first_its_world(
    tmp_path: Path,
) -> None:
    database = tmp_path / "demo.db"
    with only_process(tmp_path / "demo.db.world.json"):
        ended = command(
            "demo", "--headless", "--port", "0", "--database", str(database), cwd=tmp_path
        )
    assert ended.returncode == 1
    assert str(os.getpid()) in ended.stderr


def test_a_demo_whose_bot_cannot_start_ends_at_once_and_says_so(tmp_path: Path) -> None:
    database = tmp_path / "demo.db"
    with only_process(database):
        ended = command(
            "demo", "--headless", "--port", "0", "--database", str(database), cwd=tmp_path
        )
    assert ended.returncode == 2
    assert "did not come up" in ended.stderr
    assert "starting it again" not in ended.stderr


def test_a_folder_that_cannot_be_made_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    database = tmp_path / "file" / "demo.db"
    ended = command("demo", "--headless", "--port", "0", "--database", str(database), cwd=tmp_path)
    assert ended.returncode == 1
    assert str(database) in ended.stderr


def test_doctor_names_the_file_and_the_line_of_a_text_that_is_not_shown(tmp_path: Path) -> None:
    assert command("migrate", "--database", "bot.db", cwd=tmp_path).returncode == 0
    answers = tmp_path / "texts" / "en" / "faq"
    answers.mkdir(parents=True)
    (answers / "japan.md").write_bytes(b"Japan?\nyes\n\xff")
    ended = command(
        "doctor", "--database", "bot.db", cwd=tmp_path, TEXTS_DIRECTORY=str(tmp_path / "texts")
    )
    assert ended.returncode == 0
    assert f"! {answers / 'japan.md'}:3: is not UTF-8" in ended.stdout
