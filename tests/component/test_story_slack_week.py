"""A week is asked for: the words at once, and the same as a picture in the asker's own messages."""

from tests.support.whole_bot import WholeBot
from tests.support.workspace import Json, readable


def test_the_picture_of_a_week_comes_to_the_asker_with_its_words(bot: WholeBot) -> None:
    ana = bot.workspace.person("UANA")
    act = ana.types("/oncall week apac")
    assert "*APAC*  from 10:00 Tokyo · 01:00 UTC\nPrimary  Kenji Mori" in readable(act["response"])

    def pictured() -> Json | None:
        return next((one for one in ana.direct_messages() if one.get("files")), None)

    message = bot.workspace.eventually("the picture is there", pictured)
    [picture] = message["files"]
    assert picture["mimetype"] == "image/png"
    assert picture["alt_txt"].startswith("On call Mon 30 Nov to Sun 6 Dec, New York time. No shift is open.")
    assert message["text"] == "On call Mon 30 Nov to Sun 6 Dec. The same in words: /oncall week"
