"""Whether an address is on this machine itself, and asking there. It resolves no name."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from http.client import HTTPResponse
    from urllib.request import Request

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


def opened(asked: "str | Request", timeout_s: float) -> "HTTPResponse":
    """What a server of this machine answers; past any proxy, for which this machine is another one.

    Raises OSError, and http.client's HTTPException for what is no HTTP.
    """
    from urllib.request import ProxyHandler, build_opener

    answer: HTTPResponse = build_opener(ProxyHandler({})).open(asked, timeout=timeout_s)
    return answer
