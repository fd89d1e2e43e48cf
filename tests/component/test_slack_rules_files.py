"""Rules of files: three steps to a file, whose it is, and who gets its bytes."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.support.slack_rules import BOT_TOKEN, Slack, refused, rule


@rule("file-three-steps")
def test_a_file_exists_after_the_third_step_only(slack: Slack) -> None:
    room = slack.channel("U1")
    place = slack.client.files_getUploadURLExternal(filename="log.txt", length=5)
    refused("file_not_found", slack.client.files_info, file=place["file_id"])
    done: dict[str, Any] = {"files": [{"id": place["file_id"], "title": "Log"}], "channel_id": room}
    refused("file_not_found", slack.client.files_completeUploadExternal, **done)
    with urlopen(Request(place["upload_url"], data=b"hello", method="POST"), timeout=30) as sent:
        assert sent.status == 200
    refused("file_not_found", slack.client.files_info, file=place["file_id"])
    slack.client.files_completeUploadExternal(**done)
    assert slack.client.files_info(file=place["file_id"])["file"]["title"] == "Log"
    refused("file_not_found", slack.client.files_completeUploadExternal, **done)


@rule("file-shared")
def test_a_completed_file_is_a_message_in_the_channel_or_thread_named(slack: Slack) -> None:
    room = slack.channel("U1")
    parent = slack.client.chat_postMessage(channel=room, text="x")["ts"]
    slack.client.files_upload_v2(
        channel=room, thread_ts=parent, content="a,b", filename="t.csv", initial_comment="Here it is"
    )
    replies = slack.client.conversations_replies(channel=room, ts=parent)["messages"]
    assert replies[-1]["text"] == "Here it is"
    assert [file["name"] for file in replies[-1]["files"]] == ["t.csv"]
    refused(
        "channel_not_found",
        slack.client.files_upload_v2,
        channel="CNONE",
        content="a",
        filename="t.csv",
    )


@rule("file-comment")
def test_a_refused_comment_or_thread_leaves_the_file_to_be_completed_again(slack: Slack) -> None:
    room = slack.channel("U1")
    place = slack.client.files_getUploadURLExternal(filename="log.txt", length=5)
    with urlopen(Request(place["upload_url"], data=b"hello", method="POST"), timeout=30):
        pass
    done: dict[str, Any] = {"files": [{"id": place["file_id"]}], "channel_id": room}
    complete = slack.client.files_completeUploadExternal
    refused("thread_not_found", complete, **done, thread_ts="1.000001")
    refused("invalid_blocks", complete, **done, blocks=json.dumps([slack.section("x" * 3001)]))
    complete(**done, blocks=json.dumps([slack.section("the log")]))
    shared = slack.client.conversations_history(channel=room)["messages"][0]
    assert shared["blocks"][0]["text"]["text"] == "the log"
    assert shared["files"][0]["id"] == place["file_id"]


@rule("file-snippet")
def test_a_snippet_holds_a_megabyte(slack: Slack) -> None:
    ask = slack.client.files_getUploadURLExternal
    ask(filename="a.py", length=1_000_000, snippet_type="python")
    refused("snippet_too_large", ask, filename="a.py", length=1_000_001, snippet_type="python")
    refused("invalid_arguments", ask, filename="a.py", length=0)


@rule("file-upload-retired")
def test_the_old_upload_is_gone(slack: Slack) -> None:
    refused("unknown_method", slack.client.api_call, "files.upload", params={"content": "x"})


@rule("file-download-token")
def test_the_bytes_of_a_file_need_the_apps_token(slack: Slack) -> None:
    file = slack.client.files_upload_v2(channel=slack.channel(), content="the log", filename="log.txt")[
        "file"
    ]
    with_token = Request(file["url_private"], headers={"Authorization": f"Bearer {BOT_TOKEN}"})
    with urlopen(with_token, timeout=30) as answer:
        assert answer.read() == b"the log"
    assert slack.redirected(file["url_private"])


@rule("file-name")
@pytest.mark.parametrize("name", ["two words.txt", "a/b#c?d%20.txt", "Übersicht 日本.md", "\ud800.txt", ".."])
def test_a_file_of_any_name_can_be_fetched(slack: Slack, name: str) -> None:
    room = slack.channel()
    place = slack.post_json("files.getUploadURLExternal", {"filename": name, "length": 1})
    with urlopen(Request(place["upload_url"], data=b"x", method="POST"), timeout=30):
        pass
    done = slack.client.files_completeUploadExternal(files=[{"id": place["file_id"]}], channel_id=room)
    url = done["files"][0]["url_private_download"]
    with urlopen(Request(url, headers={"Authorization": f"Bearer {BOT_TOKEN}"}), timeout=30) as answer:
        assert answer.read() == b"x"


def test_a_strange_type_of_file_is_served_as_bytes(slack: Slack) -> None:
    room = slack.channel("U1")
    slack.act("upload", **{"as": "U1", "channel": room, "name": "a", "mimetype": "text/html; x\r\ny: z"})
    url = slack.client.files_list(channel=room)["files"][0]["url_private"]
    with urlopen(Request(url, headers={"Authorization": f"Bearer {BOT_TOKEN}"}), timeout=30) as answer:
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")


@rule("file-of-others")
def test_an_app_deletes_its_own_files_only(slack: Slack) -> None:
    room = slack.channel("U1")
    slack.act("upload", **{"as": "U1", "channel": room, "name": "photo.png"})
    theirs = slack.client.files_list(channel=room)["files"][0]["id"]
    refused("cant_delete_file", slack.client.files_delete, file=theirs)
    ours = slack.client.files_upload_v2(channel=room, content="x", filename="x.txt")["file"]["id"]
    slack.client.files_delete(file=ours)
    refused("file_not_found", slack.client.files_info, file=ours)
    history = slack.client.conversations_history(channel=room)["messages"]
    assert ours not in json.dumps(history)
