"""Channel names as conversations.create and conversations.rename accept them."""

from __future__ import annotations

MOST_LETTERS = 80
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


def channel_name_error(name: object) -> str | None:
    """Slack's error code for an unusable name, or None: `[a-z0-9_-]`, at most 80, not only punctuation."""
    if not isinstance(name, str) or not name.strip():
        return "invalid_name_required"
    if len(name) > MOST_LETTERS:
        return "invalid_name_maxlength"
    if not any(letter.isalnum() for letter in name):
        return "invalid_name_punctuation"
    if not all(letter in LETTERS for letter in name):
        return "invalid_name_specials"
    return None
