"""The page: a direct message that asks one person to come, and what the same message says afterwards."""

import re
from collections.abc import Sequence
from datetime import timedelta

from handlers.blocks import ids, kit
from handlers.blocks.facts import badge, lock_screen, status_words, title_outside
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import left, literal, sentence, span
from incidents.model import Incident, Page, PageState, Role, Watch

_SEATS = ("backup", "lead", "primary")
WHY_SHOWN = 300
PASSED_OVER_SHOWN = 3
_SEAT_SAID = "You are "
_LATE_FROM = timedelta(minutes=1)
PHONE = "phone"
_SILENCE_SAID = re.compile(r"No answer for \d+ min\. ")


def page(incident: Incident, page: Page, reader: Reader, passed_over: Sequence[str] = ()) -> Message:
    """The page as it stands: asking while it waits, else what became of it. Times are the reader's own.

    `passed_over` are sentences on who would have been paged before this person and was not.
    """
    if page.state is PageState.WAITING:
        return _asking(incident, page, reader, passed_over)
    is_other = page.state is PageState.ACKNOWLEDGED and not is_command(incident, page)
    text = lock_screen(incident, "you answered" if is_other else _LOCK_WORDS[page.state])
    blocks = [kit.lines(_head(incident), title_outside(incident), afterwards(incident, page, reader))]
    buttons = _buttons_afterwards(incident, page, reader)
    return kit.message(text, [*blocks, kit.actions(*buttons)] if buttons else blocks)


_LOCK_WORDS = {
    PageState.ACKNOWLEDGED: "you have it",
    PageState.DECLINED: "passed on",
    PageState.PASSED: "passed on",
    PageState.STANDDOWN: "nothing for you to do",
    PageState.UNREACHABLE: "passed on",
}


def _asking(incident: Incident, page: Page, reader: Reader, passed_over: Sequence[str]) -> Message:
    declarer = reader.name(incident.declared_by)
    blocks = [
        kit.lines(
            f"*{badge(incident.severity)} · {incident.key} · {_calling(incident, page)}*",
            title_outside(incident),
            _late(page, reader),
            _before(incident, page, reader, passed_over),
            _deadline(page, reader),
        ),
        kit.actions(*_buttons(incident, page, reader), block_id="page.actions"),
        kit.context(_reason(incident, page), f"{_asker(incident, page, reader)}Declared by {declarer}."),
    ]
    by = f"acknowledge by {reader.utc(page.answer_by)}" if page.answer_by else "acknowledge now"
    return kit.message(lock_screen(incident, by), blocks)


def _late(page: Page, reader: Reader) -> str:
    """How late it is and why; a page that could not be sent in time says so itself."""
    if page.late:
        return sentence(literal(page.late, WHY_SHOWN))
    waited = reader.now - page.paged_at
    if page.message is not None or waited < _LATE_FROM:
        return ""
    return f"{span(waited)} late: it could not be sent before {reader.own(reader.now)}."


def _before(incident: Incident, page: Page, reader: Reader, passed_over: Sequence[str]) -> str:
    """`Ana Lima has not answered for 5 min. You are backup.`; "" for the first who is paged."""
    skipped = [sentence(literal(each, WHY_SHOWN)) for each in passed_over[:PASSED_OVER_SHOWN]]
    said = [each for each in (_silent(incident, page, reader), *skipped) if each]
    return " ".join([*said, _seat(incident, page)]).rstrip() if said else ""


def _silent(incident: Incident, page: Page, reader: Reader) -> str:
    call = incident.call(page.call)
    said = asleep(incident, call.silence, reader) if call is not None and call.silence is not None else ""
    return " ".join(words for words in (said, _unanswered(incident, page, reader)) if words)


def asleep(incident: Incident, watch: Watch, reader: Reader) -> str:
    """`Ana Lima acknowledged at 14:02 New York (19:02 UTC) and has been silent since.`"""
    theirs = [page for page in incident.pages if page.user == watch.user]
    has_answered = any(page.answered_at == watch.since for page in theirs)
    verb = "acknowledged at" if has_answered else "has it since"
    return f"{reader.name(watch.user)} {verb} {reader.own(watch.since)} and has been silent since."


def _unanswered(incident: Incident, page: Page, reader: Reader) -> str:
    earlier = [each for each in incident.pages if each.call == page.call and each.level < page.level]
    silent = [each for each in earlier if each.state is PageState.PASSED]
    declined = tuple(each.user for each in earlier if each.state is PageState.DECLINED)
    if not silent:
        return f"{reader.people(declined)} cannot take it." if declined else ""
    who = reader.people(tuple(each.user for each in silent))
    length = span(page.paged_at - min(each.paged_at for each in silent))
    return f"{who} {'has' if len(silent) == 1 else 'have'} not answered for {length}."


def _seat(incident: Incident, page: Page) -> str:
    """`You are backup.` where everybody on this level sits on the same seat of the paged schedule."""
    call = incident.call(page.call)
    if call is None or not 0 <= page.level < len(call.rungs):
        return ""
    seats = {target.seat for target in call.rungs[page.level].targets if not target.person}
    return f"You are {seats.pop()}." if len(seats) == 1 and seats <= set(_SEATS) else ""


def _calling(incident: Incident, page: Page) -> str:
    return "You are on call" if is_command(incident, page) else "You are asked to come"


def is_command(incident: Incident, page: Page) -> bool:
    """Whether answering it makes the incident manager."""
    call = incident.call(page.call)
    return call is None or call.role is Role.MANAGER


def _deadline(page: Page, reader: Reader) -> str:
    if page.answer_by is None:
        return "*Acknowledge now.* Nobody is paged after you."
    then = f" Then {reader.name(page.next_user)} is paged." if page.next_user else ""
    return f"*Acknowledge by {reader.own(page.answer_by)}*, {left(page.answer_by - reader.now)}.{then}"


def _buttons(incident: Incident, page: Page, reader: Reader) -> tuple[Json, ...]:
    value = ids.pack(incident.key, page.id)
    return (
        kit.primary(kit.button("Acknowledge", ids.ACKNOWLEDGE, value)),
        kit.button("I can't", ids.DECLINE, value),
        *open_channel(incident, reader),
    )


def open_channel(incident: Incident, reader: Reader) -> tuple[Json, ...]:
    """The button to the incident's channel; nothing before it has one."""
    url = reader.incident_url(incident)
    return (kit.link("Open channel", url, ids.OPEN_CHANNEL),) if url else ()


def _reason(incident: Incident, page: Page) -> str:
    return f"Acknowledging makes you {_role_given(incident, page)}. {why_you(page)}".rstrip()


def _role_given(incident: Incident, page: Page) -> str:
    call = incident.call(page.call)
    return _role_words(call.role, call.note) if call is not None else Role.MANAGER.label.lower()


def _asker(incident: Incident, page: Page, reader: Reader) -> str:
    """Who asked for a seat; somebody who was asked for by name reads it in the reason."""
    call = incident.call(page.call)
    if call is None or not call.asked_by or " asks you to come" in page.why:
        return ""
    return f"{reader.name(call.asked_by)} asks you to come. "


def why_you(page: Page) -> str:
    """`Why you: AMER primary until Mon 7 Dec 12:00 New York.`; a longer reason speaks for itself."""
    words = literal(_SILENCE_SAID.sub("", page.why), WHY_SHOWN)
    if words.startswith(_SEAT_SAID):
        return f"Why you: {sentence(words.removeprefix(_SEAT_SAID))}"
    return sentence(words) if words else ""


def _role_words(role: Role, note: str) -> str:
    shown = literal(note, 60)
    return f"{role.label.lower()} for {shown}" if shown else role.label.lower()


def _head(incident: Incident) -> str:
    return f"*{badge(incident.severity)} · {incident.key}*"


def afterwards(incident: Incident, page: Page, reader: Reader) -> str:
    """What became of a page that waits no more, in one or two sentences."""
    if page.state is PageState.ACKNOWLEDGED and page.via not in ("", PHONE):
        given = _role_given(incident, page)
        return f"{reader.name(page.via)} acknowledged for you at {_clock(page, reader)}. You are {given}."
    if page.state is PageState.ACKNOWLEDGED and not is_command(incident, page):
        return f"You answered at {_at_and_after(page, reader)}. You are {_role_given(incident, page)}."
    if page.state is PageState.ACKNOWLEDGED:
        return f"You have it since {_at_and_after(page, reader)}."
    if page.state is PageState.STANDDOWN:
        return f"{_who_has_it(incident, page, reader)} Nothing for you to do."
    return _passed(incident, page, reader)


def _at_and_after(page: Page, reader: Reader) -> str:
    length = (page.answered_at or page.paged_at) - page.paged_at
    after = f", after {span(length)}" if length >= _LATE_FROM else ""
    return f"{_clock(page, reader)}{', by phone' if page.via == PHONE else ''}{after}"


def _who_has_it(incident: Incident, page: Page, reader: Reader) -> str:
    call = incident.call(page.call)
    if call is not None and call.answered_by:
        at = call.answered_at or page.answered_at or page.paged_at
        if call.role is not Role.MANAGER:
            return f"{reader.name(call.answered_by)} answered at {reader.own(at)}."
        return f"{reader.name(call.answered_by)} has it since {reader.own(at)}."
    if not incident.status.is_open:
        return f"{incident.key} is over: {status_words(incident).lower()}."
    if not incident.manager:
        later = incident.command_call
        is_replaced = later is not None and later.number > page.call and later.is_open
        return "A newer call has taken its place." if is_replaced else "The paging was stopped."
    return f"{reader.name(incident.manager)} has it."


def _passed(incident: Incident, page: Page, reader: Reader) -> str:
    """Says to whom it went, when, and why: declined confirms nothing and asks nothing."""
    to = _paged_next(incident, page, reader)
    why = {
        PageState.PASSED: f"no answer in {span(_length(page))}",
        PageState.DECLINED: "you said that you can't",
        PageState.UNREACHABLE: "Slack could not reach you",
    }[page.state]
    return f"Passed{to} at {_clock(page, reader)}: {why}."


def _paged_next(incident: Incident, page: Page, reader: Reader) -> str:
    after = [each for each in incident.pages if each.call == page.call and each.level > page.level]
    if not after:
        return " on"
    level = min(each.level for each in after)
    return f" to {reader.people(tuple(each.user for each in after if each.level == level))}"


def _length(page: Page) -> timedelta:
    return (page.answered_at or page.paged_at) - page.paged_at


def _clock(page: Page, reader: Reader) -> str:
    return reader.own(page.answered_at or page.paged_at)


def _buttons_afterwards(incident: Incident, page: Page, reader: Reader) -> tuple[Json, ...]:
    if page.state is not PageState.ACKNOWLEDGED:
        return ()
    if not is_command(incident, page):
        return (*open_channel(incident, reader), *_take_command(incident, page))
    hand_over = kit.button("Hand over", ids.HAND_OVER, incident.key)
    return (*open_channel(incident, reader), hand_over)


def _take_command(incident: Incident, page: Page) -> tuple[Json, ...]:
    """Whoever comes because the incident manager is silent can take over with one press."""
    call = incident.call(page.call)
    silence = call.silence if call is not None else None
    if silence is None or incident.manager != silence.user or not incident.status.is_open:
        return ()
    return (kit.button("Take command", ids.TAKE_COMMAND, incident.key),)
