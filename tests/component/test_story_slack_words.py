"""Words that are not quite a command: nothing typed is lost, and a button goes on from there."""

import pytest

from handlers.blocks import ids
from tests.support.whole_bot import WholeBot
from tests.support.workspace import Json, Person, readable


@pytest.fixture
def priya(bot: WholeBot) -> Person:
    return bot.workspace.person("UPRIYA")


def answer(act: Json) -> str:
    assert act["acked"], act
    return readable(act["response"] or {})


def title_in(view: Json) -> str:
    block = next(block for block in view["blocks"] if block["block_id"] == ids.TITLE)
    return str(block["element"].get("initial_value", ""))


def test_a_wrong_severity_keeps_the_title_and_one_press_declares_it(priya: Person) -> None:
    said = answer(priya.types("/incident declare sev5 Account takeover"))
    assert "There is no SEV5. Your title is kept" in said
    asked = priya.waits_for_message("There is no SEV5", "general")
    priya.presses(f"{ids.DECLARE_AS}1", asked)
    assert priya.waits_for_message("INC-1 declared as SEV1.", "general")


def test_text_that_is_no_command_opens_the_form_with_that_text(priya: Person) -> None:
    priya.types("/incident payouts are going to strangers")
    assert title_in(priya.waits_for_view("Declare")) == "payouts are going to strangers"


def test_incident_alone_elsewhere_opens_the_declare_form(priya: Person) -> None:
    priya.types("/incident")
    assert title_in(priya.waits_for_view("Declare")) == ""


def test_the_form_declares_and_says_the_key(priya: Person) -> None:
    priya.types("/incident")
    sent = priya.submits(priya.waits_for_view("Declare"), title={"title": "Payouts go to strangers"})
    assert "INC-1 declared" in str(sent["response"]["view"]["blocks"])


def test_an_answer_in_the_form_changes_the_proposed_severity(priya: Person) -> None:
    priya.types("/incident somebody threatens a moderator")
    form = priya.waits_for_view("Declare")
    priya.workspace.post(
        "click", **{"as": "UPRIYA"}, view_id=form["id"], action_id=ids.IN_DANGER, value=ids.YES
    )
    priya.workspace.eventually("SEV0 proposed", lambda: "SEV0* proposed" in str(priya.view()))


def test_a_word_close_to_a_verb_is_asked_about_and_one_press_runs_it(priya: Person) -> None:
    assert "Did you mean /incident list?" in answer(priya.types("/incident lsit"))
    priya.presses(ids.RUN_WORDS, priya.waits_for_message("Did you mean", "general"))
    assert priya.waits_for_message("No open incident", "general")


def test_a_command_outside_an_incident_channel_keeps_what_was_typed(priya: Person) -> None:
    said = answer(priya.types("/incident update payouts are held until noon"))
    assert "There is no incident here that you can see." in said
    assert "update payouts are held until noon" in said


def test_a_title_mentions_nobody(priya: Person) -> None:
    priya.types("/incident sev3 <!channel> look at <@UBO|bo.chen>")
    opened = priya.waits_for_dm("is declared")
    assert "<!channel>" not in str(opened["blocks"])
    assert "<@UBO" not in str(opened["blocks"])


def test_words_written_to_the_bot_itself_are_understood(bot: WholeBot, priya: Person) -> None:
    direct = next(dm for dm in priya.sees()["dms"] if "U0SANDBOT" in dm["members"])
    priya.says("help", direct["id"])
    assert "/incident declare" in readable(priya.waits_for_dm("/incident declare"))


def test_the_global_shortcut_opens_the_declare_form(priya: Person) -> None:
    priya.workspace.post("shortcut", **{"as": "UPRIYA"}, callback_id=ids.SHORTCUT_DECLARE)
    assert title_in(priya.waits_for_view("Declare")) == ""


def test_declaring_from_a_message_takes_its_words_as_the_title(priya: Person) -> None:
    priya.says("Chargebacks tripled since noon", "general")
    message = priya.waits_for_message("Chargebacks", "general")
    priya.workspace.post(
        "shortcut",
        **{"as": "UPRIYA"},
        callback_id=ids.SHORTCUT_DECLARE_FROM_MESSAGE,
        channel=message["channel"],
        ts=message["ts"],
    )
    assert title_in(priya.waits_for_view("Declare")) == "Chargebacks tripled since noon"


def test_the_home_shows_who_is_on_call(priya: Person) -> None:
    priya.workspace.post("home", **{"as": "UPRIYA"})
    priya.workspace.eventually("the home", lambda: "On call now" in str(priya.sees()["home"]))


def test_oncall_says_who_is_on_and_at_another_time(priya: Person) -> None:
    assert "Ana Lima" in answer(priya.types("/oncall"))
    assert "Tokyo" in answer(priya.types("/incident oncall at 2026-12-05 01:00 Asia/Tokyo"))


def test_help_names_every_verb(priya: Person) -> None:
    said = answer(priya.types("/incident help"))
    assert all(f"/incident {verb}" in said for verb in ("declare", "ack", "page", "resolve", "setup"))
