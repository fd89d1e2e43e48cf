"""What every listener is given, and what it answers with. Values only."""

from collections.abc import Callable

from msgspec import Struct, field

from handlers.blocks import ids
from handlers.calls import Front, Json, Message
from handlers.delivery_keys import numbered
from incidents.model import UserId
from incidents.people import Ask
from incidents.ports import House


class Edge(Struct, frozen=True):
    """`learn` asks Slack who everybody is, `read_back` what was said in channels whose postmortem draft waits
    for it; both return at once. `bot_user` is our own id, "" while unknown. `unhandled` counts by its kind
    what was acknowledged and is no listener's. `calendar_url` is where a calendar with this token is read; ""
    where the bot does not know its own address. `read_files` reads what leads have uploaded, aside."""

    house: House
    front: Front
    learn: Callable[[], None]
    bot_user: Callable[[], str]
    read_back: Callable[[], None]
    unhandled: Callable[[str], None]
    calendar_url: Callable[[str], str] = lambda _token: ""
    read_files: Callable[[], None] = lambda: None


class Asked(Struct, frozen=True):
    """Who asks, from where, and how an answer finds them; "" for what this kind of delivery has not."""

    user: UserId
    delivery: str = ""
    channel: str = ""
    thread: str = ""
    trigger: str = ""
    response_url: str = ""

    def ask(self, number: int = 0) -> Ask:
        """For one operation; of several in one delivery each has its number."""
        return Ask(self.user, numbered(self.delivery, number))


class Press(Struct, frozen=True):
    """A button or choice. `value` is the button's, the chosen option's, or the chosen person.

    `view` is {} for a press in a message; `is_private` says that the message is for this person alone.
    """

    asked: Asked
    action_id: str
    value: str = ""
    view: Json = field(default_factory=dict)
    is_private: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        return ids.unpack(self.value)

    @property
    def key(self) -> str:
        return self.parts[0]

    def part(self, at: int) -> str:
        """The packed part at that place, "" where an older message has fewer."""
        return self.parts[at] if at < len(self.parts) else ""


class Submission(Struct, frozen=True):
    """A form that was sent: its values by input, and its private metadata."""

    asked: Asked
    view: Json
    values: dict[str, str]

    @property
    def parts(self) -> tuple[str, ...]:
        return ids.unpack(self.view.get("private_metadata", ""))

    @property
    def key(self) -> str:
        return self.parts[0]


class Opens(Struct, frozen=True):
    """A form to open. Where nothing can be opened (a mention has no trigger), a button stands for it."""

    view: Json
    said: str
    label: str
    action_id: str
    value: str = ""


Reply = Message | Opens | None
"""None: there is nothing to say, what happened is seen in the edited messages."""

Submitted = Message | Json | None
"""What follows a sent form: an answer or a view in its place; None closes it."""

OnPress = Callable[[Edge, Press], Reply]
OnSubmission = Callable[[Edge, Submission], Submitted]
