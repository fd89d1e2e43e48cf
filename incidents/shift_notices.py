"""Notices of shifts as effects and back: what is kept of one until it leaves. Pure; words are the edge's."""

from datetime import UTC, datetime

from incidents.effects import Effect, EffectKind, Priority
from incidents.model import MessageRef, UserId
from rotations.model import Seat
from rotations.newer import known
from rotations.notices import Notice, NoticeKind
from rotations.own_shifts import OwnShift

SUBJECT = "shift:"  # and the day on which it begins, in UTC
OUTLOOK = "outlook:"
UNREACHED = "unreached"  # in args: the person could not be told, and by which of Slack's errors


def notice_effect(notice: Notice, user: UserId, leaves_at: datetime) -> Effect:
    """One direct message; its key is the same however often it is put."""
    shift = notice.shift
    args = {
        "kind": notice.kind.value,
        "to": notice.to,
        "person": shift.person,
        "schedule": shift.schedule,
        "region": shift.region,
        "seat": shift.seat.value,
        "start": shift.start.isoformat(),
        "end": shift.end.isoformat(),
        "due": notice.due.isoformat(),
        "until": notice.until.isoformat(),
        "about": notice.about,
    }
    return Effect(
        EffectKind.SHIFT_NOTICE,
        f"shift_notice:{notice.to}:{notice.slot}",
        subject_of(shift.start),
        args,
        users=(user,),
        priority=Priority.STATUS,
        not_before=leaves_at,
    )


def subject_of(start: datetime) -> str:
    return f"{SUBJECT}{start.astimezone(UTC).date().isoformat()}"


def moved_effect(sent: Effect, message: MessageRef) -> Effect:
    """The edit of a notice whose shift has moved since it was sent."""
    return Effect(
        EffectKind.UPDATE_SHIFT_NOTICE,
        f"{sent.key}:moved",
        sent.subject,
        {**sent.args, "channel": message.channel, "ts": message.ts},
        users=sent.users,
        priority=Priority.COSMETIC,
    )


def notice_of(effect: Effect) -> Notice:
    """What `notice_effect` made an effect of. Raises NotKnownHere for one of a newer version."""
    args = effect.args
    start, end = datetime.fromisoformat(args["start"]), datetime.fromisoformat(args["end"])
    shift = OwnShift(args["person"], args["schedule"], args["region"], known(Seat, args["seat"]), start, end)
    due, until = datetime.fromisoformat(args["due"]), datetime.fromisoformat(args["until"])
    return Notice(known(NoticeKind, args["kind"]), args["to"], shift, due, until, args["about"])


def unreached_effect(failed: Effect, lead: UserId, error: str) -> Effect:
    """To a lead, once for each shift: this person could not be told of it."""
    shift = notice_of(failed).shift
    return Effect(
        EffectKind.SHIFT_NOTICE,
        ":".join((UNREACHED, lead, *shift.place, shift.start.isoformat())),
        failed.subject,
        {**failed.args, UNREACHED: error},
        users=(lead,),
        priority=Priority.ANNOUNCE,
    )


def outlook_effect(monday: datetime) -> Effect:
    """The team's post of a Monday."""
    name = f"{OUTLOOK}{monday.date().isoformat()}"
    return Effect(
        EffectKind.POST_OUTLOOK, name, name, {"monday": monday.isoformat()}, priority=Priority.DIGEST
    )
