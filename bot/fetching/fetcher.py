"""One GET: resolved once, checked, connected to the very address that was checked; so is every redirect."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from msgspec import Struct
from yarl import URL

from bot.fetching.addresses import NotFetched, demanded, is_public, meant

MOST_BYTES = 1024 * 1024
WITHIN_S = 10.0
MOST_REDIRECTS = 5
CLOSES_WITHIN_S = 0.1  # a loop that ends at once would leave connections half closed
LONGEST_MARK = 200  # of a host's own marks of what it gave; a longer one is not kept
_SENT_ON = {301, 302, 303, 307, 308}
_GONE = {401, 403, 404, 410}
_UNMODIFIED = 304

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port → its addresses. Raises OSError."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """As this machine resolves names."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(row[4][0]) for row in found]


class Given(Struct, frozen=True):
    """`content` is None where the marks that were sent still hold; the marks are the host's, "" for none."""

    content: bytes | None
    etag: str = ""
    modified: str = ""


class Fetcher(Struct, frozen=True):
    """`admits` says which addresses may be connected to; `trust` verifies certificates, None: as usual."""

    resolve: Resolve = resolve
    admits: Callable[[str], bool] = is_public
    trust: ssl.SSLContext | None = None
    within_s: float = WITHIN_S

    async def fetch(self, address: str) -> bytes:
        """What is there, at most 1 MiB and within 10 seconds, redirects included. Raises NotFetched."""
        given = await self.ask(address)
        return given.content or b""

    async def ask(self, address: str, etag: str = "", modified: str = "") -> Given:
        """As `fetch`, with the marks of what is known already. Raises NotFetched."""
        url, marks = meant(address), _marks(etag, modified)
        try:
            async with asyncio.timeout(self.within_s), self._session() as session:
                return await _followed(session, url, marks)
        except TimeoutError:
            raise NotFetched(
                f"The calendar was not there within {self.within_s:.0f} seconds.", is_lasting=False
            ) from None
        except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError):
            raise NotFetched(
                "The host's certificate is not valid for its name, so it is not trusted."
            ) from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise NotFetched(
                "The host could not be reached, or did not answer as web servers do.", is_lasting=False
            ) from None

    def _session(self) -> aiohttp.ClientSession:
        """One session a fetch: nothing is kept of an address that was checked a while ago. No proxy either,
        which would resolve the name anew."""
        connector = aiohttp.TCPConnector(
            resolver=_Checked(self.resolve, self.admits),
            use_dns_cache=False,
            force_close=True,
            ssl=self.trust or True,
        )
        return aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": "Meridian", "Accept": "text/calendar", "Accept-Encoding": "identity"},
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )


class _Checked(AbstractResolver):
    """Gives the connection the addresses that were checked, and asks nobody a second time."""

    def __init__(self, resolve: Resolve, admits: Callable[[str], bool]) -> None:
        self._resolve = resolve
        self._admits = admits

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """One address of ours among them is enough to refuse: public names have none. Raises NotFetched."""
        found = list(dict.fromkeys(await self._resolve(host, port)))
        if not found:
            raise OSError("no address")
        if not all(self._admits(address) for address in found):
            raise NotFetched("That host is in a private network, which is never read from here.")
        return [_answer(host, port, address) for address in found]

    async def close(self) -> None:
        """Nothing is kept open."""


def _answer(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=family,
        proto=0,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


def _marks(etag: str, modified: str) -> dict[str, str]:
    said = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in said.items() if value}


async def _followed(session: aiohttp.ClientSession, url: URL, marks: dict[str, str]) -> Given:
    for _ in range(MOST_REDIRECTS + 1):
        async with session.get(url, allow_redirects=False, headers=marks) as answer:
            if answer.status == _UNMODIFIED and marks:
                return Given(None)
            if answer.status not in _SENT_ON:
                content = await _content(answer)
                return Given(content, _mark(answer, "ETag"), _mark(answer, "Last-Modified"))
            url = demanded(url.join(URL(answer.headers.get("Location", ""))))
    raise NotFetched("The address sends from one place to the next without end.")


def _mark(answer: aiohttp.ClientResponse, name: str) -> str:
    """What is sent back has to be what a header can hold."""
    said = answer.headers.get(name, "")
    return said if len(said) <= LONGEST_MARK and said.isascii() and said.isprintable() else ""


async def _content(answer: aiohttp.ClientResponse) -> bytes:
    """The body as it came. What is packed is refused: a small answer may be a large one in disguise."""
    if answer.status in _GONE:
        raise NotFetched("There is no calendar at that address any more, or it is not shared by that link.")
    if answer.status != 200:
        is_lasting = answer.status < 500 and answer.status != 429
        raise NotFetched(f"The host answered {answer.status} instead of a calendar.", is_lasting)
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NotFetched("The host packed its answer though it was asked not to, so it was not read.")
    content = bytearray()
    async for piece in answer.content.iter_any():
        content += piece
        if len(content) > MOST_BYTES:
            raise NotFetched("The calendar is larger than 1 MiB. Export fewer months.")
    return bytes(content)


def fetch_now(address: str, fetcher: Fetcher | None = None) -> bytes:
    """For a command, which has no loop of its own. Raises NotFetched."""
    return asyncio.run(_alone(fetcher or Fetcher(), address))


async def _alone(fetcher: Fetcher, address: str) -> bytes:
    try:
        return await fetcher.fetch(address)
    finally:
        await asyncio.sleep(CLOSES_WITHIN_S)
