"""A message as Slack describes it, in an event, a history or a shortcut, as the core knows messages."""

from datetime import datetime

from handlers.calls import Json
from handlers.words_pieces import as_typed
from incidents.model import MessageRef
from incidents.recording import Pinned
from incidents.said import Said, SaidKind, Wording, instant_of

TOMBSTONE = "tombstone"  # a deleted message whose thread lives on
_POSTS = frozenset({"", "file_share", "thread_broadcast", "me_message", "bot_message"})


def is_post(message: Json) -> bool:
    """Whether somebody said this: it is no line of Slack's own, and not deleted."""
    return bool(message.get("ts")) and str(message.get("subtype") or "") in _POSTS


def is_ours(message: Json, bot_user: str, app_id: str = "") -> bool:
    """Whether Meridian itself said this. Its own words are on the record by other ways, or are none."""
    is_our_user = bool(bot_user) and message.get("user") == bot_user
    return is_our_user or (bool(app_id) and message.get("app_id") == app_id)


def is_tombstone(message: Json) -> bool:
    return str(message.get("subtype") or "") == TOMBSTONE


def author_of(message: Json) -> str:
    return str(message.get("user") or message.get("bot_id") or "")


def thread_of(message: Json) -> str:
    """The `ts` of its thread's first message; "" for that one itself and outside a thread."""
    thread = str(message.get("thread_ts") or "")
    return "" if thread == message.get("ts") else thread


def said_in(channel: str, message: Json) -> Said:
    return Said(
        MessageRef(channel, str(message["ts"])), author_of(message), _kind(message), thread_of(message)
    )


def edited_at(message: Json) -> datetime | None:
    """When its author last edited it. Slack gives the second; adding a preview to a link is no edit."""
    at = (message.get("edited") or {}).get("ts")
    return instant_of(str(at)) if at else None


def pinned_in(channel: str, message: Json) -> Pinned:
    said = said_in(channel, message)
    return Pinned(
        said.ref,
        said.by,
        said.at,
        words_in(message),
        edited_at=edited_at(message),
        thread=said.thread,
    )


def wording_in(message: Json, at: datetime, is_rough: bool = False) -> Wording:
    editor = str((message.get("edited") or {}).get("user") or "") or author_of(message)
    return Wording(words_in(message), editor, at, is_rough)


def words_in(message: Json) -> str:
    return as_typed(str(message.get("text") or ""))


def _kind(message: Json) -> SaidKind:
    if message.get("bot_id"):
        return SaidKind.APP
    if message.get("files"):
        return SaidKind.FILE
    return SaidKind.REPLY if thread_of(message) else SaidKind.MESSAGE
