"""How an incident begins: the state, everything that opens its room, and its first pages. Pure."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from incidents import storm
from incidents.cadence import first_update, update_timer
from incidents.decision import Decision, invite, opening_effects, tell
from incidents.effects import Effect, EffectKind, Tell
from incidents.intake import Answers
from incidents.ladder import Roster
from incidents.model import Entry, EntryKind, Harm, Incident, Severity, Status
from incidents.paging import call_for_command
from incidents.people import Actor
from runbooks.model import Run


class Declaration(Struct, frozen=True):
    """A declaration after intake: title cleaned, severity settled, restriction decided.

    `long_text` is what was typed when it was longer than a title. `is_storm`: Slack makes channels so slowly
    now that an open incident is not to wait for its own, where it is known which channel announces it.
    """

    key: str
    title: str
    severity: Severity
    severity_why: str
    harm: Harm
    restricted_why: str
    answers: Answers
    long_text: str = ""
    run: Run | None = None
    quote: str = ""
    is_storm: bool = False
    is_announced: bool = True

    @property
    def in_thread(self) -> bool:
        """Whether it opens in a thread of its announcement: never a restricted one, which has none."""
        return self.is_storm and self.is_announced and not self.restricted_why


def declare(wish: Declaration, actor: Actor, roster: Roster, now: datetime) -> Decision:
    """The incident, everything that opens its room, and its first pages."""
    is_kept_out = bool(wish.restricted_why) and actor.is_outside
    incident = Incident(
        key=wish.key,
        title=wish.title,
        severity=wish.severity,
        status=Status.TRIAGE,
        harm=wish.harm,
        restricted=bool(wish.restricted_why),
        restricted_why=wish.restricted_why,
        declared_by=actor.user,
        declared_at=now,
        responders=() if is_kept_out else (actor.user,),
        run=wish.run,
        next_update_at=first_update(wish.severity, now),
    )
    data = {"severity": wish.severity.label, "why": wish.severity_why, "harm": wish.harm.value}
    entries = [Entry(EntryKind.DECLARED, now, actor.user, wish.title, {**data, **_answered(wish.answers)})]
    entries += [Entry(EntryKind.NOTE, now, actor.user, text) for text in (wish.long_text, wish.quote) if text]
    if is_kept_out:
        words = f"{actor.name} is from outside and was not invited: this incident is restricted"
        entries.append(Entry(EntryKind.NOTE, now, text=words))
    effects = storm.opening_in_thread(incident) if wish.in_thread else opening_effects(incident)
    opened = Decision(incident, tuple(entries), effects)
    timer = update_timer(incident, now)
    if timer is not None:
        opened = replace(opened, timers=(timer,))
    paged = opened.then(_first_call(incident, roster, now))
    decision = _one_invitation(paged).with_effects(*_tell_declarer(paged.incident, wish.in_thread, roster))
    return decision.with_effects(*storm.tell_leads(roster.leads, now)) if wish.is_storm else decision


def _one_invitation(decision: Decision) -> Decision:
    """At the opening everybody comes by one call, the declarer among them."""
    others = tuple(effect for effect in decision.effects if effect.kind is not EffectKind.INVITE)
    everybody = invite(decision.incident, decision.incident.responders, "opening")
    return replace(decision, effects=others + everybody)


def _answered(answers: Answers) -> dict[str, str]:
    words = {True: "yes", False: "no", None: "not known"}
    return {
        "in_danger": words[answers.in_danger],
        "growing": words[answers.growing],
        "authority": words[answers.authority],
    }


def _first_call(incident: Incident, roster: Roster, now: datetime) -> Decision:
    if not roster.is_set_up:
        return Decision(
            incident, (Entry(EntryKind.NOBODY, now, data={"seat": "any seat: no schedule is set up"}),)
        )
    return call_for_command(incident, roster, now)


def _tell_declarer(incident: Incident, in_thread: bool, roster: Roster) -> tuple[Effect, ...]:
    about = Tell.OPENED if roster.is_set_up else Tell.NOBODY_PAGED
    return tuple(
        replace(effect, after=storm.waits_for(incident, in_thread))
        for effect in tell(about, incident.key, (incident.declared_by,))
    )
