"""What is said, edited and deleted in the channels of incidents: as it happens, and as it is read back.

Edits and deletions hold the incident's row, as the answer to a 📌 does, so that each sees what the other has
done, whatever the order. A message that is merely said holds nothing."""

from dataclasses import replace
from datetime import datetime

from incidents import history
from incidents.decision import Decision
from incidents.effects import Effect, Outcome
from incidents.model import Incident, MessageRef, UserId
from incidents.ports import House, Unit
from incidents.recording import Pinned
from incidents.said import Said, Wording, instant_of, permalink

WORKSPACE_URL = "workspace.url"
GONE = frozenset({"message_not_found", "thread_not_found"})


def hear(house: House, said: Said) -> bool:
    """Somebody said something. False where it is known already or its channel is no incident's."""
    return house.store.write(lambda unit: unit.history.hear(said))


def edited(house: House, said: Said, wording: Wording) -> None:
    """A message was edited in Slack; what is on the record is amended."""

    def work(unit: Unit) -> None:
        incident = _held(unit, said.ref)
        if incident is not None:
            _edit(unit, incident, said, wording, house.clock.now())

    house.store.write(work)


def deleted(house: House, said: Said, at: datetime) -> None:
    """A message was deleted in Slack; our copy of its words goes too, who and when stay."""

    def work(unit: Unit) -> None:
        incident = _held(unit, said.ref)
        if incident is not None:
            _delete(unit, incident, said, at, house.clock.now())

    house.store.write(work)


def fetched(unit: Unit, incident: Incident, effect: Effect, outcome: Outcome, now: datetime) -> Decision:
    """What Slack has answered to the fetching of a marked message. The incident is held."""
    ref, by = MessageRef(effect.args["channel"], effect.args["ts"]), effect.users[0]
    got = outcome.result
    if not outcome.ok or got.get("ts") != ref.ts:
        return _lost(unit, incident, ref, by, now)
    pinned = Pinned(
        ref,
        author=got.get("user", ""),
        at=instant_of(ref.ts),
        text=got.get("text", ""),
        edited_at=instant_of(got["edited"]) if "edited" in got else None,
        thread=got.get("thread", ""),
    )
    return keep_words(unit, incident, pinned, by)


def keep_words(unit: Unit, incident: Incident, pinned: Pinned, by: UserId) -> Decision:
    """What puts a message on the record, now that Slack has given its words. The incident is held."""
    link = pinned.permalink or permalink(unit.facts.get(WORKSPACE_URL), pinned.ref, pinned.thread)
    known = unit.history.get(pinned.ref)
    record = unit.timeline.of_message(incident.key, pinned.ref)
    return history.kept(incident, replace(pinned, permalink=link), by, known, record)


def _lost(unit: Unit, incident: Incident, ref: MessageRef, by: UserId, now: datetime) -> Decision:
    """What was marked is no longer in Slack. Of a message that nobody has heard there is nothing to say."""
    known = unit.history.get(ref)
    if known is None:
        return Decision(incident)
    known = unit.history.deleted(incident.key, known, now)
    record = unit.timeline.of_message(incident.key, ref)
    return history.gone(incident, known, by, known.deleted_at or now, record)


def _held(unit: Unit, ref: MessageRef) -> Incident | None:
    found = unit.incidents.in_channel(ref.channel)
    return unit.incidents.get(found.key, lock=True) if found else None


def _edit(unit: Unit, incident: Incident, said: Said, wording: Wording, now: datetime) -> None:
    unit.history.edited(incident.key, said, wording.at)
    entry = history.amended(incident, unit.timeline.of_message(incident.key, said.ref), wording)
    if entry is not None:
        unit.timeline.append(incident.key, [entry], now)


def _delete(unit: Unit, incident: Incident, said: Said, at: datetime, now: datetime) -> None:
    known = unit.history.deleted(incident.key, said, at)
    record = unit.timeline.of_message(incident.key, said.ref)
    if record:
        unit.timeline.append(incident.key, [history.erased(known, known.deleted_at or at)], now)
        unit.timeline.erase(incident.key, history.quotes(record))
