"""The walk up a ladder: who is paged at a level, who is skipped and why, when the next level is due. Pure.

At most one level is paged per pass; a level that reaches nobody passes at once to the next: never nobody."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from incidents.access import can_see
from incidents.choosing import first_reached, following, gone_of
from incidents.decision import Decision, invite, show_change, stamp, tell
from incidents.effects import Effect, EffectKind, Priority, Tell, Timer, TimerKind
from incidents.ladder import ALL_LEADS, ONE_LEVEL_WAIT_MIN, Candidate, Roster, bring_in, is_liaison
from incidents.legs import ANSWERABLE, call_prefix, hang_up, leave, level_prefix, page_key
from incidents.model import (
    Call,
    Entry,
    EntryKind,
    Incident,
    Page,
    PageState,
    Role,
    Rung,
    Severity,
    UserId,
)

LAST_WAIT_MIN = 15


def call_for_command(
    incident: Incident,
    roster: Roster,
    now: datetime,
    clock_due_in: timedelta | None = None,
    at_once: bool = False,
) -> Decision:
    """A new call for an incident manager. Severity, harm area and night are those of this moment: the ladder
    stays as it is, whatever becomes of the policy. `clock_due_in`: see `Roster.policy`. `at_once`: though it
    is night."""
    policy = roster.policy(incident.severity, incident.harm, clock_due_in)
    call = Call(len(incident.calls) + 1, Role.MANAGER, policy.rungs)
    morning = roster.quiet_for(policy) if policy.waits_for_morning and policy.rungs else None
    if morning is not None and not at_once:
        timer = level_timer(incident, call, 0, morning)
        return Decision(incident.with_call(call), timers=(timer,))
    return start_call(incident, call, roster, now)


def start_call(incident: Incident, call: Call, roster: Roster, now: datetime) -> Decision:
    """Open a call and page its first level."""
    incident = incident.with_call(call)
    if not call.rungs:
        return Decision(incident.with_call(replace(call, is_open=False)))
    return climb(incident, call.number, 0, roster, now)


def climb(
    incident: Incident, number: int, level: int, roster: Roster, now: datetime, late: str = ""
) -> Decision:
    """Page `level` of a call, or the first later one that reaches somebody; none left: say so."""
    call = incident.call(number)
    if call is None or not call.is_open or level <= call.level:
        return Decision(incident)
    at, chosen, notes = first_reached(incident, call, level, roster, now)
    if chosen:
        passed = _pass_on(incident, call, now)
        decision = passed.then(Decision(passed.incident, notes))
        decision = decision.then(_page(decision.incident, _Level(call, at, chosen, late), roster, now))
    elif _goes_on_to_all_leads(incident, call):
        longer = incident.with_call(_with_all_leads(call))
        decision = Decision(longer, notes).then(climb(longer, number, len(call.rungs), roster, now, late))
    else:
        decision = Decision(incident, notes).then(_exhausted(incident, call, roster, now))
    decision = decision.with_effects(*_say_gone(incident, call, gone_of(notes), roster))
    return decision.then(_beside(decision.incident, call, call.rungs[level : at + 1], roster, now))


def _say_gone(
    incident: Incident, call: Call, gone: Sequence[Mapping[str, str]], roster: Roster
) -> tuple[Effect, ...]:
    """Who cannot be reached concerns every lead: the schedule still names them. Each is told once a call.

    Of whom: `user`, or of somebody without an account `person`, their key in the schedules file."""
    told: list[Effect] = []
    for who in gone:
        named = who.get("user", "") or f"@{who['person']}"
        leads = tuple(lead for lead in roster.leads if lead != named)
        told += tell(Tell.GONE, incident.key, leads, f"{call.number}.{named}", call=str(call.number), **who)
    return tuple(told)


def _beside(
    incident: Incident, call: Call, rungs: tuple[Rung, ...], roster: Roster, now: datetime
) -> Decision:
    """The specialists that a ladder of command names are called too: once, each by a call of its own, as
    liaison. Where their schedule is kept and nobody holds it, that call says so and goes on to the lead;
    where none is kept the timeline says that nobody is scheduled."""
    decision = Decision(incident)
    if call.role is not Role.MANAGER:
        return decision
    named = (target for rung in rungs for target in rung.targets if is_liaison(target))
    for target in dict.fromkeys(named):
        note = target.schedule.capitalize()
        if target not in roster.holders:
            nobody = Entry(EntryKind.NOBODY, now, data={"seat": roster.name(target)})
            decision = decision.then(Decision(decision.incident, (nobody,)))
        elif not any(other.note == note for other in decision.incident.calls):
            beside = Call(
                len(decision.incident.calls) + 1,
                Role.LIAISON,
                bring_in(incident.severity, target),
                note=note,
            )
            decision = decision.then(start_call(decision.incident, beside, roster, now))
    return decision


def _goes_on_to_all_leads(incident: Incident, call: Call) -> bool:
    """Nobody on call is no reason for nobody to come; and of a restricted incident leads are only told
    once they are part of it, so they are paged."""
    if call.role is not Role.MANAGER or any(ALL_LEADS in rung.targets for rung in call.rungs):
        return False
    return incident.restricted or not any(page.call == call.number for page in incident.pages)


def _with_all_leads(call: Call) -> Call:
    last = call.rungs[-1].after_min + LAST_WAIT_MIN
    return replace(call, rungs=(*call.rungs, Rung(last, (ALL_LEADS,), round=call.rungs[-1].round)))


class _Level(Struct, frozen=True):
    call: Call
    number: int
    chosen: tuple[Candidate, ...]
    late: str


def _pass_on(incident: Incident, call: Call, now: datetime) -> Decision:
    """The level that did not answer: its pages are passed, and say so."""
    decision = Decision(incident)
    for page in incident.pages:
        if page.call == call.number and page.state is PageState.WAITING:
            passed = replace(page, state=PageState.PASSED, answered_at=now)
            entry = Entry(EntryKind.PASSED, now, data={"user": page.user})
            changed = decision.incident.with_page(passed)
            decision = decision.then(Decision(changed, (entry,), edit_page(changed, passed)))
    return decision


def _page(incident: Incident, level: _Level, roster: Roster, now: datetime) -> Decision:
    call = level.call
    due = _next_due(incident, call, level.number, now)
    is_last = level.number + 1 == len(call.rungs)
    next_user = following(incident, call, level.number, level.chosen, roster)
    changed = incident.with_call(replace(call, level=level.number))
    decision = Decision(changed, cancel=(level_prefix(incident, call),))
    for candidate in level.chosen:
        page = Page(
            call=call.number,
            level=level.number,
            user=candidate.actor.user,
            why=candidate.why,
            paged_at=now,
            answer_by=None if is_last else due,
            next_user=next_user,
            late=level.late,
        )
        paged = Entry(EntryKind.PAGED, now, data=_paged_data(page, candidate, call.rungs[level.number].round))
        changed = decision.incident.with_page(page)
        decision = decision.then(Decision(changed, (paged,)))
        decision = decision.then(leave(changed, page, candidate, call.rungs[level.number], now))
    decision = decision.then(_let_in(decision.incident, call, level))
    timers = (level_timer(incident, call, level.number + 1, due),) if due else ()
    return decision.then(Decision(decision.incident, timers=timers))


def _let_in(incident: Incident, call: Call, level: _Level) -> Decision:
    """Whoever is paged comes into the channel, and the card says who was."""
    users = tuple(c.actor.user for c in level.chosen if c.actor.user not in incident.responders)
    changed = replace(incident, responders=(*incident.responders, *users))
    effects = invite(changed, users, f"{call.number}.{level.number}")
    effects += show_change(changed, announce=False) if level.number > 0 or call.number > 1 else ()
    return Decision(changed, effects=effects)


def _paged_data(page: Page, candidate: Candidate, number: int) -> dict[str, str]:
    data = {"user": page.user, "level": str(page.level), "seat": candidate.seat, "page": page.id}
    return data | ({"round": str(number + 1)} if number else {})


def _next_due(incident: Incident, call: Call, level: int, now: datetime) -> datetime | None:
    """Counted from the actual time of this level, so that an outage never pages five levels at once.

    The last level is given as long as the one before it, the only one a quarter of an hour; then leads hear
    that nobody has answered. The only level of a SEV3 or SEV4 waits for the shift.
    """
    steps = [rung.after_min for rung in call.rungs]
    if len(steps) == 1:
        is_grave = incident.severity <= Severity.SEV2
        return now + timedelta(minutes=ONE_LEVEL_WAIT_MIN) if is_grave else None
    at = min(level, len(steps) - 2)
    return now + timedelta(minutes=steps[at + 1] - steps[at])


def _exhausted(incident: Incident, call: Call, roster: Roster, now: datetime) -> Decision:
    """Nobody left to page: leads hear whom to telephone; of one more person, whoever asked hears it.

    Telephone numbers are for leads alone.
    """
    changed = incident.with_call(replace(call, level=len(call.rungs)))
    nobody_at_all = not any(page.call == call.number for page in incident.pages)
    about = Tell.NOBODY_ON_CALL if nobody_at_all and call.silence is None else Tell.EXHAUSTED
    to = _to_tell(incident, call, roster)
    leads = frozenset(roster.leads)
    name, args = str(call.number), {"call": str(call.number)}
    effects = tell(about, incident.key, tuple(u for u in to if u in leads), name, numbers="yes", **args)
    effects += tell(about, incident.key, tuple(u for u in to if u not in leads), name, **args)
    data = _for_whom(call) | ({"nobody": "yes"} if nobody_at_all else {})
    entry = Entry(EntryKind.EXHAUSTED, now, data=data)
    return Decision(changed, (entry,), (*effects, *show_change(changed, announce=False)))


def _for_whom(call: Call) -> dict[str, str]:
    if call.silence is not None:
        return {"behind": call.silence.user}
    return {} if call.role is Role.MANAGER else {"for": call.note or call.role.label.lower()}


def _to_tell(incident: Incident, call: Call, roster: Roster) -> tuple[UserId, ...]:
    """Of command, and of a silent incident manager, the other leads hear; of one more person who asked."""
    if call.role is not Role.MANAGER and call.silence is None:
        return tuple(dict.fromkeys((call.asked_by or incident.holder, incident.holder)))
    silent = call.silence.user if call.silence else ""
    leads = (c.actor for c in roster.find(ALL_LEADS) if c.actor.user != silent)
    fit = (lead.user for lead in leads if can_see(lead, incident))
    return tuple(dict.fromkeys(fit)) or (incident.declared_by,)


def level_timer(incident: Incident, call: Call, level: int, due: datetime) -> Timer:
    return Timer(
        TimerKind.CALL_LEVEL,
        f"{level_prefix(incident, call)}{level}:{stamp(due)}",
        incident.key,
        due,
        {"call": str(call.number), "level": str(level)},
    )


def edit_page(incident: Incident, page: Page) -> tuple[Effect, ...]:
    """The edit of a page's message to what is true now; its phone stops where it is no longer wanted."""
    edit = Effect(
        EffectKind.UPDATE_PAGE,
        f"edit_page:{incident.key}:{page.id}:{incident.version + 1}:{page.state.value}",
        incident.key,
        args={"page": page.id},
        users=(page.user,),
        after=(page_key(incident, page),),
        newest=f"edit_page:{page.message.ts}"
        if page.bundle and page.message
        else f"edit_page:{incident.key}:{page.id}",
        priority=Priority.PAGE,
    )
    return (edit,) if page.state in ANSWERABLE else (edit, *hang_up(incident, page))


def stand_down(incident: Incident, call: Call, now: datetime, but: UserId = "") -> Decision:
    """Close a call: its timers no longer count, no phone of it rings, and everybody else who was paged is
    told by an edit."""
    decision = Decision(incident, cancel=(call_prefix(call),))
    for page in incident.pages:
        if page.call != call.number or page.state not in ANSWERABLE:
            continue
        if page.user == but or page.state is PageState.UNREACHABLE:
            decision = decision.with_effects(*hang_up(incident, page))
            continue
        over = replace(page, state=PageState.STANDDOWN, answered_at=now)
        changed = decision.incident.with_page(over)
        decision = decision.then(Decision(changed, effects=edit_page(changed, over)))
    return decision.then(Decision(decision.incident.with_call(replace(call, is_open=False))))


def is_waiting(incident: Incident, call: Call) -> bool:
    """Whether somebody who was paged at the present level may still answer."""
    return any(p.call == call.number and p.state is PageState.WAITING for p in incident.pages)


def no_longer(incident: Incident, page: Page, state: PageState, roster: Roster, now: datetime) -> Decision:
    """A page that will not be answered (declined, unreachable): the last one left climbs at once."""
    kind = EntryKind.DECLINED if state is PageState.DECLINED else EntryKind.SKIPPED
    why = {"why": "could not be reached in Slack"} if state is PageState.UNREACHABLE else {}
    page = replace(page, state=state, answered_at=now)
    entry = Entry(kind, now, data={"user": page.user, **why})
    decision = Decision(incident.with_page(page), (entry,), edit_page(incident, page))
    call = decision.incident.call(page.call)
    if call is not None and state is PageState.UNREACHABLE:
        decision = decision.with_effects(*_say_gone(incident, call, ({"user": page.user},), roster))
    if call is None or not call.is_open or is_waiting(decision.incident, call):
        return decision
    return decision.then(climb(decision.incident, call.number, call.level + 1, roster, now))


def also_specialists(incident: Incident, roster: Roster, now: datetime) -> Decision:
    """Somebody has it already and it is graver now: the specialists of its first level come too."""
    policy = roster.policy(incident.severity, incident.harm)
    would = Call(len(incident.calls) + 1, Role.MANAGER, policy.rungs)
    return _beside(incident, would, policy.rungs[:1], roster, now)
