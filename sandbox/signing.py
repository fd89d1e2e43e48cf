"""Signatures over a body and a timestamp: Slack's v0 scheme, which others use too. Pure."""

import hmac


def v0(secret: str, timestamp: str, body: bytes) -> str:
    """`v0=` and the hexadecimal HMAC-SHA256 of `v0:timestamp:body`."""
    signed = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.digest(secret.encode(), signed, "sha256").hex()


def is_signed(given: str, secret: str, timestamp: str, body: bytes) -> bool:
    """Whether `given` is the signature, compared in constant time."""
    return hmac.compare_digest(given.encode(), v0(secret, timestamp, body).encode())
