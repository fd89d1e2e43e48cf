"""What follows the verbs that change an incident: people, roles, severities, statuses, texts, times.

A reading answers None where the words are no command after all: then they are a title. Pure and linear."""

from handlers.commands import (
    Assign,
    BringIn,
    ChangeSeverity,
    ChangeStatus,
    Command,
    Escalate,
    NotUnderstood,
    StopPaging,
    WriteNote,
    WriteUpdate,
)
from handlers.words_pieces import (
    ROLES,
    Head,
    as_typed,
    key_of,
    person_of,
    read_time,
    severity_digits,
    severity_of,
)
from handlers.words_watching import NEXT_PEOPLE
from incidents.model import Role, Severity, Status, Target

MOST_PEOPLE = 10

_SEATS = ("primary", "backup", "lead")
_STATUSES = {
    "triage": Status.TRIAGE,
    "active": Status.ACTIVE,
    "contain": Status.CONTAINED,
    "contained": Status.CONTAINED,
    "dismissed": Status.DISMISSED,
    "dismiss": Status.DISMISSED,
}


def page(head: Head, key: str) -> Command | None:
    """Mentions, a seat, a kind of specialist, or "next region"; the key before or after them."""
    words = head.few(MOST_PEOPLE)
    if words is None:
        return None
    named = next((found for word in words if (found := key_of(word))), key)
    whom = [word for word in words if not key_of(word)]
    if not whom:
        return BringIn(named)
    if all(person_of(word) for word in whom):
        return BringIn(named, tuple(Target(person=person_of(word)) for word in dict.fromkeys(whom)))
    said = " ".join(whom).casefold()
    if said in NEXT_PEOPLE:
        return Escalate(named)
    if said == "stop":
        return StopPaging(named)
    target = _seat(said)
    if target is not None:
        return BringIn(named, (target,))
    if len(whom) == 1:
        return BringIn(named, (_by_word(whom[0]),))
    return None


def _seat(words: str) -> Target | None:
    if words in ("next", "next region"):
        return Target(where="next")
    return Target(seat=words) if words in _SEATS else None


def _by_word(word: str) -> Target:
    _refuse_unknown_person(word)
    return Target(schedule=as_typed(word).casefold()[:80])


def _refuse_unknown_person(word: str) -> None:
    if word.startswith("@"):
        raise NotUnderstood(
            "Nobody in this workspace goes by that name. Pick the person from the list that Slack offers."
        )


def assign(head: Head, key: str) -> Command | None:
    """A role and a person in either order; one of them missing: the form."""
    words = head.few(8)
    if words is None:
        return None
    named = next((found for word in words if (found := key_of(word))), key)
    left = [w for w in words if not key_of(w) and w.casefold() not in ("to", "as", "incident")]
    people = [person_of(word) for word in left if person_of(word)]
    roles = [ROLES[word.casefold()] for word in left if word.casefold() in ROLES]
    for word in left:
        _refuse_unknown_person(word)
    spare = [w for w in left if not person_of(w) and w.casefold() not in ROLES and w.casefold() != "lead"]
    if spare or len(people) > 1 or len(roles) > 1:
        return None
    return Assign(named, roles[0] if roles else None, people[0] if people else "")


def hand_over(head: Head, key: str) -> Command | None:
    """`hand over to @bo`: the incident manager's role changes hands."""
    head.take_one_of("over")
    named = head.take_key() or key
    head.take_one_of("to")
    to = person_of(head.take())
    named = head.take_key() or named
    return None if head.rest() or not to else Assign(named, Role.MANAGER, to)


def change_severity(head: Head, key: str) -> Command | None:
    """`sev 2 reason`, `sev SEV2`, `sev INC-142 2`."""
    named = head.take_key() or key
    word = head.take()
    if not word:
        return ChangeSeverity(named)
    digits = severity_digits(word) or word.rstrip(":,.")
    if not (digits.isdecimal() and len(digits) <= 9):
        return None
    named = head.take_key() or named
    reason = as_typed(head.rest())
    to = severity_of(digits)
    if to is None:
        known = f"{Severity.SEV0.label} to {Severity.SEV4.label}"
        raise NotUnderstood(f"There is no SEV{digits}. There are {known}.")
    return ChangeSeverity(named, to, reason)


def update(head: Head, key: str) -> Command:
    named = head.take_key() or key
    return WriteUpdate(named, as_typed(head.rest()))


def note(head: Head, key: str) -> Command:
    """`note [key] [at 14:05 [UTC]] text`."""
    named = head.take_key() or key
    before = head.rest()
    if not head.take_one_of("at"):
        return WriteNote(named, as_typed(before))
    at = read_time(head)
    if at is None:
        return _note_of(named, before)
    return WriteNote(named, as_typed(head.rest()), at)


def _note_of(key: str, text: str) -> WriteNote:
    """`at` that begins no time begins the note itself; digits that are no time of day are asked about."""
    second = Head(text)
    second.take()
    word = second.peek()
    if word[:1].isdecimal() and ":" in word[:6]:
        raise NotUnderstood("That is no time of day. Write it like 14:05, in your own time, or 14:05 UTC.")
    return WriteNote(key, as_typed(text))


def change_status(head: Head, key: str) -> Command | None:
    """`status contained [reason]`; the words after an unknown one are a title (`status page is down`)."""
    named = head.take_key() or key
    word = head.take()
    if not word:
        return ChangeStatus(named)
    to = _STATUSES.get(word.casefold())
    if to is None:
        return None
    named = head.take_key() or named
    return ChangeStatus(named, to, as_typed(head.rest()))


def contain(head: Head, key: str) -> Command:
    named = head.take_key() or key
    return ChangeStatus(named, Status.CONTAINED, as_typed(head.rest()))


def dismiss(head: Head, key: str) -> Command:
    named = head.take_key() or key
    return ChangeStatus(named, Status.DISMISSED, as_typed(head.rest()))


def reopen(head: Head, key: str) -> Command:
    named = head.take_key() or key
    return ChangeStatus(named, Status.ACTIVE, as_typed(head.rest()))


def duplicate(head: Head, key: str) -> Command | None:
    """`duplicate of INC-141`, `merge INC-142 into INC-141`; without a key the words are a title."""
    words = head.few(4)
    keys = [found for word in words or () if (found := key_of(word))]
    spare = [w for w in words or () if not key_of(w) and w.casefold() not in ("of", "into", "with", "to")]
    if words == ():
        return ChangeStatus(key, Status.DUPLICATE)
    if words is None or spare or not keys or len(keys) > 2:
        return None
    return ChangeStatus(keys[0] if len(keys) == 2 else key, Status.DUPLICATE, of=keys[-1])
