"""What the Slack edge hands to the sender: plain values that name a Web API call.

Nothing here calls Slack."""

from collections.abc import Callable
from typing import Any, Protocol

from msgspec import Struct, field

Json = dict[str, Any]


class Message(Struct, frozen=True):
    """A rendered message: `text` is the lock-screen line, `blocks` what is read in Slack."""

    text: str
    blocks: tuple[Json, ...] = ()

    def as_args(self) -> Json:
        return {"text": self.text, "blocks": list(self.blocks)} if self.blocks else {"text": self.text}


class Call(Struct, frozen=True):
    """One Web API call: `method` as Slack names it, `args` without token."""

    method: str
    args: Json = field(default_factory=dict)


class Upload(Struct, frozen=True):
    """A file and the message that carries it: three calls of Slack's upload, then one post in its thread."""

    channel: str
    filename: str
    title: str
    content: str
    message: Message
    thread_ts: str = ""


class Picture(Struct, frozen=True):
    """A picture that goes with an answer in words. `draw` makes its PNG, away from whoever waits; `alt` says
    what is on it, in at most 1,000 characters; `said` stands above it.
    """

    filename: str
    title: str
    alt: str
    said: str
    draw: Callable[[], bytes]


class RingOut(Struct, frozen=True):
    """Ring a phone: `address` is `provider:where`, `key` the same for every try of this one ring."""

    address: str
    key: str
    words: str


class Skip(Struct, frozen=True):
    """Nothing is sent: the wish has been overtaken, and why. `left` is what an earlier try may have left
    behind, where the rate bucket does not tell that.
    """

    reason: str
    left: Call | RingOut | None = None


class HangUp(Struct, frozen=True):
    """Let these stop ringing; one that has stopped already does no harm."""

    handles: tuple[str, ...]


class MailOut(Struct, frozen=True):
    """A copy of a page by e-mail."""

    address: str
    subject: str
    words: str


OutsideSlack = RingOut | HangUp | MailOut
Rendered = Call | Upload | OutsideSlack | Skip


class Front(Protocol):
    """The front lane of the outbound loop: no outbox row, 2.5 s limit, never waits, never raises.

    A failure is answered to the person by response_url when there is one, else by direct message.
    """

    def open_view(self, trigger_id: str, view: Json, user: str, response_url: str = "") -> None: ...

    def push_view(self, trigger_id: str, view: Json, user: str) -> None: ...

    def update_view(self, view_id: str, view: Json, user: str) -> None: ...

    def publish_home(self, user: str, view: Json) -> None: ...

    def respond(self, response_url: str, message: Message, replace: bool = False) -> None: ...

    def tell(self, user: str, message: Message) -> None:
        """A direct message that may be lost: for answers only, never the sole copy of anything."""
        ...

    def show(self, user: str, picture: Picture) -> None:
        """A picture in a direct message. It may be lost: whatever is on it has been said in words."""
        ...

    def share(self, response_url: str, message: Message) -> None:
        """For everybody in the channel where something was asked."""
        ...

    def tell_here(self, channel: str, user: str, message: Message, thread_ts: str = "") -> None:
        """An ephemeral message in a channel or its thread, for answers to things without a response_url."""
        ...
