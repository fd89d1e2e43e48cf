"""What leads are told of a calendar that is followed: that it cannot be read, can again, or says the same."""

from datetime import datetime

from handlers.blocks import following
from handlers.calls import Rendered, Skip
from handlers.outbound.desk import Desk, posted
from incidents.effects import Tell
from incidents.subscriptions import SUBJECT, Subscription

_ENDED = Skip("it is followed no more")


def failed(desk: Desk) -> Rendered:
    """Skipped where it is well again before this could leave."""
    one, args = _followed(desk), desk.effect.args
    if one is None:
        return _ENDED
    if one.failing is None or one.failing.since.isoformat() != args["since"]:
        return Skip("it can be read again")
    said = following.failed(one, datetime.fromisoformat(args["since"]), args["why"], desk.reader(desk.user))
    return posted(desk.user, said)


def well_again(desk: Desk) -> Rendered:
    one = _followed(desk)
    return posted(desk.user, following.well_again(one)) if one else _ENDED


def same_at_first(desk: Desk) -> Rendered:
    one = _followed(desk)
    return posted(desk.user, following.same_at_first(one)) if one else _ENDED


def _followed(desk: Desk) -> Subscription | None:
    one = desk.unit.subscriptions.get(desk.effect.subject.removeprefix(SUBJECT))
    return one if one is not None and one.ended_at is None else None


ABOUT = {
    Tell.CALENDAR_FAILED: failed,
    Tell.CALENDAR_WELL: well_again,
    Tell.CALENDAR_SAME: same_at_first,
}
