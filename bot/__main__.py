"""The command line: ``python -m bot …``."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from bot import cataloguing, reconciling, refunding
from bot.app import serve_subscribers
from bot.catalogue import catalogue_file
from bot.refunding import Refused
from bot.settings import state_directory
from bot.terminal import (
    DatabaseOption,
    chosen_database,
    clear_endings,
    err,
    out,
    present_database,
    read_settings,
    refuse,
    tell,
)
from handlers import own_texts_checked
from storage import backup as backups
from storage import checks, migrate
from storage.lockfile import only_process
from storage.refunds import operators_view

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A Telegram bot with which subscribers see what is left, renew and pay.",
)
catalogue = typer.Typer(no_args_is_help=True, help="The plans on sale, as a file and from a file.")
app.add_typer(catalogue, name="catalogue")

FIRST_STEPS = """\
[bold]The bot has no token yet.[/bold] Three steps:
  1. In Telegram, write /newbot to @BotFather and choose a name.
  2. Copy the token that it answers with into a file [bold].env[/bold] here:  BOT_TOKEN=123456:ABC…
     ([bold].env.example[/bold] holds every setting.)
  3. Start again:  python -m bot run
To see everything without a token and without the internet:  [bold]make demo[/bold]"""


@app.command()
def run(
    leashed: Annotated[
        bool, typer.Option("--leashed", hidden=True, help="End when standard input closes.")
    ] = False,
) -> None:
    """Serve subscribers until told to stop."""
    settings = read_settings()
    if settings.bot_token is None:
        err.print(FIRST_STEPS)
        raise typer.Exit(2)
    if settings.carrier_url is None:
        refuse("CARRIER_URL is empty: the bot needs a carrier to ask. See .env.example.")
    with clear_endings():
        asyncio.run(serve_subscribers(settings, leashed=leashed))


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the page will be; 0: any free port.")
    ] = 8080,
    database: DatabaseOption = None,
    headless: Annotated[bool, typer.Option("--headless", help="Do not open a browser.")] = False,
    now: Annotated[
        str | None, typer.Option(help="Start of the clock, such as 2026-11-22T15:00:00+08:00.")
    ] = None,
    people: Annotated[
        int, typer.Option(min=0, max=100_000, help="So many more subscribers, to announce to.")
    ] = 0,
) -> None:
    """Show the whole product in your browser: no token, no internet."""
    # Here, because the product never loads the sandbox.
    from bot.demo import DemoFailed  # noqa: PLC0415
    from bot.demo import demo as running_demo  # noqa: PLC0415

    file = database or state_directory() / "demo" / f"{datetime.now():%Y%m%d-%H%M%S}.db"  # noqa: DTZ005
    starts_at = _instant(now) if now else None

    async def show() -> None:
        async with running_demo(port, file.expanduser(), starts_at, err.print, people) as address:
            out.print(
                f"\n[bold green]Ready.[/bold green] Open [bold]{address}[/bold] in your browser."
            )
            out.print("Choose 林晓 or Ana, press Start, and renew a line. Ctrl-C ends it.")
            out.print(f"[dim]Everything is kept in {escape(str(file))}; go on there with[/dim]")
            out.print(f"[dim]  make demo DATABASE={escape(str(file))}[/dim]")
            if not headless:
                with contextlib.suppress(webbrowser.Error):
                    await asyncio.to_thread(webbrowser.open, address)
            await _told_to_stop()

    try:
        with clear_endings():
            asyncio.run(show())
    except DemoFailed as failed:
        refuse(str(failed))


@app.command(name="migrate")
def migrate_command(database: DatabaseOption = None) -> None:
    """Bring the database to the newest schema."""
    file = chosen_database(database)
    with clear_endings(), only_process(file):
        version = migrate.upgrade(file)
    out.print(f"The database has schema {version}.")


@app.command()
def doctor(database: DatabaseOption = None) -> None:
    """Check the database: its integrity, the ledger, the orders; and your own texts."""
    file = present_database(database)
    texts = read_settings().texts_directory
    with clear_endings():
        findings = asyncio.run(checks.examine(file))
    for said in own_texts_checked.findings(texts) if texts is not None else ():
        out.print(f"! {escape(said)}")
    for finding in findings:
        out.print(f"{'✗' if finding.is_error else '!'} {escape(finding.text)}")
    if any(finding.is_error for finding in findings):
        raise typer.Exit(1)
    out.print("✓ The database is sound and its ledger balances.")
    with clear_endings():
        for mark, line in asyncio.run(_what_waits(file)):
            out.print(f"{mark} {escape(line)}")


@app.command()
def refund(
    order: str,
    reason: Annotated[str | None, typer.Option(help="Why, for the record.")] = None,
    sent: Annotated[
        bool, typer.Option("--sent", help="Book what you have sent in the provider's dashboard.")
    ] = False,
    charge: Annotated[
        str | None,
        typer.Option(help="With --sent, when several are owed: the charge, or the order."),
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """Give a paid order's money back, while the bot runs."""
    file = present_database(database)
    if sent:
        tell(refunding.mark_sent(file, order, charge))
    else:
        tell(refunding.refund(file, order, reason))


@app.command()
def refunds(database: DatabaseOption = None) -> None:
    """List the refunds that wait to be sent."""
    if not tell(refunding.owed_refunds(present_database(database))):
        out.print("Nothing is owed.")


@app.command()
def reconcile(database: DatabaseOption = None) -> None:
    """Have the running bot compare all that is open with the platform and the carrier."""
    file = present_database(database)
    with clear_endings():
        try:
            report = asyncio.run(reconciling.reconcile(file))
        except Refused as why:
            refuse(str(why))
    for line in report.lines():
        out.print(escape(line))
    if report.needs_operator:
        raise typer.Exit(1)


@catalogue.command(name="export")
def export_catalogue(database: DatabaseOption = None) -> None:
    """Print the plans on sale as a catalogue file."""
    file = present_database(database)
    with clear_endings():
        try:
            text = asyncio.run(cataloguing.export(file))
        except Refused as why:
            refuse(str(why))
    typer.echo(text, nl=False)


@catalogue.command(name="import")
def import_catalogue(
    source: Path,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Sell the file's plans and no others, while the bot runs; what differs is shown first."""
    file, currency = present_database(database), read_settings().currency
    with clear_endings():
        text = catalogue_file(source)
        wanted = asyncio.run(cataloguing.look(file, text, currency, str(source)))
    if wanted.left_alone is not None:
        out.print(wanted.left_alone)
    if not wanted.difference:
        out.print(cataloguing.NOTHING_DIFFERS)
        return
    for line in wanted.lines():
        out.print(escape(line))
    if yes or typer.confirm("Sell this?"):
        tell(cataloguing.put(file, wanted))
    else:
        out.print("Nothing changed.")


@app.command()
def backup(target: Path, database: DatabaseOption = None) -> None:
    """Copy the database into a file while the bot goes on."""
    with clear_endings():
        asyncio.run(backups.back_up(chosen_database(database), target))
    out.print(f"Backed up to {escape(str(target))}.")


@app.command()
def restore(source: Path, database: DatabaseOption = None) -> None:
    """Put a backup in the database's place. The former file is kept beside it."""
    with clear_endings():
        former = asyncio.run(backups.restore(source, chosen_database(database)))
    out.print(f"Restored from {escape(str(source))}.")
    if former is not None:
        out.print(f"What was there before is kept as {escape(str(former))}.")


async def _what_waits(file: Path) -> list[tuple[str, str]]:
    """What an operator may have to see to, each line with its mark."""
    async with operators_view(file) as view:
        late = await view.charged_but_not_delivered(datetime.now(UTC))
        owed = len(await view.owed())
        disputed = await view.open_disputes()
        last = await view.last_reconciliation()
    when = f"{last.finished_at:%Y-%m-%d %H:%M} UTC" if last is not None else "not yet"
    return [
        ("!" if late else "✓", f"Charged but not delivered: {len(late)} {' '.join(late)}"),
        ("!" if owed else "✓", f"Refunds to be sent: {owed}"),
        ("!" if disputed else "✓", f"Disputed at a bank: {len(disputed)} {' '.join(disputed)}"),
        ("✓" if last is not None else "!", f"Last reconciliation: {when}"),
    ]


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        refuse(f"{text!r} is not an instant; write it like 2026-11-22T15:00:00+08:00.")
    if instant.tzinfo is None:
        refuse("The start of the clock needs a zone, such as +08:00 at its end.")
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        refuse(f"The clock does not reach {text}.")


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    await stop.wait()


if __name__ == "__main__":
    sys.exit(app())
