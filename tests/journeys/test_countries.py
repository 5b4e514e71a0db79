"""Where data was used, from the network's counters to the words under the picture."""

from __future__ import annotations

from tests.journeys.acts import linked
from tests.stage import Stage

LINE = "+8613800001001"
GB = 10**9


async def test_a_trips_countries_stand_under_the_picture_and_in_the_words(stage: Stage) -> None:
    lin = await linked(stage)
    for country, gigabytes in (("JP", 12), ("TH", 3)):
        await stage.advances(hours=24)
        used = {"bytes": gigabytes * GB, "country": country}
        await stage.control("POST", f"/carrier/lines/{LINE}/use", used)
    await lin.sends("/usage")
    await lin.presses("📊 用量图")
    await lin.looks()
    assert "日本 12 GB" in lin.sees_last
    assert "泰国 3 GB" in lin.sees_last
