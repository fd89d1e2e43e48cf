"""A disk that is full: people are told in time that nothing was saved, and it goes on without a restart."""

import pytest
from sqlalchemy import text

from handlers.blocks import ids
from storage.unit_of_work import SqlUnit
from tests.support.web import until
from tests.support.whole_bot import WholeBot, is_ready
from tests.support.workspace import Json, Person, readable

LONG = "Account-takeover wave " * 400  # more than fits on a page that is there already
ROOM = 1_000_000
IN_TIME_MS = 3000


@pytest.fixture
def priya(bot: WholeBot) -> Person:
    return bot.workspace.person("UPRIYA")


def fill(bot: WholeBot, pages: int = 1) -> None:
    """The file may not grow beyond so many pages; below what it has, SQLite takes what it has."""

    def limit(unit: SqlUnit) -> None:
        unit.facts.tx.run(text(f"PRAGMA max_page_count = {pages}"))

    bot.bot.store.write(limit)


def listed(bot: WholeBot) -> list[str]:
    found = bot.bot.store.read(lambda unit: unit.incidents.listing())
    return [incident.key for incident in found]


def answer(act: Json) -> str:
    assert act["acked"], act
    assert act["ack_ms"] < IN_TIME_MS
    return readable(act["response"] or {})


def test_a_command_is_told_that_nothing_was_saved(bot: WholeBot, priya: Person) -> None:
    fill(bot)
    said = answer(priya.types(f"/incident sev1 {LONG}"))
    assert "Nothing was saved. Try again in a moment." in said
    assert listed(bot) == []


def test_the_same_command_is_taken_when_there_is_room_again(bot: WholeBot, priya: Person) -> None:
    fill(bot)
    answer(priya.types(f"/incident sev1 {LONG}"))
    fill(bot, ROOM)
    assert "INC-1 declared as SEV1." in answer(priya.types(f"/incident sev1 {LONG}"))
    assert bot.workspace.person("UANA").waits_for_dm("Acknowledge by")


def test_machines_are_told_that_nothing_is_saved_and_later_that_it_is(bot: WholeBot, priya: Person) -> None:
    fill(bot)

    def refused_and_told() -> bool:
        answer(priya.types(f"/incident sev1 {LONG}"))
        return not is_ready(bot)  # until the next small thing finds room all the same

    until("machines are told", refused_and_told)
    fill(bot, ROOM)
    priya.types(f"/incident sev1 {LONG}")
    until("all is well", lambda: is_ready(bot))


def test_a_form_is_told_that_nothing_was_saved(bot: WholeBot, priya: Person) -> None:
    priya.types("/incident")
    form = priya.waits_for_view("Declare")
    fill(bot)
    sent = priya.submits(form, title={"title": LONG[:2900]})
    assert sent["ack_ms"] < IN_TIME_MS
    assert sent["response"]["errors"] == {ids.TITLE: "Nothing was saved. Try again in a moment."}
