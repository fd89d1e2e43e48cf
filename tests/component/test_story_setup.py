"""An empty workspace is set up in chat: one form, one test page, and somebody is on call."""

from pathlib import Path

from handlers.blocks import ids
from tests.support.whole_bot import whole_bot
from tests.support.workspace import Json, Person, readable


def in_view(view: Json) -> str:
    return readable({"blocks": view["blocks"]})


def test_a_form_and_one_answer_set_an_empty_workspace_up(sqlite_url: str, tmp_path: Path) -> None:
    with whole_bot(sqlite_url, tmp_path, file=None) as bot:
        ana, dana = bot.workspace.person("UANA"), bot.workspace.person("UDANA")
        refused = dana.types("/oncall")
        assert "Set up Meridian" in readable(refused["response"])

        dana.types("/incident setup")
        form = dana.waits_for_view("Set up Meridian")
        offered = bot.workspace.post(
            "suggest", **{"as": "UDANA"}, view_id=form["id"], action_id="setup.zone:0", value="dubl"
        )
        assert [each["value"] for each in offered["response"]["options"]] == ["Europe/Dublin"]
        bot.workspace.post(
            "click", **{"as": "UDANA"}, view_id=form["id"], action_id="setup.add_region", values=_region(0)
        )
        form = bot.workspace.eventually("two regions", lambda: _with_regions(dana, 2))
        bot.workspace.post("click", **{"as": "UDANA"}, view_id=form["id"], action_id="setup.add_region")
        form = bot.workspace.eventually("three regions", lambda: _with_regions(dana, 3))
        sent = dana.submits(form, **_region(1), **{"setup.leads": ["UDANA"], "setup.announce": "general"})
        assert sent["acked"], sent
        answer = in_view(dana.waits_for_view("Meridian"))
        assert "A test page is on its way to Ana Lima" in answer
        assert ("EMEA from 09:00 Dublin" in answer, "APAC" in answer) == (True, False)

        ana.presses("proof.acknowledge", ana.waits_for_dm("Press Acknowledge"))
        done = dana.waits_for_dm("The set-up is finished: Ana Lima")
        dana.presses(ids.PLAN, done)
        dana.waits_for_dm("Each shows first what it does")
        assert "Ana Lima" in readable(dana.types("/oncall")["response"])
        listed = readable(dana.types("/incident setup")["response"])
        assert "✓ set up  a test page, answered by Ana Lima" in listed
        assert "✓ set up  schedules\n" in listed  # what is done needs no instruction
        bot.workspace.eventually("the channel is known", lambda: _has_channel(dana))


def _region(number: int) -> Json:
    """AMER in New York for the first, EMEA in Dublin for the second."""
    name, people, zone, starts = (
        ("AMER", ["UANA", "UBO"], "America/New_York", "12:00"),
        ("EMEA", ["UNIAMH"], "Europe/Dublin", "09:00"),
    )[number]
    return {
        f"setup.region:{number}": name,
        f"setup.people:{number}": people,
        f"setup.zone:{number}": zone,
        f"setup.starts:{number}": starts,
    }


def _with_regions(person: Person, number: int) -> Json | None:
    """The last of them stays without people, and is left away."""
    view = person.view()
    return view if view and f"setup.region:{number - 1}" in str(view["blocks"]) else None


def _has_channel(person: Person) -> bool:
    return "✓ set up  the channel of announcements" in readable(person.types("/incident setup")["response"])
