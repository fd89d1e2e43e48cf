"""Rules of file inputs: what a person puts into a form, and what the app is given of it."""

from __future__ import annotations

from typing import Any
from urllib.request import Request, urlopen

from tests.support.slack_rules import BOT_TOKEN, Slack, refused, rule

Json = dict[str, Any]


def form(**element: Any) -> Json:
    plain: Json = {"type": "plain_text", "text": "File"}
    taken: Json = {"type": "file_input", "action_id": "f", **element}
    return {
        "type": "modal",
        "title": plain,
        "submit": plain,
        "blocks": [{"type": "input", "block_id": "f", "label": plain, "element": taken}],
    }


def opened(slack: Slack, **element: Any) -> str:
    answer = slack.client.views_open(trigger_id=slack.trigger(), view=form(**element))
    return str(answer["view"]["id"])


def added(slack: Slack, view_id: str, name: str = "a.ics", user: str = "U1") -> Json:
    return slack.act("upload", **{"as": user, "view_id": view_id, "name": name, "content": "x"})


@rule("file-into-form")
def test_a_file_is_the_persons_until_the_form_is_sent_and_then_the_app_reads_it(slack: Slack) -> None:
    app = slack.app()
    view = opened(slack, filetypes=["ics"], max_files=1)
    file = added(slack, view)["response"]["file"]
    refused("file_not_found", slack.client.files_info, file=file)
    slack.act("submit", **{"as": "U1", "view_id": view, "values": {"f": [file]}})
    sent = app.next("interactive").payload
    while sent["type"] != "view_submission":
        sent = app.next("interactive").payload
    (given,) = sent["view"]["state"]["values"]["f"]["f"]["files"]
    assert (given["id"], given["name"], given["user"]) == (file, "a.ics", "U1")
    url = slack.client.files_info(file=file)["file"]["url_private_download"]
    with urlopen(Request(url, headers={"Authorization": f"Bearer {BOT_TOKEN}"}), timeout=30) as answer:
        assert answer.read() == b"x"


@rule("file-into-form")
def test_a_form_takes_its_own_types_so_many_files_and_nobody_elses(slack: Slack) -> None:
    view = opened(slack, filetypes=["ics"], max_files=1)

    def sends(*files: str) -> str:
        return str(slack.act("submit", **{"as": "U1", "view_id": view, "values": {"f": [*files]}})["error"])

    one, two = (added(slack, view)["response"]["file"] for _ in range(2))
    assert "at most 1" in sends(one, two)
    assert "types: ics" in sends(added(slack, view, "a.exe")["response"]["file"])
    assert "required" in sends()
    assert "no such file" in sends("FNONE")
    assert added(slack, view, user="U2")["error"] == "view_not_found"
