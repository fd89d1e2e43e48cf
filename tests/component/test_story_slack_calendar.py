"""A calendar from its asking to its end: the link by direct message, read by a stranger to Slack, revoked."""

from http.client import HTTPConnection
from pathlib import Path

from handlers.blocks import ids
from tests.support.whole_bot import WholeBot, whole_bot
from tests.support.workspace import Person, readable

ADDRESS = "https://meridian.example.org/"
HERE = "general"


def test_a_calendar_is_asked_for_read_and_revoked(sqlite_url: str, tmp_path: Path) -> None:
    with whole_bot(sqlite_url, tmp_path, more={"MERIDIAN_PUBLIC_URL": ADDRESS}) as bot:
        ana = bot.workspace.person("UANA")
        offered = _shown(ana, "/oncall calendar", "You have none")
        ana.presses(ids.CALENDAR_MAKE, offered, ids.pack("mine", "", ""))
        link = readable(ana.waits_for_dm(ADDRESS)).split(ADDRESS)[1].split(".ics")[0]
        assert all(ADDRESS not in readable(message) for message in ana.messages(HERE))
        read = _fetched(bot, link)
        assert read[0] == 200
        assert b"Ana Lima" in read[1]

        kept = _shown(ana, "/oncall calendar", "last read")
        ana.presses(ids.CALENDAR_REVOKE, kept)
        bot.workspace.eventually("it is revoked", lambda: _fetched(bot, link)[0] == 404)
        _shown(ana, "/oncall calendar", "You have none")


def _shown(person: Person, typed: str, words: str) -> dict[str, object]:
    """The private answer, as it stands in the channel where it was asked."""
    person.types(typed, HERE)
    return person.waits_for_message(words, HERE)


def _fetched(bot: WholeBot, link: str) -> tuple[int, bytes]:
    assert bot.bot.web is not None
    connection = HTTPConnection("127.0.0.1", bot.bot.web.port, timeout=30)
    try:
        connection.request("GET", f"/{link}.ics")
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
