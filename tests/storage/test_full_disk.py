"""A disk that fills up fails safe: nothing is acknowledged that is not stored."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from storage.checks import examine
from storage.database import open_reader

FILL = """
import asyncio, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.services.events import NewEvent, StoreFailed
from storage.database import Database
from storage.unit import SqliteStore

async def main() -> None:
    now = datetime.now(UTC)
    async with Database(Path(sys.argv[1])) as database:
        store = SqliteStore(database, lambda: now)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
        number = 0
        while True:
            number += 1
            news = [NewEvent("telegram", f"{number}-{part}", "message", "x" * 5000)
                    for part in range(3)]
            async with store.unit() as unit:
                await unit.inbox.add(news, now)
                unit.counters.set("offset", number)
            print(number, flush=True)

try:
    asyncio.run(main())
except StoreFailed as error:
    sys.exit(f"StoreFailed: {error}")
"""


async def test_what_was_acknowledged_before_the_disk_was_full_is_stored(path: Path) -> None:
    ended = subprocess.run(  # noqa: ASYNC221
        [sys.executable, "-c", FILL, str(path)],
        check=False, timeout=30, capture_output=True, text=True,
    )  # fmt: skip
    acknowledged = [int(number) for number in ended.stdout.split()]
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr.startswith("StoreFailed: ")
    assert len(acknowledged) > 3
    async with open_reader(path) as reader:
        ((offset,),) = await reader.execute("SELECT value FROM counters WHERE name = 'offset'")
        ((stored,),) = await reader.execute("SELECT count(*) FROM inbox")
    assert offset == acknowledged[-1]
    assert stored == 3 * offset
    assert [finding for finding in await examine(path) if finding.is_error] == []
