"""The postmortem draft: every part is there, what is empty says so, and no person's text becomes markup."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from incidents.document import EMPTY, Record, document, inert
from incidents.model import (
    ActionItem,
    Entry,
    EntryKind,
    Harm,
    Incident,
    Page,
    PageState,
    Role,
    RoleHolding,
    Severity,
    Status,
)
from incidents.postmortem import PARTS
from runbooks import stepping
from runbooks.catalogue import library_path, load
from tests.support.incidents import ANA, BO, CY, DANA, NOW, PRIYA, incident, managed, name_of

FRAUD = load(library_path()).for_harm("fraud")


def text_of(at: Incident, *entries: Entry, zone: str = "UTC") -> str:
    return document(Record(at, entries, name_of, zone))


def part(text: str, title: str) -> list[str]:
    """The lines of one part, without empty ones."""
    _, _, rest = text.partition(f"\n## {title}\n")
    return [line for line in rest.partition("\n## ")[0].splitlines() if line]


def page(user: str, state: PageState, minutes: float | None) -> Page:
    answered = NOW + timedelta(minutes=minutes) if minutes is not None else None
    return Page(1, 0, user, "", NOW, None, state, answered)


def test_every_part_stands_in_its_order_and_the_empty_ones_say_so() -> None:
    text = text_of(incident())
    titles = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert titles == [one.title for one in PARTS]
    for title in ("Summary", "Harm and who was affected", "What contributed", "Action items"):
        assert part(text, title) == [EMPTY]
    for title in ("Updates", "Runbook steps", "Handoffs", "Pages and answers"):
        assert part(text, title) == ["Nothing was recorded."]
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_the_head_says_what_it_was_and_that_a_restricted_one_stays_inside() -> None:
    text = text_of(incident(harm=Harm.CHILD_SAFETY, restricted=True, key="R-7KQ2"))
    assert text.startswith("# R-7KQ2: Account-takeover wave in EU\n")
    assert "- Harm area: child safety" in text
    assert "- Restricted: keep this document among the people of the incident." in text
    assert "Restricted" not in text_of(incident())


def test_times_are_in_utc_and_in_the_managers_own_zone() -> None:
    at = incident(acknowledged_at=NOW + timedelta(minutes=2))
    text = text_of(at, zone="America/New_York")
    assert "- Declared: 2026-11-30 19:00 UTC · Mon 14:00 New York by Priya Nair" in text
    assert "| Acknowledged | 2 min | 2026-11-30 19:02 UTC · Mon 14:02 New York |" in text
    assert "| Resolved | not reached | – |" in text


def test_how_it_was_noticed_is_what_the_declarer_answered() -> None:
    asked = {"in_danger": "no", "growing": "yes", "authority": "not known"}
    text = text_of(incident(), Entry(EntryKind.DECLARED, NOW, PRIYA, "Wave", asked))
    assert part(text, "How it was noticed")[1:] == [
        "- Somebody in danger: no",
        "- Still growing: yes",
        "- Regulator, court or police waiting: not known",
    ]
    assert len(part(text_of(incident()), "How it was noticed")) == 1


def test_roles_say_for_whom_they_speak_and_an_unanswered_one_who_held_it() -> None:
    at = managed()
    at = replace(at, roles=(*at.roles, RoleHolding(Role.LIAISON, BO, NOW, "Legal")))
    assert part(text_of(at), "Who did what") == [
        "- Incident manager: Ana Lima, since 2026-11-30 19:00 UTC",
        "- Liaison (Legal): Bo Chen, since 2026-11-30 19:00 UTC",
    ]
    assert part(text_of(incident()), "Who did what") == ["- Nobody acknowledged; Priya Nair held it."]


def test_pages_say_what_became_of_each() -> None:
    pages = (
        page(ANA, PageState.PASSED, 5),
        page(BO, PageState.ACKNOWLEDGED, 0.5),
        page(DANA, PageState.WAITING, None),
    )
    assert [
        line.partition("UTC: ")[2] for line in part(text_of(incident(pages=pages)), "Pages and answers")
    ] == [
        "Ana Lima, no answer; passed on after 5 min",
        "Bo Chen, acknowledged after less than a minute",
        "Dana Ortiz, no answer yet",
    ]


def test_runbook_steps_say_who_did_them_who_skipped_them_and_why() -> None:
    assert FRAUD is not None
    run = stepping.start(FRAUD, NOW, ANA)[0]
    question = FRAUD.branches[0]
    plain = [step.id for step in FRAUD.steps if not step.options]
    run = stepping.complete(run, plain[0], ANA, NOW)[0]
    run = stepping.skip(run, plain[1], BO, "no payouts *today*", NOW)[0]
    run = stepping.complete(run, question.id, ANA, NOW, question.options[0].id)[0]
    lines = part(text_of(incident(run=run)), "Runbook steps")
    assert any(
        line.startswith("- [x]") and "(done by Ana Lima, 2026-11-30 19:00 UTC)" in line for line in lines
    )
    assert any("(skipped by Bo Chen, 2026-11-30 19:00 UTC: no payouts \\*today\\*)" in line for line in lines)
    assert any(line.startswith("- [ ]") and line.endswith("(not done)") for line in lines)
    assert any(" → " in line for line in lines)


def test_a_runbook_that_needs_counsel_says_so_at_the_end() -> None:
    assert FRAUD is not None
    careful = replace(FRAUD, disclaimer="Ask counsel first.")
    text = text_of(incident(run=stepping.start(careful, NOW, ANA)[0]))
    assert text.endswith("_Ask counsel first._\n")
    silent = replace(FRAUD, disclaimer="")
    assert "Ask counsel" not in text_of(incident(run=stepping.start(silent, NOW, ANA)[0]))


def test_what_people_wrote_stands_in_its_part() -> None:
    at = managed(
        severity=Severity.SEV2,
        status=Status.CLOSED,
        summary="Sessions were revoked.",
        parts={"harm": "4,100 accounts\n\nin two countries", "actions": "More to come"},
        actions=(ActionItem("Block it", CY, date(2026, 12, 7)), ActionItem("Write to users")),
    )
    text = text_of(
        at, Entry(EntryKind.UPDATE, NOW, ANA, "Payouts held"), Entry(EntryKind.NOTE, NOW, BO, "Bank")
    )
    assert part(text, "Summary") == ["Sessions were revoked."]
    assert part(text, "Harm and who was affected") == ["4,100 accounts", "in two countries"]
    assert part(text, "Action items") == [
        "- Block it (UCY, due 2026-12-07)",
        "- Write to users (no owner yet, due no date yet)",
        "More to come",
    ]
    assert part(text, "Updates") == ["- 2026-11-30 19:00 UTC: Ana Lima gave an update: Payouts held"]
    assert len(part(text, "Timeline")) == 2


def test_actions_without_owner_are_listed_and_the_part_is_still_empty() -> None:
    text = text_of(incident(actions=(ActionItem("Block it"),)))
    assert part(text, "Action items") == ["- Block it (no owner yet, due no date yet)", EMPTY]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("# heading", "\\# heading"),
        ("- item", "\\- item"),
        ("+ item", "\\+ item"),
        ("1. item", "1\\. item"),
        ("12) item", "12\\) item"),
        ("=====", "\\====="),
        ("---", "\\---"),
        ("> quote", "\\> quote"),
        ("~~gone~~", "\\~\\~gone\\~\\~"),
        ("&lt;b&gt;", "\\&lt;b\\&gt;"),
        ("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"),
        ("![x](https://e.example/p.png)", "\\!\\[x\\](https\\://e.example/p.png)"),
        ("javascript:alert(1)", "javascript\\:alert(1)"),
        ("www.example.org", "www\\.example.org"),
        ("`code` *a* _b_ | c", "\\`code\\` \\*a\\* \\_b\\_ \\| c"),
        ("one\n\n# two", "one \\# two"),
        ("at 19:05, a - b + c", "at 19:05, a - b + c"),
    ],
)
def test_no_text_becomes_markup_a_link_or_an_image(typed: str, written: str) -> None:
    assert inert(typed) == written


def test_names_and_titles_are_inert_too() -> None:
    record = Record(incident(title="# [x](http://e)"), (), lambda user: f"*{user}*")
    assert "# INC-1: \\# \\[x\\](http\\://e)" in document(record)
    assert "\\*UPRIYA\\*" in document(record)
