"""What every rendering has at hand: the effect, the unit of work, the instant; and the calls they share."""

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter

from msgspec import Struct, field

from handlers.blocks.reader import Reader
from handlers.calls import Call, Message, Skip
from handlers.text import zone_of
from incidents.effects import Effect
from incidents.model import Incident, MessageRef
from incidents.people import Actor
from incidents.ports import Unit

# Facts of the workspace, kept by the directory's sync.
WORKSPACE_URL = "workspace.url"
ANNOUNCE_CHANNEL = "channel.announce"
TEAM_CHANNEL = "channel.team"
OPERATIONS_CHANNEL = "channel.operations"

_QUIET = {"unfurl_links": False, "unfurl_media": False, "parse": "none", "link_names": False}


class Desk(Struct, frozen=True):
    """One rendering. People are looked up once each: a card names the same few again and again."""

    effect: Effect
    unit: Unit
    now: datetime
    phone_of: Callable[[Actor], str] = attrgetter("ring")
    _known: dict[str, Actor | None] = field(default_factory=dict)

    def incident(self) -> Incident | None:
        return self.unit.incidents.get(self.effect.subject)

    def name_of(self, user: str) -> str:
        actor = self._actor(user)
        return actor.name if actor is not None else user

    def reader(self, user: str = "") -> Reader:
        """For everybody, or for one person in their own zone."""
        zone = self.zone_of(user) if user else "UTC"
        return Reader(self.name_of, self.now, zone, self.unit.facts.get(WORKSPACE_URL))

    def zone_of(self, user: str) -> str:
        """The person's own zone as the workspace knows it, a name that exists; else UTC."""
        actor = self._actor(user)
        return zone_of(actor.zone).key if actor is not None else "UTC"

    def actor(self, user: str) -> Actor:
        """Somebody as far as they are known."""
        return self._actor(user) or Actor(user, user)

    def phone(self) -> str:
        """Where the phone of the person this is about rings, as `provider:where`; "" where it cannot."""
        actor = self._actor(self.user)
        return self.phone_of(actor) if actor is not None else ""

    def mail(self) -> str:
        actor = self._actor(self.user)
        return actor.mail if actor is not None else ""

    def _actor(self, user: str) -> Actor | None:
        if user not in self._known:
            self._known[user] = self.unit.people.actor(user)
        return self._known[user]

    @property
    def user(self) -> str:
        """The person a direct message goes to, or ""."""
        return self.effect.users[0] if self.effect.users else ""


def posted(channel: str, message: Message, thread_ts: str = "") -> Call:
    """A new message that unfurls nothing and mentions nobody by accident."""
    thread = {"thread_ts": thread_ts} if thread_ts else {}
    return Call("chat.postMessage", {"channel": channel, **message.as_args(), **_QUIET, **thread})


def edited(ref: MessageRef, message: Message) -> Call:
    quiet = {"parse": "none", "link_names": False}
    return Call("chat.update", {"channel": ref.channel, "ts": ref.ts, **message.as_args(), **quiet})


def unknown(effect: Effect) -> Skip:
    return Skip(f"there is no incident {effect.subject}")
