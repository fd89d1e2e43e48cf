"""What a rule answers: the state after it, what goes on the timeline, what goes out, what falls due."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from incidents.effects import Effect, EffectKind, Priority, Tell, Timer
from incidents.model import Entry, Incident


class Decision(Struct, frozen=True):
    """`cancel` holds prefixes of timer keys that no longer count; it is carried out before `timers`."""

    incident: Incident
    entries: tuple[Entry, ...] = ()
    effects: tuple[Effect, ...] = ()
    timers: tuple[Timer, ...] = ()
    cancel: tuple[str, ...] = ()

    def then(self, later: "Decision") -> "Decision":
        """This decision followed by one that was made on its incident."""
        return Decision(
            later.incident,
            self.entries + later.entries,
            self.effects + later.effects,
            tuple(t for t in self.timers if not t.key.startswith(later.cancel or ("\0",))) + later.timers,
            self.cancel + later.cancel,
        )

    def with_effects(self, *effects: Effect) -> "Decision":
        return replace(self, effects=self.effects + effects)


def create_key(incident: Incident) -> str:
    """The key of the effect on which everything in the channel waits."""
    return f"create:{incident.key}"


def announce_key(incident: Incident) -> str:
    return f"announce:{incident.key}"


def thread_card_key(incident: Incident) -> str:
    """The card of an incident that opens in a thread, until it has a channel."""
    return f"thread_card:{incident.key}"


def card_key(incident: Incident) -> str:
    """The effect that posts the card where the incident is now."""
    is_in_thread = incident.thread is not None and incident.channel is None
    return thread_card_key(incident) if is_in_thread else f"post_card:{incident.key}"


def show_change(incident: Incident, announce: bool = True, topic: bool = False) -> tuple[Effect, ...]:
    """The edits that let card, announcement and topic follow a change; older ones are overtaken.

    Named by the version that the change is saved as, so one change shows itself once.
    """
    at = f"{incident.key}:{incident.version + 1}"
    effects = [
        Effect(
            EffectKind.UPDATE_CARD,
            f"card:{at}",
            incident.key,
            after=(card_key(incident),),
            lane=f"card:{incident.key}",
            newest=f"card:{incident.key}",
        )
    ]
    if announce and not incident.restricted:
        effects.append(
            Effect(
                EffectKind.UPDATE_ANNOUNCEMENT,
                f"announcement:{at}",
                incident.key,
                after=(announce_key(incident),),
                lane=f"announcement:{incident.key}",
                newest=f"announcement:{incident.key}",
                priority=Priority.ANNOUNCE,
            )
        )
    if topic:
        effects.append(_topic(incident, at))
    return tuple(effects)


def _topic(incident: Incident, at: str) -> Effect:
    return Effect(
        EffectKind.SET_TOPIC,
        f"topic:{at}",
        incident.key,
        after=(create_key(incident),),
        lane=f"topic:{incident.key}",
        newest=f"topic:{incident.key}",
        priority=Priority.COSMETIC,
    )


def opening_effects(incident: Incident) -> tuple[Effect, ...]:
    """Channel first, then one parallel wave; topic, bookmark and pin follow and can fail without harm."""
    key, after_create, after_card = incident.key, (create_key(incident),), (card_key(incident),)
    effects = [
        Effect(EffectKind.CREATE_CHANNEL, create_key(incident), key, priority=Priority.OPENING),
        Effect(EffectKind.POST_CARD, card_key(incident), key, after=after_create, priority=Priority.OPENING),
        _topic(incident, f"{key}:0"),
        Effect(EffectKind.ADD_BOOKMARK, f"bookmark:{key}", key, after=after_card, priority=Priority.COSMETIC),
        Effect(EffectKind.PIN_CARD, f"pin:{key}", key, after=after_card, priority=Priority.COSMETIC),
    ]
    if not incident.restricted:
        effects.append(announce(incident))
    return tuple(effects)


def announce(incident: Incident) -> Effect:
    return Effect(
        EffectKind.ANNOUNCE,
        announce_key(incident),
        incident.key,
        after=(create_key(incident),),
        priority=Priority.STATUS,  # in a storm, after the cards of those that have nothing but a thread
    )


def invite(incident: Incident, users: tuple[str, ...], name: str) -> tuple[Effect, ...]:
    """Bring people into the channel, all in one call; nothing for nobody."""
    if not users:
        return ()
    return (
        Effect(
            EffectKind.INVITE,
            f"invite:{incident.key}:{name}",
            incident.key,
            users=users,
            after=(create_key(incident),),
            priority=Priority.OPENING,
        ),
    )


def tell(
    about: Tell, incident_key: str, users: tuple[str, ...], name: str = "", **args: str
) -> tuple[Effect, ...]:
    """A direct message to each of these people."""
    return tuple(
        Effect(
            EffectKind.TELL,
            f"tell:{about.value}:{incident_key}:{name}:{user}",
            incident_key,
            args={"about": about.value, **args},
            users=(user,),
            priority=Priority.OPENING,
        )
        for user in dict.fromkeys(users)
    )


def stamp(at: datetime) -> str:
    """An instant as data of an entry or effect: RFC 3339 in UTC."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
