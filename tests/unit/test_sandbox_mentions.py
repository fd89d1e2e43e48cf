"""Whom a message rings: mentions count in blocks as in text, and plain text mentions nobody."""

import pytest

from sandbox.mentions import is_for_everybody, named
from sandbox.model import Message


def message(text: str = "", *blocks: dict) -> Message:  # type: ignore[type-arg]
    return Message("1.0", "U1", text, blocks=list(blocks))


def section(kind: str, text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": kind, "text": text}}


RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U2"}]}],
}


@pytest.mark.parametrize(
    "said",
    [message("<@U2> come"), message("", section("mrkdwn", "to <@U2|bo>.")), message("", RICH)],
)
def test_a_person_is_named_in_text_mrkdwn_and_rich_text(said: Message) -> None:
    assert named(said) == {"U2"}


@pytest.mark.parametrize(
    "said", [message("&lt;@U2&gt;"), message("", section("plain_text", "<@U2> <!here>"))]
)
def test_escaped_and_plain_text_name_nobody(said: Message) -> None:
    assert not named(said)
    assert not is_for_everybody(said)


@pytest.mark.parametrize(
    "said",
    [
        message("<!channel>"),
        message("", section("mrkdwn", "<!here> look")),
        message(
            "",
            {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "channel"}]}
                ],
            },
        ),
    ],
)
def test_a_broadcast_is_for_everybody(said: Message) -> None:
    assert is_for_everybody(said)
