"""A front lane that remembers what it was given, for tests of listeners without any Slack."""

from collections.abc import Callable

from msgspec import Struct, field

from handlers.calls import Message, Picture


class RecordingFront(Struct):
    """`shown` and `told` by person, `shared` by response_url; everything else is taken and forgotten."""

    shown: list[tuple[str, Picture]] = field(default_factory=list)
    shared: list[tuple[str, Message]] = field(default_factory=list)
    told: list[tuple[str, Message]] = field(default_factory=list)

    def tell(self, user: str, message: Message) -> None:
        self.told.append((user, message))

    def show(self, user: str, picture: Picture) -> None:
        self.shown.append((user, picture))

    def share(self, response_url: str, message: Message) -> None:
        self.shared.append((response_url, message))

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_args, **_more: None
