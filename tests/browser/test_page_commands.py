"""Commands, buttons and forms: what people press, what the app hears, what is said when it is silent."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Json, People, Workspace

pytestmark = pytest.mark.browser


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": action_id, **more}


def form(*blocks: Json, title: str = "Declare incident") -> Json:
    return {
        "type": "modal",
        "callback_id": "declare",
        "title": plain(title),
        "submit": plain("Declare"),
        "blocks": list(blocks),
    }


def question(block_id: str, label: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


WHAT = question(
    "what", "What is happening?", {"type": "plain_text_input", "action_id": "v", "max_length": 20}
)
SEVERITY = question(
    "severity",
    "Severity",
    {
        "type": "static_select",
        "action_id": "v",
        "options": [{"text": plain(f"SEV{n}"), "value": f"sev{n}"} for n in range(5)],
    },
    optional=True,
)


def opened(people: People, workspace: Workspace, view: Json) -> Page:
    def open_form(payload: Json) -> None:
        workspace.client.views_open(trigger_id=payload["trigger_id"], view=view)

    workspace.answers["command"] = open_form
    page = people.at("UANA")
    page.get_by_test_id("composer").fill("/incident")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("modal")).to_be_visible()
    return page


def test_a_slash_offers_the_commands_with_what_they_do(people: People, workspace: Workspace) -> None:
    page = people.at("UANA")
    page.get_by_test_id("composer").press_sequentially("/")
    expect(page.locator(".completion-row")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".completion-row.is-active")).to_contain_text("Who is on call, and why")
    page.keyboard.press("Tab")
    page.keyboard.type("next")
    expect(page.get_by_test_id("composer")).to_have_value("/oncall next")
    page.keyboard.press("Enter")
    assert workspace.hears("command")["text"] == "next"


def test_escape_leaves_the_suggestions_and_keeps_the_words(people: People) -> None:
    page = people.at("UANA")
    page.get_by_test_id("composer").press_sequentially("/inc")
    expect(page.locator(".completion-row")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#main .completion")).to_be_hidden()
    expect(page.get_by_test_id("composer")).to_have_value("/inc")


def test_a_command_nobody_acknowledges_says_so_and_gives_the_words_back(
    people: People, workspace: Workspace
) -> None:
    workspace.answers["command"] = None
    page = people.at("UANA")
    page.get_by_test_id("composer").fill("/incident declare wave")
    page.keyboard.press("Enter")
    said = page.locator(".message.ephemeral")
    expect(said).to_contain_text('/incident failed with the error "operation_timeout"')
    expect(said).to_contain_text("Only visible to you")
    expect(page.get_by_test_id("composer")).to_have_value("/incident declare wave")


def test_an_unknown_command_is_no_message(people: People) -> None:
    page = people.at("UANA")
    page.get_by_test_id("composer").fill("/nonsense x")
    page.keyboard.press("Enter")
    expect(page.locator(".message.ephemeral")).to_contain_text("/nonsense is not a valid command")
    expect(page.get_by_test_id("composer")).to_have_value("/nonsense x")


def test_a_person_named_in_a_command_travels_as_a_handle(people: People, workspace: Workspace) -> None:
    page = people.at("UANA")
    page.get_by_test_id("composer").press_sequentially("/incident page @ken")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert workspace.hears("command")["text"] == "page @kenji"


def test_a_button_tells_the_app_and_the_answer_replaces_the_message(
    people: People, workspace: Workspace
) -> None:
    blocks = [{"type": "actions", "elements": [button("Acknowledge", "ack", style="primary")]}]
    direct = workspace.direct("UANA")
    ts = workspace.posts(direct, "SEV1", blocks)

    def take(_: Json) -> None:
        workspace.client.chat_update(channel=direct, ts=ts, text="You have it", blocks=[])

    workspace.answers["block_actions"] = take
    page = people.at("UANA", direct)
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator("#main .text")).to_contain_text("You have it")
    assert workspace.hears("block_actions")["actions"][0]["value"] == "ack"


def test_a_button_nobody_acknowledges_says_so_beside_it(people: People, workspace: Workspace) -> None:
    workspace.answers["block_actions"] = None
    workspace.posts("CGEN", "x", [{"type": "actions", "elements": [button("Update", "update")]}])
    page = people.at("UANA")
    page.get_by_role("button", name="Update").click()
    expect(page.locator("#main .message .error")).to_contain_text("did not answer within 3 seconds")


def test_a_button_that_touches_others_asks_first(people: People, workspace: Workspace) -> None:
    confirm = {
        "title": plain("Hand over?"),
        "text": plain("Lena is paged now."),
        "confirm": plain("Page Lena"),
        "deny": plain("Go back"),
    }
    workspace.posts(
        "CGEN", "x", [{"type": "actions", "elements": [button("I can't", "cant", confirm=confirm)]}]
    )
    page = people.at("UANA")
    page.get_by_role("button", name="I can't").click()
    page.get_by_role("button", name="Go back").click()
    assert [each for each in workspace.heard if each["type"] == "block_actions"] == []
    page.get_by_role("button", name="I can't").click()
    page.get_by_role("button", name="Page Lena").click()
    assert workspace.hears("block_actions")["actions"][0]["action_id"] == "cant"


def test_a_select_in_a_message_is_searched_by_keyboard(people: People, workspace: Workspace) -> None:
    options = [
        {"text": plain(name), "value": name} for name in ("stuffing", "session theft", "SIM swap", *"abcdef")
    ]
    menu = {"type": "static_select", "action_id": "way", "placeholder": plain("choose"), "options": options}
    workspace.posts("CGEN", "x", [{"type": "actions", "elements": [menu]}])
    page = people.at("UANA")
    page.get_by_test_id("select").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("sim")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("select")).to_have_text("SIM swap")
    assert workspace.hears("block_actions")["actions"][0]["selected_option"]["value"] == "SIM swap"


def test_a_form_is_filled_and_sent(people: People, workspace: Workspace) -> None:
    page = opened(people, workspace, form(WHAT, SEVERITY))
    expect(page.get_by_label("What is happening?")).to_be_focused()
    page.keyboard.type("Takeovers")
    page.get_by_role("button", name="Severity").click()
    page.get_by_role("option", name="SEV1").click()
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal")).to_have_count(0)
    values = workspace.hears("view_submission")["view"]["state"]["values"]
    assert values["what"]["v"]["value"] == "Takeovers"
    assert values["severity"]["v"]["selected_option"]["value"] == "sev1"


def test_an_empty_form_says_what_is_missing_and_is_not_sent(people: People, workspace: Workspace) -> None:
    page = opened(people, workspace, form(WHAT))
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_role("alert")).to_have_text("Please complete this required field.")
    assert all(each["type"] != "view_submission" for each in workspace.heard)


def test_what_the_app_refuses_stands_under_its_field_and_the_words_stay(
    people: People, workspace: Workspace
) -> None:
    workspace.answers["view_submission"] = lambda _: {
        "response_action": "errors",
        "errors": {"what": "There is no SEV5. Your title is kept."},
    }
    page = opened(people, workspace, form(WHAT))
    page.keyboard.type("sev5 wave")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("There is no SEV5. Your title is kept.")
    expect(page.get_by_label("What is happening?")).to_have_value("sev5 wave")
    expect(page.get_by_label("What is happening?")).to_be_focused()


def test_words_longer_than_the_field_allows_are_not_taken(people: People, workspace: Workspace) -> None:
    page = opened(people, workspace, form(WHAT))
    page.keyboard.type("x" * 30)
    expect(page.get_by_label("What is happening?")).to_have_value("x" * 20)


def test_an_update_of_the_form_keeps_what_was_typed_and_the_cursor(
    people: People, workspace: Workspace
) -> None:
    page = opened(people, workspace, form(WHAT))
    page.keyboard.type("Take")
    view_id = page.get_by_test_id("modal").get_attribute("data-view-id")
    note = {"type": "section", "text": plain("Proposed: SEV2, because it is growing.")}
    workspace.client.views_update(view_id=view_id, view=form(note, WHAT))
    expect(page.get_by_test_id("modal")).to_contain_text("Proposed: SEV2")
    page.keyboard.type("overs")
    expect(page.get_by_label("What is happening?")).to_have_value("Takeovers")


def test_escape_closes_one_form_of_a_stack_and_shows_the_one_below(
    people: People, workspace: Workspace
) -> None:
    workspace.answers["view_submission"] = lambda _: {
        "response_action": "push",
        "view": form(question("who", "Who?", {"type": "users_select", "action_id": "v"}), title="Second"),
    }
    page = opened(people, workspace, form(WHAT))
    page.keyboard.type("Wave")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Second")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_label("What is happening?")).to_have_value("Wave")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("modal")).to_have_count(0)


def test_a_global_shortcut_waits_behind_the_plus(people: People, workspace: Workspace) -> None:
    page = people.at("UANA")
    page.get_by_role("button", name="Add a file or run a shortcut").click()
    page.get_by_role("menuitem", name="Declare incident").click()
    assert workspace.hears("shortcut")["callback_id"] == "declare"
