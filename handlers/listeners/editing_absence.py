"""An absence set by a lead in a form: which shifts it lies over is shown before it counts."""

import json
from datetime import date, datetime, time, timedelta

from handlers.blocks import ids, plan_forms
from handlers.commands import NotUnderstood
from handlers.listeners import rota_changes
from handlers.listeners.edge import Edge, OnPress, OnSubmission, Opens, Press, Reply, Submission, Submitted
from handlers.listeners.editing import SHOWN, tomorrow
from incidents.decision import stamp
from incidents.errors import NotAPerson
from incidents.operations import oncall, rota_editing
from incidents.operations.rota_reading import shifts_in
from rotations.model import Absence
from rotations.wallclock import instant
from rotations.wishes import AbsenceWish

REASON_MAX = 200


def _pressed(edge: Edge, press: Press) -> Reply:
    _, actor, now = rota_editing.plan_of(edge.house, press.asked.user)
    form = plan_forms.absence_form(tomorrow(actor, now))
    return Opens(form, "Set an absence?", "Set an absence", ids.PLAN_ABSENCE)


def _sent(edge: Edge, sent: Submission) -> Submitted:
    """Their shifts of the next four weeks, with those that the absence lies over."""
    organisation, _, now = rota_editing.plan_of(edge.house, sent.asked.user)
    person = organisation.person_by_slack(sent.values.get(ids.PERSON, ""))
    if person is None:
        raise NotAPerson("They are on no schedule, so nothing has to be covered. Pick somebody who is.")
    start, end = _days(sent.values[ids.SINCE], sent.values[ids.UNTIL], person.zone)
    seen = Absence("", person.key, now, max(end, now + SHOWN))
    shifts = shifts_in(edge.house, sent.asked.ask(), seen)
    reason = sent.values.get(ids.WHY, "")[:REASON_MAX]
    meta = json.dumps([person.key, stamp(start), stamp(end), person.zone, reason], ensure_ascii=False)
    away = plan_forms.Away(person.name, person.zone, start, end)
    return plan_forms.absence_preview(away, shifts, meta)


def _days(first: str, last: str, zone: str) -> tuple[datetime, datetime]:
    """Both days whole, in the person's own calendar. Raises NotUnderstood."""
    starts_on, ends_on = date.fromisoformat(first), date.fromisoformat(last)
    if ends_on < starts_on:
        raise NotUnderstood("The last day is before the first. Turn them round.")
    midnight = time(0)
    return instant(starts_on, midnight, zone), instant(ends_on + timedelta(days=1), midnight, zone)


def _sent_preview(edge: Edge, sent: Submission) -> Submitted:
    person, start, end, zone, reason = json.loads(sent.view["private_metadata"])
    begins, ends = datetime.fromisoformat(start), datetime.fromisoformat(end)
    wish = AbsenceWish(person, begins, ends, zone, reason)
    rota = oncall.ask(edge.house, sent.asked.user, "")
    return _taken(rota_changes.answer(edge, sent.asked, rota, wish))


def _taken(reply: Reply) -> Submitted:
    return reply.view if isinstance(reply, Opens) else reply


PRESSES: dict[str, OnPress] = {ids.PLAN_ABSENCE: _pressed}
SUBMISSIONS: dict[str, OnSubmission] = {
    ids.VIEW_ABSENCE: _sent,
    ids.VIEW_ABSENCE_PREVIEW: _sent_preview,
}
