"""Shifts pasted into a form: what becomes of each line is shown before any of it counts."""

from handlers.blocks import answers, ids, kit, plan_forms
from handlers.blocks.plan_forms import PASTED_MAX, Outcome
from handlers.commands import NotUnderstood
from handlers.listeners.edge import Edge, OnPress, OnSubmission, Opens, Press, Reply, Submission, Submitted
from handlers.listeners.editing import outcome_of
from handlers.text import count
from incidents.moves import NeedsSecondLook
from incidents.operations import rota_editing
from incidents.operations.rota_importing import Imported, paste_roster
from rotations.replanning import Place
from rotations.roster_csv import RosterWish, Verdict


def _pressed(edge: Edge, press: Press) -> Reply:
    organisation, _, _ = rota_editing.plan_of(edge.house, press.asked.user)
    form = plan_forms.paste_form(organisation)
    return Opens(form, "Paste shifts?", "Paste shifts", ids.PLAN_PASTE)


def _sent(edge: Edge, sent: Submission) -> Submitted:
    text = sent.values.get(ids.ROSTER, "")
    if len(text) > PASTED_MAX:
        raise NotUnderstood(f"That is longer than {PASTED_MAX:,} characters. Paste it in two parts.")
    _, actor, _ = rota_editing.plan_of(edge.house, sent.asked.user)
    meta = ids.pack_typed(sent.values.get(ids.REGION, ""), text, plan_forms.META_MAX)
    region, pasted = ids.unpack_typed(meta)
    imported = paste_roster(edge.house, sent.asked.ask(), pasted, _wish(region), dry_run=True)
    return plan_forms.roster_form(imported.report, _outcome(imported), actor.zone, meta)


def _wish(region: str) -> RosterWish:
    return RosterWish(region=region or None)


def _outcome(imported: Imported) -> Outcome:
    report = imported.report
    return outcome_of(imported.weighed, [Place(report.schedule, *where) for where in report.shifts])


def _sent_report(edge: Edge, sent: Submission) -> Submitted:
    return _saved(edge, sent, is_sure=False)


def _sent_sure(edge: Edge, sent: Submission) -> Submitted:
    return _saved(edge, sent, is_sure=True)


def _saved(edge: Edge, sent: Submission, is_sure: bool) -> Submitted:
    meta = sent.view["private_metadata"]
    region, pasted = ids.unpack_typed(meta)
    try:
        imported = paste_roster(edge.house, sent.asked.ask(), pasted, _wish(region), is_sure=is_sure)
    except NeedsSecondLook:
        seen = paste_roster(edge.house, sent.asked.ask(), pasted, _wish(region), dry_run=True)
        return plan_forms.sure_form(_outcome(seen), ids.VIEW_ROSTER_SURE, meta)
    report = imported.report
    lines = count(len(report.lines) - report.count(Verdict.DROPPED), "line")
    words = f"{lines} are in the schedule. Everybody whose shift moves is told."
    return answers.said(words, kit.button("Take it back", ids.PLAN_TAKE_BACK))


PRESSES: dict[str, OnPress] = {ids.PLAN_PASTE: _pressed}
SUBMISSIONS: dict[str, OnSubmission] = {
    ids.VIEW_PASTE: _sent,
    ids.VIEW_ROSTER: _sent_report,
    ids.VIEW_ROSTER_SURE: _sent_sure,
}
