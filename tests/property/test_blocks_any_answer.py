"""Any text in a private answer or a form: inside Slack's limits, nobody mentioned, what was typed kept."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from msgspec.structs import replace

from handlers.blocks import forms, ids
from handlers.blocks.answers import checklist, help_answer, listing, near, said, wrong_severity
from handlers.blocks.declare import DeclareDraft, declare_form
from handlers.blocks.home import home
from handlers.blocks.incident_answers import TimelinePage, due_now, runbook_answer, timeline_view, whole
from handlers.blocks.oncall import next_of_person, next_up, on_call_at, on_call_now
from handlers.blocks.people_forms import bring_in_form, roles_form
from handlers.blocks.postmortem import draft_view, fill_in_form
from handlers.blocks.reader import Reader
from incidents.intake import Proposal
from incidents.model import Entry, EntryKind, Severity, Status
from incidents.postmortem import PARTS
from rotations.answers import OnCallAnswer, RegionAnswer, SeatLine, Upcoming
from rotations.model import Seat
from rotations.shifts import Gap
from runbooks.model import Step
from sandbox import check
from tests.property.test_blocks_any_text import ANY_TEXT, assert_safe, filled_with, mentions
from tests.support.block_samples import NOW


def reads(name: str) -> Reader:
    return Reader(lambda _: name, NOW, "Asia/Tokyo", "https://safety.slack.example/")


def assert_opens(view: dict[str, Any]) -> None:
    assert check.view(view) == []
    assert mentions(view["blocks"]) == []


def on_call(text: str) -> OnCallAnswer:
    seats = tuple(SeatLine(text, seat, ("k",), (text,), NOW, NOW, NOW, (text,) * 4) for seat in Seat)
    region = RegionAnswer(text, "Asia/Tokyo", NOW + timedelta(hours=1), seats)
    gaps = (Gap(NOW, NOW + timedelta(days=1), text, Seat.PRIMARY),) * 9
    return OnCallAnswer(NOW, (region,) * 6, (Upcoming(NOW, text, seats),) * 40, gaps)


@given(ANY_TEXT, ANY_TEXT)
@settings(max_examples=50, deadline=None)
def test_any_text_in_a_private_answer_fits_slack_and_mentions_nobody(text: str, name: str) -> None:
    incident = filled_with(text, "UANY")
    entries = tuple(
        Entry(EntryKind.MESSAGE, NOW, "UBO", text, permalink=f"https://x/{text}") for _ in range(60)
    )
    assert_safe(due_now(incident, "UBO", reads(name)))
    assert_safe(whole(incident, entries, reads(name)))
    assert_safe(runbook_answer(incident, reads(name)))
    assert_safe(listing((incident,), (replace(incident, key="INC-1"),), reads(name)))
    for message in (said(text), wrong_severity(text, text), near(text or "x", text or "y")):
        assert_safe(message)
    assert_safe(help_answer((text,) * 60, (text,) * 3))
    assert_safe(checklist(text, ((True, text), (False, text)) * 30))


@given(ANY_TEXT)
@settings(max_examples=50, deadline=None)
def test_any_name_in_the_schedules_fits_slack_and_mentions_nobody(text: str) -> None:
    answer = on_call(text)
    assert_safe(on_call_now(answer, {}, reads(text)))
    assert_safe(on_call_at(answer, "Asia/Tokyo", reads(text)))
    assert_safe(next_up(answer.next, reads(text)))
    assert_safe(next_of_person(answer.next[0], text, reads(text)))


@given(ANY_TEXT, ANY_TEXT)
@settings(max_examples=40, deadline=None)
def test_any_text_in_a_form_opens(text: str, name: str) -> None:
    incident = filled_with(text, "UANY")
    draft = DeclareDraft(Proposal(Severity.SEV2, text), text, restricted_why=text)
    step = Step("one", text, 5, text)
    entries = tuple(Entry(EntryKind.NOTE, NOW, "UBO", text, permalink=text) for _ in range(60))
    for view in (
        declare_form(draft),
        forms.update_form(incident, text),
        forms.note_form(incident, text),
        forms.severity_form(incident, text),
        forms.status_form(incident, tuple(Status), text),
        forms.step_skip_form(incident, step, text),
        forms.step_assign_form(incident, step),
        forms.resolve_form(incident, text),
        forms.close_form(incident, (text,) * 14),
        forms.more_menu(incident),
        bring_in_form(incident, text or "APAC"),
        roles_form(incident, reads(name)),
        fill_in_form(incident, PARTS, {part.id: text for part in PARTS}),
        draft_view(incident, text),
        timeline_view(TimelinePage(incident, entries), reads(name)),
        home((incident,), on_call(text), {}, "UBO", reads(name)),
    ):
        assert_opens(view)


@given(ANY_TEXT)
@settings(max_examples=50, deadline=None)
def test_a_kept_title_comes_back_from_the_button_as_it_was_typed(text: str) -> None:
    button = wrong_severity("7", text).blocks[-1]["elements"][2]
    assert ids.unpack_typed(button["value"]) == ("2", text[: ids.TYPED_MAX - 2])
