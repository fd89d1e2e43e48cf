"""A file that somebody uploaded in Slack, fetched with the bot's token: from Slack's own host and no other.

The token never leaves for another place, no redirect is followed, and no more is read than was asked for."""

import logging
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from bot.sending import Outbound, Sent
from incidents.model import UserId

log = logging.getLogger(__name__)


class NotGiven(Exception):
    """The file cannot be had: a whole sentence for people, with the next step."""


class NotYet(Exception):
    """Slack does not answer for now: asked again a little later."""


class Given(Struct, frozen=True):
    """The file's name as it was uploaded, and what is in it."""

    name: str
    content: bytes


DOMAINS = ("slack.com", "slack-gov.com")
GONE = "The file is not in Slack any more. Upload it once more with /oncall import."
NOT_ALLOWED = (
    "Slack does not let Meridian read uploaded files: it needs the permission files:read. Ask whoever runs "
    "it to install the app again from manifest.yaml, then upload the file once more."
)
ELSEWHERE = "That file is kept outside Slack, and only Slack's own files are read. Upload the file itself."
NOT_THEIRS = "That file was uploaded by somebody else. Upload it yourself with /oncall import."


def fetch(outbound: Outbound, base_url: str, file: str, by: UserId, most: int) -> Given:
    """What `by` has uploaded, at most `most` bytes. Never from the outbound loop. Raises NotGiven, NotYet."""
    about = outbound.call_now("files.info", file=file)
    if not about.ok:
        raise _refusal(about)
    described = about.data.get("file") or {}
    if described.get("user") != by:
        raise NotGiven(NOT_THEIRS)
    if int(described.get("size") or 0) > most:
        raise NotGiven(too_large(most))
    url = str(described.get("url_private_download") or described.get("url_private") or "")
    if described.get("is_external") or not is_slacks(url, base_url):
        raise NotGiven(ELSEWHERE)
    sent = outbound.spawn(outbound.get_bytes(url, most)).result()
    if not sent.ok:
        raise _refusal(sent, most)
    return Given(str(described.get("name") or ""), sent.data["content"])


def too_large(most: int) -> str:
    return f"The file is larger than {most >> 20} MiB, which no schedule is. Export fewer months of it."


def is_slacks(url: str, base_url: str) -> bool:
    """Whether an address is of the Slack whose Web API is called: below its domain, or of its very origin."""
    try:
        wanted, ours = urlsplit(url), urlsplit(base_url)
        if _origin(wanted) == _origin(ours):
            return True
    except ValueError:
        return False
    domain = next((one for one in DOMAINS if ours.hostname in (one, f"www.{one}")), "")
    is_below = bool(domain) and (wanted.hostname or "").endswith(f".{domain}")
    is_plain = wanted.netloc == wanted.hostname
    return wanted.scheme == "https" == ours.scheme and is_below and is_plain


def _origin(parts: SplitResult) -> tuple[str, str, int | None, str | None]:
    return parts.scheme, parts.hostname or "", parts.port, parts.username


def _refusal(sent: Sent, most: int = 0) -> NotGiven | NotYet:
    if sent.error in ("missing_scope", "sign_in", "not_allowed_token_type"):
        return NotGiven(NOT_ALLOWED)
    if sent.error in ("file_not_found", "file_deleted", "http_404", "http_410"):
        return NotGiven(GONE)
    if sent.error == "too_large":
        return NotGiven(too_large(most))
    log.warning("an uploaded file could not be fetched", extra={"error": sent.error})
    return NotYet(sent.error)
