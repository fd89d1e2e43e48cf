"""Where the page has to be exact: forms that change under a person's hands, texts taken verbatim."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Json, People, Workspace

pytestmark = pytest.mark.browser


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def choice(block_id: str, label: str) -> Json:
    options = [{"text": plain(word), "value": word} for word in ("yes", "no")]
    menu = {"type": "static_select", "action_id": block_id, "options": options, "initial_option": options[1]}
    return {
        "type": "section",
        "block_id": block_id,
        "text": {"type": "mrkdwn", "text": label},
        "accessory": menu,
    }


def form(*blocks: Json) -> Json:
    return {"type": "modal", "title": plain("Declare"), "submit": plain("Declare"), "blocks": list(blocks)}


def test_what_stood_in_a_block_that_the_app_replaced_is_forgotten(
    people: People, workspace: Workspace
) -> None:
    growing = choice("growing", "Growing?")

    def open_form(payload: Json) -> None:
        view = form(growing, choice("severity.2", "SEV2"))
        workspace.client.views_open(trigger_id=payload["trigger_id"], view=view)

    def replace_block(payload: Json) -> None:
        view = form(growing, choice("severity.1", "SEV1"))
        workspace.client.views_update(view_id=payload["view"]["id"], view=view)

    workspace.answers.update(command=open_form, block_actions=replace_block)
    page = people.at("UANA")
    page.get_by_test_id("composer").fill("/incident")
    page.keyboard.press("Enter")
    for word, shown in (("yes", "SEV1"), ("no", "SEV1")):
        page.locator("[data-action-id=growing]").click()
        page.get_by_role("option", name=word).click()
        expect(page.get_by_test_id("modal")).to_contain_text(shown)
    page.get_by_test_id("modal-submit").click()
    values = workspace.hears("view_submission")["view"]["state"]["values"]
    assert set(values) == {"growing", "severity.1"}


@pytest.mark.parametrize(
    ("wall", "epoch"),
    [("2026-12-01T09:00", 1796133600), ("2026-07-01T09:00", 1782910800), ("2026-11-01T01:30", 1793511000)],
    ids=["winter", "summer", "the hour that happens twice"],
)
def test_a_date_and_time_is_chosen_in_ones_own_zone(
    people: People, workspace: Workspace, wall: str, epoch: int
) -> None:
    element = {"type": "datetimepicker", "action_id": "from"}
    field = {"type": "input", "block_id": "from", "label": plain("From"), "element": element}

    def open_form(payload: Json) -> None:
        workspace.client.views_open(trigger_id=payload["trigger_id"], view=form(field))

    workspace.answers["command"] = open_form
    page = people.at("UANA")
    page.get_by_test_id("composer").fill("/incident")
    page.keyboard.press("Enter")
    page.get_by_label("From").fill(wall)
    page.get_by_test_id("modal-submit").click()
    values = workspace.hears("view_submission")["view"]["state"]["values"]
    assert values["from"]["from"]["selected_date_time"] == epoch


@pytest.mark.parametrize(("verbatim", "links"), [(True, 0), (False, 1)], ids=["verbatim", "parsed"])
def test_a_typed_address_is_a_link_unless_the_text_is_verbatim(
    people: People, workspace: Workspace, verbatim: bool, links: int
) -> None:
    text = {"type": "mrkdwn", "text": "see https://example.org/x", "verbatim": verbatim}
    workspace.posts("CGEN", "see", [{"type": "section", "text": text}])
    message = people.at("UANA").locator("#main .message")
    expect(message).to_contain_text("https://example.org/x")
    expect(message.get_by_role("link", name="example.org")).to_have_count(links)
