"""The handoff post in the team channel, its thread, the letters about it, questions on the way, and the user
groups that follow the seat."""

from handlers.blocks import handoff_letters
from handlers.blocks.handoff import handoff_post
from handlers.blocks.handoff_lines import handoff_thread
from handlers.calls import Call, Message, Rendered, Skip
from handlers.outbound.desk import TEAM_CHANNEL, Desk, edited, posted
from incidents.effects import Tell
from incidents.handoff import Handoff
from incidents.handoff_effects import THREAD, id_in
from incidents.operations import handoff_papers
from incidents.operations.handoff_groups import GROUP, KNOWN, MEMBERS

_NONE = Skip("there is no such handoff")


def post(desk: Desk) -> Rendered:
    """The post; with `args["part"] = "thread"` what hangs under it."""
    handoff = _handoff(desk)
    if handoff is None:
        return _NONE
    if desk.effect.args.get("part") == THREAD:
        return _thread(desk, handoff)
    if handoff.message is not None:
        return Skip("the handoff is posted already")
    channel = desk.unit.facts.get(TEAM_CHANNEL)
    if not channel:
        return Skip("the team channel is not known: invite Meridian to it")
    return posted(channel, _post(desk, handoff))


def edit(desk: Desk) -> Rendered:
    handoff = _handoff(desk)
    is_thread = desk.effect.args.get("part") == THREAD
    place = (handoff.thread if is_thread else handoff.message) if handoff else None
    if handoff is None or place is None:
        return Skip("there is no handoff post to edit")
    return edited(place, _in_thread(desk, handoff) if is_thread else _post(desk, handoff))


def _thread(desk: Desk, handoff: Handoff) -> Rendered:
    if handoff.message is None:
        return Skip("there is no handoff post to hang a thread on")
    return posted(handoff.message.channel, _in_thread(desk, handoff), handoff.message.ts)


def _post(desk: Desk, handoff: Handoff) -> Message:
    return handoff_post(handoff, handoff_papers.shared(desk.unit, handoff).briefs, desk.reader())


def _in_thread(desk: Desk, handoff: Handoff) -> Message:
    return handoff_thread(handoff_papers.shared(desk.unit, handoff).briefs, desk.reader())


def letter(desk: Desk) -> Rendered:
    handoff = _handoff(desk)
    if handoff is None or not desk.user:
        return _NONE
    if desk.user in handoff.letters:
        return Skip("this letter is sent already")
    return posted(desk.user, _letter(desk, handoff))


def edit_letter(desk: Desk) -> Rendered:
    handoff = _handoff(desk)
    place = handoff.letters.get(desk.user) if handoff else None
    if handoff is None or place is None:
        return Skip("there is no letter to edit")
    return edited(place, _letter(desk, handoff))


def _letter(desk: Desk, handoff: Handoff) -> Message:
    papers = handoff_papers.for_reader(desk.unit, handoff, desk.actor(desk.user))
    return handoff_letters.letter(papers, desk.user, desk.reader(desk.user))


def tell_of_question(desk: Desk) -> Rendered:
    """To whoever leaves while nobody has answered, and to whoever asked once somebody has."""
    handoff = _handoff(desk)
    asked = handoff.question(int(desk.effect.args["number"])) if handoff else None
    if handoff is None or asked is None:
        return _NONE
    if desk.effect.args["about"] == Tell.HANDOFF_ANSWER:
        return posted(desk.user, handoff_letters.answered(handoff, asked, desk.reader(desk.user)))
    if asked.answer:
        return Skip("the question is answered already")
    return posted(desk.user, handoff_letters.question(handoff, asked, desk.reader(desk.user)))


def set_group(desk: Desk) -> Rendered:
    handle = desk.effect.subject.removeprefix(GROUP)
    group, users = desk.unit.facts.get(f"{KNOWN}{handle}"), desk.unit.facts.get(f"{MEMBERS}{handle}")
    if not group or not users:
        return Skip("there is no such user group, or nobody to put into it")
    return Call("usergroups.users.update", {"usergroup": group, "users": users})


def _handoff(desk: Desk) -> Handoff | None:
    return desk.unit.handoffs.get(id_in(desk.effect.subject))
