"""A file and its message are several calls: whoever loses the effect meanwhile shows nothing more of it."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.reconcile import Courier, Parcel
from bot.sending import LEASE_LOST, Outbound, Sent
from handlers.calls import Message, Upload
from incidents.effects import Effect, EffectKind
from tests.support.tiny_slack import BOT, TinySlack

AT = datetime(2026, 3, 2, tzinfo=UTC)
DRAFT = Upload("C1", "draft.md", "Draft", "# Draft", Message("Here it is"))


def ours_for(turns: int) -> Callable[[], bool]:
    """It is ours so many times that it is asked, then somebody else's."""
    left = iter([True] * turns)
    return lambda: next(left, False)


def delivered(outbound: Outbound, is_ours: Callable[[], bool], look_first: bool = False) -> Sent:
    effect = Effect(EffectKind.POST_DRAFT, "draft:1", "INC-1")
    parcel = Parcel(effect, DRAFT, AT, look_first, is_ours)
    return outbound.spawn(Courier(outbound, lambda: BOT, 0.0).deliver(parcel)).result(30)


def test_a_file_that_was_slow_to_arrive_is_not_shown(tiny_slack: TinySlack, outbound: Outbound) -> None:
    assert delivered(outbound, ours_for(1)) == LEASE_LOST
    assert len(tiny_slack.named("upload")) == 1
    assert tiny_slack.messages["C1"] == []


def test_one_that_is_shown_already_is_unsure_and_not_shown_again(
    tiny_slack: TinySlack, outbound: Outbound
) -> None:
    tiny_slack.created = AT.timestamp()
    lost = delivered(outbound, ours_for(2))
    assert (lost.ok, lost.ambiguous, tiny_slack.posts("C1")) == (False, True, [])
    assert delivered(outbound, lambda: True, look_first=True).ok
    assert (len(tiny_slack.named("upload")), tiny_slack.posts("C1")) == (1, ["Here it is"])
