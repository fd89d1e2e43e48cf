"""Notices to those who run Meridian: the fact, what it means, what to do. Keys and numbers only.

Never a title, and of the people only whom the schedules file names."""

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from handlers.blocks import kit
from handlers.blocks.reader import Reader
from handlers.calls import Message
from handlers.text import count, literal, own_time, sentence, shared_time_short, utc
from incidents.operations.notices import MAIL, About

_SENT = {
    "send_page": "a page",
    "ring": "the phone call of a page",
    "create_channel": "the channel",
    "post_card": "the first message of the channel",
    "post_thread_card": "the first message of the thread",
    "post_moved": "the way to the new channel",
    "post_update": "an update",
    "post_handoff": "a shift change",
    "handoff_letter": "a shift change",
    "tell": "a direct message",
    "post_outlook": "Monday's post of open shifts",
    "rota_ask": "the question to somebody",
    "show_import": "what it would change",
    "import_report": "the report",
}
_FELL_DUE = {"call_level": "the next level of a page", "ring": "the phone call of a page"}


class Notice(Struct, frozen=True):
    """One notice for one reader: several people read it in a channel, or one person in their own zone."""

    about: About
    args: Mapping[str, str]
    reader: Reader
    is_shared: bool

    def word(self, name: str) -> str:
        """One of its arguments, safe inside mrkdwn."""
        return literal(self.args.get(name, ""), 200)

    def number(self, name: str) -> int:
        value = self.args.get(name, "")
        return int(value) if value.isdecimal() else 0

    def at(self, name: str) -> datetime | None:
        value = self.args.get(name, "")
        return datetime.fromisoformat(value) if value else None


def notice(it: Notice) -> Message:
    """One message; its lock-screen line is the same in UTC."""
    words = _WORDS[it.about](it)
    plain = _WORDS[it.about](Notice(it.about, it.args, it.reader, False)) if it.is_shared else words
    return kit.message(plain, [kit.section(words)])


def _dead_letter(it: Notice) -> str:
    kind = it.args.get("kind", "")
    if kind == "set_user_group":
        return _group_refused(it)
    what = _SENT.get(kind, "a message")
    return (
        f"{_subject(it)}: {what} could not be delivered ({it.word('error')}) and is not tried again."
        " Retry or drop it: `python -m bot outbox list`"
    )


def _group_refused(it: Notice) -> str:
    return (
        f"@{it.word('subject').removeprefix('group:')} still reaches whoever was in it last: Slack refuses"
        f" the change ({it.word('error')}). It is tried again every hour. Slack's settings say who may change"
        " user groups: Meridian has to be one of them."
    )


def _dead_timer(it: Notice) -> str:
    what = _FELL_DUE.get(it.args.get("kind", ""), "a reminder")
    return (
        f"{_subject(it)}: {what} failed every time ({it.word('error')}) and is not tried again."
        " Look at the incident, and at Meridian's log."
    )


def _subject(it: Notice) -> str:
    """The incident's key; of anything else what it is."""
    kind, colon, _ = it.args.get("subject", "").partition(":")
    return _CAPTIONS.get(kind, "Meridian") if colon else it.word("subject") or "Meridian"


_CAPTIONS = {
    "handoff": "Shift change",
    "test": "Test page",
    "override": "Override",
    "rota": "Cover or swap",
    "import": "Import",
}


def _ring_unauthorised(it: Notice) -> str:
    if it.args.get("provider") == MAIL:
        return (
            "The mail server does not take Meridian, so no copies of pages leave by e-mail. Look at SMTP_URL,"
            " restart, and run `python -m bot doctor`."
        )
    return (
        f"{it.word('provider').capitalize()} refuses Meridian's account, so no phone rings through it."
        " Copy its token again, restart, and run `python -m bot doctor`."
    )


def _missing_scope(it: Notice) -> str:
    return (
        f"Slack does not let Meridian call {it.word('method')}: the scope {it.word('scope') or 'it needs'} is"
        " missing. What calls it waits. Put it on the app's page and install the app again; then it leaves."
    )


def _no_phone_leg(it: Notice) -> str:
    name = it.reader.name(it.args.get("user", ""))
    return f"{name} is on call and has no phone that rings. Add one to the schedules file and apply it."


def _was_away(it: Notice) -> str:
    missed = _missed(it) or " Nothing was missed."
    if it.args.get("clock") == "ahead":
        return f"Nobody kept time {_between(it)}: the clock was set ahead, or the machine slept.{missed}"
    return f"Meridian was away {_between(it)}.{missed}"


def _missed(it: Notice) -> str:
    """` 2 pages left late, 1 handoff is due now.`; "" for nothing."""
    counts = (
        _counted(it, "page", "left late", "left late"),
        _counted(it, "reminder", "was dropped", "were dropped"),
        _counted(it, "handoff", "is due now", "are due now"),
    )
    said = ", ".join(words for words in counts if words)
    return f" {sentence(said)}" if said else ""


def _counted(it: Notice, noun: str, one: str, many: str) -> str:
    """`2 pages left late`; "" for none."""
    number = it.number(f"{noun}s")
    return f"{count(number, noun)} {one if number == 1 else many}" if number else ""


def _token_refused(it: Notice) -> str:
    return (
        f"Slack refused Meridian's token {_between(it)} ({it.word('error')}). Nothing could leave."
        f" What waited is leaving now, pages first.{_missed(it)}"
    )


def _slack_away(it: Notice) -> str:
    return (
        f"Slack took nothing {_between(it)} ({it.word('error')}). What waited is leaving now, pages first."
        f"{_missed(it)}"
    )


def _store_trouble(it: Notice) -> str:
    return (
        f"Nothing could be saved {_between(it)}. {sentence(it.word('error'))}"
        " Whoever typed or pressed was told so at once; what Slack delivers by itself comes again."
        f"{_missed(it)}"
    )


def _restored(it: Notice) -> str:
    waiting = it.word("waiting").split()
    waiting += [count(hidden, "restricted incident")] if (hidden := it.number("hidden")) else []
    look = f" By the copy nobody has taken {', '.join(waiting)}: look there now." if waiting else ""
    return (
        f"Meridian went back to a copy of its database of {_moment(it, it.at('copy_at'))}. What came after it"
        f" is not known here, and nobody is paged again for it.{look}"
    )


def _empty_group(it: Notice) -> str:
    stays = it.reader.people(tuple(filter(None, it.args.get("users", "").split(","))))
    return (
        f"@{it.word('handle')} still reaches {stays or 'whoever is in it'}: nobody is scheduled for it now,"
        " and Slack takes no empty group. Put somebody on call: /oncall override."
    )


def _between(it: Notice) -> str:
    """`13:51–14:04 UTC`, the end with its day if it is far off; in a channel the reader's own times first."""
    start, end = it.at("from"), it.at("to")
    if start is None or end is None:
        return "for a while"
    in_utc = f"{utc(start, it.reader.now).removesuffix(' UTC')}–{utc(end, start)}"
    if it.is_shared:
        own = f"{shared_time_short(start, it.reader.now)}–{shared_time_short(end, start)}"
        return f"{own} your time · {in_utc}"
    return in_utc


def _moment(it: Notice, at: datetime | None) -> str:
    if at is None:
        return "some time ago"
    return it.reader.shared(at) if it.is_shared else own_time(at, it.reader.zone, it.reader.now)


_WORDS: Mapping[About, Callable[[Notice], str]] = {
    About.DEAD_LETTER: _dead_letter,
    About.DEAD_TIMER: _dead_timer,
    About.RING_UNAUTHORISED: _ring_unauthorised,
    About.MISSING_SCOPE: _missing_scope,
    About.NO_PHONE_LEG: _no_phone_leg,
    About.WAS_AWAY: _was_away,
    About.TOKEN_REFUSED: _token_refused,
    About.SLACK_AWAY: _slack_away,
    About.STORE_TROUBLE: _store_trouble,
    About.RESTORED: _restored,
    About.EMPTY_GROUP: _empty_group,
}
