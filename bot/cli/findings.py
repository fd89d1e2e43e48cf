"""What `doctor` found, as values: a state, a thing, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rotations.model import Organisation


class State(StrEnum):
    OK = "ok"
    MISSING = "missing"
    BROKEN = "broken"  # it does not answer at all


@dataclass(frozen=True, slots=True)
class Finding:
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


@dataclass(frozen=True, slots=True)
class Roll:
    """Who is there by our own database: the organisation as applied, and person key → Slack id."""

    organisation: Organisation | None = None
    linked: Mapping[str, str] = field(default_factory=dict)
