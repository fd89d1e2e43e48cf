"""What the phone leg asks of a provider, and the words for what became of it. Nothing here calls anybody."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from bot.sending import Sent
from handlers.calls import MailOut

NO_PROVIDER = "no_provider"  # nothing of this name is set up
RING_REFUSED = "ring_refused"  # this number, user or address will never ring
RING_UNAUTHORISED = "ring_unauthorised"  # the token is refused, or the account may not ring any more
MAIL_REFUSED = "mail_refused"  # this address takes no mail
MAIL_UNAUTHORISED = "mail_unauthorised"  # the mail server does not take us, or we it
RING_GONE = "ring_gone"  # the provider knows nothing of it: inside adapters only


class PhoneAway(Exception):
    """The provider cannot be asked now: `error` is a code of `Sent`, `retry_after` the seconds it wants."""

    def __init__(self, error: str, retry_after: float = 0.0) -> None:
        self.error = error
        self.retry_after = retry_after
        super().__init__(error)


class Answered(Struct, frozen=True):
    """Somebody acknowledged on the phone.

    `by` is the provider's name for them, "" where it does not tell; `at` is None where it does not say when.
    """

    handle: str
    by: str
    at: datetime | None


class Gone(Struct, frozen=True):
    """The provider says itself that it has no such ring: nobody will acknowledge it."""

    handle: str


class Mails(Protocol):
    """Copies of pages by e-mail."""

    async def send(self, mail: MailOut) -> Sent:
        """Hand one letter in, once."""
        ...

    async def check(self) -> Sent: ...


class Phone(Protocol):
    """One provider. Addresses and handles are the part after `name:`; nothing raises but `poll`."""

    @property
    def name(self) -> str: ...

    def has_form(self, address: str) -> bool:
        """Whether this could be an address there; only a ring proves that it is."""
        ...

    async def ring(self, address: str, key: str, words: str) -> Sent:
        """Ring. `key` is the same for every try of this one ring; `data` is {"handle": …}."""
        ...

    async def find(self, address: str, key: str) -> Sent | None:
        """What a try of this ring whose answer was lost may have left ringing: `data` is {"handle": …}. None
        where nothing is, or where it ends by itself. Rings nobody."""
        ...

    async def poll(self, handles: Sequence[str]) -> Sequence[Answered | Gone]:
        """Which of these a person has acknowledged, each who did in their order, and which there are none of;
        in doubt it goes on ringing. Raises PhoneAway."""
        ...

    async def stop(self, handle: str) -> Sent:
        """Stop ringing; well also where it had stopped, or was never known."""
        ...

    async def check(self) -> Sent:
        """Ask something small that needs the token and rings nobody."""
        ...
