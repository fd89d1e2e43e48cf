"""Asks for cover and offers of swaps, each for its one reader: as asked, as answered, as over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from handlers.blocks import ids, kit
from handlers.blocks.cast import Cast
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import literal, sentence
from incidents.covering import CoverAsk, CoverState
from incidents.swapping import OfferState, SwapOffer
from rotations.model import Absence, TurnRef

_DAY = timedelta(days=1)


def cover_asked(ask: CoverAsk, user: str, as_lead: bool, cast: Cast, by: str = "") -> Message:
    """The ask as it stands for this reader: to be answered, declined by them, or over.

    `by` is who asks for somebody else, as a user id; "" for whoever asks for themselves.
    """
    if not ask.is_open:
        return _answer("Cover", _cover_over(ask, user, cast))
    if user in ask.declined and not as_lead:
        take = _take(ask, cast)
        words = f"You cannot cover {_shift(ask)}{_of(ask, cast)}. If that changes, it is still open."
        return kit.message("Cover", [kit.section(words), kit.actions(take)])
    return _lead_asked(ask, cast) if as_lead else _person_asked(ask, cast, by)


def _person_asked(ask: CoverAsk, cast: Cast, by: str) -> Message:
    asks = f"{cast.name(ask.person)} asks for cover"
    if by and ask.person:
        asks = f"{cast.reader.name(by)} asks for cover for {cast.name(ask.person)}"
    head = f"*{asks if ask.person else 'A shift is open'}: {_shift(ask)}*"
    take = kit.primary(_take(ask, cast))
    no = kit.button("I can't", ids.COVER_DECLINE, ask.id)
    return kit.message(
        _lock(ask.start, "Cover asked", cast.reader),
        [
            kit.lines(head, _hours(ask, cast), _reason(ask.reason)),
            kit.actions(take, no),
            kit.context(
                "You are free and rested then. The first to say yes has it; saying no needs no reason."
            ),
        ],
    )


def _lead_asked(ask: CoverAsk, cast: Cast) -> Message:
    asked = len(ask.asked)
    said_no = len(ask.declined)
    tally = f"{asked} asked, {said_no} said no." if asked else "Nobody is free, rested and able then."
    head = f"Nobody has taken {_shift(ask)} for {cast.name(ask.person)} yet"
    stays = f"{cast.name(ask.person)} stays on call until somebody covers."
    if not ask.person:
        head, stays = f"{_shift(ask)} is open and nobody has taken it yet", ""
    choose = kit.primary(kit.button("Choose somebody", ids.COVER_CHOOSE, ask.id))
    return kit.message(
        _lock(ask.start, "Nobody covers yet", cast.reader),
        [
            kit.lines(
                f"*{head}*",
                _hours(ask, cast),
                f"{tally} {stays}",
                _reason(ask.reason),
            ),
            kit.actions(choose, _take(ask, cast)),
        ],
    )


def _cover_over(ask: CoverAsk, user: str, cast: Cast) -> str:
    if ask.state is CoverState.TAKEN and ask.taken_by == user:
        undo = "If it was you who said yes, /oncall undo takes it back."
        return f"*You cover {_shift(ask)}*{_of(ask, cast)}.\n{_hours(ask, cast)}\n{undo}"
    if ask.state is CoverState.TAKEN:
        return f"{cast.reader.name(ask.taken_by)} covers {_shift(ask)}. Nothing for you to do."
    if ask.state is CoverState.TAKEN_BACK:
        back = f"{cast.name(ask.person)} is on call." if ask.person else "The shift is open again."
        return f"The cover of {_shift(ask)} was taken back. {back} Nothing for you to do."
    if ask.state is CoverState.WITHDRAWN:
        return f"Cover for {_shift(ask)} is not needed any more. Nothing for you to do."
    return f"The time of {_shift(ask)} has come and nobody covered it. Nothing for you to do."


def cover_taken(ask: CoverAsk, cast: Cast) -> Message:
    """To whoever asked for somebody else: who has it."""
    words = f"*{cast.reader.name(ask.taken_by)} covers {_shift(ask)}*{_of(ask, cast)}."
    return kit.message(_lock(ask.start, "Covered", cast.reader), [kit.lines(words, _hours(ask, cast))])


def cover_lapsed(ask: CoverAsk, cast: Cast) -> Message:
    """To whoever asked, who was to be covered, and the leads: plainly, who is on call now."""
    now = f"{cast.name(ask.person)} is on call as planned." if ask.person else "Nobody is on call there."
    words = f"*Nobody has covered {_shift(ask)}.* {now}"
    advice = "A lead can put somebody there: /oncall override @person now–until."
    return kit.message(_lock(ask.start, "Nobody covers", cast.reader), [kit.lines(words, advice)])


def swap_offered(offer: SwapOffer, faults: Sequence[str], cast: Cast) -> Message:
    """To whom it is offered: what they would give, what they would take, in both people's zones."""
    if not offer.is_open:
        return _answer("Swap", _swap_over(offer, cast))
    yours, other = offer.theirs, cast.name(offer.mine.person)
    give = f"You give  {_turn(yours)}, {cast.when(*offer.theirs_span, offer.mine.person)}"
    take = f"You take  {_turn(offer.mine)}, {cast.when(*offer.mine_span, offer.mine.person)}"
    accept = kit.confirmed(
        kit.primary(kit.button("Accept", ids.SWAP_ACCEPT, offer.id)),
        "Swap these shifts?",
        f"You serve {_turn(offer.mine)} {cast.short(*offer.mine_span)}, {other} {_turn(yours)} "
        f"{cast.short(*offer.theirs_span)}.",
        "Swap",
    )
    refuse = kit.button("Refuse", ids.SWAP_REFUSE, offer.id)
    until = f"It stands until {cast.reader.own(offer.expires_at)}. Until you accept nothing changes."
    return kit.message(
        _lock(offer.expires_at, "Swap offered, answer by", cast.reader),
        [
            kit.lines(f"*{other} offers you a swap*", give, take, _reason(offer.reason)),
            *([kit.lines("Your rest:", *(literal(each, 200) for each in faults))] if faults else []),
            kit.actions(accept, refuse),
            kit.context(until),
        ],
    )


def _swap_over(offer: SwapOffer, cast: Cast) -> str:
    other = cast.name(offer.mine.person)
    if offer.state is OfferState.ACCEPTED:
        serve = f"You serve {_turn(offer.mine)}, {cast.when(*offer.mine_span)}."
        return f"*You have swapped with {other}.* {serve} /oncall undo takes it back."
    said = {
        OfferState.REFUSED: f"You refused {other}'s swap. Both of you keep your shifts.",
        OfferState.EXPIRED: f"{other}'s swap has expired. Both of you keep your shifts.",
        OfferState.WITHDRAWN: f"{other} has withdrawn the swap. Nothing for you to do.",
        OfferState.TAKEN_BACK: f"The swap with {other} was taken back. Both have their own shifts again.",
    }
    return said[offer.state]


def swap_answered(offer: SwapOffer, cast: Cast) -> Message:
    """To whoever offered it: refused or expired, and what is left to do."""
    other = cast.name(offer.theirs.person)
    what = "has refused" if offer.state is OfferState.REFUSED else "has not answered"
    words = f"*{other} {what} your swap.* You keep {_turn(offer.mine)}, {cast.when(*offer.mine_span)}."
    cover = "Ask others with /oncall cover me, or offer another swap."
    return kit.message(_lock(offer.mine_span[0], "Swap not made", cast.reader), [kit.lines(words, cover)])


def swap_sent(offer: SwapOffer, faults: Mapping[str, Sequence[str]], cast: Cast) -> Message:
    """To whoever offers it: what was offered, until when, and what it would do to whose rest."""
    other = cast.name(offer.theirs.person)
    mine = f"You give  {_turn(offer.mine)}, {cast.when(*offer.mine_span, offer.theirs.person)}"
    theirs = f"You take  {_turn(offer.theirs)}, {cast.when(*offer.theirs_span, offer.theirs.person)}"
    rest = [f"{cast.name(who)}: {literal(each, 200)}" for who, texts in faults.items() for each in texts]
    tail = f"Nothing changes until {other} accepts, by {cast.reader.own(offer.expires_at)} at the latest."
    return kit.message(
        "The swap is offered.",
        [
            kit.lines(f"*Offered to {other}.*", mine, theirs),
            *([kit.lines("Rest:", *rest)] if rest else []),
            kit.context(f"{tail} /oncall undo takes the offer back."),
        ],
    )


def absence_told(absence: Absence, by: str, cast: Cast) -> Message:
    """To somebody for whom a lead wrote down that they are away."""
    when = cast.when(absence.start, absence.end)
    words = f"*You are away {when}.* {by} wrote it down. You keep your shifts until somebody covers them."
    return kit.message("Absence noted", [kit.lines(words, _reason(absence.reason))])


def _answer(text: str, words: str) -> Message:
    return kit.message(text, [kit.section(words)])


def _take(ask: CoverAsk, cast: Cast) -> Json:
    until = "soon" if ask.start - cast.reader.now < _DAY else "then"
    text = f"You are on call {until}: {_shift(ask)}, {cast.when(ask.start, ask.end)}. Pages ring you."
    return kit.confirmed(
        kit.button("I can cover it", ids.COVER_TAKE, ask.id), "Take this shift?", text, "Take it"
    )


def _shift(ask: CoverAsk) -> str:
    return f"{literal(ask.region, 60)} {ask.seat.value}"


def _of(ask: CoverAsk, cast: Cast) -> str:
    return f" for {cast.name(ask.person)}" if ask.person else ""


def _hours(ask: CoverAsk, cast: Cast) -> str:
    """Longer than a day: it is the region's hours of each day in between."""
    when = cast.when(ask.start, ask.end, *((ask.person,) if ask.person else ()))
    if ask.end - ask.start <= _DAY:
        return when
    return f"{when}\nEach day while {literal(ask.region, 60)} holds."


def _turn(ref: TurnRef) -> str:
    return f"{literal(ref.region, 60)} {ref.seat.value}"


def _reason(reason: str) -> str:
    return f"Reason: {sentence(literal(reason, 200))}" if reason else ""


def _lock(at: datetime, what: str, reader: Reader) -> str:
    """For lock screens: what kind of thing it is and a time, nobody's name."""
    return f"{what} · {reader.utc(at)}"
