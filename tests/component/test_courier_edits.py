"""An edit whose outcome is unsure is made again without looking: it adds nothing to what stands there."""

from datetime import UTC, datetime

from bot.reconcile import Courier, Parcel
from bot.sending import LEASE_LOST, Outbound, Sent
from handlers.calls import Call
from incidents.effects import Effect, EffectKind, Priority
from tests.support.tiny_slack import BOT, TinySlack

AT = datetime(2026, 3, 2, tzinfo=UTC)
NEVER_S = 3600.0
EDIT = Call("chat.update", {"channel": "C1", "ts": "1.1", "text": "Stood down"})


def parcel(call: Call, *, is_ours: bool = True) -> Parcel:
    effect = Effect(EffectKind.UPDATE_PAGE, "edit:1", "INC-1", priority=Priority.PAGE)
    return Parcel(effect, call, AT, True, lambda: is_ours)


def delivered(outbound: Outbound, courier: Courier, what: Parcel) -> Sent:
    return outbound.spawn(courier.deliver(what)).result(30)


def lands_for_s(outbound: Outbound, courier: Courier) -> float:
    async def asked() -> float:
        return courier.lands_for_s("edit:1")

    return outbound.spawn(asked()).result(30)


def test_the_edit_of_a_page_is_made_again_at_once(tiny_slack: TinySlack, outbound: Outbound) -> None:
    delivered(outbound, Courier(outbound, lambda: BOT, NEVER_S), parcel(EDIT))
    assert [method for method, _, _ in tiny_slack.calls] == ["chat.update"]


def test_whoever_loses_the_lease_has_waited_all_the_same(outbound: Outbound) -> None:
    courier = Courier(outbound, lambda: BOT, NEVER_S)
    assert lands_for_s(outbound, courier) == NEVER_S
    assert delivered(outbound, courier, parcel(EDIT, is_ours=False)) == LEASE_LOST
    assert lands_for_s(outbound, courier) < NEVER_S
