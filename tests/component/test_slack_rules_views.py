"""Rules of views.*: triggers, sizes, the stack, hashes."""

from __future__ import annotations

from threading import Event
from typing import Any

from tests.support.slack_rules import Slack, refused, rule

Json = dict[str, Any]
FIELD = {
    "type": "input",
    "block_id": "b",
    "label": {"type": "plain_text", "text": "Title"},
    "element": {"type": "plain_text_input", "action_id": "a"},
}
NEXT = {
    "type": "actions",
    "block_id": "row",
    "elements": [{"type": "button", "action_id": "next", "text": {"type": "plain_text", "text": "Next"}}],
}


def plain(text: str = "words") -> Json:
    return {"type": "plain_text", "text": text}


def modal(**fields: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": [NEXT], **fields}


@rule("view-error")
def test_a_refused_view_lists_what_is_wrong_after_the_line_about_schemas(slack: Slack) -> None:
    view = modal(title=plain("x" * 25))
    answer = refused("invalid_arguments", slack.client.views_open, trigger_id=slack.trigger(), view=view)
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
    ]


@rule("view-sizes")
def test_the_parts_of_a_view_have_their_sizes(slack: Slack) -> None:
    fits = modal(
        title=plain("x" * 24),
        submit=plain("x" * 24),
        close=plain("x" * 24),
        private_metadata="x" * 3000,
        callback_id="x" * 255,
    )
    slack.client.views_open(trigger_id=slack.trigger(), view=fits)
    trigger = slack.trigger()
    too_long: list[Json] = [
        {"submit": plain("x" * 25)},
        {"close": plain("x" * 25)},
        {"private_metadata": "x" * 3001},
        {"callback_id": "x" * 256},
        {"external_id": "x" * 256},
        {"blocks": [{"type": "divider"}] * 101},
    ]
    for fields in too_long:
        refused("invalid_arguments", slack.client.views_open, trigger_id=trigger, view=modal(**fields))


@rule("view-too-large")
def test_a_view_past_250_kilobytes_is_too_large(slack: Slack) -> None:
    words = {"type": "section", "fields": [plain("x" * 2000)] * 10}
    view = modal(blocks=[words] * 13)
    refused("view_too_large", slack.client.views_open, trigger_id=slack.trigger(), view=view)


@rule("view-submit")
def test_a_modal_with_an_input_has_a_submit_button(slack: Slack) -> None:
    view = modal(blocks=[FIELD])
    answer = refused("invalid_arguments", slack.client.views_open, trigger_id=slack.trigger(), view=view)
    line = "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]"
    assert f"[ERROR] {line}" in answer["response_metadata"]["messages"]
    slack.client.views_open(trigger_id=slack.trigger(), view=modal(blocks=[FIELD], submit=plain()))


@rule("view-stack")
def test_three_views_at_most_lie_on_each_other(slack: Slack) -> None:
    view = slack.client.views_open(trigger_id=slack.trigger(), view=modal())["view"]
    for _ in range(2):
        view = slack.client.views_push(trigger_id=slack.trigger_in(view["id"]), view=modal())["view"]
    refused(
        "push_limit_reached", slack.client.views_push, trigger_id=slack.trigger_in(view["id"]), view=modal()
    )


@rule("view-hash")
def test_an_update_with_an_old_hash_conflicts(slack: Slack) -> None:
    view = slack.client.views_open(trigger_id=slack.trigger(), view=modal())["view"]
    known = {"view_id": view["id"], "hash": view["hash"], "view": modal()}
    slack.client.views_update(**known)
    refused("hash_conflict", slack.client.views_update, **known)


@rule("view-external-id")
def test_an_external_id_names_one_view_of_the_team(slack: Slack) -> None:
    view = modal(external_id="one")
    slack.client.views_open(trigger_id=slack.trigger("U1"), view=view)
    refused("duplicate_external_id", slack.client.views_open, trigger_id=slack.trigger("U2"), view=view)


@rule("trigger-single-use")
def test_a_trigger_opens_one_view(slack: Slack) -> None:
    trigger = slack.trigger()
    slack.client.views_open(trigger_id=trigger, view=modal())
    refused("exchanged_trigger_id", slack.client.views_open, trigger_id=trigger, view=modal())


@rule("trigger-three-seconds")
def test_a_trigger_is_good_for_three_seconds(slack: Slack) -> None:
    trigger = slack.trigger()
    # These are seconds that people really wait: the workspace's clock does not move them.
    Event().wait(3.05)
    refused("expired_trigger_id", slack.client.views_open, trigger_id=trigger, view=modal())


@rule("trigger-unknown")
def test_a_trigger_never_given_is_invalid(slack: Slack) -> None:
    refused("invalid_trigger_id", slack.client.views_open, trigger_id="1.2.three", view=modal())
