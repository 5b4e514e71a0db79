"""Usage by day: in words, and as a picture of digits."""

import io
import time
from typing import Any

import pytest
from PIL import Image

from bot.services.read_account import Usage
from handlers.screens import chart
from handlers.screens.usage import chart_caption, line_and_span, picture, subject, usage
from tests.handlers.facts import EN, ZH
from tests.handlers.facts import usage as facts
from tests.handlers.reading import labels, seen

WEEK: list[float | None] = [7.3, 11.9, 22.0, 15.2, None, 10.5, 12.4]


def test_the_words_give_each_day_the_newest_first() -> None:
    assert seen(usage(ZH, facts(WEEK))).split("\n")[5:] == [
        "11月22日 12.4 GB",
        "11月21日 10.5 GB",
        "11月20日 – 未报告",
        "11月19日 15.2 GB",
        "11月18日 22 GB 🐢",
        "11月17日 11.9 GB",
        "11月16日 7.3 GB",
    ]


def test_the_words_sum_up_what_is_known() -> None:
    shown = seen(usage(EN, facts(WEEK)))
    assert "Total 79.3 GB · on average 13.2 GB a day" in shown
    assert "High speed up to 20 GB a day" in shown
    assert "🐢 1 day at reduced speed" in shown


def test_without_a_reported_cap_no_day_is_called_slow() -> None:
    shown = seen(usage(EN, facts(WEEK, cap_gb=None)))
    assert "🐢" not in shown
    assert "High speed" not in shown


def test_with_nothing_known_yet_it_says_what_is_awaited() -> None:
    assert "⏳ 正在向网络查询用量…" in seen(usage(ZH, facts([None] * 7)))


def test_thirty_days_fold() -> None:
    assert "<blockquote expandable>" in usage(EN, facts([1.0] * 30)).text
    assert "<blockquote" not in usage(EN, facts([1.0] * 7)).text


def test_the_span_that_is_shown_is_marked() -> None:
    assert "· 7 天 ·" in labels(usage(ZH, facts(WEEK)))
    assert "30 天" in labels(usage(ZH, facts(WEEK)))


def test_the_caption_says_the_same_as_the_words() -> None:
    caption = chart_caption(EN, facts(WEEK))
    assert "Total 79.3 GB" in caption
    assert len(caption) < 1024


def test_the_subject_changes_with_the_facts_and_only_then() -> None:
    assert subject(facts(WEEK)) == subject(facts(WEEK))
    assert subject(facts(WEEK)) != subject(facts([*WEEK[:-1], 12.5]))
    assert line_and_span(subject(facts(WEEK))) == (1, 7)


@pytest.mark.parametrize(
    "use",
    [
        facts(WEEK),
        facts([0.0] * 30),
        facts([None] * 7),
        facts([500.0] * 30, cap_gb=None),
        facts([0.001] * 7, cap_gb=1),
    ],
)
def test_the_picture_can_be_drawn_whatever_was_used(use: Usage) -> None:
    image = Image.open(io.BytesIO(chart.draw(picture(use))))
    assert image.format == "PNG"
    assert image.size == (960, 560)


def test_countries_stand_in_the_words_and_the_caption_in_the_readers_language() -> None:
    use = facts([5.0, 10.4], JP=12, TH=3.4)
    for shown in (seen(usage(EN, use)), chart_caption(EN, use)):
        assert "🌍 Japan 12 GB, Thailand 3.4 GB" in shown
    assert "🌍 日本 12 GB、泰国 3.4 GB" in chart_caption(ZH, use)


def test_without_the_carriers_word_no_country_is_shown() -> None:
    assert "🌍" not in seen(usage(EN, facts([5.0])))
    assert "🌍" not in chart_caption(EN, facts([5.0], JP=0))


def test_many_countries_are_the_five_most_used_and_how_many_more() -> None:
    use = facts([5.0], JP=6, TH=5, KR=4, FR=3, IT=2, CH=1, XX=0.5)
    assert chart_caption(EN, use).endswith("Italy 2 GB and 2 other countries")


def test_a_message_is_redrawn_when_only_a_country_changed() -> None:
    assert subject(facts([5.0], JP=5)) != subject(facts([5.0], TH=5))


def test_a_day_beyond_the_cap_is_drawn_in_another_colour() -> None:
    def colours(days: list[float]) -> set[Any]:
        image = Image.open(io.BytesIO(chart.draw(picture(facts(days))))).convert("RGB")
        pixels = image.getcolors(maxcolors=10_000) or []
        return {colour for count, colour in pixels if count > 2000}

    assert len(colours([5.0, 25.0, 5.0])) > len(colours([5.0, 15.0, 5.0]))


def test_the_picture_is_light_and_quick() -> None:
    facts_of_month = picture(facts([float(day % 24) for day in range(30)]))
    assert len(chart.draw(facts_of_month)) < 15_000
    took = []
    for _ in range(5):
        began = time.process_time()
        chart.draw(facts_of_month)
        took.append(time.process_time() - began)
    assert min(took) < 0.05, "15 ms on a quiet machine"
