"""What every command of the command line shares: where it prints, its settings and its database,
and how it ends when something cannot be done.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from rich.markup import escape

from bot.catalogue import CatalogueUnreadable
from bot.refunding import Refused
from bot.runtime.bot_api import TokenRefused
from bot.runtime.clock import ClockUnreachable
from bot.services.events import StoreFailed
from bot.settings import Settings

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

DatabaseOption = Annotated[
    Path | None,
    typer.Option("--database", help="The SQLite file; else DATABASE, else the default."),
]


def read_settings() -> Settings:
    """Ends with a clear word when they cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        err.print("[bold]These settings cannot be used:[/bold]")
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"]).upper() or "settings"
            err.print(f"  {escape(name)}: {escape(problem['msg'].removeprefix('Value error, '))}")
        raise typer.Exit(2) from None
    except SettingsError as error:
        refuse(f"The settings cannot be read: {error}.")
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"The file .env cannot be read: {error}.")


def chosen_database(chosen: Path | None) -> Path:
    """The option's file, else the settings'."""
    return (chosen or read_settings().database).expanduser()


def present_database(chosen: Path | None) -> Path:
    """As `chosen_database`; ends when there is none."""
    file = chosen_database(chosen)
    if not file.exists():
        refuse(f"There is no database at {file}.")
    return file


def tell(lines: AsyncIterator[str]) -> int:
    """Prints the lines as they come; how many there were."""

    async def tell() -> int:
        count = 0
        async for line in lines:
            out.print(escape(line))
            count += 1
        return count

    with clear_endings():
        try:
            return asyncio.run(tell())
        except Refused as why:
            refuse(str(why))


def refuse(why: str) -> NoReturn:
    """Ends with exit code 2: what was asked for cannot be done, and nothing was."""
    err.print(escape(why))
    raise typer.Exit(2)


@contextlib.contextmanager
def clear_endings() -> Iterator[None]:
    """Ends with exit code 1 and a line, not a traceback, when the world fails."""
    try:
        yield
    except (StoreFailed, CatalogueUnreadable, TokenRefused, ClockUnreachable) as error:
        err.print(f"[bold]Stopped:[/bold] {escape(str(error))}")
        raise typer.Exit(1) from error
