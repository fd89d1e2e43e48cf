"""What a handoff sends: the post, its thread, a letter to each who has a part in it, phones, timers. Pure.

Every key holds the handoff's id and what it is, so that neither a restart nor a second replica repeats it."""

from collections.abc import Iterable

from msgspec.structs import replace

from incidents.decision import stamp
from incidents.effects import Effect, EffectKind, Priority, Tell, Timer, TimerKind
from incidents.handoff import Handoff, HandoffState
from incidents.model import UserId

SUBJECT = "handoff:"
THREAD = "thread"


def subject(handoff: Handoff) -> str:
    return f"{SUBJECT}{handoff.id}"


def id_in(subject: str) -> str:
    """The id of the handoff that an effect, timer or ring is about."""
    return subject.removeprefix(SUBJECT)


def changed(handoff: Handoff) -> Handoff:
    """The next version: its edits have names of their own."""
    return replace(handoff, version=handoff.version + 1)


def post(handoff: Handoff, has_thread: bool) -> list[Effect]:
    """The post of the team channel and, where something is open, what hangs under it."""
    named = subject(handoff)
    first = Effect(EffectKind.POST_HANDOFF, named, named, priority=Priority.PAGE)
    thread = replace(first, key=f"{named}:{THREAD}", args={"part": THREAD}, after=(named,))
    return [first, thread] if has_thread else [first]


def letters(handoff: Handoff, users: Iterable[UserId]) -> list[Effect]:
    """A direct message to each, once for the whole handoff; later it is edited."""
    named = subject(handoff)
    return [
        Effect(
            EffectKind.HANDOFF_LETTER, _letter(handoff, user), named, users=(user,), priority=Priority.PAGE
        )
        for user in dict.fromkeys(users)
    ]


def show(handoff: Handoff) -> list[Effect]:
    """Post, thread and letters follow what is true now; of several edits that wait the newest leaves."""
    edits = [_edit(handoff, subject(handoff))] if _is_posted(handoff) else []
    edits += [_thread_edit(handoff)] if handoff.thread else []
    return [*edits, *show_letters(handoff)]


def show_letters(handoff: Handoff) -> list[Effect]:
    """The letters alone."""
    return [
        replace(_edit(handoff, _letter(handoff, user)), kind=EffectKind.UPDATE_HANDOFF_LETTER, users=(user,))
        for user in handoff.readers
    ]


def show_again(handoff: Handoff, cause: str) -> list[Effect]:
    """The letters, because what is handed over has changed, not the handoff. `cause` is unique for ever."""
    return [
        replace(edit, key=f"{_letter(handoff, edit.users[0])}:{cause}", priority=Priority.STATUS)
        for edit in show_letters(handoff)
    ]


def _is_posted(handoff: Handoff) -> bool:
    """A draft is in no channel; everything else is, or its post is on the way."""
    return handoff.state not in (HandoffState.DRAFTED, HandoffState.WITHDRAWN)


def _edit(handoff: Handoff, key: str) -> Effect:
    return Effect(
        EffectKind.UPDATE_HANDOFF,
        f"{key}:v{handoff.version}",
        subject(handoff),
        after=(key,),
        newest=f"edit:{key}",
        priority=Priority.PAGE,
    )


def _thread_edit(handoff: Handoff) -> Effect:
    edit = _edit(handoff, f"{subject(handoff)}:{THREAD}")
    return replace(edit, args={"part": THREAD}, priority=Priority.STATUS)


def _letter(handoff: Handoff, user: UserId) -> str:
    return f"{subject(handoff)}:letter:{user}"


def ring(handoff: Handoff, user: UserId) -> Effect:
    return Effect(
        EffectKind.RING,
        _ring(handoff, user),
        subject(handoff),
        args={"page": user},
        users=(user,),
        priority=Priority.PAGE,
    )


def hang_up(handoff: Handoff, users: Iterable[UserId]) -> list[Effect]:
    """Phones stop for those of these whose phone was rung."""
    return [
        replace(
            ring(handoff, user),
            kind=EffectKind.STOP_RING,
            key=f"stop_{_ring(handoff, user)}",
            after=(_ring(handoff, user),),
        )
        for user in users
        if user in handoff.rang
    ]


def _ring(handoff: Handoff, user: UserId) -> str:
    return f"ring:{subject(handoff)}:{user}"


def rung(about: str) -> tuple[str, UserId]:
    """The handoff's id and the person, of what a ring's key says behind its first colon."""
    handoff_id, _, user = id_in(about).rpartition(":")
    return handoff_id, user


def tell_of_question(handoff: Handoff, about: Tell, number: int, users: Iterable[UserId]) -> list[Effect]:
    """A question to whoever leaves, or its answer to whoever asked."""
    return [
        Effect(
            EffectKind.TELL,
            f"tell:{about.value}:{handoff.id}:{number}:{user}",
            subject(handoff),
            args={"about": about.value, "number": str(number)},
            users=(user,),
            priority=Priority.PAGE,
        )
        for user in dict.fromkeys(users)
    ]


def timers(handoff: Handoff) -> list[Timer]:
    """The next level of the plan; firing it puts the one after."""
    return [
        Timer(
            TimerKind.HANDOFF_LEVEL,
            f"{subject(handoff)}:{due.level.value}:{stamp(due.at)}",
            subject(handoff),
            due.at,
            {"level": due.level.value},
        )
        for due in handoff.plan[:1]
    ]
