"""The week's picture: light, wide enough for a phone, red only where something is open, any name in it."""

import struct
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

from msgspec.structs import replace

from handlers.pictures.canvas import Canvas, Ink
from handlers.pictures.week import HEAD, LANE, LANES_MAX, LEGEND, RED, REGION, TITLE, WIDTH, week_picture
from rotations.model import Override, OverrideKind, Schedule, Seat
from rotations.shifts import Resolver
from rotations.strips import Plan, plan
from tests.support.schedules import DAY, chain, override, region, rotation, utc, windows

START = utc("2026-02-02 05:00")  # midnight in New York
NOW = utc("2026-02-03 12:00")
NEW_YORK = "America/New_York"
OFFICE = chain(
    region("AMER", NEW_YORK, "09:00", primary=rotation("ana bo", turn=DAY)),
    region(
        "EMEA", "Europe/Dublin", "09:00", primary=rotation("cy"), shadow=rotation("di", since="2027-01-01")
    ),
)


def planned(schedule: Schedule, *overrides: Override, names: Mapping[str, str] | None = None) -> Plan:
    return plan(Resolver(schedule, overrides, names), names or {}, START, START + timedelta(days=7))


def pixels(picture: bytes) -> Any:
    """Rows of (red, green, blue, alpha), each 0 to 1."""
    from matplotlib.image import imread

    return imread(BytesIO(picture), format="png")


def size(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def has_red(picture: bytes) -> bool:
    """Whether any pixel is as red as an open shift is drawn."""
    wanted = [int(RED[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    rows = pixels(picture)[:, :, :3]
    return bool((abs(rows - wanted).max(axis=2) < 0.02).any())


def test_the_picture_is_light_and_as_wide_as_three_pixels_a_phones() -> None:
    picture = week_picture(planned(OFFICE), NEW_YORK, NOW)
    assert size(picture)[0] == WIDTH == 1080
    assert pixels(picture)[:, :, :3].mean() > 0.8


def test_red_is_drawn_where_a_shift_is_open_and_nowhere_else() -> None:
    assert not has_red(week_picture(planned(OFFICE), NEW_YORK, NOW))
    gone = override("cy", "2026-02-04 09:00", "2026-02-04 14:00", "EMEA primary", OverrideKind.REMOVE)
    assert has_red(week_picture(planned(OFFICE, gone), NEW_YORK, NOW))


def test_hours_without_a_region_are_drawn_as_open() -> None:
    schedule = windows(region("EMEA", "Europe/Dublin", "09:00-17:00", primary=rotation("cy")))
    assert has_red(week_picture(planned(schedule), NEW_YORK, NOW))


def test_any_name_is_drawn_without_a_warning() -> None:
    long = "Wolfeschlegelsteinhausenbergerdorff" * 3
    names = dict(zip("abcdefg", ["森 健司", "دانا", "$x^2$ \\frac", "🦊", long, "", "a\nb"], strict=True))
    schedule = chain(region("本社", NEW_YORK, "09:00", primary=rotation("a b c d e f g", turn=DAY)))
    assert size(week_picture(planned(schedule, names=names), NEW_YORK, NOW))[0] == WIDTH


def test_what_the_type_lacks_or_sets_the_wrong_way_is_replaced() -> None:
    canvas = Canvas(100, 100)
    assert canvas.drawable("Łukasz", "lukasz") == "Łukasz"
    assert [canvas.drawable(name, "key") for name in ("森", "دانا", "🦊")] == ["key"] * 3


def test_the_longest_form_that_fits_is_chosen() -> None:
    canvas, ink = Canvas(500, 100), Ink(20)
    room = canvas.width("Ana", ink)
    assert canvas.fitting(["Ana Lima", "Ana", "AL"], room, ink) == "Ana"
    assert canvas.fitting(["Ana Lima"], room, ink) == ""


def test_many_regions_are_cut_where_a_phone_would_show_nothing() -> None:
    seats = {seat: rotation("ana") for seat in Seat}
    many = (replace(region(f"R{hour}", "UTC", f"{hour:02}:00"), seats=seats) for hour in range(8))
    regions = LANES_MAX // len(Seat)
    height = TITLE + HEAD + regions * REGION + LANES_MAX * LANE + LEGEND
    assert size(week_picture(planned(chain(*many)), "UTC", NOW)) == (WIDTH, height)


def test_a_week_in_which_the_clocks_change_and_now_lies_elsewhere_is_drawn() -> None:
    start = utc("2026-03-02 05:00")
    seen = plan(Resolver(OFFICE), {}, start, utc("2026-03-09 04:00"))
    assert size(week_picture(seen, NEW_YORK, NOW))[0] == WIDTH


def test_a_zone_that_nobody_knows_is_drawn_in_utc() -> None:
    assert size(week_picture(planned(OFFICE), "Nowhere/At_All", NOW))[0] == WIDTH
