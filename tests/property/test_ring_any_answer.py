"""Whatever a provider says, reading it ends in a value; whatever is said in a call stays words."""

import json
import xml.etree.ElementTree as ET
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.ring.said import instant, spoken, text
from bot.ring.twiml import call_words
from bot.ring.wire import MOST_RETRY_AFTER_S, judged

STATUSES = st.integers(min_value=100, max_value=599)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
WORDS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xD7FF))


@given(STATUSES, st.binary() | st.none() | JSON.map(lambda value: json.dumps(value).encode()), st.text())
def test_any_answer_is_judged(status: int, content: bytes | None, wait: str) -> None:
    sent = judged(status, {"Retry-After": wait}, content)
    assert isinstance(sent.data, dict)
    assert sent.ok == (not sent.error)
    assert 0 <= sent.retry_after <= MOST_RETRY_AFTER_S
    assert not (sent.ok and status >= 300)


@given(JSON)
def test_any_value_is_an_instant_or_none(value: object) -> None:
    at = instant(value)
    assert at is None or at.utcoffset() == timedelta(0)


@given(JSON)
def test_any_value_is_a_short_line_or_nothing(value: object) -> None:
    line = text(value)
    assert len(line) <= 256
    assert line.isprintable()


@given(WORDS)
def test_any_words_become_a_call_that_can_be_read_back(words: str) -> None:
    said = ET.fromstring(call_words(words, ""))
    assert [say.text for say in said.iter("Say")] == [f"{spoken(words)} Open Slack."]
