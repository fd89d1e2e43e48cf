"""What an import asks on the command line can be answered with the file that it shows."""

import pytest

from bot.cli.import_report import mapping, say_report
from rotations.import_answers import answers_of
from rotations.imports import Question, QuestionKind
from rotations.model import Organisation, Person

ASKED = (
    Question(QuestionKind.PERSON, "Zofia Nowack", "Who is “Zofia Nowack”?", ("zofia",), (21,)),
    Question(QuestionKind.ZONE, "Dublin: summer", "Which zone?", ("Europe/Dublin", "Europe/London")),
    Question(QuestionKind.PERSON, 'Temp "x"', "Who is that?"),
)


def test_the_file_that_is_shown_is_one_that_is_taken() -> None:
    known = Organisation((Person("zofia", "Zofia Nowak"),), ())
    answers = answers_of("\n".join(mapping(ASKED)), "map.yaml", known)
    assert answers.people == {"Zofia Nowack": "zofia", 'Temp "x"': ""}
    assert answers.zones == {"Dublin: summer": "Europe/Dublin"}


def test_questions_come_with_their_lines_and_where_answers_go(capsys: pytest.CaptureFixture[str]) -> None:
    say_report((), ASKED)
    told = capsys.readouterr().out
    assert "Who is “Zofia Nowack”? Perhaps zofia. (line 21)" in told
    assert "--map FILE" in told


def test_without_a_question_no_file_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    say_report((), ())
    assert capsys.readouterr().out == ""
