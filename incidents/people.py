"""Who acts: a person as the workspace and the schedules file know them, and one asking of theirs."""

from collections.abc import Callable

from msgspec import Struct

from incidents.model import UserId


class Actor(Struct, frozen=True):
    """Who asks, as the workspace and the schedules file know them.

    `ring` is where their phone rings, as `provider:where`; "" when the file does not say.
    """

    user: UserId
    name: str
    zone: str = "UTC"
    is_lead: bool = False
    is_vendor: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    is_deactivated: bool = False
    is_bot: bool = False
    phone: str = ""
    ring: str = ""
    mail: str = ""

    @property
    def is_outside(self) -> bool:
        """Vendor people and guests: never paged into or invited to a restricted incident."""
        return self.is_vendor or self.is_guest or self.is_stranger


ActorOfPerson = Callable[[str], Actor | None]
"""A person's key of the schedules file → who that is in Slack; None while unknown."""


class Ask(Struct, frozen=True):
    """Who asks, and by which delivery: a key that is the same when Slack delivers it again ("" for none)."""

    user: UserId
    delivery: str = ""
