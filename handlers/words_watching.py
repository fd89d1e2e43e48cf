"""What follows the verbs around a page: who acknowledges for whom, the next people, no more paging, rest.

A reading answers None where the words are no command after all: then they are a title. Pure and linear."""

from handlers.commands import (
    Acknowledge,
    Back,
    Command,
    Escalate,
    Here,
    NotUnderstood,
    StopPaging,
    TakeTwenty,
)
from handlers.words_pieces import Head, as_typed, person_of

NEXT_PEOPLE = ("now", "again", "next level", "next people")
_TAKEN = frozenset({"ack", "acknowledge", "acknowledged", "ok", "okay", "on it", "got it", "i have it"})


def is_taken(words: str) -> bool:
    """Whether a message to Meridian says nothing but that somebody has it: `ack`, `OK!`, `on it.`"""
    return " ".join(words[:40].casefold().strip(" .!👍").split()) in _TAKEN


def acknowledge(head: Head, key: str) -> Command | None:
    """`ack [key] [for @ana]`."""
    named = head.take_key() or key
    if not head.take_one_of("for"):
        return None if head.rest() else Acknowledge(named)
    word = head.take()
    person = person_of(word)
    if not person and word.startswith("@"):
        raise NotUnderstood(
            f"There is nobody here by the name {as_typed(word)[:60]}. Pick them from the list."
        )
    named = head.take_key() or named
    return Acknowledge(named, person) if person and not head.rest() else None


def escalate(head: Head, key: str) -> Command | None:
    """`escalate [now]`, `escalate INC-142 [reason]`; without a key more words are a title."""
    named = head.take_key() or key
    head.take_one_of("now")
    reason = as_typed(head.rest())
    return None if reason and not named else Escalate(named, reason)


def stop(head: Head, key: str) -> Command | None:
    """`stop paging [key] [reason]`; anything else that stops is a title."""
    if not head.take_one_of("paging", "pages"):
        return None
    named = head.take_key() or key
    return StopPaging(named, as_typed(head.rest()))


def take(head: Head, key: str) -> Command | None:
    """`take 20 [key]`, `take 20 minutes`."""
    if not head.take_one_of("20", "twenty"):
        return None
    head.take_one_of("min", "minutes")
    named = head.take_key() or key
    return None if head.rest() else TakeTwenty(named)


def i_am(head: Head, key: str) -> Command | None:
    """`i am here`, `I'm back`."""
    head.take_one_of("am")
    word = head.take().casefold().rstrip(".!")
    named = head.take_key() or key
    if head.rest():
        return None
    known: dict[str, Command] = {"here": Here(named), "back": Back(named)}
    return known.get(word)
