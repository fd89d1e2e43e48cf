"""Escalation policies in the schedules file: read, refused with their place, kept, and made in chat."""

import json

import pytest
from msgspec.structs import replace

from incidents.model import Harm
from rotations import codec
from rotations.escalation import (
    HARM_AREAS,
    Known,
    Level,
    Policy,
    Reach,
    When,
    fault_of,
    level_words,
    read_reach,
)
from rotations.escalation_lines import read_levels
from rotations.file import parse
from rotations.model import Organisation
from rotations.policies import known, merged, with_change, without_change
from rotations.refusals import ScheduleFaults, Unclear
from rotations.revision import revised
from tests.support.schedules import utc

PEOPLE = """
people:
  ana: {team: fraud}
  bo: {}
  dana: {lead: true, team: leads}
"""
LEAD = Reach("lead")
PRIMARY = Reach("primary")
KNOWN = Known(("ana", "dana"), ("dana",), ("fraud", "law and order"), ("policy",))
SIMPLE = (Level(0, (PRIMARY,), 1), Level(5, (LEAD,)))


def organisation(escalation: str) -> Organisation:
    return parse(f"{PEOPLE}escalation:\n{escalation}", "file.yaml")


def faults(escalation: str) -> list[str]:
    with pytest.raises(ScheduleFaults) as refused:
        organisation(escalation)
    return [f"{fault.line - 6}:{fault.column} {fault.text}" for fault in refused.value.faults]


def test_the_harm_areas_are_those_of_incidents() -> None:
    assert tuple(harm.value for harm in Harm) == HARM_AREAS


def test_a_policy_says_for_which_incidents_whom_and_when() -> None:
    (policy,) = organisation(
        """
  - when: {severity: [SEV1, sev0], harm: fraud, night: true}
    levels:
      - {after: 0, page: [primary, "@ana"], phone: 1}
      - {after: 5 min, page: team fraud}
      - {after: 10, page: [all leads, next primary, legal], phone: never}
    repeats: 2
    waits_for_morning: false
"""
    ).escalation
    assert policy == Policy(
        When((0, 1), ("fraud",), True),
        (
            Level(0, (PRIMARY, Reach(person="ana")), 1),
            Level(5, (Reach(team="fraud"),), 0),
            Level(
                10, (Reach("lead", "all"), Reach("primary", "next"), Reach("primary", schedule="legal")), None
            ),
        ),
        2,
    )


def test_a_file_without_policies_has_none() -> None:
    assert parse(PEOPLE, "file.yaml").escalation == ()


def test_all_faults_are_said_at_once_with_their_place_and_what_was_meant() -> None:
    assert faults(
        """
  - when: {severity: sev9, harm: fruad, nigt: true}
    levls: []
  - when: {severity: sev1}
    levels:
      - {after: soon, page: primry, phone: loudly}
      - {after: 0, page: ["@anna", []], phone: 9999}
      - {page: [[]], phone: []}
      - {after: [], page: lead}
    repeats: 6
  - {when: {night: maybe}, levels: [{after: 0}], repeats: []}
"""
    ) == [
        '2:5 The policy needs "levels".',
        '2:22 There is no severity "sev9". Did you mean "sev4"?',
        '2:34 There is no harm area "fruad". Did you mean "fraud"?',
        '2:41 When has no key "nigt". Did you mean "night"?',
        '3:5 The policy has no key "levls". Did you mean "levels"?',
        '6:17 "soon" is no number of minutes up to a day; write it like 5.',
        '6:29 Nobody is "primry". Did you mean "primary"?',
        '6:44 "loudly" does not say when the phone rings; write at once, never, or minutes.',
        '7:27 Nobody is "@anna". Did you mean "@ana"?',
        "7:36 A word or a text belongs here.",
        '7:48 "9999" does not say when the phone rings; write at once, never, or minutes.',
        '8:9 The level needs "after".',
        "8:17 A word or a text belongs here.",
        "8:29 A word or a text belongs here.",
        "9:17 A word or a text belongs here.",
        '10:14 "6" is no number of repeats; write one from 0 to 5.',
        '11:20 "maybe" is neither true nor false.',
        '11:37 The level needs "page".',
        "11:59 A word or a text belongs here.",
    ]


@pytest.mark.parametrize(
    ("policy", "fault"),
    [
        ("[{after: 1, page: lead}]", "The first level is paged at once: its minutes are 0."),
        (
            "[{after: 0, page: primary}, {after: 0, page: lead}]",
            "Each level comes later than the one before it: let the minutes grow.",
        ),
        (
            "[{after: 0, page: legal}, {after: 5, page: lead}]",
            "Each level pages somebody who can take command: a seat, a person or a team.",
        ),
        ("[]", "A policy without levels pages nobody; that is for SEV3 and SEV4 alone."),
        (
            "[{after: 0, page: primary}]",
            "Its last level pages no lead, and somebody must be left to hear it. Add lead or all leads.",
        ),
    ],
)
def test_a_ladder_that_would_leave_somebody_alone_is_refused(policy: str, fault: str) -> None:
    assert faults(f"  - {{levels: {policy}}}") == [f"1:14 {fault}"]


def test_a_lead_in_person_is_a_lead_too() -> None:
    assert fault_of(Policy(When(), (Level(0, (Reach(person="dana"),)),)), KNOWN) == ""
    assert fault_of(Policy(When(), (Level(0, (Reach(person="ana"),)),)), KNOWN).startswith("Its last level")


@pytest.mark.parametrize("severities", [(), (0,), (1,), (2,), (2, 3)])
def test_a_grave_incident_never_waits_for_the_morning(severities: tuple[int, ...]) -> None:
    waits = Policy(When(severities), (Level(0, (LEAD,)),), waits_for_morning=True)
    assert fault_of(waits, KNOWN).startswith("Only a policy for SEV3 and SEV4 alone waits for the morning")


def test_a_small_incident_may_wait_for_the_morning() -> None:
    assert fault_of(Policy(When((3, 4)), (Level(0, (PRIMARY,)),), waits_for_morning=True), KNOWN) == ""


def test_small_incidents_may_page_nobody_and_end_without_a_lead() -> None:
    assert fault_of(Policy(When((3, 4)), ()), KNOWN) == ""
    assert fault_of(Policy(When((3,)), (Level(0, (PRIMARY,)),)), KNOWN) == ""


def test_a_policy_that_is_never_used_is_a_fault() -> None:
    levels = "levels: [{after: 0, page: lead}]"
    (fault,) = faults(
        f"  - {{when: {{severity: sev1}}, {levels}}}\n  - {{when: {{severity: sev1, night: true}}, {levels}}}"
    )
    assert fault.endswith("It is never used: a policy above it is for SEV1 · at night already.")
    fits = organisation(
        f"  - {{when: {{night: true}}, {levels}}}\n  - {{when: {{severity: sev1}}, {levels}}}"
    )
    assert len(fits.escalation) == 2


def test_more_levels_than_anybody_climbs_are_a_fault() -> None:
    many = ", ".join(f"{{after: {at}, page: lead}}" for at in range(11))
    assert any("More than 10 levels" in fault for fault in faults(f"  - {{levels: [{many}]}}"))


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        ("primary", PRIMARY),
        ("Next  Primary", Reach("primary", "next")),
        ("all leads", Reach("lead", "all")),
        ("ALL PRIMARIES", Reach("primary", "all")),
        ("executive", Reach("primary", schedule="executive")),
        ("policy", Reach("primary", schedule="policy")),
        ("@ana", Reach(person="ana")),
        ("team fraud", Reach(team="fraud")),
        ("ana", None),
        ("team nobody", None),
    ],
)
def test_targets_are_named_as_people_write_them(text: str, reach: Reach | None) -> None:
    assert read_reach(text, KNOWN) == reach
    if reach is not None:
        assert read_reach(reach.words, KNOWN) == reach


def test_a_policy_reads_back_in_words() -> None:
    policy = Policy(When((0,), ("self_harm",), False), (*SIMPLE, Level(9, (LEAD,), None)), 1, True)
    assert policy.when.words == "SEV0 · self harm · by day"
    assert policy.words == (
        "0 min primary, phone after 1 min · 5 min lead, phone at once · 9 min lead, no phone · once more · "
        "at night not before the morning"
    )
    assert replace(policy, repeats=3).words.count("3 times more") == 1
    assert (When().words, Policy(When((4,)), ()).words) == ("any incident", "nobody is paged")


class TestLines:
    def test_what_is_shown_can_be_typed_back(self) -> None:
        levels = (*SIMPLE, Level(10, (Reach("lead", "all"), Reach(team="fraud")), None))
        assert read_levels("\n".join(level_words(level) for level in levels), KNOWN) == levels

    @pytest.mark.parametrize(
        ("line", "level"),
        [
            ("5 backup", Level(5, (Reach("backup"),))),
            ("5m: @ana, team fraud phone 3", Level(5, (Reach(person="ana"), Reach(team="fraud")), 3)),
            ("0 minutes primary + primary; phones after 2 min", Level(0, (PRIMARY,), 2)),
            (
                "1 min next primary and policy, no phone",
                Level(1, (Reach("primary", "next"), Reach("primary", schedule="policy")), None),
            ),
        ],
    )
    def test_less_formal_hands_are_read_too(self, line: str, level: Level) -> None:
        assert read_levels(f"\n{line}\n\n", KNOWN) == (level,)

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("primary", "begin each line with its minutes"),
            ("5", "pages nobody"),
            ("1441 min lead", "begin each line with its minutes"),
            ("5 min primry", 'Did you mean "primary"?'),
            ("\n".join(f"{at} lead" for at in range(11)), "More than 10 levels"),
        ],
    )
    def test_what_cannot_be_read_is_said(self, text: str, why: str) -> None:
        with pytest.raises(Unclear, match=why.replace("?", r"\?")):
            read_levels(text, KNOWN)

    def test_a_team_whose_name_has_an_and_in_it_is_found(self) -> None:
        assert read_levels("0 team law and order", KNOWN) == (Level(0, (Reach(team="law and order"),)),)


class TestKept:
    OURS = Policy(When((1,)), SIMPLE, 2)
    MADE = Policy(When((1,)), (Level(0, (LEAD,), None),), by="UDANA")

    def test_nothing_is_lost_on_the_way_through_storage(self) -> None:
        whole = Organisation(
            escalation=(self.MADE, self.OURS, Policy(When(harms=("fraud",), night=True), SIMPLE))
        )
        assert codec.load(json.loads(json.dumps(codec.dump(whole)))) == whole

    def test_what_was_stored_before_there_were_policies_has_none(self) -> None:
        document = codec.dump(Organisation())
        del document["escalation"]
        assert codec.load(document).escalation == ()

    def test_a_change_in_chat_counts_before_the_files_and_can_be_taken_back(self) -> None:
        other = Policy(When((0,)), SIMPLE)
        changed = with_change((other, self.OURS), self.MADE)
        assert changed == (other, self.MADE, self.OURS)
        again = replace(self.MADE, repeats=1)
        assert with_change(changed, again) == (other, again, self.OURS)
        assert without_change(changed, self.MADE.when) == (other, self.OURS)
        assert with_change((other,), self.MADE) == (other, self.MADE)

    def test_a_new_file_keeps_what_was_made_in_chat_unless_it_says_the_same(self) -> None:
        newer = replace(self.OURS, repeats=0)
        assert merged((self.MADE, self.OURS), (newer,)) == (self.MADE, newer)
        same = replace(self.MADE, by="")
        assert merged((self.MADE, self.OURS), (same,)) == (same,)

    def test_an_applied_file_keeps_what_was_made_in_chat(self) -> None:
        standing = Organisation(escalation=(self.MADE, self.OURS))
        assert revised(
            standing, Organisation(escalation=(self.OURS,)), utc("2026-03-09 12:00")
        ).escalation == (
            self.MADE,
            self.OURS,
        )


def test_whom_targets_may_name_is_read_from_the_organisation() -> None:
    found = known(organisation("  []"))
    assert found.people == ("ana", "bo", "dana")
    assert found.leads == ("dana",)
    assert found.teams == ("fraud", "leads")
    assert set(found.specialists) == set()
