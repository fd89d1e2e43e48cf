"""Escalation policies at work: which one counts, whom it reaches, rounds, and what it would do now."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents import ladder
from incidents.decision import Decision
from incidents.effects import EffectKind, TimerKind
from incidents.ladder import Policy, Roster
from incidents.model import EntryKind, Harm, PageState, Role, Rung, Severity, Target
from incidents.paging import call_for_command, climb, no_longer
from incidents.people import Actor
from incidents.policy import beyond_seats, chosen, policies, written
from incidents.rehearsal import rehearse
from incidents.timeline import sentence
from rotations import escalation
from rotations.escalation import Level, Reach, When
from rotations.model import Organisation, Person
from tests.support.incidents import (
    ANA,
    BO,
    CY,
    DANA,
    ELENA,
    HARUKA,
    IRIS,
    KENJI,
    NOW,
    effects,
    entries,
    incident,
    name_of,
    person,
    roster,
    users,
)

PRIMARY, BACKUP, LEAD = Reach("primary"), Reach("backup"), Reach("lead")
MORNING = NOW + timedelta(hours=9)
PEOPLE = (
    Person("ana", "Ana", team="fraud"),
    Person("cy", "Cy", team="fraud"),
    Person("kenji", "Kenji", team="fraud"),
    Person("new", "New", team="fraud"),
    Person("dana", "Dana", lead=True),
)
ACTORS = {
    "ana": person(ANA),
    "cy": person(CY),
    "kenji": person(KENJI, is_deactivated=True),
    "dana": person(DANA, is_lead=True),
}


def actor_of(key: str) -> Actor | None:
    return ACTORS.get(key)


def said(*levels: Level, **more: object) -> escalation.Policy:
    when = more.pop("when", When())
    assert isinstance(when, When)
    return escalation.Policy(when, levels, **more)  # type: ignore[arg-type]


def under(*own: escalation.Policy, who: Roster | None = None) -> Roster:
    """The usual roster of an organisation with these policies."""
    organisation = Organisation(people=PEOPLE, escalation=own)
    made = policies(organisation, actor_of)
    plain = who or roster()
    return replace(plain, policies=made, holders=plain.holders | beyond_seats(organisation, made, actor_of))


def climbed(who: Roster, minutes: list[int], severity: Severity = Severity.SEV1) -> list[tuple[int, str]]:
    """Let the minutes pass without an answer; (minute, person) for every page."""
    decision = call_for_command(incident(severity=severity), who, NOW)
    for minute in minutes:
        now = NOW + timedelta(minutes=minute)
        levels = (t for t in decision.timers if t.kind is TimerKind.CALL_LEVEL and t.args["call"] == "1")
        due = [t for t in levels if t.due_at <= now]
        if due:
            decision = climb(decision.incident, 1, int(due[-1].args["level"]), who, now)
    return [((p.paged_at - NOW) // timedelta(minutes=1), p.user) for p in decision.incident.pages]


HOUR = list(range(61))


class TestWhichCounts:
    NIGHT = said(Level(0, (LEAD,)), when=When((1,), night=True))
    FRAUD = said(Level(0, (BACKUP,)), Level(5, (LEAD,)), when=When(harms=("fraud",)))

    def test_the_first_that_is_for_the_incident(self) -> None:
        who = under(self.NIGHT, self.FRAUD)
        assert who.policy(Severity.SEV1, Harm.FRAUD) == who.policies[1]
        assert replace(who, quiet_until=MORNING).policy(Severity.SEV1, Harm.FRAUD) == who.policies[0]
        assert who.policy(Severity.SEV1, Harm.PRIVACY) == ladder.default(Severity.SEV1)

    def test_a_clock_that_is_due_within_four_hours_is_called_for_as_a_sev1(self) -> None:
        who = roster()
        soon = who.policy(Severity.SEV3, Harm.FRAUD, timedelta(hours=4))
        assert soon == ladder.default(Severity.SEV1)
        assert who.policy(Severity.SEV0, Harm.FRAUD, timedelta(hours=1)) == ladder.default(Severity.SEV0)
        assert who.policy(Severity.SEV3, Harm.FRAUD, timedelta(hours=5)) == ladder.default(Severity.SEV3)

    def test_a_call_that_climbs_keeps_its_ladder_whatever_becomes_of_the_policy(self) -> None:
        begun = call_for_command(incident(), under(self.FRAUD), NOW)
        later = climb(begun.incident, 1, 1, roster(), NOW + timedelta(minutes=5))
        assert users(later.incident.pages) == [BO, DANA]

    def test_it_is_told_by_where_it_comes_from(self) -> None:
        organisation = Organisation(people=PEOPLE, escalation=(self.NIGHT, self.FRAUD))
        who = under(self.NIGHT, self.FRAUD)
        assert chosen(organisation, Severity.SEV2, Harm.FRAUD, who) is self.FRAUD
        default = chosen(organisation, Severity.SEV2, Harm.PRIVACY, who)
        assert default == written(ladder.default(Severity.SEV2))

    def test_a_sev3_that_has_a_policy_pages_at_night_unless_it_waits_for_the_morning(self) -> None:
        at_night = roster(quiet_until=MORNING)
        awake = under(said(Level(0, (LEAD,)), when=When((3,))), who=at_night)
        assert climbed(awake, [], Severity.SEV3) == [(0, DANA)]
        asleep = under(said(Level(0, (LEAD,)), when=When((3,)), waits_for_morning=True), who=at_night)
        decision = call_for_command(incident(severity=Severity.SEV3), asleep, NOW)
        assert (decision.incident.pages, decision.timers[0].due_at) == ((), MORNING)

    def test_night_is_where_whom_it_pages_first_is(self) -> None:
        ahead = said(
            Level(0, (Reach("primary", "next"),)), when=When((3,), night=True), waits_for_morning=True
        )
        legal_too = said(
            Level(0, (Reach("primary", schedule="legal"), PRIMARY)), when=When((3,), night=False)
        )
        who = replace(under(ahead, legal_too), mornings={Target("primary", "next"): MORNING})
        assert who.policy(Severity.SEV3, Harm.FRAUD) == who.policies[0]
        assert who.quiet_for(who.policies[0]) == MORNING
        day = replace(who, mornings={})
        assert day.policy(Severity.SEV3, Harm.FRAUD) == day.policies[1]
        assert call_for_command(incident(severity=Severity.SEV3), who, NOW).timers[0].due_at == MORNING

    def test_where_a_policy_pages_nobody_nothing_waits_for_a_morning(self) -> None:
        nobody = under(said(when=When((4,)), waits_for_morning=True), who=roster(quiet_until=MORNING))
        decision = call_for_command(incident(severity=Severity.SEV4), nobody, NOW)
        assert (decision.incident.pages, decision.timers) == ((), ())


class TestWhomItReaches:
    def test_a_team_is_everybody_of_it_who_is_here(self) -> None:
        decision = call_for_command(incident(), under(said(Level(0, (Reach(team="fraud"),)))), NOW)
        assert users(decision.incident.pages) == [ANA, CY]
        assert [note.data["user"] for note in entries(decision, EntryKind.SKIPPED)] == [KENJI]

    def test_a_person_by_name(self) -> None:
        decision = call_for_command(incident(), under(said(Level(0, (Reach(person="cy"),)))), NOW)
        assert users(decision.incident.pages) == [CY]
        assert decision.incident.pages[0].why == "The escalation policy names you."

    def test_a_person_whom_slack_does_not_know_is_named_and_the_next_is_paged(self) -> None:
        who = under(said(Level(0, (Reach(person="new"),)), Level(5, (LEAD,))))
        decision = call_for_command(incident(), who, NOW)
        assert users(decision.incident.pages) == [DANA]
        assert entries(decision, EntryKind.NOBODY)[0].data == {"seat": "@new"}

    def test_a_lead_who_is_named_comes_though_they_run_another(self) -> None:
        who = replace(under(said(Level(0, (Reach(person="dana"),)))), busy=frozenset({DANA}))
        assert climbed(who, []) == [(0, DANA)]
        spared = replace(
            under(said(Level(0, (Reach(person="cy"),)), Level(5, (LEAD,)))), busy=frozenset({CY, DANA})
        )
        assert climbed(spared, []) == [(0, DANA)]

    def test_a_seat_of_the_next_region_and_every_lead(self) -> None:
        everywhere = roster(leads=(person(DANA), person(HARUKA)))
        following = Target("primary", "next")
        held = {**everywhere.holders, following: (ladder.Candidate(person(KENJI), "APAC primary", ""),)}
        who = replace(everywhere, holders=held)
        own = said(Level(0, (Reach("primary", "next"),)), Level(4, (Reach("lead", "all"),)))
        assert climbed(under(own, who=who), HOUR) == [(0, KENJI), (4, DANA), (4, HARUKA)]

    def test_legal_comes_as_liaison_when_its_level_is_reached_and_only_once(self) -> None:
        legal = Reach("primary", schedule="legal")
        own = said(Level(0, (PRIMARY,)), Level(5, (LEAD, legal)), repeats=1)
        who = under(own, who=roster(legal=(person(IRIS),)))
        assert climbed(who, HOUR) == [(0, ANA), (5, DANA), (5, IRIS), (10, ANA), (15, DANA)]
        decision = call_for_command(incident(), who, NOW)
        later = climb(decision.incident, 1, 1, who, NOW + timedelta(minutes=5))
        assert [(call.role, call.note) for call in later.incident.calls][1:] == [(Role.LIAISON, "Legal")]

    def test_phones_ring_as_the_policy_says(self) -> None:
        rings = under(said(Level(0, (PRIMARY, LEAD), 0)))
        ringing = {ladder.PRIMARY: person(ANA), ladder.LEAD: person(DANA)}
        held = {
            target: (ladder.Candidate(replace(actor, ring="webhook:x"), "", ""),)
            for target, actor in ringing.items()
        }
        decision = call_for_command(incident(), replace(rings, holders={**rings.holders, **held}), NOW)
        assert [effect.users for effect in effects(decision, EffectKind.RING)] == [(ANA,), (DANA,)]


class TestRounds:
    TWICE = said(Level(0, (PRIMARY,)), Level(5, (LEAD,)), repeats=2)

    def test_a_ladder_begins_anew_as_long_after_its_last_level_as_that_waits(self) -> None:
        assert climbed(under(self.TWICE), HOUR) == [
            (0, ANA),
            (5, DANA),
            (10, ANA),
            (15, DANA),
            (20, ANA),
            (25, DANA),
        ]

    def test_a_ladder_of_one_level_begins_anew_after_a_quarter_of_an_hour(self) -> None:
        who = under(said(Level(0, (LEAD,)), repeats=1))
        assert climbed(who, HOUR) == [(0, DANA), (15, DANA)]

    def test_the_timeline_says_which_round_it_is(self) -> None:
        who = under(self.TWICE)
        begun = call_for_command(incident(), who, NOW)
        again = climb(begun.incident, 1, 2, who, NOW + timedelta(minutes=10))
        told = [sentence(entry, name_of) for entry in (*begun.entries, *again.entries)]
        assert "Ana Lima was paged (AMER primary)." in told
        assert "Ana Lima was paged (AMER primary, round 2)." in told

    def test_every_page_has_an_id_of_its_own(self) -> None:
        rungs = under(self.TWICE).policies[0].rungs
        assert [rung.round for rung in rungs] == [0, 0, 1, 1, 2, 2]
        assert rungs[3] == Rung(15, (Target("lead"),), 0, 1)

    def test_who_cannot_come_is_not_asked_again_and_all_others_are(self) -> None:
        who = under(self.TWICE)
        begun = call_for_command(incident(), who, NOW).incident
        declined = no_longer(begun, begun.pages[0], PageState.DECLINED, who, NOW)
        assert users(declined.incident.pages) == [ANA, DANA]
        again = climb(declined.incident, 1, 2, who, NOW + timedelta(minutes=5))
        assert users(again.incident.pages) == [ANA, DANA, DANA]

    def test_when_every_round_is_over_leads_hear_that_nobody_answers(self) -> None:
        decision = run_out(under(said(Level(0, (LEAD,)), repeats=1)))
        assert len(entries(decision, EntryKind.EXHAUSTED)) == 1

    @pytest.mark.parametrize("severity", [Severity.SEV0, Severity.SEV1, Severity.SEV2])
    def test_the_only_level_of_a_grave_ladder_ends_after_a_quarter_of_an_hour(
        self, severity: Severity
    ) -> None:
        who = under(said(Level(0, (Reach("lead", "all"),))))
        begun = call_for_command(incident(severity=severity), who, NOW)
        (timer,) = (timer for timer in begun.timers if timer.args["call"] == "1")
        assert timer.due_at == NOW + timedelta(minutes=15)
        ended = climb(begun.incident, 1, int(timer.args["level"]), who, timer.due_at)
        assert [effect.args["numbers"] for effect in ended.effects if "numbers" in effect.args] == ["yes"]
        assert len(entries(ended, EntryKind.EXHAUSTED)) == 1

    def test_the_only_level_of_a_small_incident_waits_for_the_shift(self) -> None:
        who = under(said(Level(0, (LEAD,)), when=When((3,))))
        assert call_for_command(incident(severity=Severity.SEV3), who, NOW).timers == ()


def run_out(who: Roster) -> Decision:
    decision = call_for_command(incident(), who, NOW)
    for number in (1, 2):
        decision = climb(decision.incident, 1, number, who, NOW + timedelta(minutes=15 * number))
    return decision


class TestRehearsal:
    def test_it_says_who_would_be_paged_and_rung_when(self) -> None:
        walked = rehearse(Severity.SEV1, Harm.FRAUD, roster(leads=(person(DANA), person(ELENA))), NOW)
        at = [(step.after // timedelta(minutes=1), step.user, step.phone_after) for step in walked.steps]
        minute, at_once = timedelta(minutes=1), timedelta()
        assert at == [(0, ANA, minute), (5, BO, at_once), (10, DANA, at_once), (15, ELENA, at_once)]

    def test_it_says_who_would_be_passed_over_once(self) -> None:
        walked = rehearse(Severity.SEV2, Harm.FRAUD, roster(primary=(), busy=(BO,)), NOW)
        assert [note.kind for note in walked.passed_over] == [EntryKind.NOBODY, EntryKind.SKIPPED]
        assert [step.phone_after for step in walked.steps] == [None]

    def test_liaisons_are_told_apart(self) -> None:
        walked = rehearse(Severity.SEV0, Harm.FRAUD, roster(legal=(person(IRIS),)), NOW)
        assert [step.user for step in walked.steps if step.as_liaison] == [IRIS]

    def test_at_night_a_sev3_begins_in_the_morning(self) -> None:
        walked = rehearse(Severity.SEV3, Harm.FRAUD, roster(quiet_until=MORNING), NOW)
        assert (walked.waits_until, walked.steps[0].after) == (MORNING, timedelta())

    @pytest.mark.parametrize("severity", [Severity.SEV4])
    def test_where_nobody_is_paged_there_is_nothing_to_tell(self, severity: Severity) -> None:
        assert rehearse(severity, Harm.FRAUD, roster(), NOW).steps == ()


def test_a_policy_fits_by_all_that_it_names() -> None:
    policy = Policy((), frozenset({Severity.SEV1}), frozenset({Harm.FRAUD}), True)
    assert policy.fits(Severity.SEV1, Harm.FRAUD, True)
    assert not policy.fits(Severity.SEV2, Harm.FRAUD, True)
    assert not policy.fits(Severity.SEV1, Harm.OTHER, True)
    assert not policy.fits(Severity.SEV1, Harm.FRAUD, False)
