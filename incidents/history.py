"""What was said in an incident's channel, and what Slack's edits and deletions make of it. Pure.

Of a message only author, time, kind and place are kept, its words once somebody has put them on the record.
An edit adds to the record, a deletion takes the words away. Slack's times decide, never the arrival."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from incidents import recording
from incidents.decision import Decision
from incidents.effects import Effect
from incidents.model import Entry, EntryKind, Incident, UserId
from incidents.recording import Pinned
from incidents.said import Said, Wording, whole_second

A_TICK = timedelta(microseconds=1)
QUOTES = frozenset({EntryKind.MESSAGE, EntryKind.AMENDED})


def kept(
    incident: Incident, pinned: Pinned, by: UserId, known: Said | None, record: Sequence[Entry]
) -> Decision:
    """Put a message on the record with the words that Slack has given for it.

    `known` is what was heard of the message, `record` its entries so far. Words that are older than an edit
    already heard of are taken, and asked for once more. Of a deleted message nothing is quoted.
    """
    if known is not None and known.deleted_at is not None:
        return gone(incident, known, by, known.deleted_at, record)
    heard = known.edited_at if known is not None else None
    entry: Entry | None = None
    if not record:
        exact = replace(pinned, edited_at=_exact(pinned.edited_at, heard))
        entry = recording.pinned_entry(incident, exact, by)
    elif pinned.edited_at is not None:
        entry = amended(incident, record, Wording(pinned.text, pinned.author, pinned.edited_at, True))
    again = _asked_again(incident, pinned, by, heard)
    return Decision(incident, (entry,) if entry else (), again)


def gone(incident: Incident, said: Said, by: UserId, at: datetime, record: Sequence[Entry]) -> Decision:
    """What stands of a message that was marked, and deleted before its words could be read."""
    if record:
        return Decision(incident)
    entry = recording.pinned_entry(incident, Pinned(said.ref, said.by, said.at, ""), by)
    return Decision(incident, (entry, erased(said, at)))


def amended(incident: Incident, record: Sequence[Entry], wording: Wording) -> Entry | None:
    """The amendment that an edit makes; None where the words of the message are not on the record, or are
    these already. In a restricted incident it says that the words have changed, and no more."""
    first = next((entry for entry in record if entry.kind is EntryKind.MESSAGE), None)
    if first is None or first.source is None or not first.text:
        return None
    told = replace(wording, text="") if incident.restricted else wording
    at = _place(told, first, newest(record))
    if at is None:
        return None
    return Entry(
        EntryKind.AMENDED,
        at,
        told.by,
        told.text,
        source=first.source,
        permalink=first.permalink,
        dedup=f"amended:{first.source.channel}:{first.source.ts}:{at.timestamp():.6f}",
    )


def erased(said: Said, at: datetime) -> Entry:
    """That a message on the record was deleted in Slack. Slack does not say by whom."""
    dedup = f"erased:{said.ref.channel}:{said.ref.ts}"
    return Entry(EntryKind.ERASED, at, data={"user": said.by}, source=said.ref, dedup=dedup)


def quotes(record: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries that hold words of the message."""
    return tuple(entry for entry in record if entry.kind in QUOTES and entry.text)


def newest(record: Sequence[Entry]) -> Entry:
    """The entry whose words are the newest in Slack's time. ValueError where none has words of a message."""
    return max((entry for entry in record if entry.kind in QUOTES), key=words_since)


def words_since(entry: Entry) -> datetime:
    """Since when the message read like this: its last edit then, or when it was written."""
    edited = entry.data.get("edited", "")
    return datetime.fromisoformat(edited) if edited else entry.at


def _place(wording: Wording, first: Entry, latest: Entry) -> datetime | None:
    """The instant of the amendment, or None where it tells nothing new."""
    if not wording.is_rough:
        return wording.at if wording.at > words_since(first) else None
    since = words_since(latest)
    if wording.at < whole_second(since) or wording.text == latest.text:
        return None
    return max(wording.at, since + A_TICK)


def _exact(edited_at: datetime | None, heard: datetime | None) -> datetime | None:
    """The edit to the microsecond, where its event was heard."""
    is_same = heard and edited_at and whole_second(heard) == whole_second(edited_at)
    return heard if is_same else edited_at


def _asked_again(
    incident: Incident, pinned: Pinned, by: UserId, heard: datetime | None
) -> tuple[Effect, ...]:
    """Once for each edit that was heard of and is not in these words yet."""
    if heard is None or (pinned.edited_at and whole_second(heard) <= whole_second(pinned.edited_at)):
        return ()
    return (recording.keep(incident, pinned.ref, by, heard),)
