"""Escalation policies as data: for which incidents, whom each level pages and when, how often it begins anew.

Values and their words, as people write them in the file and read them in chat. Walks no ladder."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise

from msgspec import Struct

from rotations.wording import listed

SEVERITIES = ("sev0", "sev1", "sev2", "sev3", "sev4")
HARM_AREAS = (
    "threat_to_life",
    "child_safety",
    "fraud",
    "privacy",
    "coordinated_abuse",
    "api_misuse",
    "self_harm",
    "law_enforcement",
    "vendor_outage",
    "insider",
    "other",
)
SEATS = ("primary", "backup", "lead")
ALWAYS_KNOWN = ("legal", "executive")  # the default ladder names them, whether their schedule is kept or not
GRAVE = (0, 1, 2)  # whoever is called for these must reach a lead in the end
MOST_LEVELS = 10
MOST_REPEATS = 5
LONGEST_MIN = 24 * 60

_EVERY = {"primary": "all primaries", "backup": "all backups", "lead": "all leads"}


class Reach(Struct, frozen=True):
    """Whom a level pages: a seat, a specialist's schedule, one person by key, or a team.

    `where` is the region that holds now (current), the one after it (next), or every region (all).
    """

    seat: str = ""
    where: str = "current"
    schedule: str = ""
    person: str = ""
    team: str = ""

    @property
    def takes_command(self) -> bool:
        """Whether who is paged may become incident manager; Legal and its like come as liaison."""
        return self.schedule in ("", "executive")

    @property
    def words(self) -> str:
        """As people write it: `next primary`, `all leads`, `legal`, `@ana`, `team fraud`."""
        if self.person:
            return f"@{self.person}"
        if self.team:
            return f"team {self.team}"
        if self.schedule:
            return self.schedule
        return _EVERY[self.seat] if self.where == "all" else f"{_next(self.where)}{self.seat}"


def _next(where: str) -> str:
    return "next " if where == "next" else ""


class Level(Struct, frozen=True):
    """Minutes after the call began when all goes on time, whom it pages, and when their phones ring.

    `phone_after_min` counts from their page, 0 is at once; None: only for somebody who is muted in Slack or
    whom Slack has not reached.
    """

    after_min: int
    page: tuple[Reach, ...]
    phone_after_min: int | None = 0


class When(Struct, frozen=True):
    """Which incidents a policy is for; empty, or None, is any. `night` is that of whom it pages first."""

    severities: tuple[int, ...] = ()
    harms: tuple[str, ...] = ()
    night: bool | None = None

    def covers(self, other: When) -> bool:
        """Whether everything that is `other` is also this."""
        return (
            _covers(self.severities, other.severities)
            and _covers(self.harms, other.harms)
            and self.night in (None, other.night)
        )

    @property
    def words(self) -> str:
        """`SEV0 and SEV1 · fraud · at night`; `any incident`."""
        severities = listed(f"SEV{each}" for each in self.severities)
        harms = listed(each.replace("_", " ") for each in self.harms)
        hours = {None: "", True: "at night", False: "by day"}[self.night]
        return " · ".join(part for part in (severities, harms, hours) if part) or "any incident"


def _covers(mine: Collection[object], theirs: Collection[object]) -> bool:
    return not mine or (bool(theirs) and set(theirs) <= set(mine))


class Policy(Struct, frozen=True):
    """One ladder of the organisation's own. It begins anew `repeats` times while nobody answers.

    `waits_for_morning`: at night nobody is paged before the morning of whom it pages first. `by` is who
    made it in chat, as a Slack id; "" for a policy of the file.
    """

    when: When
    levels: tuple[Level, ...]
    repeats: int = 0
    waits_for_morning: bool = False
    by: str = ""

    @property
    def words(self) -> str:
        """`0 min primary, phone after 1 min · 5 min backup, phone at once · once more`."""
        parts = [level_words(level) for level in self.levels] or ["nobody is paged"]
        if self.repeats:
            parts.append("once more" if self.repeats == 1 else f"{self.repeats} times more")
        if self.waits_for_morning:
            parts.append("at night not before the morning")
        return " · ".join(parts)


def level_words(level: Level) -> str:
    phone = {None: "no phone", 0: "phone at once"}
    rings = phone.get(level.phone_after_min, f"phone after {level.phone_after_min} min")
    return f"{level.after_min} min {listed(reach.words for reach in level.page)}, {rings}"


class Known(Struct, frozen=True):
    """Whom targets may name: keys of people and of those who are leads, teams, specialists."""

    people: Collection[str] = ()
    leads: Collection[str] = ()
    teams: Collection[str] = ()
    specialists: Collection[str] = ()

    def options(self) -> tuple[str, ...]:
        """Every target there is, as people write it."""
        seats = (f"{where}{seat}" for where in ("", "next ") for seat in SEATS)
        specialists = dict.fromkeys((*ALWAYS_KNOWN, *self.specialists))
        teams = (f"team {team}" for team in self.teams)
        return (*seats, *_EVERY.values(), *specialists, *teams, *(f"@{key}" for key in self.people))


def read_reach(written: str, known: Known) -> Reach | None:
    """The target that the words name, in any case; None where they name nothing that is known."""
    words = " ".join(written.split())
    folded = words.casefold()
    option = next((each for each in known.options() if each.casefold() == folded), None)
    if option is None:
        return None
    if option.startswith("@"):
        return Reach(person=option[1:])
    if option.startswith("team "):
        return Reach(team=option.removeprefix("team "))
    everywhere = next((seat for seat, every in _EVERY.items() if every == option), "")
    if everywhere:
        return Reach(everywhere, "all")
    where = "next" if option.startswith("next ") else "current"
    seat = option.removeprefix("next ")
    return Reach(seat, where) if seat in SEATS else Reach("primary", schedule=option)


def reaches_lead(levels: Iterable[Level], known: Known) -> bool:
    """Whether the last level pages a lead: by seat, or a person who is one."""
    last = tuple(levels)[-1:]
    return any(
        (reach.seat == "lead" and not reach.schedule) or reach.person in known.leads
        for level in last
        for reach in level.page
    )


def fault_of(policy: Policy, known: Known) -> str:
    """What is wrong with a whole policy, as one sentence; "" where nothing is. The first fault counts."""
    minutes = [level.after_min for level in policy.levels]
    if minutes and minutes[0] != 0:
        return "The first level is paged at once: its minutes are 0."
    if any(later <= earlier for earlier, later in pairwise(minutes)):
        return "Each level comes later than the one before it: let the minutes grow."
    if not all(any(reach.takes_command for reach in level.page) for level in policy.levels):
        return "Each level pages somebody who can take command: a seat, a person or a team."
    grave = not policy.when.severities or any(each in GRAVE for each in policy.when.severities)
    if grave and not policy.levels:
        return "A policy without levels pages nobody; that is for SEV3 and SEV4 alone."
    if grave and policy.waits_for_morning:
        return "Only a policy for SEV3 and SEV4 alone waits for the morning; graver ones page at night too."
    if grave and not reaches_lead(policy.levels, known):
        return "Its last level pages no lead, and somebody must be left to hear it. Add lead or all leads."
    return ""
