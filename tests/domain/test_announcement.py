"""What an announcement says to each reader, and how long it can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.announcement import Announcement, fill

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_value_stays_inside_of_the_link_that_it_stands_in() -> None:
    words = '<a href="https://leb.example/?n={name}">{name}</a>'
    filled = fill(words, {"name": 'A" onclick="<b>'})
    assert filled == (
        '<a href="https://leb.example/?n=A&quot; onclick=&quot;&lt;b&gt;">'
        "A&quot; onclick=&quot;&lt;b&gt;</a>"
    )


def test_what_was_let_go_now_can_be_taken_back_for_48_hours() -> None:
    sent = Announcement(1, 9001, NOON, started_at=NOON)
    assert sent.is_recallable(NOON + timedelta(hours=47))
    assert not sent.is_recallable(NOON + timedelta(hours=48))


def test_what_was_let_go_for_days_later_on_each_readers_clock_can_be_taken_back_then() -> None:
    """Let go on Sunday for Wednesday: it is planned at once, and read by nobody before Tuesday."""
    wednesday = NOON + timedelta(days=3)
    sent = Announcement(1, 9001, NOON, started_at=NOON, starts_at=wednesday, in_local_time=True)
    assert sent.is_recallable(wednesday)
    assert sent.is_recallable(wednesday + timedelta(hours=21))
    assert not sent.is_recallable(wednesday + timedelta(hours=22))
