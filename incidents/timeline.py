"""The timeline in words: one plain sentence an entry. Names come from outside, escaping is the edge's."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace

from incidents.history import newest, words_since
from incidents.model import ERASED, Entry, EntryKind, Harm, MessageRef, NameOf
from incidents.said import instant_of

_Sentence = Callable[[Entry, NameOf], str]
_PERSON = re.compile(r"<@([UW][A-Z0-9]{2,20})(?:\|[^<>]*)?>")


def sentence(entry: Entry, name_of: NameOf) -> str:
    """What happened, in one plain sentence; what a person wrote stands in it as typed."""
    return _SENTENCES[entry.kind](entry, name_of)


def shown(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The timeline as people read it: of a message its newest words, when it was edited or deleted, and no
    lines of their own for that. The older words stay in the full record."""
    versions: dict[MessageRef, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.source is not None:
            versions[entry.source].append(entry)
    return tuple(
        _as_it_reads_now(entry, versions[entry.source])
        if entry.kind is EntryKind.MESSAGE and entry.source
        else entry
        for entry in entries
        if entry.kind not in (EntryKind.AMENDED, EntryKind.ERASED)
    )


def _as_it_reads_now(message: Entry, versions: Sequence[Entry]) -> Entry:
    deleted = next((each.at for each in versions if each.kind is EntryKind.ERASED), None)
    if deleted is not None:
        return replace(message, text="", permalink="", data={**message.data, "deleted": deleted.isoformat()})
    latest = newest(versions)
    if latest is message:
        return message
    edited = {"edited": words_since(latest).isoformat()}
    return replace(message, text=latest.text, data={**message.data, **edited})


def _who(entry: Entry, name_of: NameOf) -> str:
    return name_of(entry.by) if entry.by else "Meridian"


def _of(entry: Entry, name_of: NameOf, field: str = "user") -> str:
    user = entry.data.get(field, "")
    return name_of(user) if user else "somebody"


def _with_reason(words: str, reason: str) -> str:
    return f"{words}: {reason}" if reason else f"{words}."


def _declared(entry: Entry, name_of: NameOf) -> str:
    harm = Harm(entry.data.get("harm", Harm.OTHER.value)).label.lower()
    why = entry.data.get("why", "")
    return f"{_who(entry, name_of)} declared {entry.data.get('severity', '')} ({harm}; {why}): {entry.text}"


def _paged(entry: Entry, name_of: NameOf) -> str:
    again = f", round {entry.data['round']}" if "round" in entry.data else ""
    return f"{_of(entry, name_of)} was paged ({entry.data.get('seat', '')}{again})."


def _skipped(entry: Entry, name_of: NameOf) -> str:
    who = entry.data.get("name") or _of(entry, name_of)
    return f"{who} was not paged: {entry.data.get('why', '')}."


def _exhausted(entry: Entry, name_of: NameOf) -> str:
    if whom := entry.data.get("for"):
        return f"Nobody could be found for {whom}. Whoever asked was told."
    behind = f" behind {_of(entry, name_of, 'behind')}" if "behind" in entry.data else ""
    if entry.data.get("nobody"):
        return f"Nobody could be paged{behind}. The leads were told."
    return f"Nobody who was paged{behind} has answered. The leads were told."


def _acknowledged(entry: Entry, name_of: NameOf) -> str:
    role, via = entry.data.get("role", "incident manager"), entry.data.get("via", "")
    if via and via != "phone":
        return f"{name_of(via)} acknowledged for {_who(entry, name_of)}, who is {role}."
    how = " by phone" if via else ""
    return f"{_who(entry, name_of)} acknowledged{how} and is {role}."


def _rang(entry: Entry, name_of: NameOf) -> str:
    return _with_reason(f"The phone of {_of(entry, name_of)} was rung", entry.data.get("why", ""))


def _silent(entry: Entry, name_of: NameOf) -> str:
    if minutes := entry.data.get("snoozed"):
        return f"{_of(entry, name_of)} asked to be left alone for {minutes} min more."
    if entry.data.get("heard"):
        return f"{_of(entry, name_of)} was heard of again."
    said = f"{_of(entry, name_of)} has been silent for {entry.data.get('minutes', '?')} min"
    return f"{said} and was asked privately." if entry.data.get("asked") else f"{said} and has not answered."


def _care(entry: Entry, name_of: NameOf) -> str:
    return f"{_of(entry, name_of)} takes 20 minutes; {_of(entry, name_of, 'stand_in')} holds it meanwhile."


def _care_over(entry: Entry, name_of: NameOf) -> str:
    how = entry.data.get("how", "")
    if how in ("cannot", "silent"):
        return f"{_of(entry, name_of, 'stand_in')} cannot hold it; it is with {_of(entry, name_of)} again."
    if how == "moved":
        return f"{_of(entry, name_of, 'stand_in')} holds it no longer for {_of(entry, name_of)}."
    return f"{_of(entry, name_of)} is back."


def _escalated(entry: Entry, name_of: NameOf) -> str:
    return _with_reason(f"{_who(entry, name_of)} had the next people paged at once", entry.text)


def _asked_in(entry: Entry, name_of: NameOf) -> str:
    asked = f"{_who(entry, name_of)} asked for {entry.data.get('whom', 'somebody')} to come"
    return _with_reason(asked, entry.text)


def _role(entry: Entry, name_of: NameOf) -> str:
    if entry.by and entry.by == entry.data.get("user"):
        return f"{_who(entry, name_of)} took the role of {entry.data.get('role', '')}."
    return f"{_who(entry, name_of)} made {_of(entry, name_of)} {entry.data.get('role', '')}."


def _severity(entry: Entry, name_of: NameOf) -> str:
    change = f"{_who(entry, name_of)} changed the severity from {entry.data['from']} to {entry.data['to']}"
    return _with_reason(change, entry.text)


def _status(entry: Entry, name_of: NameOf) -> str:
    of = f" of {entry.data['of']}" if entry.data.get("of") else ""
    return _with_reason(
        f"{_who(entry, name_of)} set the status to {entry.data.get('to', '')}{of}", entry.text
    )


def _said(verb: str) -> _Sentence:
    return lambda entry, name_of: f"{_who(entry, name_of)} {verb}: {entry.text}"


def _message(entry: Entry, name_of: NameOf) -> str:
    edited, deleted = entry.data.get("edited"), entry.data.get("deleted")
    when = f" (edited {_clock(datetime.fromisoformat(edited), entry.at)})" if edited else ""
    if deleted or ERASED in entry.data:
        at = f" at {_clock(datetime.fromisoformat(deleted), entry.at)}" if deleted else ""
        return f"A message of {_who(entry, name_of)} was deleted in Slack{at}, and its words here with it."
    if not entry.text:
        where = entry.permalink or "see the channel"
        return f"A message of {_who(entry, name_of)} was put on the timeline{when}: {where}"
    return f"{_who(entry, name_of)} wrote{when}: {_named(entry.text, name_of)}"


def _amended(entry: Entry, name_of: NameOf) -> str:
    change = f"{_who(entry, name_of)} changed the message of {_written(entry)}"
    if not entry.text:
        return f"{change}."
    return f"{change} to: {_named(entry.text, name_of)}"


def _erased(entry: Entry, name_of: NameOf) -> str:
    whose = f"The message of {_of(entry, name_of)} from {_written(entry)}"
    return f"{whose} was deleted in Slack, and its words here with it."


def _written(entry: Entry) -> str:
    """When the message was written that this entry is about."""
    return _clock(instant_of(entry.source.ts) if entry.source else entry.at, entry.at)


def _clock(at: datetime, beside: datetime) -> str:
    """`14:05 UTC`, with the day where it is another one than that of the instant it stands beside."""
    return f"{at:%H:%M} UTC" if at.date() == beside.date() else f"{at:%Y-%m-%d %H:%M} UTC"


def _named(text: str, name_of: NameOf) -> str:
    """A message names people by id; readers read names."""
    return _PERSON.sub(lambda found: f"@{name_of(found[1])}", text)


_STEP_WORDS = {"done": "did the step", "skipped": "skipped the step", "reopened": "reopened the step"}


def _step(entry: Entry, name_of: NameOf) -> str:
    act, what = entry.data.get("act", ""), entry.data.get("what", "")
    if act == "assigned":
        to = name_of(what) if what else "nobody"
        return f"{_who(entry, name_of)} gave the step “{entry.text}” to {to}."
    return _with_reason(f"{_who(entry, name_of)} {_STEP_WORDS.get(act, act)} “{entry.text}”", what)


def _handoff(entry: Entry, name_of: NameOf) -> str:
    to, frm = _of(entry, name_of, "to"), _of(entry, name_of, "from")
    if entry.data.get("held"):
        return f"It was not handed over at the shift change from {frm}: nobody accepted. {to} holds it."
    took = f"{to} took over from {frm} at the shift change and is incident manager"
    return _with_reason(f"{took}. In their words" if entry.text else took, entry.text)


def _action(entry: Entry, name_of: NameOf) -> str:
    owner = entry.data.get("owner", "")
    owned = f"{name_of(owner)}, " if owner else "no owner, "
    return f"Action item ({owned}due {entry.data.get('due') or 'not set'}): {entry.text}"


def _review(entry: Entry, name_of: NameOf) -> str:
    start = entry.data.get("start")
    when = f" for {_clock(datetime.fromisoformat(start), entry.at)}" if start else ""
    return f"{_who(entry, name_of)} proposed a review{when}."


def _failed(entry: Entry, name_of: NameOf) -> str:
    whom = f" {_of(entry, name_of)}" if entry.data.get("user") else ""
    what = entry.data.get("what", "do something")
    who = "The mail server" if what == "mail" else "Slack"
    return f"{who} refused to {what}{whom}: {entry.data.get('error', '')}."


_SENTENCES: dict[EntryKind, _Sentence] = {
    EntryKind.DECLARED: _declared,
    EntryKind.PAGED: _paged,
    EntryKind.PASSED: lambda e, n: f"{_of(e, n)} did not answer; the page was passed on.",
    EntryKind.SKIPPED: _skipped,
    EntryKind.NOBODY: lambda e, _: f"Nobody is scheduled for {e.data.get('seat', 'this seat')}.",
    EntryKind.EXHAUSTED: _exhausted,
    EntryKind.ACKNOWLEDGED: _acknowledged,
    EntryKind.DECLINED: lambda e, n: f"{_of(e, n)} cannot come; the page was passed on.",
    EntryKind.ASKED_IN: _asked_in,
    EntryKind.ROLE: _role,
    EntryKind.SEVERITY: _severity,
    EntryKind.STATUS: _status,
    EntryKind.UPDATE: _said("gave an update"),
    EntryKind.NOTE: _said("noted"),
    EntryKind.MESSAGE: _message,
    EntryKind.AMENDED: _amended,
    EntryKind.ERASED: _erased,
    EntryKind.STEP: _step,
    EntryKind.HANDOFF: _handoff,
    EntryKind.RESOLVED: lambda e, n: _with_reason(f"{_who(e, n)} resolved it", e.text),
    EntryKind.REOPENED: lambda e, n: _with_reason(f"{_who(e, n)} reopened it", e.text),
    EntryKind.PART: lambda e, n: f"{_who(e, n)} wrote in the postmortem: {e.data.get('parts', '')}.",
    EntryKind.ACTION: _action,
    EntryKind.REVIEW: _review,
    EntryKind.RESTRICTED: lambda e, n: f"{_who(e, n)} restricted it. What was seen before stays seen.",
    EntryKind.OPENED_UP: lambda e, n: f"{_who(e, n)} opened it to everybody.",
    EntryKind.FAILED: _failed,
    EntryKind.RANG: _rang,
    EntryKind.NO_PHONE: lambda e, n: (
        f"The phone of {_of(e, n)} could not be rung: {e.data.get('error', '')}."
    ),
    EntryKind.SILENT: _silent,
    EntryKind.CARE: _care,
    EntryKind.CARE_OVER: _care_over,
    EntryKind.STOPPED: lambda e, n: _with_reason(f"{_who(e, n)} stopped the paging", e.text),
    EntryKind.ESCALATED: _escalated,
    EntryKind.RESTORED: lambda e, _: (
        f"Meridian went back to a copy of its record of {e.data.get('copy_at', '?')}. What happened between"
        " then and now may be missing here."
    ),
}
