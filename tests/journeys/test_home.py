"""Balance and usage, as a subscriber reads them."""

from tests.journeys.acts import linked, while_time_passes
from tests.stage import Stage


async def use(stage: Stage, gigabytes: float, msisdn: str = "+8613800001001") -> None:
    path = f"/carrier/lines/{msisdn.replace('+', '%2B')}/use"
    await stage.control("POST", path, {"bytes": round(gigabytes * 10**9)})


async def test_home_shows_what_is_left_and_how_old_that_is(stage: Stage) -> None:
    lin = await linked(stage)
    for words in ("12.4 / 20 GB", "62 %", "剩余 7.6 GB", "12月8日（16 天）", "¥236.00", "数据更新"):
        assert words in lin.sees_last


async def test_refresh_asks_again_and_home_is_redrawn_in_place(stage: Stage) -> None:
    lin = await linked(stage)
    home = lin.showing("📶")["message_id"]
    await use(stage, 1.0)
    await stage.advances(minutes=2)
    await lin.presses("刷新")
    assert "13.4 / 20 GB" in lin.sees_last
    assert lin.showing("📶")["message_id"] == home


async def test_refreshing_twice_says_when_to_come_back(stage: Stage) -> None:
    lin = await linked(stage)
    await stage.advances(minutes=2)
    await lin.presses("刷新")
    await lin.presses("刷新")
    assert lin.toast is not None
    assert "秒后可再刷新" in lin.toast


async def test_throttled_is_said_to_be_still_online(stage: Stage) -> None:
    lin = await linked(stage)
    await use(stage, 9.0)
    await stage.advances(minutes=2)
    await lin.presses("刷新")
    assert "今日高速已用完，现为 1 Mbps，仍可上网；00:00 恢复" in lin.sees_last


async def test_after_midnight_the_high_speed_is_back(stage: Stage) -> None:
    lin = await linked(stage)
    await use(stage, 9.0)
    await stage.advances(hours=10)
    await lin.sends("/start")
    assert "🐢" not in lin.sees_last
    assert "0 / 20 GB" in lin.sees_last


async def test_an_ended_plan_says_since_when_and_offers_renewal(stage: Stage) -> None:
    ana = await linked(stage, 1002)
    assert "Your plan ended on Nov 19" in ana.sees_last
    assert "🔄 Renew" in ana.buttons


async def test_usage_is_read_in_words_and_as_a_picture(stage: Stage) -> None:
    lin = await linked(stage)
    await lin.sends("/usage")
    assert "11月22日 12.4 GB" in lin.sees_last
    await lin.presses("30 天")
    assert "最近 30 天用量" in lin.sees_last
    await lin.presses("用量图")
    picture = lin.received[-1]
    assert picture["photo"]
    assert "最近 7 天用量" in picture["caption"]
    await lin.presses("30 天", picture["message_id"])
    assert "最近 30 天用量" in lin.showing("✖ 收起")["caption"]
    assert lin.showing("✖ 收起")["message_id"] == picture["message_id"]
    await lin.presses("收起")
    assert not any("photo" in message for message in lin.received)


async def test_usage_opened_by_itself_tells_how_long_the_high_speed_lasts(stage: Stage) -> None:
    lin = await linked(stage)
    await lin.sends("/orders")
    await stage.advances(seconds=3600)
    await lin.sends("/usage")
    assert "按今天的速度，高速可用到恢复时" in lin.sees_last
    await stage.control("POST", "/carrier/lines/+8613800001001/use", {"bytes": 4 * 10**9})
    await stage.advances(seconds=3600)
    await lin.sends("/usage")
    assert "按今天的速度，高速大约可用到" in lin.sees_last


async def test_with_the_carrier_down_the_last_reading_stays_with_its_age(stage: Stage) -> None:
    lin = await linked(stage)
    await stage.control(
        "POST", "/carrier/faults", {"operation": "*", "times": 1000, "kind": "outage"}
    )
    await while_time_passes(stage, stage.advances(hours=2))  # its alerts ask in vain meanwhile
    await while_time_passes(stage, lin.sends("/start"))
    assert "12.4 / 20 GB" in lin.sees_last
    assert "2 小时前" in lin.sees_last
