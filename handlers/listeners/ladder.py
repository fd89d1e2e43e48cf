"""`/oncall ladder`: who would be paged and when; leads change it, everybody else reads it."""

import json

from handlers.blocks import answers, ids
from handlers.blocks.ladder import META_MAX, ladder_form, ladders, sure_form
from handlers.commands import NotUnderstood
from handlers.listeners.edge import (
    Asked,
    Edge,
    OnPress,
    OnSubmission,
    Opens,
    Press,
    Reply,
    Submission,
    Submitted,
)
from handlers.words_pieces import Head, severity_digits, severity_of
from incidents.model import Harm, Severity
from incidents.operations import ladders as operations
from incidents.operations.ladders import CALLED
from rotations import codec
from rotations.escalation import Policy, When
from rotations.escalation_lines import read_levels
from rotations.wording import did_you_mean

VERB = "ladder"
HARMS = tuple(harm.value.replace("_", " ") for harm in Harm)


def is_meant(line: str) -> bool:
    return Head(line).take_one_of(VERB)


def answer(edge: Edge, asked: Asked, line: str) -> Reply:
    """`ladder [sev1] [fraud]`. Raises NotUnderstood, NoScheduleYet, NotAllowed."""
    head = Head(line)
    head.take_one_of(VERB)
    severities: tuple[Severity, ...] = CALLED
    if digits := severity_digits(head.peek()):
        head.take()
        severity = severity_of(digits)
        if severity is None:
            raise NotUnderstood(f"There is no SEV{digits}. The gravest is SEV0, the least SEV4.")
        severities = (severity,)
    return ladders(operations.ladders(edge.house, asked.user, severities, _harm(head.rest())))


def _harm(words: str) -> Harm:
    folded = " ".join(words.replace("_", " ").split()).casefold()
    if not folded:
        return Harm.OTHER
    if folded not in HARMS:
        raise NotUnderstood(f'There is no harm area "{words[:80]}"{did_you_mean(folded, HARMS)}')
    return Harm(folded.replace(" ", "_"))


def _pressed_change(edge: Edge, press: Press) -> Reply:
    severity, harm = Severity(int(press.key)), Harm(press.part(1))
    seen = operations.ladders(edge.house, press.asked.user, (severity,), harm)
    return Opens(
        ladder_form(seen.ladders[0], seen), "Change this ladder?", "Change", press.action_id, press.value
    )


def _pressed_take_back(edge: Edge, press: Press) -> Reply:
    when = _when(press.parts)
    operations.take_back(edge.house, press.asked.ask(), when)
    return answers.said(f"{when.words}: the change is taken back. The next call climbs the ladder of before.")


def _sent_ladder(edge: Edge, sent: Submission) -> Submitted:
    """Not saved yet: what it would do is shown in the form's place."""
    severity, harm = Severity(int(sent.parts[0])), Harm(sent.parts[1])
    targets = operations.ladders(edge.house, sent.asked.user, (severity,), harm).targets
    policy = Policy(
        _when(sent.parts[2:]),
        read_levels(sent.values.get(ids.LEVELS, ""), targets),
        int(sent.values.get(ids.REPEATS, "0")),
        sent.values.get(ids.WAITS) == "yes",
        sent.asked.user,
    )
    seen = operations.proposed(edge.house, sent.asked.user, policy, severity, harm)
    meta = json.dumps(codec.dump_escalation([policy]), ensure_ascii=False, separators=(",", ":"))
    if len(meta) > META_MAX:
        raise NotUnderstood("This ladder is too long for the form. Write it into the schedules file.")
    return sure_form(seen.ladders[0], seen, meta)


def _sent_sure(edge: Edge, sent: Submission) -> Submitted:
    (policy,) = codec.load_escalation(json.loads(sent.view["private_metadata"]))
    operations.change(edge.house, sent.asked.ask(), policy)
    return answers.said(f"{policy.when.words}: the ladder is changed. The next call climbs it.")


def _when(parts: tuple[str, ...]) -> When:
    severities, harms, night = (*parts, "", "", "")[:3]
    return When(
        tuple(int(each) for each in severities.split(",") if each),
        tuple(each for each in harms.split(",") if each),
        {"yes": True, "no": False}.get(night),
    )


PRESSES: dict[str, OnPress] = {
    ids.LADDER_CHANGE: _pressed_change,
    ids.LADDER_TAKE_BACK: _pressed_take_back,
}
SUBMISSIONS: dict[str, OnSubmission] = {ids.VIEW_LADDER: _sent_ladder, ids.VIEW_LADDER_SURE: _sent_sure}
