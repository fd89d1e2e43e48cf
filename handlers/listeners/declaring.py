"""Declaring: the typed line, the form, and the buttons that keep a title."""

from datetime import datetime

from handlers.blocks import answers, declare, ids
from handlers.blocks.filled import filled
from handlers.calls import Message
from handlers.commands import Declare, WrongSeverity
from handlers.listeners.edge import (
    Asked,
    Edge,
    OnPress,
    OnSubmission,
    Opens,
    Press,
    Reply,
    Submission,
    Submitted,
)
from handlers.listeners.replies import as_view, next_buttons
from incidents import intake
from incidents.errors import EmptyTitle
from incidents.model import Incident, MessageRef, PageState, Severity
from incidents.operations import declaring, reading
from incidents.operations.declaring import Request
from incidents.recording import Pinned
from incidents.said import instant_of

FIELD_MAX = 3000
IN_BUTTON_MAX = ids.TYPED_MAX - 10
PLACE_PARTS = 5


def wrong_severity(edge: Edge, wish: WrongSeverity) -> Reply:
    """The title is kept in four buttons, or in the form where it is too long for a button."""
    if len(wish.title) > IN_BUTTON_MAX:
        return form(edge, wish.title)
    return answers.wrong_severity(wish.typed, wish.title)


def typed(edge: Edge, asked: Asked, wish: Declare) -> Reply:
    """`declare sev1 …` at once; without a title the form, with the severity chosen already."""
    if not intake.clean_title(wish.title)[0]:
        return form(edge, chosen=wish.severity)
    incident = declaring.declare(
        edge.house, asked.ask(), Request(wish.title, wish.severity, restricted=wish.restricted)
    )
    return declared(edge, incident)


def form(edge: Edge, title: str = "", chosen: Severity | None = None, message: Pinned | None = None) -> Opens:
    """The declare form with this title, and the message it is declared from.

    What is too long for the field comes along as text, and becomes a note.
    """
    draft = _draft(edge, {ids.TITLE: title}, _along(message, title[FIELD_MAX:]), chosen)
    said = "Say what is happening in the form." if not title else "Your title is kept for the form."
    return Opens(declare.declare_form(draft), said, "Declare incident", ids.DECLARE, title[: ids.TYPED_MAX])


def declared(edge: Edge, incident: Incident) -> Message:
    """At once and whole: what was opened, who is paged, who holds it. The link comes by direct message."""
    waiting = [page.user for page in incident.pages if page.state is PageState.WAITING]
    paged = ", ".join(reading.names_of(edge.house, waiting))
    first = f"{incident.key} declared as {incident.severity.label}."
    second = f"Paged: {paged}." if paged else "Nobody was paged: nobody is on call."
    third = "You hold it until somebody acknowledges. The link comes by direct message."
    return answers.said(f"{first} {second} {third}", *next_buttons(incident))


def _draft(
    edge: Edge, values: dict[str, str], source: str, chosen: Severity | None = None
) -> declare.DeclareDraft:
    title, harm = values.get(ids.TITLE, ""), declare.harm_in(values)
    given = declare.answers_in(values)
    request = Request(title, harm=harm, answers=given)
    clean, _ = intake.clean_title(title)
    return declare.DeclareDraft(
        proposal=declaring.proposal(edge.house, request),
        title=title[:FIELD_MAX],
        answers=given,
        harm=harm,
        chosen=chosen if chosen is not None else declare.severity_in(values),
        restricted_why=intake.restricted_because(clean, harm or intake.harm_of(clean)),
        source=source,
    )


def _along(message: Pinned | None, rest: str) -> str:
    """What the form brings back: the message, its place in the first line; or the rest of a long title."""
    if message is None:
        return f"\n{rest}"[:FIELD_MAX] if rest else ""
    edited = message.edited_at.isoformat() if message.edited_at else ""
    place = ids.pack(message.ref.channel, message.ref.ts, message.author, message.thread, edited)
    return f"{place}\n{message.text}"[:FIELD_MAX]


def _brought(metadata: str) -> tuple[Pinned | None, str]:
    """The message that came along, or the rest of the title."""
    place, _, words = metadata.partition("\n")
    parts = ids.unpack(place)
    if len(parts) != PLACE_PARTS:
        return None, words
    channel, ts, author, thread, edited = parts
    edited_at = datetime.fromisoformat(edited) if edited else None
    ref = MessageRef(channel, ts)
    return Pinned(ref, author, instant_of(ts), words, edited_at=edited_at, thread=thread), ""


def _opened(edge: Edge, press: Press) -> Reply:
    return form(edge, press.value)


def _declared_as(edge: Edge, press: Press) -> Reply:
    """The title was kept in the button; only the severity was wrong."""
    digit, title = ids.unpack_typed(press.value)
    return typed(edge, press.asked, Declare(title, Severity(int(digit))))


def _reconsidered(edge: Edge, press: Press) -> Reply:
    """Another answer in the form: the proposed severity follows it."""
    draft = _draft(edge, filled(press.view), press.view.get("private_metadata", ""))
    edge.front.update_view(press.view["id"], declare.declare_form(draft), press.asked.user)
    return None


def _nothing(_edge: Edge, _press: Press) -> Reply:
    return None


def _sent(edge: Edge, sent: Submission) -> Submitted:
    title = sent.values.get(ids.TITLE, "")
    if not intake.clean_title(title)[0]:
        raise EmptyTitle
    message, rest = _brought(sent.view.get("private_metadata", ""))
    request = Request(
        title,
        declare.severity_in(sent.values),
        declare.harm_in(sent.values),
        declare.answers_in(sent.values),
        quote=rest,
        message=message,
    )
    incident = declaring.declare(edge.house, sent.asked.ask(), request)
    return as_view(declared(edge, incident), incident.key)


PRESSES: dict[str, OnPress] = {
    ids.DECLARE: _opened,
    ids.DECLARE_TYPED: _opened,
    ids.DECLARE_AS: _declared_as,
    ids.IN_DANGER: _reconsidered,
    ids.GROWING: _reconsidered,
    ids.AUTHORITY: _reconsidered,
    ids.HARM: _reconsidered,
    ids.CHOSEN_SEVERITY: _nothing,
}
SUBMISSIONS: dict[str, OnSubmission] = {ids.VIEW_DECLARE: _sent}
