"""What an answer of Slack's means for an effect: pure functions of values.

Nothing here calls, waits or writes."""

from enum import StrEnum
from typing import Any

from msgspec import Struct

from bot.sending import Sent
from handlers.said import author_of, is_tombstone, thread_of, words_in
from incidents.effects import Outcome

UNKNOWN_OUTCOME = "unknown_outcome"
MAX_ATTEMPTS = 5

# The wish is true already.
_DONE_ALREADY = frozenset(
    {
        "already_in_channel",
        "already_pinned",
        "already_archived",
        "already_reacted",
        "already_in_usergroup",
        "not_archived",
        "not_pinned",
        "no_pin",
        "no_reaction",
        "cant_invite_self",
    }
)
_AMBIGUOUS = frozenset(
    {"timeout", "connection_lost", "unreadable", "not_reconciled", "fatal_error", "internal_error"}
    | {"service_unavailable", "request_timeout", "team_added_to_org"}
)
DEAD_TOKEN = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"}
    | {"no_permission_for_app", "org_login_required", "ekm_access_denied", "two_factor_setup_required"}
)
_PER_USER = frozenset(
    {"user_not_found", "cant_invite", "user_is_restricted", "ura_max_channels", "already_in_channel"}
    | {
        "cant_invite_self",
        "user_disabled",
        "external_user",
        "user_team_not_in_channel",
        "user_is_ultra_restricted",
    }
)
_PERMANENT = frozenset(
    {"channel_not_found", "user_not_found", "users_not_found", "is_archived", "is_inactive", "not_in_channel"}
    | {
        "message_not_found",
        "thread_not_found",
        "cant_update_message",
        "cant_delete_message",
        "edit_window_closed",
        "bad_timestamp",
    }
    | {
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_arguments",
        "invalid_arg_name",
        "invalid_array_arg",
    }
    | {"msg_too_long", "msg_blocks_too_long", "no_text", "too_many_attachments", "invalid_metadata_format"}
    | {
        "metadata_too_large",
        "restricted_action",
        "cannot_dm_bot",
        "cannot_dm_self",
        "user_disabled",
        "too_long",
    }
    | {"messages_tab_disabled", "method_not_supported_for_channel_type", "cant_invite", "user_is_restricted"}
    | {"too_many_pins", "too_many_bookmarks", "invalid_link", "invalid_name", "invalid_name_required"}
    | {"invalid_name_punctuation", "invalid_name_maxlength", "invalid_name_specials", "name_taken"}
    | {
        "unknown_method",
        "plan_upgrade_required",
        "no_users_provided",
        "file_not_found",
        "channel_type_not_supported",
        "permission_denied",
    }
    | {"posting_to_channel_denied", "user_is_bot", "cannot_create_channel", "is_bot", UNKNOWN_OUTCOME}
    | {"no_provider", "ring_refused", "ring_unauthorised", "mail_refused", "mail_unauthorised"}  # bot/ring/
)


class Verdict(StrEnum):
    DONE = "done"
    RATE_LIMITED = "rate_limited"  # the bucket waits; not an attempt
    UNREACHABLE = "unreachable"  # nothing left this machine; not an attempt
    AMBIGUOUS = "ambiguous"  # it may have happened: look before repeating
    DEAD_TOKEN = "dead_token"  # every call waits
    MISSING_SCOPE = "missing_scope"  # this method waits until the app is installed again
    AGAIN = "again"  # an error we do not know: repeat a few times
    REFUSED = "refused"  # for good


class Judgement(Struct, frozen=True):
    """`outcome` is there for DONE and REFUSED."""

    verdict: Verdict
    error: str = ""
    outcome: Outcome | None = None


def judge(method: str, args: dict[str, Any], sent: Sent, attempt: int) -> Judgement:
    """`attempt` counts from 1; an unknown error is final at the fifth."""
    if method == "conversations.invite" and (failed := _failed_people(args, sent)) is not None:
        return Judgement(Verdict.DONE, outcome=Outcome(ok=True, failed_users=failed))
    verdict = Verdict.DONE if sent.ok else _verdict(sent, attempt)
    if verdict is Verdict.DONE:
        return Judgement(verdict, outcome=Outcome(ok=True, result=_result(sent.data, args)))
    outcome = Outcome(ok=False, error=sent.error) if verdict is Verdict.REFUSED else None
    return Judgement(verdict, sent.error, outcome)


def judge_outside(sent: Sent, attempt: int) -> Judgement:
    """The same for a phone or a mail: nobody looks whether it happened, and the fifth failure is the last."""
    if sent.ok:
        kept = {name: value for name, value in sent.data.items() if isinstance(value, str)}
        return Judgement(Verdict.DONE, outcome=Outcome(ok=True, result=kept))
    waits = {"ratelimited": Verdict.RATE_LIMITED, "unreachable": Verdict.UNREACHABLE}
    if sent.error in waits:
        return Judgement(waits[sent.error], sent.error)
    is_final = sent.error in _PERMANENT or attempt >= MAX_ATTEMPTS
    return Judgement(Verdict.REFUSED if is_final else Verdict.AGAIN, sent.error)


def backoff_s(attempt: int, chance: float, most_s: float = 60.0) -> float:
    """2, 4, 8 … seconds, up to half as much again by chance (in [0, 1))."""
    return float(min(2.0 ** min(attempt, 10), most_s) * (1 + chance / 2))


def _verdict(sent: Sent, attempt: int) -> Verdict:
    simple = (
        (_DONE_ALREADY, Verdict.DONE),
        (frozenset({"ratelimited"}), Verdict.RATE_LIMITED),
        (frozenset({"unreachable"}), Verdict.UNREACHABLE),
        (DEAD_TOKEN, Verdict.DEAD_TOKEN),
        (frozenset({"missing_scope"}), Verdict.MISSING_SCOPE),
        (_PERMANENT, Verdict.REFUSED),
        (_AMBIGUOUS, Verdict.AMBIGUOUS),
    )
    for errors, verdict in simple:
        if sent.error in errors:
            return verdict
    if sent.ambiguous:
        return Verdict.AMBIGUOUS
    return Verdict.AGAIN if attempt < MAX_ATTEMPTS else Verdict.REFUSED


def _failed_people(args: dict[str, Any], sent: Sent) -> dict[str, str] | None:
    """Who could not be invited and why; None when it was not a matter of people.

    Slack may answer `ok: false` though `force` let the others in, and names nobody when one was asked.
    """
    faults = sent.data.get("errors")
    if isinstance(faults, list) and faults:
        found = [(str(fault.get("user", "")), str(fault.get("error", ""))) for fault in faults]
    elif not sent.ok and sent.error in _PER_USER:
        users = args.get("users") or ()
        found = [(user, sent.error) for user in (users.split(",") if isinstance(users, str) else users)]
    else:
        return {} if sent.ok else None
    if not sent.ok and any(error not in _PER_USER for _, error in found):
        return None
    return {user: error for user, error in found if user and error not in _DONE_ALREADY}


def _result(data: dict[str, Any], args: dict[str, Any]) -> dict[str, str]:
    """The parts of Slack's answer that the core keeps."""
    found: dict[str, str] = {}
    channel = data.get("channel")
    if isinstance(channel, dict):
        found = {"channel": str(channel.get("id", "")), "name": str(channel.get("name", ""))}
    elif isinstance(channel, str):
        found = {"channel": channel}
    bookmark = data.get("bookmark")
    if isinstance(bookmark, dict):
        found["bookmark"] = str(bookmark.get("id", ""))
    found |= _message(data, str(args.get("latest") or ""))
    found |= {kept: str(data[name] or "") for name, kept in _DND.items() if name in data}
    found |= {
        name: data[name] for name in ("ts", "file", "permalink", "handle") if isinstance(data.get(name), str)
    }
    return {name: value for name, value in found.items() if value}


_DND = {
    "snooze_endtime": "snooze_until",
    "next_dnd_start_ts": "dnd_from",
    "next_dnd_end_ts": "dnd_until",
}


def _message(data: dict[str, Any], ts: str) -> dict[str, str]:
    """Author and words of the one message that was asked for; nothing where it was deleted.

    Of a reply, the first message of its thread comes along."""
    messages = data.get("messages")
    asked_for = (each for each in messages if each.get("ts") == ts) if isinstance(messages, list) else ()
    one = next(iter(asked_for), None)
    if one is None or is_tombstone(one):
        return {}
    found = {"user": author_of(one), "text": words_in(one), "thread": thread_of(one), "ts": str(one["ts"])}
    return {**found, "edited": str((one.get("edited") or {}).get("ts") or "")}
