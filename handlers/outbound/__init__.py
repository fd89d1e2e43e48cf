"""Effect → Web API call, rendered from the state of the moment it is sent in. Nothing here calls Slack."""

from collections.abc import Callable, Mapping

from handlers.calls import Rendered
from handlers.outbound import (
    announcements,
    cards,
    channels,
    drafts,
    handoffs,
    import_cards,
    notices,
    pages,
    proofs,
    reviews,
    rings,
    rota_asks,
    shift_notices,
    tells,
)
from handlers.outbound.desk import Desk
from incidents.effects import Effect, EffectKind
from incidents.ports import House, Unit

_RENDERERS: Mapping[EffectKind, Callable[[Desk], Rendered]] = {
    EffectKind.CREATE_CHANNEL: channels.creation,
    EffectKind.INVITE: channels.invitation,
    EffectKind.SET_TOPIC: channels.set_topic,
    EffectKind.ADD_BOOKMARK: channels.bookmark,
    EffectKind.PIN_CARD: channels.pin,
    EffectKind.POST_CARD: cards.post,
    EffectKind.UPDATE_CARD: cards.edit,
    EffectKind.POST_THREAD_CARD: cards.post_in_thread,
    EffectKind.MOVE_THREAD_CARD: cards.move,
    EffectKind.POST_MOVED: cards.say_moved,
    EffectKind.ANNOUNCE: announcements.post,
    EffectKind.UPDATE_ANNOUNCEMENT: announcements.edit,
    EffectKind.POST_UPDATE: announcements.post_update,
    EffectKind.EDIT_UPDATE: announcements.edit_update,
    EffectKind.SEND_PAGE: pages.send,
    EffectKind.SEND_PAGES: pages.send_together,
    EffectKind.UPDATE_PAGE: pages.edit,
    EffectKind.TELL: tells.send,
    EffectKind.POST_DRAFT: drafts.post,
    EffectKind.POST_REVIEW: reviews.post,
    EffectKind.POST_HANDOFF: handoffs.post,
    EffectKind.UPDATE_HANDOFF: handoffs.edit,
    EffectKind.HANDOFF_LETTER: handoffs.letter,
    EffectKind.UPDATE_HANDOFF_LETTER: handoffs.edit_letter,
    EffectKind.SET_USER_GROUP: handoffs.set_group,
    EffectKind.KEEP_MESSAGE: channels.marked_message,
    EffectKind.READ_DND: rings.read_dnd,
    EffectKind.RING: rings.ring,
    EffectKind.RINGS: rings.ring_together,
    EffectKind.STOP_RING: rings.hang_up,
    EffectKind.MAIL: rings.mail,
    EffectKind.NOTICE: notices.post,
    EffectKind.SHIFT_NOTICE: shift_notices.send,
    EffectKind.UPDATE_SHIFT_NOTICE: shift_notices.edit,
    EffectKind.POST_OUTLOOK: shift_notices.post_outlook,
    EffectKind.TEST_PAGE: proofs.send,
    EffectKind.UPDATE_TEST: proofs.edit,
    EffectKind.ROTA_ASK: rota_asks.send,
    EffectKind.UPDATE_ROTA_ASK: rota_asks.edit,
    EffectKind.SHOW_IMPORT: import_cards.send,
    EffectKind.UPDATE_IMPORT: import_cards.edit,
    EffectKind.IMPORT_REPORT: import_cards.send_report,
}


def render(effect: Effect, unit: Unit, house: House) -> Rendered:
    """What to send for this effect now; Skip where it is no longer wanted or cannot be addressed."""
    return _RENDERERS[effect.kind](Desk(effect, unit, house.clock.now(), house.phone_of))


def rendered_kinds() -> frozenset[EffectKind]:
    """The kinds that `render` knows: all of them, and a test says so."""
    return frozenset(_RENDERERS)
