"""Rich text: its sections, lists and quotes, and the pieces inside them."""

from __future__ import annotations

from sandbox.check.composition import BLOCK_ID, URL
from sandbox.check.shapes import Many, OneOf, Record, Tagged, Text, Whole, boolean, typed

_STYLE = Record(optional=dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_MENTION_STYLE = Record(
    optional=dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    )
)
_NAME = Text(255, least=1)
_MENTION = {"style": _MENTION_STYLE}

_PIECE = Tagged(
    {
        "text": typed("text", {"text": Text(least=1)}, {"style": _STYLE}),
        "link": typed(
            "link",
            {"url": Text(least=1)},
            {"text": Text(), "unsafe": boolean, "style": _STYLE},
        ),
        "emoji": typed(
            "emoji",
            {"name": _NAME},
            {"unicode": Text(255), "skin_tone": Whole(1, 6), "style": _STYLE, "url": URL},
        ),
        "user": typed("user", {"user_id": _NAME}, _MENTION),
        "channel": typed("channel", {"channel_id": _NAME}, _MENTION),
        "usergroup": typed("usergroup", {"usergroup_id": _NAME}, _MENTION),
        "team": typed("team", {"team_id": _NAME}, _MENTION),
        "broadcast": typed("broadcast", {"range": OneOf(("here", "channel", "everyone"))}, {"style": _STYLE}),
        "date": typed(
            "date",
            {"timestamp": Whole(0, 99_999_999_999), "format": Text(3000, least=1)},
            {"url": URL, "fallback": Text(3000), "style": _STYLE},
        ),
        "color": typed("color", {"value": _NAME}, {"style": _STYLE}),
    }
)
_PIECES = {"elements": Many(_PIECE)}
_SECTION = typed("rich_text_section", _PIECES)
_BORDER = {"border": Whole(0, 1)}

_PARTS = Tagged(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": typed(
            "rich_text_list",
            {
                "style": OneOf(("bullet", "ordered")),
                "elements": Many(Tagged({"rich_text_section": _SECTION})),
            },
            {"indent": Whole(0, 8), "offset": Whole(0, 10_000), **_BORDER},
        ),
        "rich_text_quote": typed("rich_text_quote", _PIECES, _BORDER),
        "rich_text_preformatted": typed(
            "rich_text_preformatted", _PIECES, {**_BORDER, "language": Text(255)}
        ),
    }
)
RICH_TEXT = typed("rich_text", {"elements": Many(_PARTS)}, {"block_id": BLOCK_ID})
RICH_TEXT_VALUE = Tagged({"rich_text": RICH_TEXT})
