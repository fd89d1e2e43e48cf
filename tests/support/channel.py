"""A channel of an incident whose people talk, edit and delete, told to the core as Slack's events tell it."""

from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from incidents.effects import EffectKind, Outcome
from incidents.model import Entry, MessageRef
from incidents.operations import delivery, history, recording
from incidents.people import Ask
from incidents.said import Said, Wording, instant_of
from incidents.timeline import shown
from storage.claims import Claimed
from storage.opening import SqlStore
from storage.tables import METADATA
from storage.unit_of_work import SqlUnit
from tests.support.house import TestHouse

PINNER = "UANA"


class Message(Struct):
    """One message in Slack through its life. `versions` are its words by the instant they were written."""

    ref: MessageRef
    by: str
    versions: list[tuple[datetime, str]]
    thread: str = ""
    deleted_at: datetime | None = None

    @property
    def said(self) -> Said:
        return Said(self.ref, self.by, thread=self.thread)

    def read(self, version: int = -1) -> dict[str, str]:
        """What `conversations.replies` answers for it, as the core is given that."""
        at, text = self.versions[version]
        found = {"user": self.by, "ts": self.ref.ts, "text": text, "thread": self.thread}
        edited = {} if version in (0, -len(self.versions)) else {"edited": f"{int(at.timestamp())}.000000"}
        return {**found, **edited}


class Talk(Struct):
    """What happens in the channel of one incident. Each method is the arrival of one event."""

    there: TestHouse
    key: str
    count: int = 0
    messages: list[Message] = field(default_factory=list)

    @property
    def channel(self) -> str:
        channel = self.there.incident(self.key).channel
        assert channel is not None
        return channel.id

    def written(self, text: str, by: str = "UCY", thread: str = "") -> Message:
        """It stands in Slack; nobody has heard of it yet."""
        self.count += 1
        at = self.there.clock.now() - timedelta(hours=1) + timedelta(seconds=10 * self.count)
        ref = MessageRef(self.channel, f"{at.timestamp():.6f}")
        message = Message(ref, by, [(instant_of(ref.ts), text)], thread)
        self.messages.append(message)
        return message

    def heard(self, message: Message) -> bool:
        return history.hear(self.there.house, message.said)

    def edited(self, message: Message, version: int = -1) -> None:
        at, text = message.versions[version]
        history.edited(self.there.house, message.said, Wording(text, message.by, at))

    def deleted(self, message: Message) -> None:
        assert message.deleted_at is not None
        history.deleted(self.there.house, message.said, message.deleted_at)

    def marked(self, message: Message, by: str = PINNER, delivery: str = "") -> bool:
        return recording.keep(self.there.house, Ask(by, delivery), message.ref)

    def answered(self, message: Message, version: int | None = None) -> int:
        """Slack answers every fetching that waits, with the newest words or those of a version."""
        there, gone = self.there, message.deleted_at is not None and version is None
        claimed = there.store.write(lambda unit: unit.outbox.claim(there.clock.now(), "test", 100))
        ours = [one for one in claimed if one.effect.kind is EffectKind.KEEP_MESSAGE]
        found = Outcome(True, message.read(-1 if version is None else version))
        for one in ours:
            self._settle(one, Outcome(False, error="thread_not_found") if gone else found)
        return len(ours)

    def _settle(self, one: Claimed, outcome: Outcome) -> None:
        now = self.there.clock.now()

        def work(unit: SqlUnit) -> None:
            unit.outbox.finish(one, outcome, now)
            delivery.record(self.there.house, unit, one.effect, outcome, now)

        self.there.store.write(work)

    def record(self) -> list[Entry]:
        """Everything on the timeline that came from messages, the full record."""
        return [e for e in self.there.store.read(lambda unit: unit.timeline.of(self.key)) if e.source]

    def reads(self) -> list[Entry]:
        """The same as people read it, without what only storage knows."""
        return [replace(entry, seq=0, recorded_at=None) for entry in shown(self.record())]


def edit(message: Message, text: str, after_s: float = 60.4) -> Message:
    """It reads differently in Slack from then on."""
    message.versions.append((message.versions[-1][0] + timedelta(seconds=after_s), text))
    return message


def delete(message: Message, after_s: float = 600.7) -> Message:
    message.deleted_at = message.versions[-1][0] + timedelta(seconds=after_s)
    return message


def talk(there: TestHouse, title: str, by: str = "UPRIYA") -> Talk:
    """An incident with its channel, and nobody has said anything yet."""
    key = there.declare(title, by).key
    there.slack()
    return Talk(there, key)


def everything(store: SqlStore, but: str = "") -> str:
    """Every value of every row of the database, of all tables but one."""

    def work(unit: SqlUnit) -> str:
        tables = [table for table in METADATA.sorted_tables if table.name != but]
        return "\n".join(
            str(tuple(row.values())) for table in tables for row in unit.timeline.tx.all(table.select())
        )

    return store.read(work)
