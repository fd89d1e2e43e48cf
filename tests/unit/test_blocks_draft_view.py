"""The draft on the spot: lines stay whole, nothing is lost, and Slack takes it whatever was written."""

from handlers.blocks.postmortem import DRAFT_SHOWN, draft_view
from sandbox import check
from tests.support.block_samples import ACTIVE


def read(document: str) -> list[str]:
    """The texts of its sections."""
    blocks = draft_view(ACTIVE, document)["blocks"]
    return [block["text"]["text"] for block in blocks if block["type"] == "section"]


def test_headings_stand_apart_and_no_sign_of_markdown_is_left() -> None:
    table = "| | After |\n|---|---|\n| Contained | 1 h |\n"
    document = f"# INC-1: A\\_B\n\n- Severity: SEV1\n\n## Times\n\n{table}"
    headings = [b["text"]["text"] for b in draft_view(ACTIVE, document)["blocks"] if b["type"] == "header"]
    assert headings == ["INC-1: A_B", "Times"]
    assert read(document) == ["- Severity: SEV1", "Contained · 1 h"]


def test_no_line_is_cut_in_two() -> None:
    lines = [f"- entry {at} of the timeline, told in one line" for at in range(400)]
    shown = "\n".join(read("\n".join(lines))).splitlines()
    assert [line for line in shown if line] == lines


def test_a_line_longer_than_a_piece_is_shown_whole() -> None:
    assert "".join(read("x" * 5000)) == "x" * 5000


def test_slack_takes_the_longest_of_drafts() -> None:
    view = draft_view(ACTIVE, ("y" * 700 + "\n") * (DRAFT_SHOWN // 700 + 10))
    assert check.view(view) == []
