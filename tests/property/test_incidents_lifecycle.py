"""Whatever people do to an incident, in whatever order and at whatever hour, these things stay true."""

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from incidents.effects import EffectKind, TimerKind
from incidents.errors import IncidentError
from incidents.model import EntryKind, Incident, PageState, Role, Severity, Status, Target
from incidents.operations import closing, commanding, handoff_taking, recording, responding, watching
from incidents.people import Ask
from incidents.recording import SAME_AS_LAST
from incidents.watch import watched
from storage.opening import open_store
from tests.support.house import TestHouse, example_house
from tests.support.incidents import ANA, BO, DANA, IRIS, KENJI, PRIYA, WAVE

PEOPLE = st.sampled_from([ANA, BO, DANA, IRIS, KENJI, PRIYA])
SEVERITIES = st.sampled_from(list(Severity))
ROLES = st.sampled_from(list(Role))
TARGETS = st.sampled_from([Target("primary", schedule="legal"), Target("lead"), Target(person=KENJI)])
WATCHING = [
    watching.here,
    watching.snooze,
    watching.take_20,
    watching.back,
    watching.cannot_hold,
]
ONE_SEAT = {role for role in Role if role not in (Role.SPECIALIST, Role.LIAISON)}


class Lifecycle(RuleBasedStateMachine):
    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        path = shutil.copy(self.template, Path(self.folder.name) / "meridian.sqlite")
        self.store = open_store(f"sqlite:///{path}")
        self.there: TestHouse = example_house(self.store)
        self.key = ""
        self.had_manager = False

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @property
    def incident(self) -> Incident:
        return self.there.incident(self.key)

    def tries(self, wish: object) -> None:
        """A refusal is an answer too; what it must not do is change anything."""
        before = self.incident
        refused = ""
        try:
            wish()  # type: ignore[operator]
        except IncidentError as refusal:
            refused = str(refusal)
        assert not refused or self.incident == before

    @initialize(severity=SEVERITIES, title=st.sampled_from([WAVE, "Grooming of a child reported"]))
    def declare(self, severity: Severity, title: str) -> None:
        self.key = self.there.declare(title, severity=severity).key

    @rule(by=PEOPLE)
    def acknowledge(self, by: str) -> None:
        self.tries(lambda: responding.acknowledge(self.there.house, Ask(by), self.key))

    @rule(place=st.integers(0, 20))
    def press_a_page(self, place: int) -> None:
        pages = self.incident.pages
        if pages:
            page = pages[place % len(pages)]
            self.tries(lambda: responding.acknowledge(self.there.house, Ask(page.user), self.key, page.id))

    @rule(by=PEOPLE)
    def decline(self, by: str) -> None:
        self.tries(lambda: responding.decline(self.there.house, Ask(by), self.key))

    @rule(by=PEOPLE, whom=TARGETS)
    def bring_in(self, by: str, whom: Target) -> None:
        self.tries(lambda: responding.bring_in(self.there.house, Ask(by), self.key, whom))

    @rule(by=PEOPLE, role=ROLES, to=PEOPLE)
    def assign(self, by: str, role: Role, to: str) -> None:
        self.tries(lambda: commanding.assign(self.there.house, Ask(by), self.key, role, to))

    @rule(by=PEOPLE, to=SEVERITIES, reason=st.sampled_from(["", "it grows"]))
    def change_severity(self, by: str, to: Severity, reason: str) -> None:
        self.tries(lambda: commanding.change_severity(self.there.house, Ask(by), self.key, to, reason))

    @rule(by=PEOPLE, to=st.sampled_from(list(Status)), reason=st.sampled_from(["", "a load test"]))
    def change_status(self, by: str, to: Status, reason: str) -> None:
        self.tries(lambda: commanding.change_status(self.there.house, Ask(by), self.key, to, reason))

    @rule(by=PEOPLE)
    def resolve(self, by: str) -> None:
        self.tries(lambda: closing.resolve(self.there.house, Ask(by), self.key, "It is over."))

    @rule(by=PEOPLE)
    def close(self, by: str) -> None:
        texts = {"harm": "none", "contributors": "none", "surprises": "none", "actions": "none"}
        self.tries(lambda: closing.fill_in(self.there.house, Ask(by), self.key, texts))
        self.tries(lambda: closing.close(self.there.house, Ask(by), self.key))

    @rule(by=PEOPLE, text=st.sampled_from(["Payouts are held", SAME_AS_LAST]))
    def update(self, by: str, text: str) -> None:
        self.tries(lambda: recording.update(self.there.house, Ask(by), self.key, text))

    @rule(by=PEOPLE, act=st.sampled_from(WATCHING))
    def is_there_or_rests(self, by: str, act: object) -> None:
        self.tries(lambda: act(self.there.house, Ask(by), self.key))  # type: ignore[operator]

    @rule(by=PEOPLE, act=st.sampled_from([responding.escalate, responding.stop_paging]))
    def pages_by_hand(self, by: str, act: object) -> None:
        self.tries(lambda: act(self.there.house, Ask(by), self.key))  # type: ignore[operator]

    @rule(by=PEOPLE, to=PEOPLE)
    def acknowledge_for_somebody(self, by: str, to: str) -> None:
        self.tries(lambda: responding.acknowledge(self.there.house, Ask(by), self.key, on_behalf_of=to))

    @rule(by=PEOPLE, act=st.sampled_from([commanding.restrict, commanding.open_up]))
    def closes_or_opens(self, by: str, act: object) -> None:
        self.tries(lambda: act(self.there.house, Ask(by), self.key))  # type: ignore[operator]

    @rule(minutes=st.sampled_from([1, 5, 16, 90, 8 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.there.later(minutes=minutes)

    @rule()
    def slack_answers(self) -> None:
        self.there.slack()

    @rule()
    def slack_refuses_pages(self) -> None:
        self.there.slack(refuse={EffectKind.SEND_PAGE: "user_not_found"})

    @rule(by=PEOPLE)
    def accept_a_handoff(self, by: str) -> None:
        for handoff in self.store.read(lambda unit: unit.handoffs.waiting()):
            words = {self.incident.key: "Revoke batch 3; the risk is a second wave."}
            self.tries(
                lambda one=handoff, said=words: handoff_taking.accept(self.there.house, Ask(by), one.id, said)
            )

    @invariant()
    def one_person_holds_each_seat_and_the_manager_no_other(self) -> None:
        held = Counter(holding.role for holding in self.incident.roles if holding.role in ONE_SEAT)
        assert all(count == 1 for count in held.values())
        manager = self.incident.manager
        roles = [holding.role for holding in self.incident.roles if holding.user == manager]
        assert not manager or roles == [Role.MANAGER]

    @invariant()
    def who_once_had_a_manager_keeps_one(self) -> None:
        assert not self.had_manager or self.incident.manager
        self.had_manager = bool(self.incident.manager)

    @invariant()
    def an_ended_incident_calls_and_reminds_nobody(self) -> None:
        if self.incident.status.is_open:
            return
        assert not any(call.is_open for call in self.incident.calls)
        assert self.store.read(lambda unit: unit.timers.of(self.key)) == []
        assert not any(page.state is PageState.WAITING for page in self.incident.pages)

    @invariant()
    def a_managed_incident_calls_for_no_manager(self) -> None:
        calls = [call for call in self.incident.calls if call.role is Role.MANAGER and call.is_open]
        assert len(calls) <= (0 if self.incident.manager else 1)

    @invariant()
    def pages_of_a_closed_call_wait_for_nothing(self) -> None:
        is_open = {call.number for call in self.incident.calls if call.is_open}
        late = (PageState.WAITING, PageState.PASSED)
        assert not [p for p in self.incident.pages if p.call not in is_open and p.state in late]

    @invariant()
    def somebody_is_called_or_the_leads_know(self) -> None:
        """An open incident of SEV0–SEV2 without a manager never lies still in silence."""
        incident = self.incident
        call = incident.command_call
        if not incident.status.is_open or incident.manager or call is None or not call.is_open:
            return
        if call.level < 0 or (len(call.rungs) == 1 and call.level == 0):
            return
        timers = self.store.read(lambda unit: unit.timers.of(self.key))
        climbs = [t for t in timers if t.kind is TimerKind.CALL_LEVEL and t.args["call"] == str(call.number)]
        kinds = {entry.kind for entry in self.store.read(lambda unit: unit.timeline.of(self.key))}
        assert climbs or EntryKind.EXHAUSTED in kinds

    @invariant()
    def a_reminder_is_set_while_an_update_is_owed(self) -> None:
        due, now = self.incident.next_update_at, self.there.clock.now()
        assert (due is not None) <= self.incident.status.is_open
        timers = self.store.read(lambda unit: unit.timers.of(self.key))
        reminders = [timer for timer in timers if timer.kind is TimerKind.UPDATE_DUE]
        assert len(reminders) <= 1
        if due is not None and not reminders:
            assert now >= due - timedelta(days=1) * 0.2

    @invariant()
    def whoever_answers_for_a_grave_incident_is_watched_and_nobody_else(self) -> None:
        incident = self.incident
        assert (incident.watch.user if incident.watch else "") == watched(incident)
        timers = self.store.read(lambda unit: unit.timers.of(self.key))
        assert bool(incident.watch) == any(timer.kind is TimerKind.SILENCE for timer in timers)
        behind = [call for call in incident.calls if call.is_open and call.silence is not None]
        assert not behind or (incident.watch is not None and incident.watch.paged_at is not None)

    @invariant()
    def rest_ends_by_itself_and_belongs_to_the_manager(self) -> None:
        kept = self.incident.care
        timers = self.store.read(lambda unit: unit.timers.of(self.key))
        assert bool(kept) == any(timer.kind is TimerKind.CARE_ENDS for timer in timers)
        assert kept is None or (self.incident.status.is_open and self.incident.manager == kept.user)

    @invariant()
    def a_restricted_incident_holds_nobody_from_outside(self) -> None:
        if self.incident.restricted:
            actors = {actor.user: actor for actor in self.store.read(lambda unit: unit.people.everybody())}
            paged = [page.user for page in self.incident.pages]
            assert not [user for user in (*paged, *self.incident.responders) if actors[user].is_outside]


@pytest.mark.timeout(300)  # thousands of durable commits: on a busy disk they take their time
def test_an_incident_survives_anything_people_do_to_it(sqlite_template: Path) -> None:
    machine = type("LifecycleHere", (Lifecycle,), {"template": sqlite_template})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
