"""What is said, edited and deleted in the channels of incidents: as it happens, and as it is read back.

Edits and deletions hold the incident's row, as the answer to a 📌 does, so that each sees what the other has
done, whatever the order. A message that is merely said holds nothing."""

from collections import defaultdict
from datetime import datetime

from msgspec.structs import replace

from incidents import history
from incidents.access import Action, may
from incidents.decision import Decision
from incidents.effects import Effect, Outcome
from incidents.model import Entry, Incident, MessageRef, UserId
from incidents.operations.scene import found, put
from incidents.ports import House, Unit
from incidents.readback import Found, Known, News, Stretch
from incidents.recording import Pinned
from incidents.said import Said, Wording, instant_of, permalink

WORKSPACE_URL = "workspace.url"


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
    unit.history.put(incident.key, [Said(pinned.ref, pinned.author, thread=pinned.thread)])
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


def whose(unit: Unit, ref: MessageRef) -> Incident | None:
    """The incident in whose channel this was said, or in whose thread, where that was heard."""
    found = unit.incidents.in_channel(ref.channel)
    return found or unit.incidents.get(unit.history.incident_of(ref))


def recall(house: House, key: str) -> Known | None:
    """What is known of an incident before its channel is read back; its messages come with `near`."""

    def work(unit: Unit) -> Known | None:
        incident = unit.incidents.get(key)
        if incident is None:
            return None
        record: dict[MessageRef, list[Entry]] = defaultdict(list)
        for entry in unit.timeline.of(key):
            if entry.source is not None:
                record[entry.source].append(entry)
        until = unit.history.newest(key) or incident.declared_at
        return Known(incident, {}, record, unit.history.cursor(key), until)

    return house.store.read(work)


def near(house: House, known: Known, stretch: Stretch) -> Known:
    """The same with the messages of this stretch alone: in all of its channel there may be thousands."""
    said = house.store.read(lambda unit: unit.history.near(known.incident.key, stretch))
    return replace(known, said={each.ref: each for each in said})


def learn(house: House, key: str, news: News) -> None:
    """Keep what reading back has told; one transaction. What was heard meanwhile is not doubled."""

    def work(unit: Unit) -> None:
        now, incident = house.clock.now(), found(unit, key, lock=True)
        unit.history.put(key, news.said)
        for said, wording in news.edited:
            _edit(unit, incident, said, wording, now)
        for said in news.missing:
            _delete(unit, incident, said, now, now)
        for marked in news.marked:
            _mark(unit, incident, marked, now)

    house.store.write(work)


def read_up_to(house: House, key: str, ts: str) -> None:
    """The channel has been read back to here without a gap."""
    house.store.write(lambda unit: unit.history.read_up_to(key, ts))


def _mark(unit: Unit, incident: Incident, marked: Found, now: datetime) -> None:
    """In the name of the first who may: of later marks there is nothing more to record."""
    actors = unit.people.actors(marked.marked_by)
    for user in marked.marked_by:
        if user in actors and may(actors[user], Action.NOTE, incident):
            return put(unit, keep_words(unit, incident, marked.pinned, user), now)
    return None


def _held(unit: Unit, ref: MessageRef) -> Incident | None:
    there = whose(unit, ref)
    return unit.incidents.get(there.key, lock=True) if there else None


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
