"""What a channel that is read back tells that is not known yet. Pure: what Slack answered comes in as values.

Only what lies inside a stretch that was read whole can be missing from it, and so be deleted."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from incidents import history
from incidents.model import Entry, Incident, MessageRef, UserId
from incidents.recording import Pinned
from incidents.said import Said, SaidKind, Wording, instant_of, whole_second


class Found(Struct, frozen=True):
    """A message as it stands in Slack now. `marked_by`: who put the mark for the timeline on it, in order."""

    pinned: Pinned
    kind: SaidKind = SaidKind.MESSAGE
    marked_by: tuple[UserId, ...] = ()

    @property
    def ref(self) -> MessageRef:
        return self.pinned.ref

    @property
    def said(self) -> Said:
        pinned = self.pinned
        return Said(pinned.ref, pinned.author, self.kind, pinned.thread, pinned.edited_at)


class Stretch(Struct, frozen=True):
    """All that stands in a channel, or in the thread of one of its messages, from `since` on and before
    `before`; None: from its beginning, to its end."""

    channel: str
    found: tuple[Found, ...]
    thread: str = ""
    since: datetime | None = None
    before: datetime | None = None

    def covers(self, said: Said) -> bool:
        is_here = (said.ref.channel, said.thread) == (self.channel, self.thread)
        is_late = self.before is not None and said.at >= self.before
        return is_here and not is_late and (self.since is None or said.at >= self.since)


FOR_EVER = datetime.max.replace(tzinfo=UTC)


class Known(Struct, frozen=True):
    """What is known of an incident's messages; `record` holds the entries that came of each.

    `until`: the time of the newest that was known before Slack was asked. What was said later may have been
    heard meanwhile, and is not missing from an answer that is older than itself."""

    incident: Incident
    said: Mapping[MessageRef, Said]
    record: Mapping[MessageRef, Sequence[Entry]]
    cursor: str = ""
    until: datetime = FOR_EVER


class News(Struct, frozen=True):
    said: tuple[Said, ...] = ()
    edited: tuple[tuple[Said, Wording], ...] = ()
    missing: tuple[Said, ...] = ()
    marked: tuple[Found, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.said or self.edited or self.missing or self.marked)


def news(known: Known, stretch: Stretch) -> News:
    """What this stretch adds: messages, edits, deletions, marks."""
    there = {found.ref for found in stretch.found}
    standing = [found for found in stretch.found if not _is_deleted(known, found.ref)]
    return News(
        said=tuple(found.said for found in standing if found.ref not in known.said),
        edited=tuple((found.said, wording) for found in standing if (wording := _edit(known, found))),
        missing=tuple(
            said
            for said in known.said.values()
            if _is_standing(said, known) and said.ref not in there and stretch.covers(said)
        ),
        marked=tuple(found for found in standing if found.marked_by and found.ref not in known.record),
    )


def has_changed(known: Known, channel: str, thread: str, replies: int, latest: str) -> bool:
    """Whether a thread has more, fewer or later replies than are known; edits inside it do not show."""
    heard = [
        said
        for said in known.said.values()
        if (said.ref.channel, said.thread) == (channel, thread) and said.deleted_at is None
    ]
    return len(heard) != replies or all(said.at < instant_of(latest) for said in heard)


def _is_standing(said: Said, known: Known) -> bool:
    return said.deleted_at is None and said.at <= known.until


def _is_deleted(known: Known, ref: MessageRef) -> bool:
    said = known.said.get(ref)
    return said is not None and said.deleted_at is not None


def _edit(known: Known, found: Found) -> Wording | None:
    """How the message reads since its last edit, where that is not known yet."""
    edited_at, said = found.pinned.edited_at, known.said.get(found.ref)
    if edited_at is None:
        return None
    wording = Wording(found.pinned.text, found.pinned.author, edited_at, is_rough=True)
    heard = said.edited_at if said is not None else edited_at
    is_later = heard is None or whole_second(heard) < whole_second(edited_at)
    record = known.record.get(found.ref, ())
    return wording if is_later or history.amended(known.incident, record, wording) else None
