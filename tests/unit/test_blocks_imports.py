"""What a lead reads before an import is taken back."""

from datetime import timedelta

from handlers.blocks.imports import take_back_form
from handlers.blocks.plan_forms import Outcome
from handlers.blocks.reader import Reader
from incidents.rota_imports import RotaImport
from tests.support.blocks import texts
from tests.support.golden import assert_golden_view
from tests.support.schedules import utc

NOW = utc("2026-11-30 18:00")
READER = Reader(lambda user: {"UDANA": "Dana <Ortiz>"}.get(user, user), NOW, "America/New_York")
ROW = "AMER primary, Mon 14 Dec 12:00 New York: Ana Lima instead of Bo <Chen>"


def made(by: str = "UDANA") -> RotaImport:
    return RotaImport("i1", by, NOW - timedelta(hours=3), "a calendar for AMER primary", {}, {})


def test_whose_shifts_move_stands_before_the_word() -> None:
    assert_golden_view(
        "import-take-back", take_back_form(made(), Outcome({}, {}, {}, (ROW,), (ROW,)), READER)
    )


def test_an_import_of_the_command_line_says_so() -> None:
    said = "\n".join(texts(take_back_form(made("the command line"), Outcome({}, {}, {}), READER)))
    assert "by the command line" in said
    assert "Nobody's shift of the next 8 weeks moves." in said


def test_what_does_not_fit_is_counted() -> None:
    said = "\n".join(texts(take_back_form(made(), Outcome({}, {}, {}, (ROW,) * 43), READER)))
    assert "and 3 more changes" in said
