"""A review is proposed for what is over, in hours that the regions share, and says no title."""

import icalendar
import pytest
from msgspec.structs import replace

from handlers.calls import Rendered, Skip, Upload
from handlers.outbound import render
from incidents.effects import EffectKind
from incidents.errors import NothingToDo, UnknownIncident
from incidents.model import Status
from incidents.operations import closing, commanding, responding
from incidents.operations.oncall import NoScheduleYet
from incidents.operations.reviewing import propose, review
from incidents.people import Ask
from incidents.reviews import NotOverYet
from storage.opening import SqlStore
from tests.support.golden import assert_accepted, words
from tests.support.house import MONDAY, TestHouse, example_house


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    return example_house(sqlite_store)


def resolved(there: TestHouse, title: str) -> str:
    key = there.declare(title, restricted=True).key
    closing.resolve(there.house, Ask("UPRIYA"), key, "Over.")
    return key


def test_the_event_names_the_key_and_the_hours_of_each_region(there: TestHouse) -> None:
    key = resolved(there, "Payouts to strangers")
    told = review(there.house, key)
    (event,) = icalendar.Calendar.from_ical(told.encode()).walk("VEVENT")
    assert str(event["SUMMARY"]) == f"Post-incident review {key}"
    assert "Payouts" not in told
    assert [line.split(":")[0] for line in str(event["DESCRIPTION"]).splitlines()[:3]] == [
        "AMER",
        "APAC",
        "EMEA",
    ]
    assert "No hour suits all" in str(event["DESCRIPTION"])


def test_it_is_the_same_event_when_it_is_proposed_again(there: TestHouse) -> None:
    key = resolved(there, "Payouts")
    uids = {line for _ in range(2) for line in review(there.house, key).split("\r\n") if "UID" in line}
    assert len(uids) == 1


def test_what_is_not_over_is_not_reviewed(there: TestHouse) -> None:
    with pytest.raises(NotOverYet):
        review(there.house, there.declare("Wave").key)


def test_an_incident_that_is_not_there_is_unknown(there: TestHouse) -> None:
    with pytest.raises(UnknownIncident):
        review(there.house, "INC-404")


def test_without_a_schedule_there_are_no_hours_to_share(there: TestHouse) -> None:
    key = resolved(there, "Wave")
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    bare = replace(organisation, schedules=(), paged=None, specialists={})
    there.store.write(lambda unit: unit.schedules.apply(bare, MONDAY, "test"))
    with pytest.raises(NoScheduleYet):
        review(there.house, key)


# In chat


def asks(there: TestHouse, key: str, delivery: str = "") -> list[Rendered]:
    """What goes out when Priya presses the button."""
    propose(there.house, Ask("UPRIYA", delivery), key)
    effects = [each for each in there.slack() if each.kind is EffectKind.POST_REVIEW]
    return [there.store.read(lambda unit, e=each: render(e, unit, there.house)) for each in effects]  # type: ignore[misc]


def over(there: TestHouse) -> str:
    key = there.declare("Payouts to strangers").key
    there.slack()
    closing.resolve(there.house, Ask("UPRIYA"), key, "Over.")
    return key


def test_the_file_is_put_into_the_channel_with_the_hours_of_each_region(there: TestHouse) -> None:
    key = over(there)
    [posted] = asks(there, key)
    assert isinstance(posted, Upload)
    channel = there.incident(key).channel
    assert channel is not None
    assert (posted.channel, posted.filename) == (channel.id, f"{key.lower()}-review.ics")
    said = words(posted.message)
    assert [city in said for city in ("New York", "Tokyo", "Dublin")] == [True] * 3
    assert_accepted(posted.message)
    assert posted.content == review(there.house, key)
    assert there.sentences(key)[-1].startswith("Priya Nair proposed a review for 2026-12-")


def test_a_press_that_comes_twice_proposes_once(there: TestHouse) -> None:
    key = over(there)
    assert len(asks(there, key, "press-1")) == 1
    assert asks(there, key, "press-1") == []


def test_while_one_is_ahead_no_other_is_proposed(there: TestHouse) -> None:
    key = over(there)
    asks(there, key)
    with pytest.raises(NothingToDo, match="has been proposed already, for 2026-12-"):
        asks(there, key)


def test_a_later_one_moves_the_same_event(there: TestHouse) -> None:
    key = over(there)
    [first] = asks(there, key)
    there.clock.advance(days=4)
    [later] = asks(there, key)
    assert isinstance(first, Upload)
    assert isinstance(later, Upload)
    (one,) = icalendar.Calendar.from_ical(first.content.encode()).walk("VEVENT")
    (other,) = icalendar.Calendar.from_ical(later.content.encode()).walk("VEVENT")
    assert one["UID"] == other["UID"]
    assert (one["SEQUENCE"], other["SEQUENCE"]) == (0, 1)
    assert one.decoded("DTSTART") < other.decoded("DTSTART")


def test_where_everybody_reads_the_channel_it_goes_to_whoever_asked(there: TestHouse) -> None:
    key = there.declare("Payouts to strangers").key
    there.slack()
    responding.acknowledge(there.house, Ask("UANA"), key, "")
    commanding.restrict(there.house, Ask("UANA"), key)
    closing.resolve(there.house, Ask("UANA"), key, "Over.")
    [posted] = asks(there, key)
    assert isinstance(posted, Upload)
    assert (posted.channel, posted.message.text) == ("UPRIYA", key)


def test_what_is_reopened_meanwhile_is_not_reviewed(there: TestHouse) -> None:
    key = over(there)
    propose(there.house, Ask("UPRIYA"), key)
    commanding.change_status(there.house, Ask("UPRIYA"), key, Status.ACTIVE, "It began again")
    [effect] = [each for each in there.slack() if each.kind is EffectKind.POST_REVIEW]
    assert there.store.read(lambda unit: render(effect, unit, there.house)) == Skip("it was reopened")


def test_what_is_still_open_is_not_proposed(there: TestHouse) -> None:
    with pytest.raises(NotOverYet):
        propose(there.house, Ask("UPRIYA"), there.declare("Wave").key)


def test_somebody_who_may_not_see_it_is_told_nothing(there: TestHouse) -> None:
    key = resolved(there, "Payouts")
    with pytest.raises(UnknownIncident):
        propose(there.house, Ask("UKENJI"), key)
