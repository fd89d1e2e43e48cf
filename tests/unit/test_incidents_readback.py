"""What a channel that is read back tells that is not known yet."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from incidents.model import Entry, MessageRef
from incidents.readback import Found, Known, News, Stretch, has_changed, news
from incidents.recording import Pinned, pinned_entry
from incidents.said import Said, SaidKind, instant_of
from tests.support.incidents import ANA, CY, managed

FIRST, SECOND, THIRD = (MessageRef("C1", f"179606520{digit}.000100") for digit in range(3))


def found(ref: MessageRef, text: str = "one", **changes: object) -> Found:
    return Found(replace(Pinned(ref, CY, instant_of(ref.ts), text), **changes))  # type: ignore[arg-type]


def known(*said: Said, record: dict[MessageRef, list[Entry]] | None = None) -> Known:
    return Known(managed(), {one.ref: one for one in said}, record or {})


def whole(*messages: Found, since: datetime | None = None, before: datetime | None = None) -> Stretch:
    return Stretch("C1", messages, since=since, before=before)


def later(ref: MessageRef, seconds: float) -> datetime:
    return (instant_of(ref.ts) + timedelta(seconds=seconds)).replace(microsecond=0)


def test_what_is_known_is_no_news() -> None:
    assert news(known(Said(FIRST, CY)), whole(found(FIRST))).is_empty
    assert News().is_empty


def test_a_message_that_nobody_heard_is_news_with_its_kind_and_its_edit() -> None:
    edited = later(SECOND, 60)
    told = news(known(), whole(replace(found(SECOND, edited_at=edited), kind=SaidKind.FILE)))
    assert told.said == (Said(SECOND, CY, SaidKind.FILE, edited_at=edited),)
    assert (told.edited, told.missing, told.marked) == ((), (), ())


def test_what_is_missing_from_a_stretch_that_was_read_whole_was_deleted() -> None:
    here = known(Said(FIRST, CY), Said(SECOND, CY), Said(THIRD, CY))
    assert news(here, whole(found(FIRST), found(THIRD))).missing == (Said(SECOND, CY),)
    assert news(here, whole(since=instant_of(SECOND.ts), before=instant_of(THIRD.ts))).missing == (
        Said(SECOND, CY),
    )


def test_what_was_heard_while_slack_was_asked_is_not_missing_from_its_answer() -> None:
    here = replace(known(Said(FIRST, CY), Said(SECOND, CY), Said(THIRD, CY)), until=instant_of(SECOND.ts))
    assert news(here, whole(found(FIRST))).missing == (Said(SECOND, CY),)


def test_what_lies_elsewhere_or_is_known_as_deleted_is_not_missing() -> None:
    here = known(
        Said(FIRST, CY, thread="1.0"),
        Said(replace(SECOND, channel="C2"), CY),
        Said(THIRD, CY, deleted_at=instant_of(THIRD.ts)),
    )
    assert news(here, whole()).is_empty


def test_a_later_edit_is_news_once() -> None:
    edited = later(FIRST, 60)
    told = news(known(Said(FIRST, CY)), whole(found(FIRST, "two", edited_at=edited)))
    ((said, wording),) = told.edited
    assert (said.ref, wording.text, wording.at, wording.is_rough) == (FIRST, "two", edited, True)
    heard = known(Said(FIRST, CY, edited_at=edited + timedelta(milliseconds=400)))
    assert news(heard, whole(found(FIRST, "two", edited_at=edited))).is_empty


def test_words_that_the_record_does_not_have_are_news_though_the_edit_was_heard() -> None:
    edited = later(FIRST, 60)
    record = {FIRST: [pinned_entry(managed(), found(FIRST).pinned, ANA)]}
    heard = known(Said(FIRST, CY, edited_at=edited), record=record)
    assert len(news(heard, whole(found(FIRST, "two", edited_at=edited))).edited) == 1
    unheard = known(record=record)
    assert len(news(unheard, whole(found(FIRST, "two", edited_at=edited))).edited) == 1


def test_a_mark_is_news_until_the_message_is_on_the_record() -> None:
    marked = replace(found(FIRST), marked_by=(ANA,))
    assert news(known(Said(FIRST, CY)), whole(marked)).marked == (marked,)
    record = {FIRST: [pinned_entry(managed(), marked.pinned, ANA)]}
    assert news(known(Said(FIRST, CY), record=record), whole(marked)).is_empty


def test_what_is_known_as_deleted_is_not_brought_back() -> None:
    deleted = Said(FIRST, CY, deleted_at=later(FIRST, 60))
    assert news(known(deleted), whole(replace(found(FIRST), marked_by=(ANA,)))).is_empty


def test_a_thread_has_changed_when_it_has_more_fewer_or_later_replies() -> None:
    here = known(Said(SECOND, CY, thread=FIRST.ts), Said(THIRD, CY, deleted_at=instant_of(THIRD.ts)))
    assert not has_changed(here, "C1", FIRST.ts, 1, SECOND.ts)
    assert has_changed(here, "C1", FIRST.ts, 2, SECOND.ts)
    assert has_changed(here, "C1", FIRST.ts, 0, SECOND.ts)
    assert has_changed(here, "C1", FIRST.ts, 1, THIRD.ts)
