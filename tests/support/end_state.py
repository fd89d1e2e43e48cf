"""What is wrong with an incident in the end, on record and as people see it: nothing twice, nothing lost."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.reconcile import mark_of
from incidents.decision import announce_key, card_key
from incidents.legs import page_key
from incidents.model import Entry, EntryKind, Incident, PageState, Role
from storage.opening import SqlStore
from tests.support.workspace import Json, Workspace


def faults(workspace: Workspace, store: SqlStore, key: str, *, is_owned: bool) -> list[str]:
    """Of a resolved incident. `is_owned`: somebody was to have it."""
    incident = store.read(lambda unit: unit.incidents.get(key))
    entries = store.read(lambda unit: unit.timeline.of(key))
    lost = store.read(lambda unit: unit.outbox.failed())
    if incident is None:
        return [f"{key} is not there"]
    return [
        *(f"{key}: {found} {what}" for what, found in _unlike_one(workspace, incident)),
        *(f"{key}: {what}" for what in _of_pages(workspace, incident)),
        *(f"{key}: {what}" for what in _of_record(incident, entries, is_owned)),
        *(f"given up: {each.effect.key}" for each in lost),
    ]


def _unlike_one(workspace: Workspace, incident: Incident) -> Iterator[tuple[str, int]]:
    channels, marks = _channels(workspace, incident.key), _marks(workspace)
    seen = {
        "channels": len(channels),
        "cards": marks[_mark(card_key(incident))],
        "announcements": marks[_mark(announce_key(incident))],
        "pinned messages": sum(len(channel["pins"]) for channel in channels),
        "bookmarks": sum(len(channel["bookmarks"]) for channel in channels),
        "topics": sum(bool(channel["topic"]) for channel in channels),
    }
    return ((what, found) for what, found in seen.items() if found != 1)


def _channels(workspace: Workspace, key: str) -> list[Json]:
    every = workspace.channels()
    return [every[name] for name in every if f"{name}-".startswith(f"{key.lower()}-")]


def _of_pages(workspace: Workspace, incident: Incident) -> Iterator[str]:
    """Each is one message, or none where somebody had it before the page could leave; nobody has two. A
    phone rang once at most, and rings no more."""
    marks = _marks(workspace)
    for page in incident.pages:
        found = marks[_mark(page_key(incident, page))]
        if found > 1 or (not found and page.state is not PageState.STANDDOWN):
            yield f"page {page.id}, {page.state.value}, was posted {found} times"
        calls = calls_of(workspace, page.user, incident.key)
        if len(calls) > 1 or any(call["state"] == "ringing" for call in calls):
            yield f"the phone of {page.user}: {calls}"
    people = Counter(page.user for page in incident.pages)
    yield from (f"{found} pages to {user}" for user, found in people.items() if found > 1)


def calls_of(workspace: Workspace, user: str, key: str) -> list[Json]:
    """The telephone calls that named this incident."""
    calls = workspace.state(user)["phone"]
    return [call for call in calls if re.search(rf"{key}\b", call["words"])]


def _of_record(incident: Incident, entries: Sequence[Entry], is_owned: bool) -> Iterator[str]:
    kinds = Counter(entry.kind for entry in entries)
    wanted = {EntryKind.DECLARED: 1, EntryKind.ACKNOWLEDGED: int(is_owned), EntryKind.RESOLVED: 1}
    yield from (f"{kinds[kind]} times {kind.value}" for kind, times in wanted.items() if kinds[kind] != times)
    if len(incident.in_role(Role.MANAGER)) != int(is_owned):
        yield f"managers: {incident.in_role(Role.MANAGER)}"
    in_order = [entry.kind for entry in sorted(entries, key=lambda entry: entry.seq)]
    answered = in_order.index(EntryKind.ACKNOWLEDGED) if kinds[EntryKind.ACKNOWLEDGED] else len(in_order)
    if EntryKind.PAGED in in_order[answered:]:
        yield "somebody was paged after it was acknowledged"


def seen_twice(workspace: Workspace) -> list[str]:
    """What has been posted more than once, by the mark of each message of ours; channels by name."""
    creates = (each for each in workspace.journal("conversations.create") if each.get("ok"))
    names = Counter(str(each["args"]["name"]) for each in creates)
    return [mark for mark, count in (_marks(workspace) + names).items() if count > 1]


def _marks(workspace: Workspace) -> Counter[str]:
    """How often each mark of ours was posted."""
    posts = (each["args"].get("metadata") for each in workspace.journal("chat.postMessage") if each.get("ok"))
    return Counter(str(mark) for metadata in posts if (mark := (metadata or {}).get("event_payload")))


def _mark(key: str) -> str:
    return str(mark_of(key)["event_payload"])
