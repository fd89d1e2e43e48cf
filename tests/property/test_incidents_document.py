"""Any text at all stays text in the draft: no line of it opens a list, a heading, a table or a link."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from incidents.document import inert
from incidents.intake import TITLE_MAX, clean_title, one_line

HOSTILE = st.text(alphabet=st.sampled_from("#-+=*_~`>|<&![]()\\ \n1.:/wh"), max_size=40) | st.text(
    max_size=60
)


@given(HOSTILE)
def test_no_special_character_is_left_without_its_backslash(text: str) -> None:
    bare = re.sub(r"\\.", "", inert(text))
    assert not re.search(r"[\\`*_{}\[\]<>#|!~&\n]", bare)


@given(HOSTILE)
def test_no_line_begins_like_markup(text: str) -> None:
    assert not re.match(r"([-+=]|\d+[.)])", inert(text))


@given(HOSTILE)
def test_taking_the_backslashes_out_gives_the_words_back(text: str) -> None:
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", inert(text)) == one_line(text)


@given(st.text(max_size=400))
def test_a_title_is_one_short_line_and_what_was_typed_is_kept(text: str) -> None:
    title, rest = clean_title(text)
    assert len(title) <= TITLE_MAX
    assert title == " ".join(title.split())
    assert not rest or rest == text.strip()
    invisible = [c for c in title if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert not set(invisible) - {"\u200c", "\u200d"}
