"""What `doctor` found, as values: a state, a thing, and what to do about it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

from msgspec import Struct, field

from incidents.people import Actor
from incidents.ringing import Proof
from incidents.subscriptions import Subscription
from rotations.model import Organisation

PROVEN_WITHIN = timedelta(days=30)


class State(StrEnum):
    OK = "ok"
    MISSING = "missing"
    BROKEN = "broken"  # it does not answer at all


class Finding(Struct, frozen=True):
    """One thing that was looked at. `advice` is the next step, "" when it is well."""

    state: State
    what: str
    advice: str = ""

    @property
    def line(self) -> str:
        return f"{self.state.value:<8} {self.what}{f'. {self.advice}.' if self.advice else ''}"

    @property
    def document(self) -> dict[str, str]:
        return {"state": self.state.value, "what": self.what, "advice": self.advice}


def ok(what: str) -> Finding:
    return Finding(State.OK, what)


def missing(what: str, advice: str) -> Finding:
    return Finding(State.MISSING, what, advice)


class Roll(Struct, frozen=True):
    """Who is there by our own database: the organisation as applied, person key → Slack id, and by Slack id
    what is known of them and the tests that they have answered of late; calendars that are followed."""

    organisation: Organisation | None = None
    linked: Mapping[str, str] = field(default_factory=dict)
    actors: Mapping[str, Actor] = field(default_factory=dict)
    tests: Mapping[str, Sequence[Proof]] = field(default_factory=dict)
    followed: tuple[Subscription, ...] = ()
