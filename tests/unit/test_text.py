"""Words made safe and short: what people type stays as typed and mentions nobody; times name their zone."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.text import (
    city,
    clip,
    date_token,
    left,
    literal,
    own_time,
    paragraph,
    plain,
    sentence,
    shared_time,
    shared_time_short,
    span,
    utc,
)

NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<!channel> look", "&lt;!channel&gt; look"),
        ("<@U0ANA> did it", "&lt;@U0ANA&gt; did it"),
        ("<https://evil.example|status page>", "&lt;https://evil.example|status page&gt;"),
        ("R&D &amp; more", "R&amp;D &amp;amp; more"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("zero\u200bwidth\ufeff and \u202ebidi\u202c", "zerowidth and bidi"),
        ("```fence", "``fence"),
        ("👩\u200d🚒 rescued", "👩\u200d🚒 rescued"),
        ("  \u200d  ", ""),
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
    ],
)
def test_what_is_typed_is_shown_as_typed_and_mentions_nobody(typed: str, shown: str) -> None:
    assert literal(typed, 150) == shown


def test_right_to_left_text_is_isolated_so_that_it_turns_nothing_round() -> None:
    assert literal("حساب مخترق", 150) == "\u2068حساب مخترق\u2069"


@pytest.mark.parametrize("length", range(1, 40))
def test_a_text_is_cut_between_entities_never_inside_one(length: int) -> None:
    cut = literal("a & b & c < d > e & f & g", length)
    assert len(cut) <= length
    assert "&" not in cut.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


def test_markup_is_cut_between_tokens_never_inside_one() -> None:
    markup = f"due {date_token(NOW)} by Ana"
    assert clip(markup, 20) == "due…"
    assert clip(markup, len(markup)) == markup


def test_a_paragraph_keeps_its_lines_and_at_most_one_empty_one() -> None:
    assert paragraph("one\r\ntwo\n\n\n\nthree", 100) == "one\ntwo\n\nthree"


def test_a_button_label_is_clean_and_short() -> None:
    assert plain("a\u202e b <c> & d", 75) == "a b <c> & d"
    assert plain("x" * 100, 75) == "x" * 74 + "…"


def test_a_shared_time_is_the_readers_own_with_utc_beside_it() -> None:
    at = NOW + timedelta(minutes=30)
    assert shared_time(at, NOW) == "<!date^1796067000^{time} your time|19:30 UTC> · 19:30 UTC"
    assert shared_time_short(at, NOW) == "<!date^1796067000^{time}|19:30 UTC>"


def test_a_shared_time_that_is_far_off_names_its_day() -> None:
    assert "{date_short_pretty} {time}" in shared_time(NOW + timedelta(days=2), NOW)
    assert utc(NOW + timedelta(days=2), NOW) == "Wed 2 Dec 19:00 UTC"


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("America/New_York", "14:00 New York (19:00 UTC)"),
        ("Asia/Tokyo", "04:00 Tokyo (19:00 UTC)"),
        ("America/Argentina/Buenos_Aires", "16:00 Buenos Aires (19:00 UTC)"),
        ("UTC", "19:00 UTC"),
        ("No/Where", "19:00 UTC"),
    ],
)
def test_a_direct_message_tells_the_time_in_the_readers_city(zone: str, told: str) -> None:
    assert own_time(NOW, zone, NOW) == told


def test_a_time_on_the_readers_tomorrow_names_the_day() -> None:
    assert own_time(NOW + timedelta(hours=6), "America/New_York", NOW) == "20:00 New York (01:00 UTC)"
    assert (
        own_time(NOW + timedelta(hours=11), "America/New_York", NOW) == "Tue 1 Dec 01:00 New York (06:00 UTC)"
    )


def test_a_zone_is_named_by_its_city() -> None:
    assert city("America/New_York") == "New York"


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (0, "0 min"),
        (5, "5 min"),
        (60, "1 h"),
        (372, "6 h 12 min"),
        (1440, "1 d"),
        (3060, "2 d 3 h"),
        (-3, "0 min"),
    ],
)
def test_a_span_is_told_in_whole_units(minutes: int, told: str) -> None:
    assert span(timedelta(minutes=minutes)) == told


def test_a_span_is_told_to_the_nearest_minute() -> None:
    assert span(timedelta(hours=5, minutes=59, seconds=59)) == "6 h"


@pytest.mark.parametrize(
    ("seconds", "told"), [(300, "in 5 min"), (297, "in 5 min"), (29, "now"), (0, "now"), (-90, "now")]
)
def test_what_is_left_is_counted_as_between_two_clock_times(seconds: int, told: str) -> None:
    assert left(timedelta(seconds=seconds)) == told


def test_a_sentence_has_one_full_stop() -> None:
    assert sentence("dentist") == "dentist."
    assert sentence("why now?") == "why now?"
