"""Any text in any field: inside Slack's limits, inside our budget, nobody mentioned."""

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from handlers.blocks import tells
from handlers.blocks.announcement import announcement, update_post
from handlers.blocks.card import card
from handlers.blocks.facts import topic
from handlers.blocks.handoff import handoff_post
from handlers.blocks.handoff_lines import handoff_thread
from handlers.blocks.page import page
from handlers.blocks.reader import Reader
from handlers.calls import Message
from handlers.text import literal, paragraph, plain
from incidents.model import Incident, Role, RoleHolding, Status, Update
from tests.support.block_samples import (
    ACTIVE,
    CALL,
    DECLARED_INCIDENT,
    HANDOFF,
    NOW,
    PAGE,
    RESTRICTED,
    RUN,
    RUNBOOK,
    brief_of,
)
from tests.support.golden import assert_accepted

HOSTILE = (
    "<!channel>",
    "<!here|x>",
    "<@U0ANA>",
    "<!subteam^S0TEAM>",
    "<https://evil.example|status page>",
    "&lt;!everyone&gt;",
    "حساب مخترق \u202eabc",
    "\u200b",
    "\x00\x1b",
    "👩\u200d🚒" * 30,
    "```\n>quote",
    "{0.__class__} {{7*7}}",
    "&" * 4000,
    "<" * 100_000,
    "\n" * 500,
    "ש" * 500,
    "",
)
ANY_TEXT = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=400), st.text(alphabet="&<>|!@#^\n ", max_size=4000)
)
_TOKENS = re.compile(r"<[^>]*>")
_OURS = re.compile(r"<!date\^\d+\^\{[a-z_{} ]+\}[a-z_{} ]*\|[^<>]*>|<#[CG][A-Z0-9]+>|<@UKENJI>")


def mentions(value: Any) -> list[str]:
    """Every token in mrkdwn but dates, links to incident channels and who takes a shift over."""
    if isinstance(value, list | tuple):
        return [found for each in value for found in mentions(each)]
    if not isinstance(value, dict):
        return []
    found = [each for child in value.values() for each in mentions(child)]
    if value.get("type") == "mrkdwn":
        found += [token for token in _TOKENS.findall(value["text"]) if not _OURS.fullmatch(token)]
    return found


def assert_safe(message: Message) -> None:
    assert_accepted(message)
    assert mentions(message.blocks) == []
    assert [each for each in _TOKENS.findall(message.text) if not _OURS.fullmatch(each)] == []


def filled_with(text: str, name: str) -> Incident:
    """An incident where every field that people write holds this text."""
    steps = tuple(
        replace(
            step,
            text=text or "–",
            options=tuple(replace(each, label=text or "–", note=text) for each in step.options),
        )
        for step in RUNBOOK.steps
    )
    run = replace(RUN, runbook=replace(RUNBOOK, steps=steps, title=text, disclaimer=text))
    return replace(
        ACTIVE,
        title=text,
        run=run,
        roles=(*ACTIVE.roles, *(RoleHolding(Role.LIAISON, name, NOW, text) for _ in range(40))),
        calls=(replace(CALL, note=text),),
        pages=tuple(replace(PAGE, user=f"U{at}", why=text, late=text, next_user=name) for at in range(60)),
        updates=(Update(text, name, NOW),),
        summary=text,
        ended_why=text,
        channel_refused=text,
        restricted_why=text,
    )


@given(ANY_TEXT, ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_in_an_incident_fits_slack_and_mentions_nobody(text: str, name: str) -> None:
    incident = filled_with(text, "UANY")
    reader = Reader(lambda _: name, NOW, "Asia/Tokyo", "https://safety.slack.example/")
    for shown in (incident, replace(incident, status=Status.DISMISSED), replace(incident, restricted=True)):
        assert_safe(card(shown, reader))
        assert_safe(announcement(shown, reader))
        assert_safe(page(shown, shown.pages[0], reader))
        assert_safe(update_post(shown, shown.updates[-1], reader))
        told = brief_of(shown)
        assert_safe(handoff_post(replace(HANDOFF, why=text), (told,) * 30, reader))
        assert_safe(handoff_thread((told,) * 60, reader))
        assert_safe(tells.opened(shown, reader, (text,) * 3))
        assert_safe(tells.nobody_on_call(shown, (text,) * 30, reader))
        assert_safe(tells.failed(shown.key, text, text))
        assert_safe(tells.no_private_channel(replace(shown, channel=None), reader))


@given(ANY_TEXT, ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_any_topic_fits_slack(text: str, name: str) -> None:
    words = topic(replace(DECLARED_INCIDENT, title=text), name)
    assert 1 <= len(words) <= 250
    assert "<" not in words


@given(ANY_TEXT, st.integers(min_value=3, max_value=300))
@settings(max_examples=100, deadline=None)
def test_any_text_is_at_most_as_long_as_it_may_be(text: str, limit: int) -> None:
    assert len(literal(text, limit)) <= limit
    assert len(paragraph(text, limit)) <= limit
    assert len(plain(text, limit)) <= limit


@given(ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_a_restricted_title_is_nowhere_but_in_its_own_channel(text: str) -> None:
    marked = replace(RESTRICTED, title=f"SECRET{text}")
    reader = Reader(lambda user: user, NOW)
    outside = [
        page(marked, PAGE, reader),
        tells.opened(marked, reader),
        handoff_post(HANDOFF, (brief_of(marked),), reader),
    ]
    assert all("SECRET" not in str(message) for message in outside)
    assert card(marked, reader).text == "R-7KQ2"
