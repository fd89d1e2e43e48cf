"""Rules of user groups: people who are mentioned together."""

from __future__ import annotations

from tests.support.slack_rules import Slack, refused, rule


@rule("usergroup-replaced")
def test_a_user_group_holds_whom_it_was_last_given_and_nobody_else(slack: Slack) -> None:
    group = slack.client.usergroups_create(name="On call", handle="oncall")["usergroup"]
    slack.client.usergroups_users_update(usergroup=group["id"], users=["U1"])
    updated = slack.client.usergroups_users_update(usergroup=group["id"], users=["U2", "U2"])
    assert updated["usergroup"]["users"] == ["U2"]
    assert slack.client.usergroups_users_list(usergroup=group["id"])["users"] == ["U2"]
    (listed,) = slack.client.usergroups_list(include_users=True)["usergroups"]
    assert (listed["handle"], listed["users"], listed["user_count"]) == ("oncall", ["U2"], 1)
    assert "users" not in slack.client.usergroups_list()["usergroups"][0]


@rule("usergroup-empty")
def test_a_user_group_is_never_emptied(slack: Slack) -> None:
    group = slack.client.usergroups_create(name="On call")["usergroup"]
    assert group["handle"] == "on-call"
    slack.client.usergroups_users_update(usergroup=group["id"], users=["U1"])
    refused("no_users_provided", slack.client.usergroups_users_update, usergroup=group["id"], users=[])
    assert slack.client.usergroups_users_list(usergroup=group["id"])["users"] == ["U1"]


@rule("usergroup-unknown")
def test_a_user_group_and_its_people_have_to_be_there(slack: Slack) -> None:
    group = slack.client.usergroups_create(name="On call")["usergroup"]["id"]
    refused("no_such_subteam", slack.client.usergroups_users_update, usergroup="SNONE", users=["U1"])
    refused("no_such_subteam", slack.client.usergroups_users_list, usergroup="SNONE")
    refused("invalid_users", slack.client.usergroups_users_update, usergroup=group, users=["U1", "U9"])


@rule("usergroup-names")
def test_a_name_and_a_handle_are_taken_once(slack: Slack) -> None:
    slack.client.usergroups_create(name="On call", handle="oncall")
    refused("name_already_exists", slack.client.usergroups_create, name="On call", handle="other")
    refused("handle_already_exists", slack.client.usergroups_create, name="Other", handle="oncall")
