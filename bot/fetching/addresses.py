"""Which addresses may be fetched. Pure: nothing is resolved or opened here."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network, ip_address

from yarl import URL

LONGEST = 2048
SCHEMES = {"https": "https", "webcal": "https", "webcals": "https"}
_PLAIN = re.compile(r"[!-\[\]-~]+")  # printable ASCII without space and backslash
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_UNICAST = IPv6Network(
    "2000::/3"
)  # all that is given out for public use; NAT64, mapped and local lie outside
_CARRIERS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))  # 6to4 and Teredo carry any IPv4 address
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


class NotFetched(Exception):
    """Why there is no calendar: a whole sentence for people, which never holds the address.

    `is_lasting`: asking again a little later will hardly mend it.
    """

    def __init__(self, why: str, is_lasting: bool = True) -> None:
        self.is_lasting = is_lasting
        super().__init__(why)


def meant(typed: str) -> URL:
    """What is asked for: `webcal://` becomes https. The host is a name; numbers in any form are refused.

    The URL that is returned is the very one that is connected to: nothing reads it a second time in another
    way. Raises NotFetched.
    """
    text = typed.strip()
    if not _PLAIN.fullmatch(text) or len(text) > LONGEST:
        raise NotFetched(
            "That is no web address. Paste the calendar's address as it stands in the other tool."
        )
    scheme = _SCHEME.match(text)
    if scheme is None or scheme[1].lower() not in SCHEMES:
        raise NotFetched("Only https:// and webcal:// addresses are read.")
    try:
        url = URL(SCHEMES[scheme[1].lower()] + text[len(scheme[1]) :])
    except ValueError:
        raise NotFetched("That is no web address.") from None
    return demanded(url)


def demanded(url: URL) -> URL:
    """The same URL, without its fragment, when it may be asked for; also for where one is sent on to.

    Raises NotFetched.
    """
    if url.scheme != "https":
        raise NotFetched("Only https:// and webcal:// addresses are read.")
    if url.user is not None or url.password is not None:
        raise NotFetched(
            "An address with a name or password in it is not read. Take the calendar's secret link."
        )
    if not _is_name(url.raw_host or ""):
        raise NotFetched(
            "Name the calendar's host, as calendar.example.com: numbers and local names are not read."
        )
    return url.with_fragment(None)


def _is_name(host: str) -> bool:
    """A name of at least two labels whose last is no number: browsers and resolvers read those as addresses,
    0x7f.1 and 017700000001 among them."""
    labels = host.lower().removesuffix(".").split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    return not labels[-1].isdigit() and not labels[-1].startswith("0x")


def is_public(address: str) -> bool:
    """Whether a resolved address is anybody's on the internet, and neither ours, local, nor in disguise."""
    try:
        found = ip_address(address)
    except (AddressValueError, ValueError):
        return False
    if isinstance(found, IPv6Address):
        return _is_public_six(found)
    return _is_public_four(found)


def _is_public_four(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_public_six(address: IPv6Address) -> bool:
    if address.scope_id or address not in _UNICAST or any(address in carrier for carrier in _CARRIERS):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved
