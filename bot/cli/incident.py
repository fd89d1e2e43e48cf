"""`declare`, `ack`, `page`: what is needed when Slack is away. The same operations as in Slack, at once.

What goes to Slack waits until it is back; phones ring at once, through a running bot or from here."""

from argparse import Namespace
from collections.abc import Callable

from msgspec import Struct

from bot.cli.exits import Exit, house_on, say, store_of, with_settings
from bot.cli.people import Nobody, account, person_named, whoever_types
from bot.settings import Settings
from incidents.errors import IncidentError
from incidents.model import Incident, PageState, Target, UserId
from incidents.operations import declaring, proving, responding
from incidents.operations.declaring import Request
from incidents.operations.entered import acknowledge_entered
from incidents.operations.scene import found
from incidents.people import Actor, Ask
from incidents.ports import House
from storage.opening import SqlStore

SEATS = ("primary", "backup", "lead")


class Desk(Struct, frozen=True):
    """A short command at work. `delivery` is its own, so that it counts once though the line to the database
    breaks at the commit and the whole is run again."""

    options: Namespace
    house: House
    store: SqlStore
    delivery: str

    def ask(self, user: UserId) -> Ask:
        return Ask(user, self.delivery)

    def person(self, word: str) -> Actor:
        return self.store.read(lambda unit: person_named(unit, word))

    def typist(self) -> Actor | None:
        return self.store.read(lambda unit: whoever_types(unit, self.options.by or ""))

    def incident(self, key: str) -> Incident:
        return self.store.read(lambda unit: found(unit, key))


@with_settings
def declare(settings: Settings, options: Namespace) -> Exit:
    """Pages leave at once, the channel opens when Slack is there."""
    return _acting(settings, options, _declare)


@with_settings
def acknowledge(settings: Settings, options: Namespace) -> Exit:
    return _acting(settings, options, _acknowledge)


@with_settings
def page(settings: Settings, options: Namespace) -> Exit:
    """One more person or seat; with --test only whether it rings."""
    return _acting(settings, options, _test if options.test else _page)


def _acting(settings: Settings, options: Namespace, act: Callable[[Desk], str | None]) -> Exit:
    """Do it and say so. `act` answers the key of the incident that now waits for somebody, "" where a test
    waits, None where nothing does."""
    with store_of(settings) as store:
        house = house_on(store, settings)
        waits = act(Desk(options, house, store, f"cli:{house.ids.new()}"))
    if waits is None:
        return Exit.DONE
    from bot.cli.ringing import ring_on

    return ring_on(settings, waits, bool(options.ring and waits))


def _declare(desk: Desk) -> str:
    options, by = desk.options, desk.typist()
    declarer = by or _some_lead(desk)
    said = f"Declared at the command line by the account {account()}"
    quote = f"{said}." if by else f"{said}, in the name of {declarer.name}, who is a lead."
    request = Request(options.title, options.sev, restricted=options.restricted, quote=quote)
    incident = declaring.declare(desk.house, desk.ask(declarer.user), request)
    say(
        f"{incident.key} is declared, {incident.severity.label}, by {declarer.name}.", *_paged(desk, incident)
    )
    if not by:
        say("Nobody is known by this account's name: say who you are with --by.")
    return incident.key


def _some_lead(desk: Desk) -> Actor:
    """Somebody has to answer for it until it is acknowledged. Raises Nobody."""
    people = desk.store.read(lambda unit: unit.people.everybody())
    leads = [one for one in people if one.is_lead and not one.is_deactivated]
    if not leads:
        raise Nobody(
            "Say who you are: --by with a Slack id, an e-mail address or a name of the schedules file."
        )
    return leads[0]


def _paged(desk: Desk, incident: Incident) -> list[str]:
    users = [one.user for one in incident.pages if one.state is PageState.WAITING]
    if not users:
        return ["Nobody is paged: nobody is scheduled, or the severity asks for nobody."]
    people = desk.store.read(lambda unit: unit.people.actors(users))
    waiting = [people.get(user) or Actor(user, user) for user in users]
    with_phone = [one.name for one in waiting if desk.house.phone_of(one)]
    phones = f"by phone too: {', '.join(with_phone)}" if with_phone else "no phone that rings is known"
    return [f"Paged: {', '.join(one.name for one in waiting)} ({phones})."]


def _acknowledge(desk: Desk) -> None:
    incident, me = desk.incident(desk.options.key), desk.typist()
    whom = desk.person(desk.options.as_) if desk.options.as_ else me or _only_one_waiting(desk, incident)
    if me is not None:
        responding.acknowledge(desk.house, desk.ask(me.user), incident.key, on_behalf_of=whom.user)
    else:
        by = f"The account {account()} of the command line"
        acknowledge_entered(desk.house, desk.ask(whom.user), incident.key, by)
    say(f"{whom.name} has {incident.key}.")


def _only_one_waiting(desk: Desk, incident: Incident) -> Actor:
    waiting = {one.user for one in incident.pages if one.state is PageState.WAITING}
    if len(waiting) != 1:
        raise Nobody(f"Say who has {incident.key}: --as with a Slack id, an e-mail address or a name.")
    return desk.person(waiting.pop())


def _page(desk: Desk) -> str:
    options = desk.options
    key, *rest = options.words
    if not rest and options.ring:
        return desk.incident(key).key  # nobody new: those who are paged already are rung
    if not rest:
        raise IncidentError("Say which incident and whom: python -m bot page INC-142 @bo, or backup.")
    by = desk.typist() or _some_lead(desk)
    whom = _target(desk, " ".join(rest))
    incident = responding.bring_in(desk.house, desk.ask(by.user), key, whom, options.why or "")
    say(*_paged(desk, incident))
    return incident.key


def _target(desk: Desk, words: str) -> Target:
    """A seat, `next`, a specialists' schedule, else a person."""
    wanted = words.strip().casefold()
    if wanted in ("next", "next region"):
        return Target(where="next")
    if wanted in SEATS:
        return Target(seat=wanted)
    organisation = desk.store.read(lambda unit: unit.schedules.organisation())
    if organisation is not None and organisation.schedule(wanted) is not None:
        return Target(schedule=wanted)
    return Target(person=desk.person(words).user)


def _test(desk: Desk) -> str:
    whom = desk.person(" ".join(desk.options.words))
    by = desk.typist() or whom
    proof = proving.ask_for_proof(desk.house, desk.ask(by.user), whom.user)
    say(f"A test page is on its way to {whom.name}{f': {proof.no_phone}' if proof.no_phone else ''}.")
    return ""
