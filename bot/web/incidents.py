"""Declaring from outside, by whoever knows the secret: a monitor, a form, a script. Slack is not needed.

What is asked becomes one operation; which incident a dedup key belongs to, the inbox remembers for ever. Only
what the signature covers counts, so that a request which somebody has overheard declares nothing anew."""

import hashlib
import logging
import re
from collections.abc import Mapping

from msgspec import Struct

from bot.web.payloads import Json, Unreadable, json_in
from bot.web.routes import Answer, Incoming, Route, as_json
from bot.web.signatures import MERIDIAN, is_signed
from handlers.at_hand import in_hand
from incidents.access import Action, may
from incidents.errors import EmptyTitle, IncidentError, NotKnownYet
from incidents.model import Harm, Severity, UserId
from incidents.operations import declaring
from incidents.operations.declaring import Request
from incidents.people import Ask
from incidents.ports import Clock, House, Unit

PATH = "/incidents"
KINDS: Mapping[str, type] = {"title": str, "restricted": bool, "by": str, "dedup": str, "harm": str}
SEVERITY = re.compile(r"(?:sev)?([0-4])", re.IGNORECASE)
FIELDS = (*KINDS, "severity")
UNSIGNED = Answer(401)

log = logging.getLogger(__name__)


class Faulty(Exception):
    """What was asked cannot be declared; the sentence says what to change."""


class Wish(Struct, frozen=True):
    """`by` is a Slack id or a person's key in the schedules file; "" when nobody is named."""

    request: Request
    by: str = ""
    dedup: str = ""


class IncidentsDoor(Struct, frozen=True):
    """`clock` is the machine's, for signatures; `stands_in` is who declares for those whom nobody knows."""

    secret: str
    clock: Clock
    house: House
    stands_in: str

    @property
    def route(self) -> Route:
        return Route("POST", PATH, self.answer)

    def answer(self, incoming: Incoming) -> Answer:
        if not is_signed(incoming, MERIDIAN, self.secret, self.clock.now()):
            return UNSIGNED
        try:
            wish = wish_in(json_in(incoming))
        except Unreadable:
            return _refused("The body is no JSON object.", 400)
        except Faulty as fault:
            return _refused(str(fault), 422)
        dedup = wish.dedup or incoming.header(MERIDIAN.signature)
        digest = hashlib.sha256(dedup.encode("utf-8", "surrogatepass")).hexdigest()
        delivery = f"web:{digest}"
        with in_hand(delivery, wish.by):
            return self._declared(wish, delivery)

    def _declared(self, wish: Wish, delivery: str) -> Answer:
        by = self.house.store.read(lambda unit: self._by(unit, wish.by))
        if not by:
            log.error("INCIDENTS_BY names nobody who may declare: an incident from outside was refused")
            return _refused("Nobody is known in whose name this could be declared: see INCIDENTS_BY.", 503)
        try:
            incident, is_new = declaring.declare_once(self.house, Ask(by, delivery), wish.request)
        except EmptyTitle:
            return _refused("The title is empty.", 422)
        except NotKnownYet as refusal:
            return _refused(str(refusal), 503)
        except IncidentError as refusal:
            return _refused(str(refusal), 403)
        told = {"key": incident.key, "severity": incident.severity.label, "restricted": incident.restricted}
        return as_json(told, 201 if is_new else 200)

    def _by(self, unit: Unit, named: str) -> UserId:
        """In whose name; "" for nobody."""
        found = (_may_declare(unit, who) for who in (named, self.stands_in) if who)
        return next((user for user in found if user), "")


def wish_in(body: Json) -> Wish:
    """Raises Faulty, also for an unknown field: a misspelt `restricted` would show it to everybody."""
    unknown = sorted(set(body) - set(FIELDS))
    if unknown:
        raise Faulty(f"{unknown[0]!r} is no field. There are: {', '.join(sorted(FIELDS))}.")
    for name, kind in KINDS.items():
        if body.get(name) is not None and not isinstance(body[name], kind):
            raise Faulty(f"{name} is no {'true or false' if kind is bool else 'text'}.")
    if not (body.get("title") or "").strip():
        raise Faulty("title is missing: a few words about what is happening.")
    request = Request(
        title=body["title"],
        severity=_severity(body.get("severity")),
        harm=_harm(body.get("harm")),
        restricted=bool(body.get("restricted")),
    )
    by = (body.get("by") or "").strip()
    named = by if by.isprintable() else ""  # what no key and no id holds, a database may not take
    return Wish(request, named, body.get("dedup") or "")


def _severity(given: object) -> Severity | None:
    """`sev1`, `SEV1`, `1` or 1; None proposes one from the title."""
    if given is None:
        return None
    said = SEVERITY.fullmatch(str(given).strip())
    if said is None or isinstance(given, bool):
        raise Faulty("severity is one of sev0 to sev4, or left out.")
    return Severity(int(said.group(1)))


def _harm(given: str | None) -> Harm | None:
    if given is None:
        return None
    try:
        return Harm(given)
    except ValueError:
        raise Faulty(f"harm is one of {', '.join(Harm)}, or left out.") from None


def _may_declare(unit: Unit, who: str) -> UserId:
    """The Slack id of this person (given as one, or by the key in the schedules file), "" if they may not."""
    actor = unit.people.actor(who) or unit.people.actor(unit.schedules.slack_id(who))
    return actor.user if actor is not None and may(actor, Action.DECLARE) else ""


def _refused(why: str, status: int) -> Answer:
    return as_json({"error": why}, status)
