"""Their users as people here: the same address is the same person, and a strange id is asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from rotations.imports import Outcome, Question, QuestionKind
from rotations.model import Member, Person
from rotations.vendors.wish import Book
from rotations.wording import nearest
from rotations.zones import is_zone


class Theirs(Struct, frozen=True):
    """A user of theirs; `slack` is a Slack user id where they know it."""

    id: str
    name: str
    mail: str
    zone: str = ""
    slack: str = ""


class Roll:
    """Who is who. Only people whom a schedule or a policy names end up in the fragment."""

    def __init__(self, book: Book, users: Iterable[Theirs]) -> None:
        self._book = book
        standing = book.wish.organisation.people
        self._by_key = {person.key: person for person in standing}
        self._standing = frozenset(self._by_key)
        self._here = {
            address.casefold(): person
            for person in reversed(standing)
            for address in (person.slack, person.mail)
            if address
        }
        self._known: dict[str, Person] = {}
        self._used: dict[str, None] = {}
        self._counts: dict[str, int] = {}
        for user in dict.fromkeys(users):
            self._enter(user)

    @property
    def people(self) -> tuple[Person, ...]:
        """Those who were named, as they are or will be here."""
        return tuple(self._by_key[key] for key in self._used)

    def key(self, own_id: str, name: str = "", mail: str = "") -> str | None:
        """Whom a reference means, by their id, else by address; None: it is asked, or to be left out."""
        folded = mail.casefold()
        person = self._known.get(own_id) or self._known.get(folded) or self._here.get(folded)
        asked = mail or name or own_id
        if person is None and asked in self._book.wish.answers.people:
            answer = self._book.wish.answers.people[asked]
            person = self._by_key.get(answer)
            if not answer:
                return None
        if person is None:
            self._ask(asked, name)
            return None
        self._used[person.key] = None
        return person.key

    def members(self, users: Iterable[Theirs]) -> tuple[Member, ...]:
        """A turn for each, nobody's for who is still asked: so the others keep theirs. Left out: no turn."""
        turns: list[Member] = []
        for user in users:
            key = self.key(user.id, user.name, user.mail)
            if key is not None or not self._is_left_out(user):
                turns.append((key,) if key is not None else ())
        return tuple(turns)

    def _is_left_out(self, user: Theirs) -> bool:
        return self._book.wish.answers.people.get(user.mail or user.name or user.id) == ""

    def _enter(self, user: Theirs) -> None:
        what = f"user {user.name or user.mail}"
        if user.id in self._known:
            self._book.dropped(user.id, what, "It stands in the file twice.")
            return
        before = self._before(user)
        person, why = before or self._new(user), []
        if before is not None and before.key in self._standing:
            why.append(f"The same address is {before.key} here, who stays as they are.")
        elif before is not None:
            why.append(f"The same address is {before.key} in this file.")
        elif not is_zone(user.zone):
            why.append("No time zone of theirs is known; UTC until somebody says which.")
        self._by_key[person.key] = person
        self._known |= {each: person for each in (user.id, user.mail.casefold()) if each}
        is_taken = not why or person.key in self._standing
        self._book.note(user.id, what, Outcome.TAKEN if is_taken else Outcome.ADAPTED, why)

    def _before(self, user: Theirs) -> Person | None:
        """Who is here, or came before in the file."""
        mail, slack = user.mail.casefold(), user.slack.casefold()
        return self._here.get(mail) or self._here.get(slack) or self._known.get(mail)

    def _new(self, user: Theirs) -> Person:
        key = self._free(slug(user.name) or slug(user.mail.partition("@")[0]) or slug(user.id) or "somebody")
        person = Person(key, user.name or user.mail or key, user.slack or user.mail or None)
        return replace(person, zone=user.zone) if is_zone(user.zone) else person

    def _free(self, wanted: str) -> str:
        key, count = wanted, self._counts.get(wanted, 2)
        while key in self._by_key:
            key, count = f"{wanted}-{count}", count + 1
        self._counts[wanted] = count
        return key

    def _ask(self, asked: str, name: str) -> None:
        self._book.spend(len(self._by_key))
        by_name = {person.name: person.key for person in self._by_key.values()}
        near = nearest(name, by_name) if name else ""
        text = f"Who is {name or asked}? The export names them and does not say who they are."
        self._book.ask(Question(QuestionKind.PERSON, asked, text, (by_name[near],) if near else ()))


def slug(name: str) -> str:
    """ "Zoë Falk" → "zoe-falk": a key that can be typed."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")
