"""A lead changes the schedule by forms: an order, a person, an absence, pasted shifts, each shown first."""

import pytest

from tests.support.whole_bot import WholeBot
from tests.support.workspace import Json, Person, readable


@pytest.fixture
def dana(bot: WholeBot) -> Person:
    return bot.workspace.person("UDANA")


def in_view(view: Json) -> str:
    return readable({"blocks": view["blocks"]})


def menu(dana: Person) -> Json:
    dana.types("/incident setup")
    setup = next(m for m in reversed(dana.messages("general")) if "Change the schedule" in readable(m))
    dana.presses("plan.open", setup)
    found = dana.workspace.eventually("the menu", lambda: _with(dana, "Each shows first"))
    return dict(found)


def _with(person: Person, words: str) -> Json | None:
    return next((m for m in reversed(person.messages("general")) if words in readable(m)), None)


def test_an_order_is_shown_for_four_weeks_then_confirmed_then_told(bot: WholeBot, dana: Person) -> None:
    dana.presses("plan.order", menu(dana), value="safety|AMER|primary")
    form = dana.waits_for_view("Change the order")
    assert "Bo Chen\nCy Okafor\nPriya Nair\nAna Lima" in str(form["blocks"]).replace("\\n", "\n")
    refused = dana.submits(form, members="Boo\nAna Lima", since="2026-11-30")
    assert "Line 1: There is no person" in str(refused["response"])
    dana.submits(form, members="Priya Nair\nAna Lima + Bo Chen", since="2026-11-30")
    shown = in_view(dana.waits_for_view("The next four weeks"))
    assert "*Priya Nair*, was Ana Lima" in shown
    assert "Mon 7 Dec 12:00 – Sun 13 Dec 20:00  *Ana Lima and Bo Chen*, was Bo Chen" in shown
    dana.submits(dana.waits_for_view("The next four weeks"))
    sure = dana.waits_for_view("Are you sure?")
    assert "Priya Nair instead of Ana Lima" in in_view(sure)
    dana.submits(sure)
    bot.workspace.eventually("it counts", lambda: "Priya Nair" in readable(dana.types("/oncall")["response"]))
    assert "Changed by Dana Ortiz" in readable(
        bot.workspace.person("UANA").waits_for_dm("instead of Ana Lima")
    )
    assert "Los Angeles" in readable(bot.workspace.person("UBO").waits_for_dm("Who is on call changes"))


def test_a_person_joins_last_and_an_absence_says_which_shifts_need_cover(bot: WholeBot, dana: Person) -> None:
    dana.presses("plan.person", menu(dana))
    form = dana.waits_for_view("Add a person")
    dana.submits(form, person="UJOY", place="safety|AMER|backup", since="2026-12-07", region="AMER")
    preview = dana.waits_for_view("The next four weeks")
    assert "*AMER backup*" in in_view(preview)
    dana.submits(preview)
    dana.waits_for_view("Meridian")

    dana.presses("plan.absence", menu(dana))
    form = dana.waits_for_view("Set an absence")
    refused = dana.submits(form, person="UANA", since="2026-12-02", until="2026-12-01")
    assert "The last day is before the first" in str(refused["response"])
    dana.submits(form, person="UANA", since="2026-12-01", until="2026-12-02", why="Wedding")
    preview = bot.workspace.eventually("the preview", lambda: _view_with(dana, "needs cover"))
    assert "Ana Lima is away Tue 1 Dec – Wed 2 Dec, days of New York" in in_view(preview)
    dana.submits(preview)
    bot.workspace.person("UANA").waits_for_dm("Wedding")


def _view_with(person: Person, words: str) -> Json | None:
    view = person.view()
    return view if view and words in in_view(view) else None


def test_pasted_shifts_are_reported_line_by_line_before_they_count(bot: WholeBot, dana: Person) -> None:
    dana.presses("plan.paste", menu(dana))
    form = dana.waits_for_view("Paste shifts")
    lines = "kenji,2026-12-03 09:00,2026-12-03 17:00,Europe/Dublin,EMEA shadow\nnobody,1,2,UTC,primary"
    dana.submits(form, roster=lines)
    report = bot.workspace.eventually("the report", lambda: _view_with(dana, "1 taken, 0 split, 1 dropped"))
    assert "no person" in in_view(report)
    dana.submits(report)
    bot.workspace.eventually("it is done", lambda: _view_with(dana, "1 line"))

    dana.presses("plan.take_back", menu(dana))
    shown = dana.waits_for_view("Take it back?")
    assert "a roster" in in_view(shown)
    dana.submits(shown)
    bot.workspace.eventually("it is back", lambda: _view_with(dana, "It is taken back"))


def test_what_pasted_shifts_leave_empty_is_confirmed(bot: WholeBot, dana: Person) -> None:
    dana.presses("plan.paste", menu(dana))
    lines = "kenji\t2026-12-03 09:00\t2026-12-03 17:00\tEurope/Dublin\tbackup"
    dana.submits(dana.waits_for_view("Paste shifts"), roster=lines, region="EMEA")
    report = bot.workspace.eventually("the report", lambda: _view_with(dana, "1 taken"))
    dana.submits(report)
    sure = dana.waits_for_view("Are you sure?")
    assert "nobody instead of" in in_view(sure)
    dana.submits(sure)
    bot.workspace.eventually("it is done", lambda: _view_with(dana, "1 line"))


def test_nobody_but_a_lead_changes_the_schedule(bot: WholeBot) -> None:
    told = bot.workspace.person("UANA").types("/incident setup")
    assert "Change the schedule" not in readable(told["response"])
