"""A form that takes a file: added from the machine, named, taken out again, sent with the rest."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE, People, Screen, Workspace
from tests.browser.test_page_commands import form, opened, question

pytestmark = pytest.mark.browser

TAKES = {"type": "file_input", "action_id": "v", "filetypes": ["ics"], "max_files": 1}


def test_a_file_is_added_taken_out_and_sent(people: People, workspace: Workspace, tmp_path: Path) -> None:
    rota = tmp_path / "rota.ics"
    rota.write_text("BEGIN:VCALENDAR", encoding="utf-8")
    page = opened(people, workspace, form(question("file", "The file", TAKES)))
    add = page.get_by_role("button", name="Add a file", exact=True)
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_text("Please complete this required field.")).to_be_visible()

    page.get_by_test_id("form-file").set_input_files(rota)
    expect(page.get_by_text("rota.ics")).to_be_visible()
    expect(add).to_be_hidden()
    page.get_by_role("button", name="Take out rota.ics").click()
    expect(add).to_be_visible()

    page.get_by_test_id("form-file").set_input_files(rota)
    expect(page.get_by_text("rota.ics")).to_be_visible()
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal")).to_be_hidden()
    (file,) = workspace.hears("view_submission")["view"]["state"]["values"]["file"]["v"]["files"]
    assert (file["name"], file["user"]) == ("rota.ics", "UANA")


@pytest.mark.parametrize("screen", [WIDE, PHONE])
def test_a_long_name_stays_inside_the_form(
    people: People, workspace: Workspace, tmp_path: Path, screen: Screen
) -> None:
    long = tmp_path / f"{'rota' * 40}.ics"
    long.write_text("x", encoding="utf-8")
    page = opened(people, workspace, form(question("file", "The file", TAKES)))
    page.set_viewport_size({"width": screen.width, "height": screen.height})
    page.get_by_test_id("form-file").set_input_files(long)
    row = page.locator(".form-files li")
    expect(row).to_be_visible()
    box, frame = row.bounding_box(), page.get_by_test_id("modal").bounding_box()
    assert box is not None
    assert frame is not None
    assert box["x"] + box["width"] <= frame["x"] + frame["width"]
