"""Who sent it: the signature that Slack puts on its requests, and that Meridian asks of others. Pure.

HMAC-SHA256 over `v0:{timestamp}:{body}`, as Slack's "Verifying requests from Slack" describes it."""

import hashlib
import hmac
import re
from datetime import datetime

from msgspec import Struct

from bot.web.routes import Incoming

MOST_AGE_S = 300
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
TIMESTAMP = re.compile(r"[0-9]{1,12}")


class Scheme(Struct, frozen=True):
    """The headers, in lower case, that carry signature and timestamp (seconds since 1970)."""

    signature: str
    timestamp: str


SLACK = Scheme("x-slack-signature", "x-slack-request-timestamp")
MERIDIAN = Scheme("x-meridian-signature", "x-meridian-timestamp")


def sign(secret: str, timestamp: str, body: bytes) -> str:
    base = b"v0:" + timestamp.encode("ascii") + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def is_signed(incoming: Incoming, scheme: Scheme, secret: str, now: datetime) -> bool:
    """Whether whoever knows the secret has signed exactly this body, within five minutes of `now`.

    Reads nothing of the body but its bytes. An empty secret signs nothing.
    """
    signature, timestamp = incoming.header(scheme.signature), incoming.header(scheme.timestamp)
    if not (secret and SIGNATURE.fullmatch(signature) and TIMESTAMP.fullmatch(timestamp)):
        return False
    is_recent = abs(now.timestamp() - int(timestamp)) <= MOST_AGE_S
    is_theirs = hmac.compare_digest(sign(secret, timestamp, incoming.body), signature)
    return is_recent and is_theirs
