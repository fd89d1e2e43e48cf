"""What a test orders: the clock, faults, settings."""

from dataclasses import replace
from datetime import timedelta

from sandbox.clock import read_instant
from sandbox.control.desk import Words
from sandbox.deliveries import HTTP
from sandbox.errors import SlackError
from sandbox.faults import DOWN
from sandbox.interactions import Outcome
from sandbox.posting import Unreachable
from sandbox.settings import Settings
from sandbox.socket_mode import ABORT

REASONS = ("warning", "refresh_requested", "link_disabled", "too_many_websockets", "abort")


async def clock(words: Words) -> Outcome:
    """`now` (RFC 3339, or Unix seconds) moves the clock there; `advance_s` moves it on."""
    moved = words.desk.ws.clock
    if words.has("now"):
        moved.move_to(read_instant(words.body["now"]))
    elif words.has("advance_s"):
        moved.advance(timedelta(seconds=float(words.body["advance_s"])))
    else:
        raise SlackError("missing_now")
    now = moved.now().isoformat().replace("+00:00", "Z")
    return Outcome(
        acked=True, response={"now": now, "offset_s": moved.offset.total_seconds(), "version": moved.version}
    )


async def faults(words: Words) -> Outcome:
    """Orders faults (see docs/sandbox.md); `down`, `half_open_one` and `disconnect` take effect at once."""
    wanted = dict(words.body)
    reason, half_open_one = wanted.pop("disconnect", None), wanted.pop("half_open_one", False)
    words.desk.faults.order(wanted)
    words.desk.ws.changed("slack")
    if words.desk.faults.is_on(DOWN):
        words.desk.socket.disconnect(ABORT)
    if half_open_one:
        words.desk.socket.silence_next()
    if reason is None:
        return Outcome(acked=True, response={})
    word = reason["reason"] if isinstance(reason, dict) else str(reason)
    if word not in REASONS:
        raise SlackError("unknown_disconnect_reason")
    return Outcome(acked=True, response={"disconnected": words.desk.socket.disconnect(word)})


async def settings(words: Words) -> Outcome:
    """Delivery over HTTP begins once its URL has sent Slack's challenge back; else nothing is changed."""
    desk = words.desk
    before, wanted = replace(desk.settings), desk.settings.changed(words.body)
    desk.settings.take(wanted)
    if wanted.delivery == HTTP and where(wanted) != where(before):
        try:
            await desk.handshake.shake()
        except SlackError:
            desk.settings.take(before)
            raise
    return Outcome(acked=True, response=desk.settings.as_json())


def where(settings: Settings) -> tuple[str, str, str]:
    return settings.delivery, settings.request_url, settings.signing_secret


async def ssl_check(words: Words) -> Outcome:
    """Slack's check of the certificate of a command's URL; the app answers 200 and does nothing."""
    try:
        answer = await words.desk.handshake.check_ssl()
    except Unreachable as failure:
        return Outcome(error=failure.reason)
    return Outcome(acked=answer.status == 200, response={"status": answer.status})
