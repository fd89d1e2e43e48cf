"""One incident by typing and pressing: declared, acknowledged, worked on, resolved."""

import pytest

from handlers.blocks import ids
from tests.support.whole_bot import WholeBot
from tests.support.workspace import Json, Person, Workspace, readable


@pytest.fixture
def workspace(bot: WholeBot) -> Workspace:
    return bot.workspace


@pytest.fixture
def priya(workspace: Workspace) -> Person:
    return workspace.person("UPRIYA")


@pytest.fixture
def ana(workspace: Workspace) -> Person:
    return workspace.person("UANA")


@pytest.fixture
def channel(workspace: Workspace, priya: Person, ana: Person) -> str:
    """The channel of an incident that Ana has acknowledged."""
    answer(priya.types("/incident sev1 Account-takeover wave in EU"))
    ana.presses(ids.ACKNOWLEDGE, ana.waits_for_dm("Acknowledge by"))
    ana.waits_for_dm("You have it since")
    name = str(workspace.eventually("the channel", workspace.incident_channels)[0])
    ana.waits_for_message("acknowledged", name)
    return name


def answer(act: Json) -> str:
    """What the person reads in answer to a command; the act must have been acknowledged."""
    assert act["acked"], act
    return readable(act["response"] or {})


def test_a_typed_declare_is_answered_at_once_with_its_key(priya: Person) -> None:
    said = answer(priya.types("/incident declare sev1 Account-takeover wave in EU"))
    assert "INC-1 declared as SEV1." in said


def test_pressing_acknowledge_makes_the_page_say_who_has_it(priya: Person, ana: Person) -> None:
    priya.types("/incident sev1 Account-takeover wave in EU")
    ana.presses(ids.ACKNOWLEDGE, ana.waits_for_dm("Acknowledge by"))
    assert "You have it since" in readable(ana.waits_for_dm("You have it since"))


def test_incident_alone_says_in_the_channel_what_is_due_with_three_buttons(ana: Person, channel: str) -> None:
    said = answer(ana.types("/incident", channel))
    assert all(words in said for words in ("Due", "Update", "Bring someone in", "More"))


def test_a_note_stands_on_the_timeline_at_the_time_in_the_askers_zone(ana: Person, channel: str) -> None:
    assert "noted on the timeline" in answer(ana.types("/incident note at 13:05 payouts held", channel))
    timeline = answer(ana.types("/incident show timeline", channel))
    assert "18:05 UTC" in timeline
    assert "payouts held" in timeline


def test_lowering_without_a_reason_is_refused_and_changes_nothing(ana: Person, channel: str) -> None:
    assert "Say why INC-1 is lowered to SEV2" in answer(ana.types("/incident sev 2", channel))
    assert "SEV1" in answer(ana.types("/incident show", channel))


def test_somebody_brought_in_by_the_form_gets_a_page(workspace: Workspace, ana: Person, channel: str) -> None:
    ana.presses(ids.BRING_IN, ana.waits_for_message("Bring someone in", channel))
    assert ana.submits(ana.waits_for_view("Bring someone in"), person={"person": "UBO"})["acked"]
    assert "Ana Lima" in readable(workspace.person("UBO").waits_for_dm("You are asked to come"))


def test_a_step_done_on_the_card_makes_the_next_the_present_one(ana: Person, channel: str) -> None:
    ana.presses(ids.STEP_DONE, ana.waits_for_message("Now, 1 of", channel))
    assert ana.waits_for_message("Now, 2 of", channel)


def test_an_update_by_form_is_shown_on_the_card(ana: Person, channel: str) -> None:
    ana.presses(ids.WRITE_UPDATE, ana.waits_for_message("Update", channel))
    ana.submits(ana.waits_for_view("update"), text={"text": "4,100 accounts so far"})
    assert ana.waits_for_message("Latest update", channel)


def test_the_menu_leads_to_every_form(ana: Person, channel: str) -> None:
    ana.presses(ids.MORE, ana.waits_for_message("More", channel))
    menu = ana.waits_for_view("more")
    ana.workspace.post("click", **{"as": "UANA"}, view_id=menu["id"], action_id=ids.SEVERITY)
    assert ana.waits_for_view("severity")["callback_id"] == ids.VIEW_SEVERITY


def test_resolve_asks_for_the_summary_and_the_draft_follows(ana: Person, channel: str) -> None:
    assert ana.types("/incident resolve", channel)["acked"]
    sent = ana.submits(ana.waits_for_view("resolve"), text={"text": "All sessions revoked"})
    assert sent["response"] == {"response_action": "clear"}
    assert ana.waits_for_message("Postmortem draft", channel)


def test_the_message_shortcut_puts_the_message_on_the_timeline(ana: Person, channel: str) -> None:
    ana.says("The extension is called QuickSave", channel)
    message = ana.waits_for_message("QuickSave", channel)
    ana.workspace.post(
        "shortcut",
        **{"as": "UANA"},
        callback_id=ids.SHORTCUT_TO_TIMELINE,
        channel=message["channel"],
        ts=message["ts"],
    )
    assert "QuickSave" in answer(ana.types("/incident timeline", channel))


def test_a_mention_in_a_thread_is_understood_as_a_command(ana: Person, channel: str) -> None:
    ana.says("What now?", channel)
    thread = ana.waits_for_message("What now?", channel)["ts"]
    ana.says("<@U0SANDBOT> note payouts held", channel, thread)
    assert ana.waits_for_message("INC-1: noted on the timeline.", channel)["thread_ts"] == thread
